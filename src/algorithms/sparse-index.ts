import type { Nearest } from './nearest.ts';
import type { Metric, NeighborIndex } from './neighbor-index.ts';
import { checkSparseRow, rowTable, type SparseRows } from './rows.ts';

/** Copy row `row` to `columns` and `values` without zeros; for cosine at length 1. Returns how many entries it has. */
export function encodeSparse(
  rows: SparseRows,
  row: number,
  metric: Metric,
  columns: Uint32Array,
  values: Float64Array,
  at = 0,
): number {
  const end = rows.offsets[row + 1]!;
  let square = 0;
  let size = 0;
  for (let i = rows.offsets[row]!; i < end; i++) {
    const value = rows.values[i]!;
    if (value === 0) continue;
    columns[at + size] = rows.columns[i]!;
    values[at + size++] = value;
    square += value * value;
  }
  if (metric === 'cosine' && square > 0) {
    const length = Math.sqrt(square);
    for (let i = at; i < at + size; i++) values[i]! /= length;
  }
  return size;
}

/**
 * Exact nearest rows through an inverted index.
 *
 * @param rows Unique and encoded.
 */
export function createSparseIndex(rows: SparseRows, metric: Metric): NeighborIndex<SparseRows> {
  const { offsets, columns, values } = rows;
  const norms = new Float64Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) {
    let square = 0;
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) square += values[i]! * values[i]!;
    norms[row] = square;
  }
  const table = rowTable(rows);
  const query = new Map<number, number>();
  let queryColumns = new Uint32Array(16);
  let queryValues = new Float64Array(16);
  const queryOffsets = new Uint32Array(2);
  let queryNorm = 0;

  const rank = (row: number): number => {
    let dot = 0;
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) dot += (query.get(columns[i]!) ?? 0) * values[i]!;
    if (metric === 'euclidean') return Math.max(0, queryNorm - 2 * dot + norms[row]!);
    if (queryNorm === 0 || norms[row] === 0) return queryNorm === norms[row] ? 0 : 1;
    return Math.min(2, Math.max(0, 1 - dot / Math.sqrt(queryNorm * norms[row]!)));
  };
  const load = (from: SparseRows, row: number): void => {
    checkSparseRow(from, row);
    const size = from.offsets[row + 1]! - from.offsets[row]!;
    if (size > queryColumns.length) {
      queryColumns = new Uint32Array(2 * size);
      queryValues = new Float64Array(2 * size);
    }
    queryOffsets[1] = encodeSparse(from, row, metric, queryColumns, queryValues);
    query.clear();
    queryNorm = 0;
    for (let i = 0; i < queryOffsets[1]; i++) {
      query.set(queryColumns[i]!, queryValues[i]!);
      queryNorm += queryValues[i]! * queryValues[i]!;
    }
  };
  const search = (nearest: Nearest): void => {
    for (let row = 0; row < rows.rows; row++) nearest.offer(rank(row), row);
  };
  return {
    rows,
    load,
    find: () => table.find({ offsets: queryOffsets, columns: queryColumns, values: queryValues, rows: 1 }, 0),
    search,
    searchRow: (row, nearest) => {
      load(rows, row);
      search(nearest);
    },
    distance: metric === 'euclidean' ? Math.sqrt : (value) => value,
  };
}
