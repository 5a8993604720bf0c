import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom, type Random } from '../../src/algorithms/index.ts';
import type { Datum, JubatusAnomaly } from '../../src/jubatus.ts';

/** Rows that jubatus_core 1.1.1 was given, with the scores that its `add` gave back. */
export interface JubatusVectors {
  readonly config: unknown;
  readonly rows: readonly { readonly datum: Datum; readonly score: number }[];
}

const numbers = [
  'ip_int',
  'geoid',
  'dns_info',
  'first',
  'num_of_login_in_near_time',
  'num_of_location_in_near_time',
] as const;

/** A login of the article, whose servers know one user each; `values` in the order of its numbers. */
export const loginDatum = (values: readonly number[]): Datum => ({
  nums: numbers.map((name, index) => [name, values[index] as number]),
});

/** `config-<name>.json` of a folder. */
export const readConfig = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, `config-${name}.json`), 'utf8'));

/** A compressed JSON file among the golden vectors, all made by jubatus_core 1.1.1. */
export const readGolden = (name: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(join(import.meta.dirname, '../golden/jubatus', name))).toString('utf8'));

/** `config-<name>.json` and `scores-<name>-<count>.tsv` of a folder. */
export function readVectors(folder: string, name: string, count: number): JubatusVectors {
  const lines = readFileSync(join(folder, `scores-${name}-${count}.tsv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return {
    config: readConfig(folder, name),
    rows: lines.map((line) => {
      const [, ...values] = line.split(/\s/).map((text) => (text === 'inf' ? Number.POSITIVE_INFINITY : Number(text)));
      return { datum: loginDatum(values.slice(0, 6)), score: values[6] as number };
    }),
  };
}

export const addAll = (anomaly: JubatusAnomaly, data: Iterable<Datum>): number[] =>
  Array.from(data, (datum) => anomaly.add(datum).score);

export interface Agreement {
  readonly finite: number;
  readonly infinite: number;
  /** Rows where one is infinite and the other is not. */
  readonly misplaced: number;
  /** The largest difference relative to what was wanted, over finite rows. */
  readonly worst: number;
  /** The share of finite rows no further than 5 % off. */
  readonly near: number;
  /** Rank correlation over finite rows. */
  readonly spearman: number;
}

export function agreement(found: readonly number[], wanted: readonly number[]): Agreement {
  const comparable = wanted.map((want, row) => Number.isFinite(want) && Number.isFinite(found[row]));
  const misplaced = wanted.filter((want, row) => Number.isFinite(want) !== Number.isFinite(found[row])).length;
  const [mine, theirs] = [found.filter((_, row) => comparable[row]), wanted.filter((_, row) => comparable[row])];
  const off = theirs.map((want, row) => Math.abs((mine[row] as number) - want) / Math.max(Math.abs(want), 1e-300));
  return {
    finite: theirs.length,
    infinite: wanted.filter((want) => want === Number.POSITIVE_INFINITY).length,
    misplaced,
    worst: Math.max(0, ...off),
    near: off.filter((each) => each <= 0.05).length / Math.max(1, off.length),
    spearman: spearman(mine, theirs),
  };
}

/** Pearson's correlation of ranks, equal values sharing their mean rank. */
function spearman(left: readonly number[], right: readonly number[]): number {
  const [x, y] = [ranks(left), ranks(right)];
  const mean = (left.length + 1) / 2;
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, row) => sum + (value - mean) * ((b[row] as number) - mean), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, row) => row).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranked = new Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let at = from; at < to; at++) ranked[order[at] as number] = (from + to + 1) / 2;
  }
  return ranked;
}

/**
 * Logins of one user as the golden vectors have them: 40 habitual addresses, few of them often, 3 % from new ones of which
 * some are on block lists.
 */
export function* habitualLogins(count: number, seed: number): Generator<Datum> {
  const random = createRandom(seed);
  const origin = (): readonly [number, number] => [
    2 ** 24 + random.integer(2 ** 32 - 2 ** 29),
    1e6 + random.integer(8e6),
  ];
  const habitual = Array.from({ length: 40 }, origin);
  for (let row = 0; row < count; row++) {
    const isNew = random.next() < 0.03;
    const [ip, geoid] = isNew ? origin() : (habitual[Math.floor(40 * random.next() ** 2)] as readonly [number, number]);
    const lists = isNew && random.next() < 0.2 ? 1 + random.integer(3) : 0;
    yield loginDatum([ip, geoid, lists, Number(isNew), 1 + waiting(random, 5.5), 1 + waiting(random, 0.6)]);
  }
}

/** A whole number of exponential distribution. */
const waiting = (random: Random, mean: number): number => Math.floor(-mean * Math.log(1 - random.next()));
