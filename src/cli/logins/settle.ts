import { isLearner, ScopsError } from '../../event/index.ts';
import { loadTrained, saveTrained } from '../../pipeline/trained.ts';
import { visible } from '../../text/escape.ts';
import type { Terminal } from '../terminal.ts';

interface SettleOptions {
  readonly model?: string;
  readonly benign?: readonly string[];
  readonly malicious?: readonly string[];
}

/** Take in a person's word on findings; false when there was none. Throws ScopsError USAGE without a model file. */
export async function settle(options: SettleOptions, { context, say }: Terminal): Promise<boolean> {
  const said = [
    ...(options.benign ?? []).map((id) => ({ id, verdict: 'benign' as const })),
    ...(options.malicious ?? []).map((id) => ({ id, verdict: 'malicious' as const })),
  ];
  if (said.length === 0) return false;
  if (options.model === undefined) throw new ScopsError('USAGE', 'Whose finding? Give --model FILE too.');
  const trained = await loadTrained(options.model, context);
  if (!isLearner(trained.model)) {
    throw new ScopsError('MODEL_MISMATCH', `"${trained.detector}" models have no quarantine.`);
  }
  for (const { id, verdict } of said) {
    const event = id.startsWith(`${trained.detector}:`) ? id.slice(trained.detector.length + 1) : id;
    if (!trained.model.settle(event, verdict)) {
      throw new ScopsError('INPUT_INVALID', `No login "${visible(id)}" is in quarantine in "${options.model}".`);
    }
    say(`${visible(id)}: ${verdict === 'benign' ? 'learnt' : 'dropped, never to be learnt'}.`);
  }
  await saveTrained(options.model, trained);
  return true;
}
