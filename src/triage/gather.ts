import { LRUCache } from 'lru-cache';
import type { Entity } from '../event/index.ts';
import type { Candidate } from './judge.ts';

/** So many entities are remembered. */
const most = 20_000;

const keyOf = ({ type, name }: Entity): string => `${type}\0${name}`;

/**
 * What follows a finding of the same entity at once may wait a little, so that it can be joined: a deploy or an
 * intruder's session is one finding when it is met, and one more a minute while it lasts.
 */
export class Gather {
  readonly #told = new LRUCache<string, number>({ max: most });
  readonly #wait: number;

  /** @param wait milliseconds; 0 lets nothing wait. */
  constructor(wait: number) {
    this.#wait = wait;
  }

  told(candidates: readonly Candidate[], now: number): void {
    for (const { entity } of candidates) this.#told.set(keyOf(entity), now);
  }

  /** Whether all of these may wait: of each one's entity something was told shortly before. False of none. */
  mayWait(candidates: Iterable<Candidate>, now: number): boolean {
    let some = false;
    for (const { entity } of candidates) {
      some = true;
      const told = this.#told.get(keyOf(entity));
      if (told === undefined || now < told || now - told >= this.#wait) return false;
    }
    return some;
  }
}
