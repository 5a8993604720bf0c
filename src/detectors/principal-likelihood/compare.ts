import type { Fleet, Group } from './fleet.ts';
import type { Owner } from './owner.ts';
import type { Verdict } from './terms.ts';

/** Whom a call is compared with. */
export interface Known {
  readonly owner: Owner | undefined;
  /** How much of the owner's habits is left. */
  readonly fade: number;
  readonly group: Group | undefined;
  readonly fleet: Fleet;
}

/**
 * log p(x | an intruder) − log p(x | the principal) of one value. An intruder does as the principal with `agreeing`, else
 * as anybody or as intruders do, `share`; the principal does as ever, or something new, which is then what its group has,
 * and then everybody.
 */
export function compare(verdict: Verdict, known: Known, of: number, agreeing: number, share: number): number {
  const { owner, fade, group, fleet } = known;
  const value = verdict.values[of] as number;
  const bag = owner?.bag(of);
  const entry = bag === undefined || value < 0 ? -1 : bag.find(value);
  verdict.entries[of] = entry;
  const own = entry >= 0 ? 1 : 0;
  const everybody = Math.max(0, fleet.held(of, value) - own);
  const peers = Math.max(0, fleet.heldInGroup(group, of, value) - own);
  verdict.peers[of] = peers;
  const ofAll = fleet.shareOfAll(of, everybody);
  const fresh = owner === undefined ? 1 : owner.newness(of, -1, fade, fleet.surprises.share(of));
  let ordinary = fresh * fleet.shareOfGroup(group, of, peers, ofAll);
  if (bag !== undefined && entry >= 0) {
    const habit = bag.weight(entry) / Math.max(bag.total, bag.weight(entry));
    // What a principal does in bursts would leave nothing for the rest; so half of it is by kind, not by count.
    // Values that are let go leave their novelty behind, which may come to more than all that is left.
    ordinary += Math.max(0, 1 - fresh) * 0.5 * (habit + 1 / bag.size);
  }
  const nats = Math.log(agreeing + ((1 - agreeing) * 0.5 * (ofAll + share)) / ordinary);
  // What all peers do comes to the last of them some day too.
  return nats > 0 && peers > 0
    ? nats * (1 - 0.5 * Math.min(1, peers / ((group?.members ?? 1) - (owner === undefined ? 0 : 1) || 1)))
    : nats;
}

/** A sum that nears `most` and never passes it; below half of it, it is as it is. */
export function softly(nats: number, most: number): number {
  const half = most / 2;
  return nats <= half ? nats : half + half * (1 - Math.exp((half - nats) / half));
}
