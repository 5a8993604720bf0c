import type { Nearest } from './nearest.ts';
import type { DenseRows } from './rows.ts';
import { createScan } from './scan.ts';

const leafSize = 32;

/** The k-th smallest of `values[from … to - 1]`, counted from 0, by quickselect; sorts when pivots keep failing. */
function select(values: Float64Array, size: number, k: number): number {
  let from = 0;
  let to = size - 1;
  for (let budget = 64; from < to; budget--) {
    if (budget === 0) {
      values.subarray(from, to + 1).sort();
      break;
    }
    const a = values[from]!;
    const b = values[(from + to) >>> 1]!;
    const c = values[to]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = from;
    let j = to;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k]!;
}

/** Put the `k` smallest along `column` first in `order[from … to - 1]`. */
function halve(
  { data, columns }: DenseRows,
  order: Uint32Array,
  from: number,
  to: number,
  column: number,
  scratch: { readonly values: Float64Array; readonly rows: Uint32Array },
): number {
  const size = to - from;
  const k = size >>> 1;
  for (let i = 0; i < size; i++) scratch.values[i] = data[order[from + i]! * columns + column]!;
  const middle = select(scratch.values, size, k);
  let below = 0;
  for (let i = from; i < to; i++) if (data[order[i]! * columns + column]! < middle) below++;
  let low = 0;
  let equal = below;
  let high = size;
  for (let i = from; i < to; i++) {
    const value = data[order[i]! * columns + column]!;
    if (value < middle) scratch.rows[low++] = order[i]!;
    else if (value === middle) scratch.rows[equal++] = order[i]!;
    else scratch.rows[--high] = order[i]!;
  }
  order.set(scratch.rows.subarray(0, size), from);
  return from + k;
}

export interface KdTree {
  /** Rows by place in the tree: near places hold near rows. */
  readonly order: Uint32Array;
  /** Offer the rows nearest to `query`. */
  search(query: Float64Array, nearest: Nearest): void;
}

/**
 * A k-d tree: Bentley (1975, https://doi.org/10.1145/361002.361007), split at the median of the widest column, with
 * tight bounding boxes. Exact to the last bit: a box's bound adds up in the same order as a row's distance, so that
 * rounding cannot put a row below the bound of its box.
 *
 * @param squared Whether ranks are squared euclidean distances; otherwise they are manhattan distances.
 */
export function createKdTree(rows: DenseRows, squared: boolean): KdTree {
  const { data, columns, rows: n } = rows;
  let levels = 0;
  while (n / 2 ** levels > leafSize) levels++;
  const firstLeaf = 2 ** levels - 1;
  const nodes = 2 ** (levels + 1) - 1;
  const starts = new Uint32Array(nodes);
  const ends = new Uint32Array(nodes);
  const lower = new Float64Array(nodes * columns);
  const upper = new Float64Array(nodes * columns);
  const splits = new Uint32Array(firstLeaf); // the column that divides a node's rows
  const order = Uint32Array.from({ length: n }, (_, row) => row);
  const scratch = { values: new Float64Array(n), rows: new Uint32Array(n) };
  ends[0] = n;
  for (let node = 0; node < nodes; node++) {
    const low = lower.subarray(node * columns, (node + 1) * columns).fill(Number.POSITIVE_INFINITY);
    const high = upper.subarray(node * columns, (node + 1) * columns).fill(Number.NEGATIVE_INFINITY);
    for (let i = starts[node]!; i < ends[node]!; i++) {
      const start = order[i]! * columns;
      for (let c = 0; c < columns; c++) {
        const value = data[start + c]!;
        if (value < low[c]!) low[c] = value;
        if (value > high[c]!) high[c] = value;
      }
    }
    if (node >= firstLeaf) continue;
    let widest = 0;
    for (let c = 1; c < columns; c++) if (high[c]! - low[c]! > high[widest]! - low[widest]!) widest = c;
    splits[node] = widest;
    const middle = halve(rows, order, starts[node]!, ends[node]!, widest, scratch);
    starts[2 * node + 1] = starts[node]!;
    ends[2 * node + 1] = middle;
    starts[2 * node + 2] = middle;
    ends[2 * node + 2] = ends[node]!;
  }
  // each leaf's rows in groups of four of its own
  const firstGroups = new Uint32Array(nodes - firstLeaf + 1);
  for (let leaf = firstLeaf; leaf < nodes; leaf++) {
    firstGroups[leaf - firstLeaf + 1] = firstGroups[leaf - firstLeaf]! + Math.ceil((ends[leaf]! - starts[leaf]!) / 4);
  }
  const rowAt = new Uint32Array(4 * firstGroups.at(-1)!).fill(n);
  for (let leaf = firstLeaf; leaf < nodes; leaf++) {
    rowAt.set(order.subarray(starts[leaf]!, ends[leaf]!), 4 * firstGroups[leaf - firstLeaf]!);
  }
  const scan = createScan(rows, squared ? 'euclidean' : 'manhattan', rowAt);

  /** The least rank of a row in the node's box, or any part of it above `limit`. */
  const bound = (query: Float64Array, node: number, limit: number): number => {
    const start = node * columns;
    let sum = 0;
    for (let c = 0; c < columns && sum <= limit; c++) {
      const value = query[c]!;
      const below = lower[start + c]! - value;
      const above = value - upper[start + c]!;
      if (below > 0) sum += squared ? below * below : below;
      else if (above > 0) sum += squared ? above * above : above;
    }
    return sum;
  };
  const stack = new Uint32Array(levels + 1);
  const gaps = new Float64Array(levels + 1); // what the split alone says

  const search = (query: Float64Array, nearest: Nearest): void => {
    let depth = 1;
    stack[0] = 0;
    gaps[0] = 0;
    while (depth > 0) {
      depth--;
      if (gaps[depth]! > nearest.worst) continue;
      let node = stack[depth]!;
      if (bound(query, node, nearest.worst) > nearest.worst) continue;
      while (node < firstLeaf) {
        const column = splits[node]!;
        const left = 2 * node + 1;
        const right = left + 1;
        const below = query[column]! - upper[left * columns + column]!;
        const above = lower[right * columns + column]! - query[column]!;
        const gap = Math.max(0, below, above);
        node = below < above ? left : right;
        stack[depth] = left + right - node;
        gaps[depth++] = squared ? gap * gap : gap;
      }
      scan(query, firstGroups[node - firstLeaf]!, firstGroups[node - firstLeaf + 1]!, nearest);
    }
  };
  return { order, search };
}
