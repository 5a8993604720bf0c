import { createKdTree } from './kd-tree.ts';
import type { Nearest } from './nearest.ts';
import type { Metric, NeighborIndex } from './neighbor-index.ts';
import { checkDenseRow, type DenseRows, rowTable } from './rows.ts';
import { createScan } from './scan.ts';

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
  const isTree = algorithm === 'kd-tree' || (algorithm === 'auto' && metric !== 'cosine' && columns <= 15);
  const tree = isTree ? createKdTree(rows, metric === 'euclidean') : undefined;
  const scan = isTree
    ? undefined
    : createScan(
        rows,
        metric,
        Uint32Array.from({ length: rows.rows }, (_, row) => row),
      );
  const search = (nearest: Nearest): void => {
    tree?.search(query, nearest);
    scan?.(query, 0, Math.ceil(rows.rows / 4), nearest);
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
