import { createKdTree } from './kd-tree.ts';
import type { Nearest } from './nearest.ts';
import type { Metric, NeighborIndex } from './neighbor-index.ts';
import { checkDenseRow, type DenseRows, rowTable } from './rows.ts';

export const denseAlgorithms = ['auto', 'kd-tree', 'brute'] as const;

/** 'auto' is a kd-tree up to 15 columns, as in scikit-learn, and brute force beyond and for cosine. */
export type DenseAlgorithm = (typeof denseAlgorithms)[number];

/** Copy row `row` to `out`; for cosine at length 1, a row of zeros as it is. */
export function encodeDense(rows: DenseRows, row: number, metric: Metric, out: Float64Array, at = 0): void {
  const { data, columns } = rows;
  const start = row * columns;
  let square = 0;
  if (metric === 'cosine') for (let c = 0; c < columns; c++) square += data[start + c]! * data[start + c]!;
  const length = square > 0 ? Math.sqrt(square) : 1;
  for (let c = 0; c < columns; c++) out[at + c] = data[start + c]! / length + 0; // + 0 turns -0 into 0
}

function sumOfSquares(query: Float64Array, data: Float64Array, start: number, columns: number, limit: number): number {
  let sum = 0;
  let c = 0;
  while (c < columns && sum <= limit) {
    const end = Math.min(c + 8, columns);
    for (; c < end; c++) {
      const difference = query[c]! - data[start + c]!;
      sum += difference * difference;
    }
  }
  return sum;
}

function sumOfSizes(query: Float64Array, data: Float64Array, start: number, columns: number, limit: number): number {
  let sum = 0;
  let c = 0;
  while (c < columns && sum <= limit) {
    const end = Math.min(c + 8, columns);
    for (; c < end; c++) sum += Math.abs(query[c]! - data[start + c]!);
  }
  return sum;
}

function dotProduct(a: Float64Array, b: Float64Array, startOfB: number, columns: number): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) sum += a[c]! * b[startOfB + c]!;
  return sum;
}

/**
 * Exact nearest rows in a dense matrix. Ranks are squared euclidean, manhattan or cosine distances.
 * Throws RangeError for a kd-tree of cosine distances.
 *
 * @param rows Unique and encoded.
 */
export function createDenseIndex(rows: DenseRows, metric: Metric, algorithm: DenseAlgorithm): NeighborIndex<DenseRows> {
  const { data, columns } = rows;
  if (metric === 'cosine' && algorithm === 'kd-tree') {
    throw new RangeError('A kd-tree knows the metrics euclidean and manhattan; cosine is by brute force.');
  }
  const query = new Float64Array(columns);
  const loaded: DenseRows = { data: query, rows: 1, columns };
  const table = rowTable(rows);
  const sum = metric === 'manhattan' ? sumOfSizes : sumOfSquares;
  const treeLike = algorithm === 'kd-tree' || (algorithm === 'auto' && metric !== 'cosine' && columns <= 15);
  const tree = treeLike ? createKdTree(rows, metric === 'euclidean') : undefined;
  const squares = new Float64Array(metric === 'cosine' ? rows.rows : 0);
  for (let row = 0; row < squares.length; row++) {
    squares[row] = dotProduct(data.subarray(row * columns, (row + 1) * columns), data, row * columns, columns);
  }

  const searchAll = (nearest: Nearest): void => {
    for (let row = 0; row < rows.rows; row++) {
      const rank = sum(query, data, row * columns, columns, nearest.worst);
      if (rank <= nearest.worst) nearest.offer(rank, row);
    }
  };
  const searchAngles = (nearest: Nearest): void => {
    const square = dotProduct(query, query, 0, columns);
    for (let row = 0; row < rows.rows; row++) {
      const other = squares[row]!;
      let rank = square === other ? 0 : 1; // with a row of zeros
      if (square > 0 && other > 0) {
        const cosine = dotProduct(query, data, row * columns, columns) / Math.sqrt(square * other);
        rank = Math.min(2, Math.max(0, 1 - cosine));
      }
      nearest.offer(rank, row);
    }
  };
  const search = (nearest: Nearest): void => {
    if (tree !== undefined) tree.search(query, nearest);
    else if (metric === 'cosine') searchAngles(nearest);
    else searchAll(nearest);
  };
  return {
    rows,
    order: tree?.order,
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
    distance: metric === 'euclidean' ? Math.sqrt : (rank) => rank,
  };
}
