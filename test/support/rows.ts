import fc from 'fast-check';
import type { DenseRows, Metric, Rows, SparseRows } from '../../src/algorithms/index.ts';
import type { Nearest } from '../../src/algorithms/nearest.ts';

export const isSparseRows = (rows: Rows): rows is SparseRows => 'offsets' in rows;

/** Rows from lists of [column, value]. */
export function sparseRows(lists: readonly (readonly (readonly [number, number])[])[]): SparseRows {
  const sorted = lists.map((list) => list.toSorted(([a], [b]) => a - b));
  const offsets = Uint32Array.from([0, ...sorted.map((_, i) => sorted.slice(0, i + 1).flat().length)]);
  return {
    offsets,
    columns: Uint32Array.from(sorted.flat(), ([column]) => column),
    values: Float64Array.from(sorted.flat(), ([, value]) => value),
    rows: sorted.length,
  };
}

export function denseRows(lists: readonly (readonly number[])[]): DenseRows {
  return { data: Float64Array.from(lists.flat()), rows: lists.length, columns: lists[0]?.length ?? 0 };
}

/** Row `row` as a map from column to value. */
export function entriesOf(rows: Rows, row: number): Map<number, number> {
  if (!isSparseRows(rows)) {
    return new Map(rows.data.subarray(row * rows.columns, (row + 1) * rows.columns).entries());
  }
  const entries = new Map<number, number>();
  for (let i = rows.offsets[row]!; i < rows.offsets[row + 1]!; i++) entries.set(rows.columns[i]!, rows.values[i]!);
  return entries;
}

const dot = (a: Map<number, number>, b: Map<number, number>): number => {
  let sum = 0;
  for (const [column, value] of a) sum += value * (b.get(column) ?? 0);
  return sum;
};

/** The rank of two rows as the indexes define it: squared euclidean, manhattan or cosine distance. */
export function rankBetween(a: Map<number, number>, b: Map<number, number>, metric: Metric, sparse: boolean): number {
  if (metric === 'manhattan') {
    let sum = 0;
    for (const [column, value] of a) sum += Math.abs(value - b.get(column)!);
    return sum;
  }
  const squareA = dot(a, a);
  const squareB = dot(b, b);
  if (metric === 'cosine') {
    if (squareA === 0 || squareB === 0) return squareA === squareB ? 0 : 1;
    return Math.min(2, Math.max(0, 1 - dot(a, b) / Math.sqrt(squareA * squareB)));
  }
  if (sparse) return Math.max(0, squareA - 2 * dot(a, b) + squareB);
  let sum = 0;
  for (const [column, value] of a) sum += (value - b.get(column)!) ** 2;
  return sum;
}

/**
 * The nearest rows by comparing with every row, as `[rank, row]` in order: the fewest whose counts reach k, row `own`
 * counting once less.
 */
export function bruteForce(
  fitted: Rows,
  query: Map<number, number>,
  k: number,
  metric: Metric,
  counts?: Uint32Array,
  own = -1,
): [number, number][] {
  const sparse = isSparseRows(fitted);
  const all = Array.from({ length: fitted.rows }, (_, row): [number, number] => [
    rankBetween(query, entriesOf(fitted, row), metric, sparse),
    row,
  ]);
  all.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const found: [number, number][] = [];
  let total = 0;
  for (const [rank, row] of all) {
    const count = (counts?.[row] ?? 1) - (row === own ? 1 : 0);
    if (count === 0 || total >= k) continue;
    total += count;
    found.push([rank, row]);
  }
  return found;
}

/** What a search has collected. */
export function found(nearest: Nearest): [number, number][] {
  nearest.sort();
  return Array.from({ length: nearest.size }, (_, i) => [nearest.ranks[i]!, nearest.rows[i]!]);
}

const sizes = { small: 12, large: 90 };

/** Numbers with many ties, or with few. */
const numbers = fc.oneof(
  fc.constant(fc.integer({ min: -2, max: 3 })),
  fc.constant(fc.integer({ min: 1, max: 3 })),
  fc.constant(fc.double({ min: -10, max: 10, noNaN: true })),
  fc.constant(fc.double({ min: 0.1, max: 1, noNaN: true })),
);

const unit = (list: [number, number][]): [number, number][] => {
  const length = Math.hypot(...list.map(([, value]) => value));
  return length === 0 ? list : list.map(([column, value]) => [column, value / length]);
};

/** Training and query rows of one kind. Rows may be empty, repeated, and hold explicit zeros. */
export const sparsePair = fc
  .tuple(numbers, fc.constantFrom(3, 12, 60), fc.boolean(), fc.constantFrom(sizes.small, sizes.large))
  .chain(([number, columns, isUnit, size]) => {
    const row = fc
      .uniqueArray(fc.tuple(fc.nat(columns), number), { selector: ([column]) => column, maxLength: 7 })
      .map((list) => (isUnit ? unit(list) : list));
    return fc.tuple(
      fc.array(row, { minLength: 1, maxLength: size }).map(sparseRows),
      fc.array(row, { minLength: 1, maxLength: 8 }).map(sparseRows),
    );
  });

export const densePair = fc
  .tuple(numbers, fc.integer({ min: 1, max: 9 }), fc.constantFrom(sizes.small, sizes.large))
  .chain(([number, columns, size]) => {
    const row = fc.array(number, { minLength: columns, maxLength: columns });
    return fc.tuple(
      fc.array(row, { minLength: 1, maxLength: size }).map(denseRows),
      fc.array(row, { minLength: 1, maxLength: 8 }).map(denseRows),
    );
  });
