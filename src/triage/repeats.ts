import { LRUCache } from 'lru-cache';
import { type Candidate, together } from './judge.ts';
import { unitOf } from './unit.ts';

/** So many groups are remembered. */
const most = 20_000;

interface Told {
  readonly time: number;
  readonly score: number;
  /** What was left out since. */
  readonly left?: Pick<Candidate, 'count' | 'first' | 'last'>;
}

/**
 * What was told is not told again for a while: a candidate of an entity, kind and group that a finding stood for less
 * than `pause` milliseconds before, by the events' own times, is left out, unless it is stranger than that one was. The
 * next that is told stands for those that were left out too. Candidates without a group, and those that the user's own
 * lists ask for, always pass.
 */
export class Repeats {
  readonly #told = new LRUCache<string, Told>({ max: most });
  readonly #pause: number;
  #left = 0;

  constructor(pause: number) {
    this.#pause = pause;
  }

  /** How many candidates were left out. */
  get left(): number {
    return this.#left;
  }

  /** @param onLeft called with what is left out. */
  admit(candidates: readonly Candidate[], onLeft: (candidate: Candidate) => void = () => undefined): Candidate[] {
    return candidates.flatMap((candidate): Candidate[] => {
      const { entity, event, score } = candidate;
      if (this.#pause === 0 || score.group === undefined || score.always) return [candidate];
      const key = `${event.kind}\0${unitOf(event, entity, score)}`;
      const told = this.#told.get(key);
      const all = told?.left === undefined ? candidate : { ...candidate, ...together([told.left, candidate]) };
      const again = told !== undefined && Math.abs(event.time - told.time) < this.#pause && score.value <= told.score;
      if (!again) {
        this.#told.set(key, { time: event.time, score: score.value });
        return [all];
      }
      this.#left += candidate.count;
      const { count, first, last } = all;
      this.#told.set(key, { ...told, left: { count, first, last } });
      onLeft(candidate);
      return [];
    });
  }
}
