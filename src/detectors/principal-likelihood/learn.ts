import { later } from '../../algorithms/later.ts';
import type { Call } from './call.ts';
import { absent, dimension, dimensions, hear, most } from './dimensions.ts';
import type { Fleet } from './fleet.ts';
import { ageBin, type Memory } from './likelihood.ts';
import { levels } from './network.ts';
import { type Owner, sums } from './owner.ts';
import type { Verdict } from './terms.ts';

/** A principal with fewer calls does not yet say how often something new comes. */
const settled = 20;
/** The fleet's hours are halved at so many calls. */
const enough = 1e6;

const forgetter =
  ({ group }: Owner, fleet: Fleet) =>
  (of: number, value: number): void =>
    fleet.change(group, of, value, -1);

/** A principal that is let go no longer counts among those who do something. */
export function leave(owner: Owner, { owners, fleet, pairs }: Memory): void {
  for (let of = 0; of < dimensions.length; of++)
    for (const value of owner.bag(of).values()) fleet.change(owner.group, of, value, -1);
  fleet.leave(owner.group);
  pairs.forget(owner.entity);
  owners.delete(owner.name);
}

function count(owner: Owner, of: number, value: number, entry: number, time: number, fleet: Fleet): void {
  const bag = owner.bag(of);
  const isNew = bag.add(value, time, entry);
  const surprised = isNew && owner.learnt > 0;
  if (surprised) bag.surprise();
  if (owner.learnt >= settled) fleet.surprises.count(of, surprised);
  if (!isNew) return;
  fleet.change(owner.group, of, value, 1);
  const room = most[of] as number;
  if (bag.size > room) owner.trim(of, room, forgetter(owner, fleet));
}

/** Take a call into its principal's habits. Whether its address was counted. */
export function learnHabits(owner: Owner, call: Call, verdict: Verdict, memory: Memory): boolean {
  const { fleet, names, pairs, sessions } = memory;
  const { time } = call;
  if (owner.learnt === 0) owner.fadedAt = owner.since = time;
  owner.fade(time, memory.halfLife, most, forgetter(owner, fleet));
  const { values, entries } = verdict;
  hear(values, call, verdict.ancestor?.owner ?? '', names);
  for (let of = 0; of < values.length; of++)
    if (values[of] !== absent) count(owner, of, values[of] as number, entries[of] as number, time, fleet);
  learnSums(owner, call, verdict);
  owner.rhythm.add(time);
  fleet.rhythm.add(time);
  if (fleet.rhythm.total > enough) fleet.rhythm.fade(0.5);
  if (verdict.age >= 0) (owner.spans[ageBin(verdict.age)] as number) += 1;
  const session = sessions.learn(call);
  if (session === 'begun') (owner.sums[sums.sessions] as number) += 1;
  if (session === 'moved') (owner.sums[sums.moved] as number) += 1;
  owner.learnt++;
  if (time < owner.since) owner.since = time;
  if (later(owner.learntAt, time) === time) {
    owner.learntAt = time;
    [owner.lastHigh, owner.lastLow, owner.lastAsn] = [call.high, call.low, call.asn];
  }
  if (call.high < 0) return false;
  pairs.add(owner.entity, call.high, call.low < 0 ? undefined : call.low);
  return true;
}

function learnSums(owner: Owner, call: Call, { pair, level, entries, standIn }: Verdict): void {
  const add = (at: number, amount: number): void => {
    (owner.sums[at] as number) += amount;
  };
  add(sums.calls, 1);
  add(sums.denied, Number(call.denied));
  if (call.mfa === 1) add(sums.factor, 1);
  if (call.mfa === 0) add(sums.noFactor, 1);
  if (pair === undefined || pair.pairs === 0 || standIn !== undefined) return;
  for (let of = 1; of <= level; of++) add(sums.newAddress + of - 1, 1);
  if (level <= levels.narrow || call.asn < 0) return;
  add(sums.networks, 1);
  if ((entries[dimension.asn] as number) >= 0) add(sums.sameProvider, 1);
  if ((entries[dimension.country] as number) >= 0) add(sums.sameCountry, 1);
}

/** The names that principals still hold, or that were new to them of late. */
export function namesInUse(owners: Iterable<Owner>): Set<number> {
  const used = new Set<number>();
  for (const owner of owners) {
    for (const id of owner.fresh) used.add(id);
    for (let of = 0; of < dimensions.length; of++)
      if (of !== dimension.asn) for (const id of owner.bag(of).values()) used.add(id);
  }
  return used;
}
