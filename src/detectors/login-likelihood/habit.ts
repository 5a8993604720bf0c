import type { DecayedBag } from '../../algorithms/decayed-bag.ts';
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

/** A value that came a while ago without complaint is trusted more and more: half after this, in milliseconds. */
const trustHalves = 1.5 * 86_400_000;
/** After this, what is left of the doubt, a tenth, is nothing. In milliseconds. */
export const trusted = Math.log2(10) * trustHalves;

/**
 * How far a known value may be relied on, 0 to 1. What came for the first time an hour ago may have been the intruder's,
 * and says nothing for the next login; after some days it says as much as any other. What came out of quarantine without
 * anybody's word is believed by half, and more with every login of which nobody complained.
 */
export function trustOf(bag: DecayedBag, entry: number, time: number): number {
  const age = Math.abs(time - bag.first(entry));
  const trust = age < trusted ? 1 - 2 ** (-age / trustHalves) : 1;
  return bag.isDoubted(entry) ? trust * (1 - 2 ** -(1 + bag.count(entry))) : trust;
}

/** Whether a value came long enough ago, and is in no doubt, to be relied on. */
export const isTrusted = (bag: DecayedBag, entry: number, time: number): boolean =>
  Math.abs(time - bag.first(entry)) >= trusted && !bag.isDoubted(entry);

/** Whether a user has come with a value over some days, of which nobody complained: then it is one of theirs. */
export const isEstablished = (bag: DecayedBag, entry: number): boolean => isTrusted(bag, entry, bag.last(entry));

/** How likely the user is to bring something new, had the value at `entry` not come before; 1 for nobody. */
export const newnessOf = (user: User | undefined, of: number, entry: number, left: number, fleet: Fleet): number =>
  user === undefined ? 1 : user.newness(of, entry, left, fleet.surprises.share(of));

/** The share of the user's logins with a value. */
export const shareOf = (bag: DecayedBag, entry: number): number =>
  bag.weight(entry) / Math.max(bag.total, bag.weight(entry));

/** How much rarer a value is than the average one: half, as an attacker who shares it may have hit on any of them. */
export const rarityOf = (bag: DecayedBag, entry: number): number => 0.5 + 0.5 / (bag.size * shareOf(bag, entry));

/** The logarithm of what a known value says and of what a new one does, as far as the value is trusted. */
export function mixed(trust: number, known: number, fresh: number): number {
  if (trust === 1) return Math.log(known);
  return (trust === 0 ? 0 : trust * Math.log(known)) + (1 - trust) * Math.log(fresh);
}
