import type { Names } from '../../text/names.ts';
import { inside, type Login } from './login.ts';
import { absent, address, block, narrow, provider, unheard, wide } from './network.ts';

/**
 * What a user has habits of. First from where, coarse to fine: servers inside have an address each and change it
 * seldom, so that theirs are apart from those of the internet. Then with what, and to where.
 */
export const dimensions = [
  'country',
  'region',
  'provider',
  'block',
  'wide',
  'narrow',
  'address',
  'inside',
  'key',
  'method',
  'host',
] as const;

export const dimension = {
  country: 0,
  region: 1,
  provider: 2,
  block: 3,
  wide: 4,
  narrow: 5,
  address: 6,
  inside: 7,
  key: 8,
  method: 9,
  host: 10,
} as const;

/** The dimensions that say from where, coarse to fine, are those before this. */
export const whenceEnd = dimension.key;

/** The dimensions whose values are numbers of names. */
export const named: readonly number[] = [
  dimension.country,
  dimension.region,
  dimension.key,
  dimension.method,
  dimension.host,
];

/** A login by dimension: a number for each value, `absent` where there is none, `unheard` for a name never learnt. */
export type Values = number[];

const idOf = (word: string, names: Names): number => {
  if (word === '') return absent;
  const id = names.find(word);
  return id < 0 ? unheard : id;
};

export function valuesOf(login: Login, names: Names): Values {
  const { levels } = login;
  const isInside = login.country === inside;
  const last = levels[address] as number;
  return [
    idOf(login.country, names),
    idOf(login.region, names),
    levels[provider] as number,
    levels[block] as number,
    levels[wide] as number,
    levels[narrow] as number,
    isInside ? absent : last,
    isInside ? last : absent,
    idOf(login.key, names),
    idOf(login.method, names),
    idOf(login.host, names),
  ];
}

/** Give every name of a login a number. */
export function hear(values: Values, login: Login, names: Names): void {
  if (values[dimension.country] === unheard) values[dimension.country] = names.add(login.country);
  if (values[dimension.region] === unheard) values[dimension.region] = names.add(login.region);
  if (values[dimension.key] === unheard) values[dimension.key] = names.add(login.key);
  if (values[dimension.method] === unheard) values[dimension.method] = names.add(login.method);
  if (values[dimension.host] === unheard) values[dimension.host] = names.add(login.host);
}
