import { createDenseIndex, type DenseAlgorithm, encodeDense } from './dense-index.ts';
import { Nearest } from './nearest.ts';
import type { Metric, NeighborIndex } from './neighbor-index.ts';
import { weightedQuantile } from './quantile.ts';
import { checkDenseRow, checkSparseRow, isSparse, type Rows, uniqueRows } from './rows.ts';
import { createSparseIndex, encodeSparse } from './sparse-index.ts';

export interface LofOptions {
  /** How many neighbours define a density; clamped to the rows there are. @default 20 */
  readonly neighbors?: number;
  /** Sparse rows know euclidean and cosine. @default 'euclidean' */
  readonly metric?: Metric;
  /** For dense rows: a kd-tree does not know cosine. @default 'auto' */
  readonly algorithm?: DenseAlgorithm;
  /** Share of the training rows above the threshold, in (0, 0.5]; 'auto' sets the threshold to 1.5. @default 'auto' */
  readonly contamination?: number | 'auto';
  /**
   * 'keep': a row that occurs m times is m rows, as in scikit-learn; k copies make a density of 1e10.
   * 'collapse': it is one row, its count kept as evidence. @default 'collapse'
   */
  readonly duplicates?: 'keep' | 'collapse';
  /** How often each given row occurred: whole numbers from 1. @default all 1 */
  readonly weights?: ArrayLike<number>;
}

/** Room for neighbours, nearest first. */
export interface Neighbors {
  /** The given training row where each neighbour first occurs. */
  readonly rows: Uint32Array;
  readonly distances: Float64Array;
  /** How often each neighbour occurred in training. */
  readonly counts: Uint32Array;
}

/** Everything a fitted model knows, as plain data: a header for JSON and flat arrays. */
export interface LofState {
  readonly header: {
    readonly kind: 'dense' | 'sparse';
    readonly metric: Metric;
    readonly algorithm: DenseAlgorithm;
    readonly duplicates: 'keep' | 'collapse';
    readonly neighbors: number;
    readonly threshold: number;
    /** Of dense rows; 0 for sparse ones. */
    readonly columns: number;
  };
  readonly arrays: Readonly<Record<string, Float64Array | Uint32Array>>;
}

/** A fitted local outlier factor. Scores are about 1 for an ordinary row; higher is stranger; always finite. */
export interface LocalOutlierFactor<R extends Rows = Rows> {
  /** After clamping: max(1, min(neighbors, rows - 1)). */
  readonly neighborCount: number;
  /** A row that scores above it is an outlier: scikit-learn's `offset_`, negated. */
  readonly threshold: number;
  /** Per given training row: its unique row. */
  readonly rowOf: Uint32Array;
  /** Per unique row: the given row where it first occurs. */
  readonly firstOf: Uint32Array;
  /** Per unique row: how often it occurred. */
  readonly counts: Uint32Array;
  /** Per unique row: the distance to its k-th neighbour. */
  readonly kDistances: Float64Array;
  /** Per unique row: its local reachability density. */
  readonly densities: Float64Array;
  /** Per given training row, each judged without itself (outlier detection): `-negative_outlier_factor_`. */
  trainingScores(): Float64Array;
  /** New rows against the training rows (novelty detection): `-score_samples(rows)`. Pure. */
  score(rows: R): Float64Array;
  /** The score of one row of `rows`, allocating nothing. */
  scoreRow(rows: R, row: number): number;
  /** The `k` (default `neighborCount`) unique training rows nearest to one row of `rows`, nearest first. */
  neighbors(rows: R, row: number, k?: number): Neighbors;
  /** The same into `out`, as many as it has room for; returns how many were written. */
  neighborsInto(rows: R, row: number, out: Neighbors): number;
  state(): LofState;
}

interface Training {
  readonly rowOf: Uint32Array;
  readonly firstOf: Uint32Array;
  readonly counts: Uint32Array;
}

interface Densities {
  readonly kDistances: Float64Array;
  readonly densities: Float64Array;
  /** Per unique row: its score without itself. */
  readonly outlier: Float64Array;
  /** Per unique row: the score of a new row that equals it. */
  readonly novelty: Float64Array;
}

