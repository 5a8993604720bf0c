import { LRUCache } from 'lru-cache';
import type { Candidate } from './judge.ts';

/** So many groups are remembered. */
const most = 20_000;

/**
 * What was told is not told again for a while: a candidate of an entity, kind and group that a finding stood for less
 * than `pause` milliseconds before, by the events' own times, is left out, unless it is stranger than that one was.
 * Candidates without a group, and those that the user's own lists ask for, always pass.
 */
export class Repeats {
  readonly #told = new LRUCache<string, { readonly time: number; readonly score: number }>({ max: most });
  readonly #pause: number;
  #left = 0;

  constructor(pause: number) {
    this.#pause = pause;
  }

  /** How many candidates were left out. */
  get left(): number {
    return this.#left;
  }

  admit(candidates: readonly Candidate[]): Candidate[] {
    return candidates.filter((candidate) => {
      const { entity, event, score } = candidate;
      if (this.#pause === 0 || score.group === undefined || score.always) return true;
      const key = JSON.stringify([entity.type, entity.name, event.kind, score.group]);
      const told = this.#told.get(key);
      const again = told !== undefined && Math.abs(event.time - told.time) < this.#pause && score.value <= told.score;
      if (again) this.#left += candidate.count;
      else this.#told.set(key, { time: event.time, score: score.value });
      return !again;
    });
  }
}
