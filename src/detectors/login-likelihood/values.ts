import type { Names } from '../../text/names.ts';
import { inside, type Login } from './login.ts';
import { absent, address, block, narrow, provider, unheard, wide } from './network.ts';

/**
 * What a user has habits of. First from where, coarse to fine: servers inside have an address each and change it
 * seldom, so that theirs are apart from those of the internet. Then with what, and to where; and the client that the
 * user agent names, coarse to fine.
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
  'device',
  'system',
  'program',
  'version',
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
  device: 11,
  system: 12,
  program: 13,
  version: 14,
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
  dimension.device,
  dimension.system,
  dimension.program,
];

/** Where a program's version is of the number that its name and it have together. */
const majors = 2 ** 17;

/** Name and version of a program as one number. */
const versionOf = (program: number, major: number): number =>
  major < 0 ? absent : program < 0 ? program : program * majors + major;

/** Whether a version is a later one of the same program. */
export const isLater = (version: number, than: number): boolean =>
  Math.floor(version / majors) === Math.floor(than / majors) && version > than;

/** A login by dimension, those of the client only where it is named: a number for each value, `absent` where there is none, `unheard` for a name never learnt. */
export type Values = number[];

const idOf = (word: string, names: Names): number => {
  if (word === '') return absent;
  const id = names.find(word);
  return id < 0 ? unheard : id;
};

export function valuesOf(login: Login, names: Names): Values {
  const { levels, client } = login;
  const isInside = login.country === inside;
  const last = levels[address] as number;
  const values = [
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
  if (client === undefined) return values;
  const program = idOf(client.program, names);
  values.push(idOf(client.device, names), idOf(client.system, names), program, versionOf(program, client.major));
  return values;
}

/** Give every name of a login a number. */
export function hear(values: Values, login: Login, names: Names): void {
  if (values[dimension.country] === unheard) values[dimension.country] = names.add(login.country);
  if (values[dimension.region] === unheard) values[dimension.region] = names.add(login.region);
  if (values[dimension.key] === unheard) values[dimension.key] = names.add(login.key);
  if (values[dimension.method] === unheard) values[dimension.method] = names.add(login.method);
  if (values[dimension.host] === unheard) values[dimension.host] = names.add(login.host);
  const { client } = login;
  if (client === undefined) return;
  if (values[dimension.device] === unheard) values[dimension.device] = names.add(client.device);
  if (values[dimension.system] === unheard) values[dimension.system] = names.add(client.system);
  if (values[dimension.program] !== unheard) return;
  const program = names.add(client.program);
  values[dimension.program] = program;
  values[dimension.version] = versionOf(program, client.major);
}
