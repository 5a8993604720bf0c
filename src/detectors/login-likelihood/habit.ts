import type { DecayedBag } from '../../algorithms/decayed-bag.ts';
import { newnessOf } from '../../algorithms/newness.ts';
import type { Names } from '../../text/names.ts';
import type { Fleet } from './fleet.ts';
import type { User } from './user.ts';

export interface Known {
  readonly fleet: Fleet;
  readonly names: Names;
  readonly sharedBy: number;
  /** Habits halve in this many milliseconds. */
  readonly halfLife: number;
}

/** That something never happened is remembered so many times as long as what did. */
const memory = 4;

/** How much of a user's habits is left at a time. A long absence takes no more than half: it is not a new user. */
export function fadeOf(user: User, time: number, halfLife: number): number {
  const passed = time - user.fadedAt;
  return passed > 0 ? 2 ** -Math.min(1, passed / halfLife) : 1;
}

/** A value that came a while ago without complaint is trusted more and more: half after this, in milliseconds. */
const trustHalves = 1.5 * 86_400_000;
/** After this, what is left of the doubt, a tenth, is nothing. In milliseconds. */
export const trusted = Math.log2(10) * trustHalves;

/** What somebody's habits in one dimension say to a value. */
export class Habit {
  /** Where the value is in the bag; -1 when the user never had it. */
  readonly entry: number;
  /**
   * How far a known value may be relied on, 0 to 1. What came for the first time an hour ago may have been the
   * intruder's, and says nothing for the next login; after some days it says as much as any other.
   */
  readonly trust: number;
  readonly #bag: DecayedBag | undefined;
  readonly #fade: number;
  readonly #usual: number;
  readonly #learnt: number;

  constructor(user: User | undefined, fade: number, dimension: number, value: number, time: number, fleet: Fleet) {
    const bag = user?.habit(dimension);
    this.#bag = bag;
    this.#fade = fade;
    this.#usual = fleet.newness(dimension);
    this.#learnt = user?.learnt ?? 0;
    this.entry = bag === undefined || value < 0 ? -1 : bag.find(value);
    this.trust = 0;
    if (bag === undefined || this.entry < 0) return;
    const age = Math.abs(time - bag.first(this.entry));
    this.trust = age < trusted ? 1 - 2 ** (-age / trustHalves) : 1;
  }

  /** How likely the user is to bring something new, had this value not come before. */
  get newness(): number {
    const bag = this.#bag;
    if (bag === undefined) return 1;
    const known = this.entry >= 0;
    const logins = Math.max(0, bag.total - (known ? bag.weight(this.entry) : 0));
    const surprises = Math.max(0, bag.novelty - (known ? 1 : 0));
    const longer = logins > 0 ? Math.max(1, Math.min(memory, this.#learnt / logins)) : 1;
    return newnessOf(surprises * longer * this.#fade, logins * longer * this.#fade, this.#usual);
  }

  /** The logarithm of what a known value says and of what a new one does, as far as the value is trusted. */
  nats(known: number, fresh: number): number {
    if (this.trust === 1) return Math.log(known);
    return (this.trust === 0 ? 0 : this.trust * Math.log(known)) + (1 - this.trust) * Math.log(fresh);
  }

  /** The share of the user's logins with this value; 0 for one that is not known. */
  get share(): number {
    const bag = this.#bag;
    if (bag === undefined || this.entry < 0) return 0;
    return shareOf(bag, this.entry);
  }

  /** How much rarer this known value is than the user's average one; 1 for one that is not known. */
  get rarity(): number {
    return this.entry < 0 ? 1 : rarityOf(this.#bag as DecayedBag, this.entry);
  }
}

const shareOf = (bag: DecayedBag, entry: number): number => bag.weight(entry) / Math.max(bag.total, bag.weight(entry));

/** How much rarer a value is than the average one: half, as an attacker who shares it may have hit on any of them. */
export const rarityOf = (bag: DecayedBag, entry: number): number => 0.5 + 0.5 / (bag.size * shareOf(bag, entry));

/** Whether a value came long enough ago to be relied on. */
export const isTrusted = (bag: DecayedBag, entry: number, time: number): boolean =>
  Math.abs(time - bag.first(entry)) >= trusted;
