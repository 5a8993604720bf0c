import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom, fitProjection, project } from '../../src/algorithms/index.ts';
import { golden } from '../support/golden-lof.ts';
import { sparsePair, sparseRows } from '../support/rows.ts';

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, within: number): void => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= within, `${i}: ${actual[i]} instead of ${expected[i]}`);
  }
};

test("numpy's first two right singular vectors, whatever the seed", () => {
  const { rows, columns, axes } = golden.projection;
  for (const seed of [0, 1, 2]) {
    const projection = fitProjection(rows, { seed });
    assert.deepEqual([...projection.columns], columns);
    close(projection.axes, axes, 1e-8);
  }
});

test('the same seed gives the same axes; they are of unit length and at right angles', () => {
  fc.assert(
    fc.property(sparsePair, fc.nat(), ([rows], seed) => {
      const { axes, columns } = fitProjection(rows, { seed });
      assert.deepEqual(fitProjection(rows, { seed }).axes, axes);
      const products = [0, 0, 0];
      for (let i = 0; i < columns.length; i++) {
        const x = axes[2 * i]!;
        const y = axes[2 * i + 1]!;
        products[0]! += x * x;
        products[1]! += y * y;
        products[2]! += x * y;
      }
      for (const square of [products[0]!, products[1]!])
        assert.ok(square === 0 || Math.abs(square - 1) < 1e-9, `${square}`);
      assert.ok(Math.abs(products[2]!) < 1e-9);
    }),
  );
});

test('weights stand for copies', () => {
  const lists = golden.projection.rows;
  const copies = sparseRows([
    [
      [1, 1],
      [2, 0.5],
    ],
    [
      [1, 1],
      [2, 0.5],
    ],
    [
      [1, 1],
      [2, 0.5],
    ],
    [
      [2, 1],
      [7, 2],
    ],
    [[7, 1]],
    [[7, 1]],
  ]);
  const unique = sparseRows([
    [
      [1, 1],
      [2, 0.5],
    ],
    [
      [2, 1],
      [7, 2],
    ],
    [[7, 1]],
  ]);
  close(fitProjection(unique, { weights: [3, 1, 2] }).axes, fitProjection(copies).axes, 1e-9);
  assert.notDeepEqual(
    fitProjection(lists, { weights: Array.from({ length: lists.rows }, (_, i) => i + 1) }).axes,
    fitProjection(lists).axes,
  );
});

test('two groups of rows land in two places, and a new row beside its group', () => {
  const random = createRandom(5);
  const member = (first: number): [number, number][] => [
    [first, 1],
    [first + 1, 0.9],
    [first + 2 + random.integer(4), 0.3],
  ];
  const rows = sparseRows(Array.from({ length: 60 }, (_, i) => member(i % 2 === 0 ? 0 : 100)));
  const projection = fitProjection(rows);
  const distance = (a: Float64Array, b: Float64Array) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
  const [fresh, first, second] = [0, 0, 100].map((start) => project(projection, sparseRows([member(start)])));
  assert.ok(distance(fresh!, second!) > 5 * distance(fresh!, first!));
});

test('a row of unknown columns lands at 0, and rows without entries are no trouble', () => {
  assert.deepEqual(project(fitProjection(golden.projection.rows), sparseRows([[[4000, 1]], []])), new Float64Array(4));
  assert.deepEqual(project(fitProjection(sparseRows([[], []])), sparseRows([[[1, 1]]])), new Float64Array(2));
  assert.deepEqual(project(fitProjection(sparseRows([])), sparseRows([[]])), new Float64Array(2));
  assert.deepEqual(project(fitProjection(sparseRows([[[3, 2]]])), sparseRows([[[3, 5]]])), Float64Array.of(5, 0));
  assert.throws(
    () =>
      fitProjection({
        offsets: Uint32Array.of(0, 3),
        columns: new Uint32Array(1),
        values: new Float64Array(1),
        rows: 1,
      }),
    RangeError,
  );
});
