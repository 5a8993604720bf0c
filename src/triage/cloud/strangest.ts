import type { Event, Score } from '../../event/index.ts';
import { callOf } from './call.ts';

/** So many different groups count. */
const most = 16;

/** Strange values of what an actor did, as one. */
export class Strangest {
  readonly #groups = new Map<string, number>();

  /** @param group Calls of one group look alike, and count once, with the highest value. */
  add(group: string, value: number): void {
    const groups = this.#groups;
    const known = groups.get(group);
    if (known !== undefined) {
      if (value > known) groups.set(group, value);
      return;
    }
    if (groups.size >= most) {
      const [lowest, least] = this.#lowest();
      if (value <= least) return;
      groups.delete(lowest);
    }
    groups.set(group, value);
  }

  /**
   * The logarithm of the mean likelihood ratio of the 16 strangest groups, in nats: what they say together when one of
   * them is an intruder's and nobody knows which. A single strange call among many ordinary ones loses at most ln 16.
   * Undefined when there is none.
   */
  value(): number | undefined {
    if (this.#groups.size === 0) return undefined;
    const highest = Math.max(...this.#groups.values());
    let sum = 0;
    for (const value of this.#groups.values()) sum += Math.exp(value - highest);
    return highest + Math.log(sum / this.#groups.size);
  }

  #lowest(): readonly [string, number] {
    let found: readonly [string, number] = ['', Number.POSITIVE_INFINITY];
    for (const entry of this.#groups) if (entry[1] < found[1]) found = entry;
    return found;
  }
}

/** Calls that the model takes for alike and that do the same. */
export const groupOf = (event: Event, { group = event.id }: Score): string => `${group}\0${callOf(event).action ?? ''}`;
