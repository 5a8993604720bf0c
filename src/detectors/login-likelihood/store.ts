import { DecayedBag } from '../../algorithms/decayed-bag.ts';
import { WeekRhythm } from '../../algorithms/week-rhythm.ts';
import type { NumberArray } from '../../io/model-file.ts';
import { Fleet } from './fleet.ts';
import { User } from './user.ts';
import { dimensions } from './values.ts';

/** The single numbers of a user, in the order in which they are written. */
const singles = [
  'ratesAt',
  'fadedAt',
  'learntAt',
  'since',
  'usedAt',
  'learnt',
  'lastHost',
  'failures',
  'failuresLong',
  'failuresAt',
] as const;

type Lists = Pick<User, 'rhythm' | 'sums' | 'spans' | 'sessions' | 'cases' | 'rates' | 'bags'>;
const listsOf = ({ rhythm, sums, spans, sessions, cases, rates, bags }: Lists): readonly number[][] => [
  rhythm.data,
  sums,
  spans,
  sessions,
  cases,
  rates,
  ...bags.map(({ data }) => data),
];

/** The users' numbers: of each the single ones, then each list after its length. */
export function encodeUsers(users: Iterable<User>): Float64Array {
  let size = 0;
  const all = [...users];
  for (const user of all) for (const list of listsOf(user)) size += 1 + list.length;
  const numbers = new Float64Array(size + all.length * singles.length);
  let at = 0;
  for (const user of all) {
    for (const name of singles) numbers[at++] = user[name];
    for (const list of listsOf(user)) {
      numbers[at++] = list.length;
      numbers.set(list, at);
      at += list.length;
    }
  }
  return numbers;
}

/** Users from their names and numbers, of which so many dimensions are `known`. Throws RangeError when these are not what `encodeUsers` wrote. */
export function decodeUsers(names: readonly string[], numbers: Float64Array, known: number): Map<string, User> {
  let at = 0;
  const take = (): number => {
    const number = numbers[at++];
    if (number === undefined) throw new RangeError('The users are cut short.');
    return number;
  };
  const list = (): number[] => {
    const length = take();
    if (!(Number.isInteger(length) && length >= 0 && at + length <= numbers.length))
      throw new RangeError('A list of a user is cut short.');
    at += length;
    return Array.from(numbers.subarray(at - length, at));
  };
  const users = new Map<string, User>();
  for (const name of names) {
    const user = new User(name);
    for (const single of singles) user[single] = take();
    const [rhythm, ...rest] = [list(), list(), list(), list(), list(), list()] as const;
    const bags = dimensions.map((_, of) => (of < known ? new DecayedBag(list()) : new DecayedBag()));
    for (const [i, target] of [user.sums, user.spans, user.sessions, user.cases, user.rates].entries()) {
      const source = rest[i] as number[];
      if (target !== user.sessions && target !== user.cases && target.length !== source.length)
        throw new RangeError('A list of a user is cut short.');
      target.splice(0, target.length, ...source);
    }
    new WeekRhythm(rhythm);
    user.rhythm.data.splice(0, rhythm.length, ...rhythm);
    for (const [i, bag] of bags.entries()) user.bags[i] = bag;
    users.set(name, user);
  }
  if (at !== numbers.length) throw new RangeError('There are numbers of more users than names.');
  return users;
}

export function encodeFleet(fleet: Fleet): Record<string, NumberArray> {
  const arrays: Record<string, NumberArray> = {
    'fleet/rhythm': Float64Array.from(fleet.rhythm.data),
    'fleet/asked': Float64Array.from(fleet.surprises.asked),
    'fleet/surprised': Float64Array.from(fleet.surprises.surprised),
    'fleet/fumbles': Float64Array.from(fleet.fumbles),
    'fleet/failures': fleet.failures.save(),
    'fleet/around': fleet.failuresAround.save(),
    'fleet/probes': fleet.probes.save(),
  };
  for (const [i, name] of dimensions.entries())
    arrays[`fleet/${name}`] = fleet.holders[i]?.save() ?? new Float64Array();
  return arrays;
}

/** Throws RangeError when the arrays are not what `encodeFleet` wrote. */
export function decodeFleet(arrays: Readonly<Record<string, NumberArray>>, known: number): Fleet {
  const get = (name: string, length?: number): Float64Array => {
    const array = arrays[`fleet/${name}`];
    if (!(array instanceof Float64Array) || (length !== undefined && array.length !== length))
      throw new RangeError(`The part "fleet/${name}" is missing or cut short.`);
    return array;
  };
  const fleet = new Fleet();
  fleet.rhythm = new WeekRhythm(Array.from(get('rhythm')));
  for (const [name, target] of [
    ['asked', fleet.surprises.asked],
    ['surprised', fleet.surprises.surprised],
  ] as const) {
    target.splice(0, known, ...get(name, known));
  }
  // Files without it are of before it was counted.
  if (arrays['fleet/fumbles'] !== undefined) fleet.fumbles.splice(0, 3, ...get('fumbles', 3));
  fleet.failures.restore(get('failures'));
  fleet.failuresAround.restore(get('around'));
  fleet.probes.restore(get('probes'));
  for (const [i, name] of dimensions.slice(0, known).entries()) fleet.holders[i]?.restore(get(name));
  const countries = get('country');
  for (let at = 1; at < countries.length; at += 3) fleet.countries += countries[at] as number;
  return fleet;
}