const epsilon = 1e-10; // scikit-learn's: k duplicates make the mean reachability 0

/** Neighbour lists of all unique rows, one after another, nearest first. */
interface Lists {
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  readonly distances: Float64Array;
}

function density(k: number, taken: (at: number) => number, list: Neighborhood, kDistances: Float64Array): number {
  let sum = 0;
  let left = k;
  let used = 0;
  for (let i = list.start; i < list.end && left > 0; i++) {
    const count = Math.min(left, taken(list.rows[i]!));
    sum += count * Math.max(list.distances[i]!, kDistances[list.rows[i]!]!);
    used += count;
    left -= count;
  }
  return 1 / ((used === 0 ? 0 : sum / used) + epsilon);
}

interface Neighborhood {
  readonly rows: Uint32Array;
  readonly distances: Float64Array;
  readonly start: number;
  readonly end: number;
}

function factor(
  k: number,
  taken: (at: number) => number,
  list: Neighborhood,
  own: number,
  densities: Float64Array,
): number {
  let sum = 0;
  let left = k;
  let used = 0;
  for (let i = list.start; i < list.end && left > 0; i++) {
    const count = Math.min(left, taken(list.rows[i]!));
    sum += count * (densities[list.rows[i]!]! / own);
    used += count;
    left -= count;
  }
  return used === 0 ? 1 : sum / used;
}

function findLists<R extends Rows>(index: NeighborIndex<R>, nearest: Nearest, k: number): Lists {
  const n = index.rows.rows;
  const offsets = new Uint32Array(n + 1);
  let rows = new Uint32Array(Math.max(1, n * Math.min(k, 8)));
  let distances = new Float64Array(rows.length);
  for (let row = 0; row < n; row++) {
    nearest.reset(k, row);
    index.searchRow(row, nearest);
    nearest.sort();
    const start = offsets[row]!;
    const end = start + nearest.size;
    offsets[row + 1] = end;
    if (end > rows.length) {
      const room = Math.min(n * k, 2 * end);
      const moreRows = new Uint32Array(room);
      moreRows.set(rows);
      rows = moreRows;
      const moreDistances = new Float64Array(room);
      moreDistances.set(distances);
      distances = moreDistances;
    }
    for (let i = 0; i < nearest.size; i++) {
      rows[start + i] = nearest.rows[i]!;
      distances[start + i] = index.distance(nearest.ranks[i]!);
    }
  }
  return { offsets, rows, distances };
}

function computeDensities(lists: Lists, counts: Uint32Array | undefined, k: number): Densities {
  const n = lists.offsets.length - 1;
  const kDistances = new Float64Array(n);
  const densities = new Float64Array(n);
  const outlier = new Float64Array(n);
  const novelty = new Float64Array(n);
  const at = (row: number) => ({
    rows: lists.rows,
    distances: lists.distances,
    start: lists.offsets[row]!,
    end: lists.offsets[row + 1]!,
  });
  const takenBy = (own: number) => (row: number) => (counts === undefined ? 1 : counts[row]!) - (row === own ? 1 : 0);
  for (let row = 0; row < n; row++) {
    if (lists.offsets[row + 1]! > lists.offsets[row]!) kDistances[row] = lists.distances[lists.offsets[row + 1]! - 1]!;
  }
  for (let row = 0; row < n; row++) densities[row] = density(k, takenBy(row), at(row), kDistances);
  for (let row = 0; row < n; row++) outlier[row] = factor(k, takenBy(row), at(row), densities[row]!, densities);

  const rows = new Uint32Array(k + 1);
  const distances = new Float64Array(k + 1);
  for (let row = 0; row < n; row++) {
    let size = 0;
    let placed = false;
    const place = (other: number, distance: number): void => {
      rows[size] = other;
      distances[size++] = distance;
    };
    for (let i = lists.offsets[row]!; i < lists.offsets[row + 1]!; i++) {
      const other = lists.rows[i]!;
      if (!placed && (lists.distances[i]! > 0 || other >= row)) {
        place(row, 0);
        placed = true;
      }
      if (other !== row) place(other, lists.distances[i]!);
    }
    if (!placed) place(row, 0);
    const list = { rows, distances, start: 0, end: size };
    const own = density(k, takenBy(-1), list, kDistances);
    novelty[row] = factor(k, takenBy(-1), list, own, densities);
  }
  return { kDistances, densities, outlier, novelty };
}

