import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fnv1Seed } from '../../src/algorithms/jubatus/fnv.ts';
import { gaussians } from '../../src/algorithms/jubatus/random-projection.ts';
import { type Datum, JubatusAnomaly } from '../../src/jubatus.ts';
import { addAll, agreement, habitualLogins, readGolden, readVectors } from '../support/jubatus.ts';
import { type Distance, oracleScores } from '../support/jubatus-oracle.ts';

/** Scores that jubatus_core 1.1.1 itself gave, made for this project. */
const golden = join(import.meta.dirname, '../golden/jubatus');

function compare(name: string): ReturnType<typeof agreement> {
  const { config, rows } = readVectors(golden, name, 400);
  const data = rows.map(({ datum }) => datum);
  const wanted = rows.map(({ score }) => score);
  return agreement(addAll(new JubatusAnomaly(config, { compat: '1.1.1' }), data), wanted);
}

for (const [name, infinities] of Object.entries({ iie: 1, light: 1, seed: 8, seed_noignore: 8, default_lsh: 6 })) {
  test(`${name}: every row of the real library, to 1e-9`, () => {
    const { finite, infinite, misplaced, worst } = compare(name);
    assert.deepEqual({ finite, infinite, misplaced }, { finite: 400 - infinities, infinite: infinities, misplaced: 0 });
    assert.ok(worst <= 1e-9, `${worst}`);
  });
}

interface Sampled {
  readonly name: string;
  readonly config: unknown;
  readonly adds: number;
  readonly every: number;
  /** Of every so many-th add. */
  readonly scores: readonly (number | 'inf')[];
}

for (const { name, config, adds, every, scores } of readGolden('sampled.json.gz') as Sampled[]) {
  test(`${adds} adds, ${name}: every sampled score of the real library, to 1e-9`, () => {
    const own = addAll(new JubatusAnomaly(config, { compat: '1.1.1' }), habitualLogins(adds, 1));
    const wanted = scores.map((score) => (score === 'inf' ? Infinity : score));
    const sampled = own.filter((_, row) => row % every === every - 1);
    const { finite, infinite, misplaced, worst } = agreement(sampled, wanted);
    assert.deepEqual({ compared: finite + infinite, misplaced }, { compared: adds / every, misplaced: 0 });
    assert.ok(worst <= 1e-9, `${worst}`);
  });
}

/** What the real library refuses begins after some 700 rows; so far its description stands in for it. */
const many = [...habitualLogins(1500, 5)];

function exactDistance(vectors: readonly (readonly (readonly [string, number])[])[]): Distance {
  const rows = vectors.map((vector) => new Map(vector));
  const squares = vectors.map((vector) => vector.reduce((sum, [, value]) => sum + value ** 2, 0));
  return (a, b) => {
    let product = 0;
    for (const [key, value] of vectors[a] ?? []) product += value * (rows[b]?.get(key) ?? 0);
    return Math.sqrt(Math.max(0, (squares[a] as number) + (squares[b] as number) - 2 * product));
  };
}

function signatureDistance(vectors: readonly (readonly (readonly [string, number])[])[], bits: number): Distance {
  const rows = vectors.map((vector) => {
    const projected = new Float32Array(bits);
    for (const [key, value] of vector) {
      const direction = gaussians(fnv1Seed(key), bits);
      for (let bit = 0; bit < bits; bit++) projected[bit]! += Math.fround(value * direction[bit]!);
    }
    return {
      length: Math.hypot(...vector.map(([, value]) => value)),
      signs: Array.from(projected, (value) => value > 0),
    };
  });
  return (a, b) => {
    const [left, right] = [rows[a]!, rows[b]!];
    const differing = left.signs.filter((sign, bit) => sign !== right.signs[bit]).length;
    if (differing === 0) return Math.abs(left.length - right.length);
    const angle = Math.cos((Math.PI * differing) / bits);
    return Math.sqrt(Math.max(0, left.length ** 2 + right.length ** 2 - 2 * left.length * right.length * angle));
  };
}

/** Each pair is asked for some thirty times. */
function remembered(count: number, distance: Distance): Distance {
  const known = new Float64Array(count * count).fill(-1);
  return (a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const at = low * count + high;
    if (known[at] === -1) known[at] = distance(low, high);
    return known[at] as number;
  };
}

for (const name of ['iie', 'light']) {
  test(`${name}: 1,500 rows, refused ones among them, as the description has them, to 1e-9`, () => {
    const { config } = readVectors(golden, name, 400);
    const anomaly = new JubatusAnomaly(config, { compat: '1.1.1' });
    const vectors = many.map((datum: Datum) => anomaly.features(datum));
    const isLight = name === 'light';
    const distance = isLight ? signatureDistance(vectors, 64) : exactDistance(vectors);
    const options = { nearest: 10, reverse: 30, isLight };
    const { scores, ignored } = oracleScores(many.length, remembered(many.length, distance), options);
    const { finite, misplaced, worst } = agreement(addAll(anomaly, many), scores);
    assert.ok(ignored > 30, `${ignored} are refused`);
    assert.equal(anomaly.size, many.length - ignored);
    assert.deepEqual({ finite, misplaced }, { finite: many.length - 1, misplaced: 0 });
    assert.ok(worst <= 1e-9, `${worst}`);
  });
}
