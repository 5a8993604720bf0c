import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Rows, uniqueRows } from '../../src/algorithms/index.ts';
import { checkDenseRow, checkSparseRow, rowTable } from '../../src/algorithms/rows.ts';
import { densePair, denseRows, entriesOf, sparsePair, sparseRows } from '../support/rows.ts';

const keyOf = (rows: Rows, row: number): string =>
  JSON.stringify([...entriesOf(rows, row)].filter(([, value]) => value !== 0));

test('unique rows keep each content once, in the order of first occurrence, and count it', () => {
  fc.assert(
    fc.property(fc.oneof(sparsePair, densePair), ([rows]) => {
      const { rows: unique, rowOf, firstOf, counts } = uniqueRows(rows);
      const keys = Array.from({ length: rows.rows }, (_, row) => keyOf(rows, row));
      const expected = [...new Set(keys)];
      assert.deepEqual(
        Array.from({ length: unique.rows }, (_, row) => keyOf(unique, row)),
        expected,
      );
      assert.deepEqual(
        [...rowOf],
        keys.map((key) => expected.indexOf(key)),
      );
      assert.deepEqual(
        [...firstOf],
        expected.map((key) => keys.indexOf(key)),
      );
      assert.deepEqual(
        [...counts],
        expected.map((key) => keys.filter((other) => other === key).length),
      );
    }),
  );
});

test('weights count a row as often as it occurred', () => {
  const { counts } = uniqueRows(denseRows([[1], [2], [1]]), [5, 1, 7]);
  assert.deepEqual([...counts], [12, 1]);
});

test('-0 is 0, and an explicit zero in a sparse row is absent', () => {
  assert.equal(uniqueRows(denseRows([[0], [-0]])).rows.rows, 1);
  assert.equal(uniqueRows(sparseRows([[], [[4, 0]], [[4, -0]]])).rows.rows, 1);
  assert.equal(
    uniqueRows(
      sparseRows([
        [[4, 1]],
        [
          [4, 1],
          [9, 0],
        ],
        [[9, 1]],
      ]),
    ).rows.rows,
    2,
  );
});

test('a table finds the row with the same content, and no other', () => {
  fc.assert(
    fc.property(fc.oneof(sparsePair, densePair), ([rows, queries]) => {
      const { rows: unique } = uniqueRows(rows);
      const keys = Array.from({ length: unique.rows }, (_, row) => keyOf(unique, row));
      const table = rowTable(unique);
      for (let row = 0; row < queries.rows; row++) {
        assert.equal(table.find(queries, row), keys.indexOf(keyOf(queries, row)));
      }
    }),
  );
});

test('8 times the rows take about 8 times as long, be they all alike or all different', () => {
  const time = (size: number, content: (row: number) => number): number => {
    const rows = { data: Float64Array.from({ length: 2 * size }, (_, i) => content(i >>> 1)), rows: size, columns: 2 };
    const started = performance.now();
    uniqueRows(rows);
    return performance.now() - started;
  };
  for (const content of [
    () => 1,
    (row: number) => row,
    (row: number) => row * 2 ** -40,
    (row: number) => row * 2 ** 33,
  ]) {
    time(10_000, content);
    const small = Math.min(...Array.from({ length: 3 }, () => time(10_000, content)));
    const large = Math.min(...Array.from({ length: 3 }, () => time(80_000, content)));
    assert.ok(large < 40 * small + 20, `8 times the rows took ${(large / small).toFixed(1)} times as long`);
  }
});

test('malformed rows are refused', () => {
  const wrong = [
    { offsets: Uint32Array.of(0, 2), columns: Uint32Array.of(3, 3), values: Float64Array.of(1, 1), rows: 1 },
    { offsets: Uint32Array.of(0, 2), columns: Uint32Array.of(5, 3), values: Float64Array.of(1, 1), rows: 1 },
    { offsets: Uint32Array.of(0, 9), columns: Uint32Array.of(1, 3), values: Float64Array.of(1, 1), rows: 1 },
    { offsets: Uint32Array.of(2, 0), columns: Uint32Array.of(1, 3), values: Float64Array.of(1, 1), rows: 1 },
    { offsets: Uint32Array.of(0), columns: Uint32Array.of(), values: Float64Array.of(), rows: 1 },
    { offsets: Uint32Array.of(0, 1), columns: Uint32Array.of(1), values: Float64Array.of(Number.NaN), rows: 1 },
    { offsets: Uint32Array.of(0, 1), columns: Uint32Array.of(1), values: Float64Array.of(2e150), rows: 1 },
  ];
  for (const rows of wrong) assert.throws(() => checkSparseRow(rows, 0), RangeError);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -2e150]) {
    assert.throws(() => checkDenseRow(denseRows([[0, value]]), 0), RangeError);
  }
  assert.throws(() => checkDenseRow(denseRows([[0, 1]]), 1), RangeError);
});
