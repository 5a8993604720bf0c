import { isLearner, ScopsError } from '../../event/index.ts';
import { loadTrained, saveTrained, type Trained } from '../../pipeline/trained.ts';
import { heed, leaveWords, type Word } from '../../pipeline/words.ts';
import { visible } from '../../text/escape.ts';
import { counted } from '../common.ts';
import type { Terminal } from '../terminal.ts';

interface SettleOptions {
  readonly model?: string;
  readonly benign?: readonly string[];
  readonly malicious?: readonly string[];
}

/** A model that has a quarantine. Throws ScopsError USAGE without a file, MODEL_MISMATCH when it has none. */
export async function loadLearner(path: string | undefined, { context }: Terminal): Promise<Trained> {
  if (path === undefined) throw new ScopsError('USAGE', 'Whose finding? Give --model FILE too.');
  const trained = await loadTrained(path, context);
  if (isLearner(trained.model)) return trained;
  throw new ScopsError('MODEL_MISMATCH', `"${trained.detector}" models have no quarantine.`);
}

/**
 * Take in a person's words on findings, each for all that it stands for; false when there was none. Those that are heard
 * are kept even where others name nothing that waits: then throws ScopsError INPUT_INVALID.
 */
export async function settle(options: SettleOptions, terminal: Terminal): Promise<boolean> {
  const words: Word[] = [
    ...(options.benign ?? []).map((id) => ({ id, verdict: 'benign' as const })),
    ...(options.malicious ?? []).map((id) => ({ id, verdict: 'malicious' as const })),
  ];
  if (words.length === 0) return false;
  const { model: path = '', benign, malicious } = options;
  const both = benign?.find((id) => malicious?.includes(id));
  if (both !== undefined) throw new ScopsError('USAGE', `"${both}" cannot be benign and malicious.`);
  const trained = await loadLearner(options.model, terminal);
  const heard: Word[] = [];
  for (const word of words) {
    const settled = heed(trained, word);
    if (settled === 0) continue;
    heard.push(word);
    const did = word.verdict === 'benign' ? 'learnt' : 'dropped, never to be learnt';
    terminal.say(`${visible(word.id)}: ${counted(settled, 'login')} ${did}.`);
  }
  if (heard.length > 0) {
    leaveWords(path, heard);
    await saveTrained(path, trained);
  }
  const unknown = words.filter((word) => !heard.includes(word)).map(({ id }) => `"${visible(id)}"`);
  if (unknown.length === 0) return true;
  throw new ScopsError(
    'INPUT_INVALID',
    `No login ${unknown.join(' or ')} is in quarantine in "${path}". What waits there: scops logins --quarantine --model ${path}`,
  );
}
