import * as v from 'valibot';
import { DecayedBag } from '../../algorithms/decayed-bag.ts';
import { WeekRhythm } from '../../algorithms/week-rhythm.ts';
import type { NumberArray } from '../../io/model-file.ts';
import { dimensions } from './dimensions.ts';
import { Fleet, Group } from './fleet.ts';
import { Owner } from './owner.ts';
import { floats } from './pairs-store.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const least = v.pipe(v.number(), v.integer(), v.minValue(-1));
const word = v.pipe(v.string(), v.maxLength(600));

/** A call in quarantine, as a model file's header holds it; in the order of `Calls.read`, so that a file comes back alike. */
const callSchema = v.object({
  id: v.string(),
  time: finite,
  kind: v.picklist(['api', 'login', 'finding']),
  owner: word,
  group: word,
  principal: word,
  session: word,
  type: word,
  class: word,
  origin: v.picklist(['public', 'inside', 'service', 'other', '']),
  spot: word,
  high: v.pipe(least, v.maxValue(2 ** 32 - 1)),
  low: v.pipe(least, v.maxValue(2 ** 32 - 1)),
  from: word,
  endpoint: word,
  asn: v.pipe(least, v.maxValue(2 ** 32 - 1)),
  organization: word,
  country: word,
  provider: word,
  action: word,
  write: v.boolean(),
  agent: word,
  platform: word,
  region: word,
  denied: v.boolean(),
  mfa: v.pipe(least, v.maxValue(1)),
  created: finite,
  lock: v.string(),
  key: word,
  role: word,
  assumed: word,
  issued: word,
  self: v.boolean(),
  known: word,
});

export const header = v.object({
  clock: finite,
  events: whole,
  owners: v.array(v.tuple([v.string(), v.string()])),
  groups: v.array(v.string()),
  names: v.object({ words: v.array(v.nullable(v.string())), free: v.array(whole) }),
  free: v.array(whole),
  entities: whole,
  pairs: whole,
  trainAt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  trained: v.boolean(),
  held: v.array(callSchema),
  waiting: v.array(callSchema),
  lineage: v.array(v.tuple([v.string(), v.object({ owner: v.string(), nats: finite, copy: v.boolean() })])),
  sightings: v.optional(v.array(v.tuple([v.string(), v.object({ nats: finite, time: finite, from: word })])), []),
});

/** The single numbers of an owner, in the order in which they are written. */
const singles = [
  'fadedAt',
  'learntAt',
  'since',
  'usedAt',
  'learnt',
  'lastHigh',
  'lastLow',
  'lastAsn',
  'calls',
  'refused',
  'countedAt',
  'refusedFrom',
] as const;

const listsOf = ({ rhythm, sums, spans, fresh, bags }: Owner): readonly number[][] => [
  rhythm.data,
  sums,
  spans,
  fresh,
  ...bags.map(({ data }) => data),
];

/** The owners' numbers: of each its entity, the single ones, then each list after its length. */
export function encodeOwners(owners: Iterable<Owner>): Float64Array {
  const all = [...owners];
  let size = all.length * (1 + singles.length);
  for (const owner of all) for (const list of listsOf(owner)) size += 1 + list.length;
  const numbers = new Float64Array(size);
  let at = 0;
  for (const owner of all) {
    numbers[at++] = owner.entity;
    for (const name of singles) numbers[at++] = owner[name];
    for (const list of listsOf(owner)) {
      numbers[at++] = list.length;
      numbers.set(list, at);
      at += list.length;
    }
  }
  return numbers;
}

type Named = readonly (readonly [name: string, group: string])[];