function createModel<R extends Rows>(
  index: NeighborIndex<R>,
  header: LofState['header'],
  training: Training,
  fitted: Densities,
  nearest: Nearest,
): LocalOutlierFactor<R> {
  const { kDistances, densities, outlier, novelty } = fitted;
  const { rowOf, firstOf, counts } = training;
  const k = header.neighbors;
  const weights = header.duplicates === 'keep' ? counts : undefined;
  const distances = new Float64Array(k + 1);
  const taken = (row: number): number => (weights === undefined ? 1 : weights[row]!);

  const scoreRow = (rows: R, row: number): number => {
    index.load(rows, row);
    const known = index.find();
    if (known >= 0) return novelty[known]!;
    nearest.reset(k);
    index.search(nearest);
    nearest.sort();
    for (let i = 0; i < nearest.size; i++) distances[i] = index.distance(nearest.ranks[i]!);
    const list = { rows: nearest.rows, distances, start: 0, end: nearest.size };
    return factor(k, taken, list, density(k, taken, list, kDistances), densities);
  };
  const neighborsInto = (rows: R, row: number, out: Neighbors): number => {
    index.load(rows, row);
    const room = Math.min(out.rows.length, index.rows.rows);
    if (room === 0) return 0;
    const wanted = new Nearest(room);
    wanted.reset(room);
    index.search(wanted);
    wanted.sort();
    for (let i = 0; i < wanted.size; i++) {
      const neighbor = wanted.rows[i]!;
      out.rows[i] = firstOf[neighbor]!;
      out.distances[i] = index.distance(wanted.ranks[i]!);
      out.counts[i] = counts[neighbor]!;
    }
    return wanted.size;
  };
  return {
    neighborCount: k,
    threshold: header.threshold,
    rowOf,
    firstOf,
    counts,
    kDistances,
    densities,
    trainingScores: () => Float64Array.from(rowOf, (row) => outlier[row]!),
    score: (rows) => Float64Array.from({ length: rows.rows }, (_, row) => scoreRow(rows, row)),
    scoreRow,
    neighbors: (rows, row, wanted = k) => {
      const room = Math.min(wanted, index.rows.rows);
      const out = {
        rows: new Uint32Array(room),
        distances: new Float64Array(room),
        counts: new Uint32Array(room),
      };
      neighborsInto(rows, row, out);
      return out;
    },
    neighborsInto,
    state: () => {
      const shared = { rowOf, firstOf, counts, kDistances, densities, outlier, novelty };
      const rows: Rows = index.rows;
      if (!isSparse(rows)) return { header, arrays: { ...shared, data: rows.data } };
      return {
        header,
        arrays: { ...shared, offsets: rows.offsets, columns: rows.columns, values: Float64Array.from(rows.values) },
      };
    },
  };
}

function encode(rows: Rows, metric: Metric): Rows {
  if (!isSparse(rows)) {
    if (rows.data.length !== rows.rows * rows.columns) {
      throw new RangeError(`${rows.data.length} numbers are not ${rows.rows} rows of ${rows.columns}.`);
    }
    const data = new Float64Array(rows.data.length);
    for (let row = 0; row < rows.rows; row++) {
      checkDenseRow(rows, row);
      encodeDense(rows, row, metric, data, row * rows.columns);
    }
    return { data, rows: rows.rows, columns: rows.columns };
  }
  if (metric === 'manhattan') throw new RangeError('Sparse rows know the metrics euclidean and cosine.');
  const offsets = new Uint32Array(rows.rows + 1);
  const columns = new Uint32Array(rows.columns.length);
  const values = new Float64Array(rows.columns.length);
  for (let row = 0; row < rows.rows; row++) {
    checkSparseRow(rows, row);
    offsets[row + 1] = offsets[row]! + encodeSparse(rows, row, metric, columns, values, offsets[row]);
  }
  return { offsets, columns, values, rows: rows.rows };
}

