import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { isLearner, ScopsError } from '../event/index.ts';
import type { Trained } from './trained.ts';

/** A person's word on a finding, by its id, or on one event of it. */
export interface Word {
  readonly id: string;
  readonly verdict: 'benign' | 'malicious';
}

const pathOf = (model: string): string => `${model}.words`;
const takenOf = (model: string): string => `${model}.words.taken`;

/**
 * Leave words beside a model file for whoever writes it next: a process that follows a log would otherwise overwrite
 * them with what it has in memory. Throws ScopsError OUTPUT_UNWRITABLE.
 */
export function leaveWords(model: string, words: readonly Word[]): void {
  try {
    appendFileSync(pathOf(model), words.map((word) => `${JSON.stringify(word)}\n`).join(''));
  } catch (cause) {
    throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write "${pathOf(model)}".`, { cause });
  }
}

/** The words left beside a model file. They stay until `forgetWords`: taking one twice changes nothing. */
export function takeWords(model: string): Word[] {
  try {
    if (!existsSync(takenOf(model))) {
      if (!existsSync(pathOf(model))) return [];
      renameSync(pathOf(model), takenOf(model));
    }
    return readFileSync(takenOf(model), 'utf8').split('\n').flatMap(wordOf);
  } catch (cause) {
    throw new ScopsError('SOURCE_UNREADABLE', `Cannot read "${pathOf(model)}".`, { cause });
  }
}

/** To be called when the model file is written with the words that were taken. */
export function forgetWords(model: string): void {
  rmSync(takenOf(model), { force: true });
}

function wordOf(line: string): Word[] {
  try {
    const { id, verdict } = JSON.parse(line);
    return typeof id === 'string' && (verdict === 'benign' || verdict === 'malicious') ? [{ id, verdict }] : [];
  } catch {
    return [];
  }
}

/** Take in a word on a finding and all that it stands for. Returns how many events were settled, 0 when none waits. */
export function heed({ detector, model, experience }: Trained, { id, verdict }: Word): number {
  if (!isLearner(model)) throw new ScopsError('MODEL_MISMATCH', `"${detector}" models have no quarantine.`);
  const event = id.startsWith(`${detector}:`) ? id.slice(detector.length + 1) : id;
  const events = new Set([event, ...(experience?.standsFor(`${detector}:${event}`) ?? [])]);
  const settle = (each: string): boolean => (experience ?? model).settle(each, verdict);
  return [...events].filter(settle).length;
}
