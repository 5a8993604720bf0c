import type { Nearest } from './nearest.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import type { Rows } from './rows.ts';

const epsilon = 1e-10; // scikit-learn's: k duplicates make the mean reachability 0

/** Neighbour lists, nearest first: list `l` holds `sizes[l]` rows from `l * width`. */
interface Lists {
  readonly width: number;
  readonly sizes: Uint32Array;
  readonly rows: Uint32Array;
  readonly distances: Float64Array;
}

/** How often each row counts; each once when undefined. */
type Counts = Uint32Array | undefined;

/** What makes up a local outlier factor, per unique row. */
export interface Reachability {
  /** The distance to the k-th neighbour. */
  readonly kDistances: Float64Array;
  /** Local reachability density. */
  readonly densities: Float64Array;
  /** The factor of the row without itself. */
  readonly outlierFactors: Float64Array;
  /** The factor of a new row that equals it. */
  readonly noveltyFactors: Float64Array;
}

export function createLists(lists: number, width: number): Lists {
  const room = lists * width;
  return {
    width,
    sizes: new Uint32Array(lists),
    rows: new Uint32Array(room),
    distances: new Float64Array(room),
  };
}

export function takeList<R extends Rows>(lists: Lists, at: number, nearest: Nearest, index: NeighborIndex<R>): void {
  nearest.sort();
  lists.sizes[at] = nearest.size;
  const start = at * lists.width;
  for (let i = 0; i < nearest.size; i++) {
    lists.rows[start + i] = nearest.rows[i]!;
    lists.distances[start + i] = index.distance(nearest.ranks[i]!);
  }
}

/** The local reachability density from the k neighbours in list `at`, of which row `own` counts once less. */
function density(lists: Lists, at: number, k: number, counts: Counts, own: number, kDistances: Float64Array): number {
  const { rows, distances, width } = lists;
  const start = at * width;
  const end = start + lists.sizes[at]!;
  let sum = 0;
  let left = k;
  for (let i = start; i < end && left > 0; i++) {
    const row = rows[i]!;
    const count = counts === undefined ? 1 : Math.min(left, counts[row]! - (row === own ? 1 : 0));
    sum += count * Math.max(distances[i]!, kDistances[row]!);
    left -= count;
  }
  return 1 / ((left === k ? 0 : sum / (k - left)) + epsilon);
}

/** The mean density of the k neighbours in list `at` over the density `of`; 1 without neighbours. */
function factor(
  lists: Lists,
  at: number,
  k: number,
  counts: Counts,
  own: number,
  densities: Float64Array,
  of: number,
): number {
  const { rows, width } = lists;
  const start = at * width;
  const end = start + lists.sizes[at]!;
  let sum = 0;
  let left = k;
  for (let i = start; i < end && left > 0; i++) {
    const row = rows[i]!;
    const count = counts === undefined ? 1 : Math.min(left, counts[row]! - (row === own ? 1 : 0));
    sum += count * (densities[row]! / of);
    left -= count;
  }
  return left === k ? 1 : sum / (k - left);
}

/** The local outlier factor of a new row with the neighbours in list `at`. */
export function noveltyFactor(
  lists: Lists,
  at: number,
  k: number,
  counts: Counts,
  { kDistances, densities }: Pick<Reachability, 'kDistances' | 'densities'>,
): number {
  const own = density(lists, at, k, counts, -1, kDistances);
  return factor(lists, at, k, counts, -1, densities, own);
}

/** The list of a new row that equals row `row`: the row itself, and then the row's own list. */
function withItself(lists: Lists, row: number, out: Lists): void {
  const start = row * lists.width;
  let size = 1;
  out.rows[0] = row;
  out.distances[0] = 0;
  for (let i = start; i < start + lists.sizes[row]!; i++) {
    if (lists.rows[i] === row) continue;
    out.rows[size] = lists.rows[i]!;
    out.distances[size++] = lists.distances[i]!;
  }
  out.sizes[0] = size;
}

/** Search for the k neighbours of every fitted row and compute what follows from them. */
export function computeReachability<R extends Rows>(
  index: NeighborIndex<R>,
  nearest: Nearest,
  k: number,
  counts: Counts,
): Reachability {
  const n = index.rows.rows;
  const lists = createLists(n, Math.min(k, n));
  for (let i = 0; i < n; i++) {
    const row = index.order === undefined ? i : index.order[i]!;
    nearest.reset(k, row);
    index.searchRow(row, nearest);
    takeList(lists, row, nearest, index);
  }
  const kDistances = new Float64Array(n);
  const densities = new Float64Array(n);
  const outlierFactors = new Float64Array(n);
  const noveltyFactors = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    if (lists.sizes[row]! > 0) kDistances[row] = lists.distances[row * lists.width + lists.sizes[row]! - 1]!;
  }
  for (let row = 0; row < n; row++) densities[row] = density(lists, row, k, counts, row, kDistances);
  const list = createLists(1, lists.width + 1);
  for (let row = 0; row < n; row++) {
    outlierFactors[row] = factor(lists, row, k, counts, row, densities, densities[row]!);
    withItself(lists, row, list);
    noveltyFactors[row] = noveltyFactor(list, 0, k, counts, { kDistances, densities });
  }
  return { kDistances, densities, outlierFactors, noveltyFactors };
}
