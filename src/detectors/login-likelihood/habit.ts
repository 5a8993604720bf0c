import type { DecayedBag } from '../../algorithms/decayed-bag.ts';
import type { Fleet } from './fleet.ts';
import type { Names } from './names.ts';
import type { User } from './user.ts';

export interface Known {
  readonly fleet: Fleet;
  readonly names: Names;
  readonly sharedBy: number;
  /** Habits halve in this many milliseconds. */
  readonly halfLife: number;
}

/** Logins of the fleet's kind that a user with some history is taken to have had, beside their own. */
const borrowed = 10;
/**
 * How likely a user is to bring something new: as often as they did, smoothed by how often others do. After n logins
 * of the same it falls like 1 / n (Witten and Bell 1991); for the first login it is 1.
 */
export function newnessOf(surprises: number, logins: number, usual: number): number {
  const prior = (borrowed * logins) / (logins + 1);
  return (1 + surprises + prior * usual) / (1 + logins + prior);
}

/** How much of a user's habits is left at a time. A long absence takes no more than half: it is not a new user. */
export const fadeOf = (user: User, time: number, halfLife: number): number =>
  2 ** -Math.min(1, Math.max(0, time - user.fadedAt) / halfLife);

/** What somebody's habits in one dimension say to a value. */
export class Habit {
  readonly entry: number;
  readonly newness: number;
  readonly #bag: DecayedBag | undefined;

  constructor(user: User | undefined, fade: number, dimension: number, value: number, fleet: Fleet) {
    const bag = user?.habit(dimension);
    this.#bag = bag;
    this.entry = bag === undefined || value < 0 ? -1 : bag.find(value);
    const logins = bag === undefined ? 0 : bag.total * fade;
    this.newness = newnessOf(bag === undefined ? 0 : bag.novelty * fade, logins, fleet.newness(dimension));
  }

  /**
   * How much rarer this known value is than the user's average one, in nats: an attacker who shares it may have hit on
   * any of them.
   */
  get rarity(): number {
    const bag = this.#bag;
    if (bag === undefined || this.entry < 0) return 0;
    const share = bag.weight(this.entry) / Math.max(bag.total, bag.weight(this.entry));
    return Math.log(0.5 + 0.5 / (bag.size * share));
  }
}
