import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom, uniqueRows } from '../../src/algorithms/index.ts';
import { Nearest } from '../../src/algorithms/nearest.ts';
import type { Metric } from '../../src/algorithms/neighbor-index.ts';
import type { SparseRows } from '../../src/algorithms/rows.ts';
import { createSparseIndex, encodeSparse } from '../../src/algorithms/sparse-index.ts';
import { bruteForce, entriesOf, found, sparsePair, sparseRows } from '../support/rows.ts';

function encoded(rows: SparseRows, metric: Metric): SparseRows {
  const offsets = new Uint32Array(rows.rows + 1);
  const columns = new Uint32Array(rows.columns.length);
  const values = new Float64Array(rows.columns.length);
  for (let row = 0; row < rows.rows; row++) {
    offsets[row + 1] = offsets[row]! + encodeSparse(rows, row, metric, columns, values, offsets[row]);
  }
  return { offsets, columns, values, rows: rows.rows };
}

function compareWithBruteForce(train: SparseRows, queries: SparseRows, k: number, metric: Metric, keep: boolean): void {
  const { rows, counts } = uniqueRows(encoded(train, metric));
  const kept = keep ? counts : undefined;
  const index = createSparseIndex(rows, metric);
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
}

test('the inverted index finds what brute force finds, to the last bit and tie', () => {
  fc.assert(
    fc.property(
      sparsePair,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom<Metric>('euclidean', 'cosine'),
      fc.boolean(),
      ([train, queries], k, metric, keep) => compareWithBruteForce(train, queries, k, metric, keep),
    ),
    { numRuns: 400 },
  );
});

/** Texts of a language whose words are as uneven as in commands and paths, so that every way of pruning is taken. */
function zipfRows(size: number, seed: number, words: number, perRow: number): SparseRows {
  const random = createRandom(seed);
  return sparseRows(
    Array.from({ length: size }, () => {
      const chosen = new Set<number>();
      const wanted = random.integer(perRow);
      for (let i = 0; i < wanted; i++) chosen.add(Math.floor(words * random.next() ** 3));
      return [...chosen].map((word): [number, number] => [word * 7, 1 / Math.sqrt(chosen.size)]);
    }),
  );
}

test('the inverted index finds what brute force finds among many rows', () => {
  for (const [seed, words] of [
    [1, 50],
    [2, 400],
    [3, 3000],
  ] as const) {
    compareWithBruteForce(
      zipfRows(700, seed, words, 9),
      zipfRows(60, seed + 50, words + 20, 12),
      20,
      'euclidean',
      true,
    );
    compareWithBruteForce(zipfRows(400, seed, words, 9), zipfRows(40, seed + 50, words + 20, 12), 5, 'cosine', false);
  }
});

test('rows of very different lengths', () => {
  const random = createRandom(4);
  const scaled = (size: number): SparseRows =>
    sparseRows(
      Array.from({ length: size }, () => {
        const scale = 10 ** (random.integer(9) - 4);
        const list = new Map<number, number>();
        for (let i = 0; i < 5; i++) list.set(random.integer(40), scale * random.normal());
        return [...list];
      }),
    );
  compareWithBruteForce(scaled(300), scaled(50), 10, 'euclidean', false);
  compareWithBruteForce(scaled(300), scaled(50), 10, 'cosine', false);
});

test('rows whose shared terms are of the other sign stand behind unrelated ones', () => {
  const random = createRandom(1);
  for (let round = 0; round < 300; round++) {
    const columns = 3 + random.integer(30);
    const negative = random.next();
    const draw = (size: number): SparseRows =>
      sparseRows(
        Array.from({ length: size }, () => {
          const list = new Map<number, number>();
          for (let i = 0; i <= random.integer(3); i++) {
            list.set(random.integer(columns), (random.next() < negative ? -1 : 1) * (1 + random.integer(2)));
          }
          return [...list];
        }),
      );
    const { rows } = uniqueRows(draw(40 + random.integer(120)));
    const queries = draw(10);
    const k = 1 + random.integer(3);
    const index = createSparseIndex(rows, 'euclidean');
    const nearest = new Nearest(k);
    for (let row = 0; row < queries.rows; row++) {
      nearest.reset(k);
      index.load(queries, row);
      index.search(nearest);
      assert.deepEqual(found(nearest), bruteForce(rows, entriesOf(queries, row), k, 'euclidean'));
    }
  }
});

test('a query without known terms is nearest to the shortest rows, the first of them first', () => {
  const rows = sparseRows([[[1, 2]], [[2, 1]], [[3, 1]], [], [[4, 1]]]);
  const index = createSparseIndex(rows, 'euclidean');
  const nearest = new Nearest(4);
  nearest.reset(4);
  index.load(sparseRows([[[77, 3]]]), 0);
  index.search(nearest);
  assert.deepEqual(found(nearest), [
    [9, 3],
    [10, 1],
    [10, 2],
    [10, 4],
  ]);
});

test('a query of many terms that fewer queries precede and follow', () => {
  const rows = zipfRows(50, 9, 300, 9);
  const index = createSparseIndex(uniqueRows(rows).rows, 'euclidean');
  const long = sparseRows([Array.from({ length: 2000 }, (_, i): [number, number] => [i, 0.02])]);
  const nearest = new Nearest(3);
  const ask = (from: SparseRows) => {
    nearest.reset(3);
    index.load(from, 0);
    index.search(nearest);
    return found(nearest);
  };
  const before = ask(rows);
  assert.deepEqual(ask(long), bruteForce(uniqueRows(rows).rows, entriesOf(long, 0), 3, 'euclidean'));
  assert.deepEqual(ask(rows), before);
});

test('sparse rows know no manhattan distance', () => {
  assert.throws(() => createSparseIndex(sparseRows([[[1, 1]]]), 'manhattan'), RangeError);
});
