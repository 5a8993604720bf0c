import type { FeatureVector } from '../../algorithms/jubatus/index.ts';
import type { Reason } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import type { Datum } from './converter/converter.ts';
import { addressOf } from './login.ts';

/** What a person calls the names of the datum. */
const words: Readonly<Record<string, string>> = {
  user: 'user',
  host: 'host name',
  ip_int: 'address',
  geoid: 'place',
  dns_info: 'block lists that name the address',
  first: 'first login from there',
  num_of_login_in_near_time: 'logins near in time',
  num_of_location_in_near_time: 'places near in time',
};

interface Value {
  readonly text: string;
  readonly number: number;
  readonly isNumber: boolean;
}

/** Features of a datum by the name in it: `ip_int@str$123` is `123` under `ip_int`. */
function byName(features: FeatureVector): Map<string, Value> {
  const named = new Map<string, Value>();
  for (const [key, number] of features) {
    const [at, dollar] = [key.indexOf('@'), key.indexOf('$')];
    const ends = [at, dollar].filter((index) => index > 0);
    const name = ends.length === 0 ? key : key.slice(0, Math.min(...ends));
    const category = dollar < 0 ? undefined : key.slice(dollar + 1, at < dollar ? undefined : key.lastIndexOf('@'));
    const isNumber = category === undefined;
    const text = isNumber ? numberText(name, number) : categoryText(name, category);
    if (!isNumber || number !== 0) named.set(name, { text, number, isNumber });
  }
  return named;
}

const numberText = (name: string, number: number): string =>
  name === 'first' ? (number === 0 ? 'no' : 'yes') : String(round(number));

function categoryText(name: string, category: string): string {
  if (name === 'ip_int') return addressOf(category);
  return name === 'geoid' ? `GeoNames ${category}` : category;
}

export interface Compared {
  readonly value: number;
  /** Jubatus itself would say Infinity. */
  readonly isInfinite: boolean;
  readonly rows: number;
  readonly whose: string;
}

export function densityReason({ value, isInfinite, rows, whose }: Compared): Reason {
  const factor = isInfinite ? 'infinite: none of them is like it' : `${round(value)}, where about 1 is ordinary`;
  return {
    code: 'local-outlier-factor',
    text: `Among ${rows} earlier logins of ${whose} this one's local outlier factor is ${factor}.`,
    evidence: { factor: value, rows },
  };
}

/** All that a login is compared by: in words, and under the names of the datum. `place` as a person names it. */
export function datumReason({ strings = [], nums = [] }: Datum, place: string | undefined): Reason {
  const values = [...strings, ...nums].map(([name, value]) => [name, String(value)] as const);
  const said = values.map(([name, value]) => {
    const known = name === 'geoid' ? place : name === 'first' ? numberText(name, Number(value)) : undefined;
    return `${words[name] ?? name} ${shorten(known ?? categoryText(name, value), 60)}`;
  });
  const evidence = Object.fromEntries(
    [...strings, ...nums].map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
  );
  return { code: 'datum', text: `Compared by: ${said.join('; ')}.`, evidence };
}

export interface Nearest {
  readonly distance: number;
  readonly features: FeatureVector;
}

export interface Asked {
  readonly features: FeatureVector;
  /** The login's place in words, where a geo database gave them. */
  readonly place: string | undefined;
  readonly whose: string;
}

/** How a login differs from the one most like it; undefined when there is none. */
export function nearestReason({ features, place, whose }: Asked, nearest: readonly Nearest[]): Reason | undefined {
  const [closest] = nearest;
  if (closest === undefined) return undefined;
  const last = nearest.at(-1) ?? closest;
  const differences = differing(byName(features), byName(closest.features), place);
  const evidence = { nearest: round(closest.distance), neighbors: nearest.length, farthest: round(last.distance) };
  const distance = `The login of ${whose} most like it is ${round(closest.distance)} away`;
  const how = differences.length === 0 ? 'and differs in no feature' : `and differs in ${differences.join('; ')}`;
  return { code: 'nearest-known', text: `${distance} ${how}.`, evidence };
}

function differing(mine: ReadonlyMap<string, Value>, theirs: ReadonlyMap<string, Value>, place?: string): string[] {
  const differences: { readonly text: string; readonly weight: number }[] = [];
  for (const name of new Set([...mine.keys(), ...theirs.keys()])) {
    const [here, there] = [mine.get(name), theirs.get(name)];
    if (here?.text === there?.text) continue;
    const isNumber = (here ?? there)?.isNumber === true;
    const none = isNumber ? numberText(name, 0) : 'unknown';
    const own = name === 'geoid' ? (place ?? here?.text) : here?.text;
    differences.push({
      text: `${words[name] ?? name} ${shorten(own ?? none, 60)} (there ${shorten(there?.text ?? none, 60)})`,
      weight: isNumber ? Math.abs((here?.number ?? 0) - (there?.number ?? 0)) : Math.SQRT2,
    });
  }
  return differences
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 4)
    .map(({ text }) => text);
}

const round = (value: number): number => Number(value.toPrecision(3));
