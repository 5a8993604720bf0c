import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDenseIndex, encodeDense } from '../../src/algorithms/dense-index.ts';
import { createRandom, type DenseRows, type Metric, uniqueRows } from '../../src/algorithms/index.ts';
import { Nearest } from '../../src/algorithms/nearest.ts';
import { bruteForce, densePair, denseRows, entriesOf, found } from '../support/rows.ts';

function encoded(rows: DenseRows, metric: Metric): DenseRows {
  const data = new Float64Array(rows.data.length);
  for (let row = 0; row < rows.rows; row++) encodeDense(rows, row, metric, data, row * rows.columns);
  return { ...rows, data };
}

test('a kd-tree and a full scan find what brute force finds, to the last bit and tie', () => {
  fc.assert(
    fc.property(
      densePair,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(
        ['euclidean', 'kd-tree'] as const,
        ['manhattan', 'kd-tree'] as const,
        ['euclidean', 'brute'] as const,
        ['manhattan', 'brute'] as const,
        ['cosine', 'auto'] as const,
      ),
      fc.boolean(),
      ([train, queries], k, [metric, algorithm], keep) => {
        const { rows, counts } = uniqueRows(encoded(train, metric));
        const kept = keep ? counts : undefined;
        const index = createDenseIndex(rows, metric, algorithm);
        const nearest = new Nearest(Math.min(k, rows.rows), kept);
        for (let row = 0; row < rows.rows; row++) {
          nearest.reset(k, row);
          index.searchRow(row, nearest);
          assert.deepEqual(found(nearest), bruteForce(rows, entriesOf(rows, row), k, metric, kept, row), `row ${row}`);
        }
        const asked = encoded(queries, metric);
        for (let row = 0; row < queries.rows; row++) {
          nearest.reset(k);
          index.load(queries, row);
          index.search(nearest);
          assert.deepEqual(found(nearest), bruteForce(rows, entriesOf(asked, row), k, metric, kept), `query ${row}`);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('a kd-tree of many rows, and of many alike in most columns', () => {
  const random = createRandom(1);
  for (const value of [
    () => random.normal(),
    () => random.integer(3),
    () => (random.next() < 0.98 ? 0 : random.normal()),
  ]) {
    const { rows } = uniqueRows({ data: Float64Array.from({ length: 9000 }, value), rows: 3000, columns: 3 });
    const index = createDenseIndex(rows, 'euclidean', 'kd-tree');
    const nearest = new Nearest(9);
    for (let i = 0; i < 60; i++) {
      const row = random.integer(rows.rows);
      nearest.reset(9, row);
      index.searchRow(row, nearest);
      assert.deepEqual(found(nearest), bruteForce(rows, entriesOf(rows, row), 9, 'euclidean', undefined, row));
    }
  }
});

test('a kd-tree over rows arranged against it takes about linear time to build', () => {
  // a sawtooth in which medians of three are poor pivots
  const time = (size: number): number => {
    const data = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? i : size - i) + 1 / (i + 1));
    const started = performance.now();
    createDenseIndex({ data, rows: size, columns: 1 }, 'euclidean', 'kd-tree');
    return performance.now() - started;
  };
  time(20_000);
  const small = Math.min(time(20_000), time(20_000), time(20_000));
  const large = Math.min(time(160_000), time(160_000), time(160_000));
  assert.ok(large < 40 * small + 50, `8 times the rows took ${(large / small).toFixed(1)} times as long`);
});

test('cosine has no kd-tree, and a query has as many columns as the model', () => {
  assert.throws(() => createDenseIndex(denseRows([[1]]), 'cosine', 'kd-tree'), RangeError);
  const index = createDenseIndex(denseRows([[1, 2]]), 'euclidean', 'auto');
  assert.throws(() => index.load(denseRows([[1]]), 0), RangeError);
});
