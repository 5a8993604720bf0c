import type { Nearest } from './nearest.ts';
import type { Metric, NeighborIndex } from './neighbor-index.ts';
import { checkDenseRow, type DenseRows, rowTable } from './rows.ts';

export type DenseAlgorithm = 'auto' | 'kd-tree' | 'brute';

/** Copy row `row` to `out`; for cosine at length 1, a row of zeros as it is. */
export function encodeDense(rows: DenseRows, row: number, metric: Metric, out: Float64Array, at = 0): void {
  const { data, columns } = rows;
  const start = row * columns;
  let square = 0;
  if (metric === 'cosine') for (let c = 0; c < columns; c++) square += data[start + c]! * data[start + c]!;
  const length = square > 0 ? Math.sqrt(square) : 1;
  for (let c = 0; c < columns; c++) out[at + c] = data[start + c]! / length + 0; // + 0 turns -0 into 0
}

/** @param rows Unique and encoded. */
export function createDenseIndex(
  rows: DenseRows,
  metric: Metric,
  _algorithm: DenseAlgorithm,
): NeighborIndex<DenseRows> {
  const { data, columns } = rows;
  const query = new Float64Array(columns);
  const loaded: DenseRows = { data: query, rows: 1, columns };
  const table = rowTable(rows);

  const rank = (row: number): number => {
    const start = row * columns;
    let sum = 0;
    if (metric === 'euclidean') {
      for (let c = 0; c < columns; c++) {
        const difference = query[c]! - data[start + c]!;
        sum += difference * difference;
      }
      return sum;
    }
    if (metric === 'manhattan') {
      for (let c = 0; c < columns; c++) sum += Math.abs(query[c]! - data[start + c]!);
      return sum;
    }
    let own = 0;
    let other = 0;
    for (let c = 0; c < columns; c++) {
      const a = query[c]!;
      const b = data[start + c]!;
      sum += a * b;
      own += a * a;
      other += b * b;
    }
    if (own === 0 || other === 0) return own === other ? 0 : 1;
    return Math.min(2, Math.max(0, 1 - sum / Math.sqrt(own * other)));
  };
  const search = (nearest: Nearest): void => {
    for (let row = 0; row < rows.rows; row++) nearest.offer(rank(row), row);
  };
  return {
    rows,
    load: (from, row) => {
      if (from.columns !== columns) throw new RangeError(`A row has ${from.columns} columns, the model ${columns}.`);
      checkDenseRow(from, row);
      encodeDense(from, row, metric, query);
    },
    find: () => table.find(loaded, 0),
    search,
    searchRow: (row, nearest) => {
      query.set(data.subarray(row * columns, (row + 1) * columns));
      search(nearest);
    },
    distance: metric === 'euclidean' ? Math.sqrt : (value) => value,
  };
}