/** Owners from their names and numbers. Throws RangeError when these are not what `encodeOwners` wrote. */
export function decodeOwners(names: Named, numbers: Float64Array, entities: number): Map<string, Owner> {
  let at = 0;
  const take = (): number => {
    const number = numbers[at++];
    if (number === undefined || Number.isNaN(number)) throw new RangeError('The principals are cut short.');
    return number;
  };
  const list = (length: number): number[] => {
    if (!(Number.isInteger(length) && length >= 0 && at + length <= numbers.length))
      throw new RangeError('A list of a principal is cut short.');
    at += length;
    const taken = Array.from(numbers.subarray(at - length, at));
    if (!taken.every(Number.isFinite)) throw new RangeError('A list of a principal has a senseless number.');
    return taken;
  };
  const owners = new Map<string, Owner>();
  const taken = new Set<number>();
  for (const [name, group] of names) {
    const entity = take();
    if (!(Number.isInteger(entity) && entity >= 0 && entity < entities) || taken.has(entity) || owners.has(name))
      throw new RangeError('A principal has a number that it cannot have.');
    taken.add(entity);
    const owner = new Owner(name, group, entity);
    for (const single of singles) owner[single] = take();
    for (const target of [owner.rhythm.data, owner.sums, owner.spans]) {
      const source = list(take());
      if (source.length !== target.length) throw new RangeError('A list of a principal is cut short.');
      target.splice(0, target.length, ...source);
    }
    owner.fresh.push(...list(take()));
    for (let of = 0; of < dimensions.length; of++) owner.bags[of] = new DecayedBag(list(take()));
    owners.set(name, owner);
  }
  if (at !== numbers.length) throw new RangeError('There are numbers of more principals than names.');
  return owners;
}

export function encodeFleet(fleet: Fleet): Record<string, NumberArray> {
  const groups = [...fleet.groups.values()].flatMap(({ id, members, totals }) => [id, members, ...totals]);
  const arrays: Record<string, NumberArray> = {
    'fleet/rhythm': Float64Array.from(fleet.rhythm.data),
    'fleet/totals': Float64Array.from(fleet.totals),
    'fleet/asked': Float64Array.from(fleet.surprises.asked),
    'fleet/surprised': Float64Array.from(fleet.surprises.surprised),
    'fleet/groups': Float64Array.from([fleet.founded, ...groups]),
    'fleet/in-groups': fleet.groupHolders.save(),
  };
  for (const [of, name] of dimensions.entries())
    arrays[`fleet/of/${name}`] = fleet.holders[of]?.save() ?? new Float64Array();
  return arrays;
}

/** Throws RangeError when the arrays are not what `encodeFleet` wrote. */
export function decodeFleet(groups: readonly string[], arrays: Readonly<Record<string, NumberArray>>): Fleet {
  const fleet = new Fleet();
  const width = 2 + dimensions.length;
  const numbers = floats(arrays, 'fleet/groups', 1 + groups.length * width);
  fleet.founded = numbers[0] as number;
  for (const [i, name] of groups.entries()) {
    const [id, members, ...totals] = numbers.subarray(1 + i * width, 1 + (i + 1) * width) as unknown as number[];
    if (!(Number.isInteger(id) && (id as number) >= 0 && (id as number) < 2 ** 17))
      throw new RangeError('A group has a senseless number.');
    fleet.groups.set(name, new Group(id as number, members, totals));
  }
  fleet.rhythm = new WeekRhythm(Array.from(floats(arrays, 'fleet/rhythm')));
  for (const [name, target] of [
    ['totals', fleet.totals],
    ['asked', fleet.surprises.asked],
    ['surprised', fleet.surprises.surprised],
  ] as const) {
    target.splice(0, dimensions.length, ...floats(arrays, `fleet/${name}`, dimensions.length));
  }
  for (const list of [numbers, fleet.rhythm.data, fleet.totals, fleet.surprises.asked, fleet.surprises.surprised])
    if (!list.every(Number.isFinite)) throw new RangeError('The fleet has a senseless number.');
  fleet.groupHolders.restore(floats(arrays, 'fleet/in-groups'));
  for (const [of, name] of dimensions.entries()) fleet.holders[of]?.restore(floats(arrays, `fleet/of/${name}`));
  return fleet;
}
