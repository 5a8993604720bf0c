import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BoostedTrees, boost, type TreesState } from '../../src/algorithms/boosting/index.ts';
import { createRandom } from '../../src/algorithms/random.ts';

/** Rows of uniform numbers, and a label for each by a function's chance. */
function made(count: number, features: number, seed: number, chance: (row: Float32Array) => number) {
  const random = createRandom(seed);
  const rows = Float32Array.from({ length: count * features }, () => random.next());
  const labels = Uint8Array.from({ length: count }, (_, at) =>
    Number(random.next() < chance(rows.subarray(at * features, (at + 1) * features))),
  );
  return { rows, features, labels, weights: new Float32Array(count).fill(1) };
}

function odds(trees: BoostedTrees, row: Float32Array): number {
  const parts = new Float64Array(trees.state.groups);
  trees.partsInto(row, parts);
  return parts.reduce((sum, part) => sum + part, 0);
}

test('exclusive or is learnt, which no single feature tells', () => {
  const xor = (row: Float32Array): number => Number(row[0]! > 0.5 !== row[1]! > 0.5);
  const trees = boost(made(2000, 3, 1, xor), createRandom(1), { depth: 3, trees: 40, rate: 0.3 });
  const fresh = made(1000, 3, 2, xor);
  let right = 0;
  for (const [at, label] of fresh.labels.entries())
    right += Number(Number(odds(trees, fresh.rows.subarray(3 * at, 3 * at + 3)) > 0) === label);
  assert.ok(right >= 970, `${right} of 1000`);
});

test('log-odds of an additive truth are calibrated, and each group brings its own part', () => {
  const chance = (row: Float32Array): number => 1 / (1 + Math.exp(2 - 4 * row[0]! - 2 * (row[2]! - 0.5)));
  const trees = boost(made(20_000, 3, 3, chance), createRandom(3), { groups: [0, 1, 1], trees: 80, depth: 3 });
  const at = (a: number, b: number, c: number): Float64Array => {
    const parts = new Float64Array(2);
    trees.partsInto(Float32Array.of(a, b, c), parts);
    return parts;
  };
  for (const a of [0.1, 0.5, 0.9]) {
    for (const c of [0.2, 0.8]) {
      const [parts, truth] = [at(a, 0.5, c), 4 * a - 2 + 2 * (c - 0.5)];
      assert.ok(Math.abs(parts[0]! + parts[1]! - truth) < 0.45, `${parts[0]! + parts[1]!}, not ${truth}`);
    }
  }
  const first = at(0.9, 0.5, 0.5)[0]! - at(0.1, 0.5, 0.5)[0]!;
  const second = at(0.5, 0.5, 0.9)[1]! - at(0.5, 0.5, 0.1)[1]!;
  assert.ok(Math.abs(first - 3.2) < 0.7, `the first group moves by ${first}`);
  assert.ok(Math.abs(second - 1.6) < 0.7, `the second group moves by ${second}`);
});

test('a weight counts as so many rows', () => {
  const rows = Float32Array.of(0, 0, 1, 1);
  const labels = Uint8Array.of(0, 1, 0, 1);
  const weights = Float32Array.of(300, 100, 100, 100);
  const trees = boost({ rows, features: 1, labels, weights }, createRandom(0), { depth: 1, trees: 200, ridge: 0 });
  assert.ok(Math.abs(odds(trees, Float32Array.of(0)) - Math.log(1 / 3)) < 0.02);
  assert.ok(Math.abs(odds(trees, Float32Array.of(1))) < 0.02);
});

test('the same rows and seed give the same trees; rows and features are sampled by the seed', () => {
  const given = made(500, 4, 5, (row) => row[0]!);
  const options = { trees: 10, rowShare: 0.5, featureShare: 0.5 };
  const grown = (seed: number): TreesState => boost(given, createRandom(seed), options).state;
  assert.deepEqual(grown(1), grown(1));
  assert.notDeepEqual(grown(1), grown(2));
});

test('any rows give finite answers, also to rows that were not met', () => {
  const value = fc.oneof(fc.constantFrom(0, -1, 1e30), fc.float({ noNaN: true, noDefaultInfinity: true }));
  const row = fc.tuple(value, value);
  const list = fc.array(fc.tuple(row, fc.integer({ min: 0, max: 1 })), { maxLength: 60 });
  fc.assert(
    fc.property(list, row, fc.integer({ min: 1, max: 4 }), (given, asked, depth) => {
      const trees = boost(
        {
          rows: Float32Array.from(given.flatMap(([numbers]) => numbers)),
          features: 2,
          labels: Uint8Array.from(given, ([, label]) => label),
          weights: new Float32Array(given.length).fill(1),
        },
        createRandom(1),
        { trees: 5, depth, rowShare: 0.7, featureShare: 0.5 },
      );
      assert.ok(Number.isFinite(odds(trees, Float32Array.from(asked))));
      for (const [numbers] of given) assert.ok(Number.isFinite(odds(trees, Float32Array.from(numbers))));
    }),
  );
});

test('arrays that do not fit together are refused', () => {
  const { state } = boost(
    made(100, 2, 1, (row) => row[0]!),
    createRandom(1),
    { trees: 3, depth: 2 },
  );
  assert.ok(new BoostedTrees(state));
  const wrong: Partial<TreesState>[] = [
    { depth: 3 },
    { depth: 0 },
    { depth: 2.5 },
    { depth: 40 },
    { groups: 2 },
    { groups: 0 },
    { features: 1, splits: state.splits.map(() => 1) },
    { splits: state.splits.slice(1) },
    { thresholds: state.thresholds.slice(1) },
    { thresholds: state.thresholds.map(() => Number.NaN) },
    { leaves: state.leaves.slice(2) },
    { leaves: state.leaves.map(() => Number.POSITIVE_INFINITY) },
  ];
  for (const change of wrong)
    assert.throws(() => new BoostedTrees({ ...state, ...change }), RangeError, JSON.stringify(Object.keys(change)));
});
