import { shorten } from '../../text/escape.ts';
import { date, times } from '../../text/words.ts';
import { isTrusted, type Known } from './habit.ts';
import type { Judged } from './judged.ts';

export type Evidence = Record<string, string | number>;
export type Said = readonly [code: string, text: string, evidence?: Evidence];

/** What sentences about a login are made of. */
export interface About extends Judged {
  readonly known: Known;
  /** The user's name, for a sentence. */
  readonly name: string;
}

export const aboutLogin = (judged: Judged, known: Known): About => {
  const { event, login, user, verdict } = judged;
  return { event, login, user, verdict, known, name: shorten(login.user, 64) };
};

/** `alice has used X 212 times, last on 3 May 2026` of the most usual value of a dimension. */
export function mostly({ user, known, name, verdict }: About, of: number): string {
  const bag = user?.bag(of);
  const entry = bag?.heaviest() ?? -1;
  const word = bag === undefined || entry < 0 ? undefined : known.names.word(bag.value(entry));
  if (bag === undefined || word === undefined) return `${name} has none yet`;
  const what = entry === verdict.entries[of] ? 'it' : shorten(word, 100);
  return `${name} has used ${what} ${times(bag.count(entry))}, last on ${date(bag.last(entry))}`;
}

/** Since when the value of a dimension is known, where that is lately, and whether nobody has vouched for it. */
export function since({ user, verdict }: About, of: number): string | undefined {
  const entry = verdict.entries[of] as number;
  const bag = user?.bag(of);
  if (bag === undefined || entry < 0) return undefined;
  return `${date(bag.first(entry))}${bag.isDoubted(entry) ? ', out of quarantine with nobody to confirm it' : ''}`;
}

/** Whether the value of a dimension is one that the user has had for long. */
export function isUsual({ user, verdict, login }: About, of: number): boolean {
  const entry = verdict.entries[of] as number;
  const bag = user?.bag(of);
  return bag !== undefined && entry >= 0 && isTrusted(bag, entry, login.time);
}