function createIndex(rows: Rows, metric: Metric, algorithm: DenseAlgorithm): NeighborIndex<Rows> {
  const index = isSparse(rows) ? createSparseIndex(rows, metric) : createDenseIndex(rows, metric, algorithm);
  return index as NeighborIndex<Rows>;
}

/**
 * Local outlier factor. Breunig, Kriegel, Ng and Sander (2000), SIGMOD. https://doi.org/10.1145/335191.335388
 *
 * Exactly k neighbours, as in scikit-learn; the paper takes every tie. Ties go to the row that occurs first, so runs
 * repeat. Two rows of zeros are at cosine distance 0, and 1 from every other.
 *
 * Throws RangeError for no rows, malformed rows or options out of range.
 */
export function fitLocalOutlierFactor<R extends Rows>(given: R, options: LofOptions = {}): LocalOutlierFactor<R> {
  const { neighbors = 20, metric = 'euclidean', algorithm = 'auto', contamination = 'auto', weights } = options;
  const duplicates = options.duplicates ?? 'collapse';
  if (!(Number.isInteger(neighbors) && neighbors >= 1))
    throw new RangeError(`neighbors is ${neighbors}; it is whole and ≥ 1.`);
  if (contamination !== 'auto' && !(contamination > 0 && contamination <= 0.5)) {
    throw new RangeError(`contamination is ${contamination}; it is 'auto' or in (0, 0.5].`);
  }
  if (given.rows === 0) throw new RangeError('There are no rows to fit on.');
  const { rows, rowOf, firstOf, counts } = uniqueRows(encode(given, metric), weights);
  const index = createIndex(rows, metric, algorithm);
  let total = rows.rows;
  if (duplicates === 'keep') total = counts.reduce((sum, count) => sum + count, 0);
  const k = Math.max(1, Math.min(neighbors, total - 1));
  const kept = duplicates === 'keep' ? counts : undefined;
  const nearest = new Nearest(Math.min(k, rows.rows), kept);
  const fitted = computeDensities(findLists(index, nearest, k), kept, k);
  const offset =
    contamination === 'auto'
      ? -1.5
      : weightedQuantile(
          fitted.outlier.map((score) => -score),
          counts,
          (100 * contamination) / 100,
        );
  const header = {
    kind: isSparse(rows) ? ('sparse' as const) : ('dense' as const),
    metric,
    algorithm,
    duplicates,
    neighbors: k,
    threshold: -offset,
    columns: isSparse(rows) ? 0 : rows.columns,
  };
  const model = createModel(index, header, { rowOf, firstOf, counts }, fitted, nearest);
  return model as unknown as LocalOutlierFactor<R>;
}

/** A model from its saved state; it scores as the saved one did. Throws RangeError when the state is not one. */
export function localOutlierFactorFrom(state: LofState): LocalOutlierFactor {
  const { header, arrays } = state;
  const of64 = (name: string): Float64Array => {
    const array = arrays[name];
    if (!(array instanceof Float64Array)) throw new RangeError(`The saved state has no numbers "${name}".`);
    return array;
  };
  const of32 = (name: string): Uint32Array => {
    const array = arrays[name];
    if (!(array instanceof Uint32Array)) throw new RangeError(`The saved state has no whole numbers "${name}".`);
    return array;
  };
  const training = { rowOf: of32('rowOf'), firstOf: of32('firstOf'), counts: of32('counts') };
  const rows: Rows =
    header.kind === 'sparse'
      ? { offsets: of32('offsets'), columns: of32('columns'), values: of64('values'), rows: training.counts.length }
      : { data: of64('data'), rows: training.counts.length, columns: header.columns };
  const index = createIndex(rows, header.metric, header.algorithm);
  const fitted = {
    kDistances: of64('kDistances'),
    densities: of64('densities'),
    outlier: of64('outlier'),
    novelty: of64('novelty'),
  };
  const kept = header.duplicates === 'keep' ? training.counts : undefined;
  return createModel(index, header, training, fitted, new Nearest(Math.min(header.neighbors, rows.rows), kept));
}
