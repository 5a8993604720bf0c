import { createDenseIndex, type DenseAlgorithm, denseAlgorithms, encodeDense } from './dense-index.ts';
import { Nearest } from './nearest.ts';
import { type Metric, metrics, type NeighborIndex } from './neighbor-index.ts';
import { weightedQuantile } from './quantile.ts';
import { computeReachability, createLists, noveltyFactor, type Reachability, takeList } from './reachability.ts';
import {
  checkDenseRow,
  checkSparseRow,
  type DenseRows,
  isSparse,
  type Rows,
  type SparseRows,
  uniqueRows,
} from './rows.ts';
import { createSparseIndex, encodeSparse } from './sparse-index.ts';

export interface LofOptions {
  /** How many neighbours define a density; clamped to the rows there are. @default 20 */
  readonly neighbors?: number;
  /** Sparse rows know euclidean and cosine. @default 'euclidean' */
  readonly metric?: Metric;
  /** For dense rows; the numbers are the same. @default 'auto' */
  readonly algorithm?: DenseAlgorithm;
  /**
   * Share of the training rows, each as often as it occurred, that is to score above the threshold, in (0, 0.5];
   * 'auto' puts the threshold at 1.5. @default 'auto'
   */
  readonly contamination?: number | 'auto';
  /**
   * 'keep': a row that occurs m times is m rows, as in scikit-learn; k copies make a density of 1e10.
   * 'collapse': it is one row, its count kept as evidence. Neither costs time or memory per copy. @default 'collapse'
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

/** Where the unique rows come from. */
interface Training {
  /** Per given training row: its unique row. */
  readonly rowOf: Uint32Array;
  /** Per unique row: the given row where it first occurs. */
  readonly firstOf: Uint32Array;
  /** Per unique row: how often it occurred. */
  readonly counts: Uint32Array;
}

/** A fitted local outlier factor. A score is about 1 for an ordinary row, higher for a stranger one, always finite. */
export interface LocalOutlierFactor<R extends Rows = Rows> extends Training {
  /** max(1, min(neighbors, rows - 1)), as in scikit-learn. */
  readonly neighborCount: number;
  /** A row that scores above it is an outlier: scikit-learn's `offset_`, negated. */
  readonly threshold: number;
  /** Per unique row: the distance to its k-th neighbour. */
  readonly kDistances: Float64Array;
  /** Per unique row: its local reachability density. */
  readonly densities: Float64Array;
  /** Per given training row, each judged without itself (outlier detection): `-negative_outlier_factor_`. */
  trainingScores(): Float64Array;
  /** New rows against the training rows (novelty detection): `-score_samples(rows)`. Pure. */
  score(rows: R): Float64Array;
  /** The score of one row of `rows`, allocating next to nothing. */
  scoreRow(rows: R, row: number): number;
  /** The `k` (default `neighborCount`) unique training rows nearest to one row of `rows`. */
  neighbors(rows: R, row: number, k?: number): Neighbors;
  /** The same into `out`, as many as it has room for; returns how many were written. */
  neighborsInto(rows: R, row: number, out: Neighbors): number;
  /** The model as data; shares its arrays. */
  state(): LofState;
}

function createModel<R extends Rows>(
  index: NeighborIndex<R>,
  header: LofState['header'],
  training: Training,
  reachability: Reachability,
): LocalOutlierFactor<R> {
  const { rowOf, firstOf, counts } = training;
  const { outlierFactors, noveltyFactors, kDistances, densities } = reachability;
  const k = header.neighbors;
  const room = Math.min(k, index.rows.rows);
  const kept = header.duplicates === 'keep' ? counts : undefined;
  const nearest = new Nearest(room, kept);
  const list = createLists(1, room);
  let wanted = new Nearest(room);
  let capacity = room;

  const scoreRow = (rows: R, row: number): number => {
    index.load(rows, row);
    const known = index.find();
    if (known >= 0) return noveltyFactors[known]!;
    nearest.reset(k);
    index.search(nearest);
    takeList(list, 0, nearest, index);
    return noveltyFactor(list, 0, k, kept, reachability);
  };
  const neighborsInto = (rows: R, row: number, out: Neighbors): number => {
    index.load(rows, row);
    const size = Math.min(out.rows.length, index.rows.rows);
    if (size === 0) return 0;
    if (size > capacity) {
      wanted = new Nearest(size);
      capacity = size;
    }
    wanted.reset(size);
    index.search(wanted);
    wanted.sort();
    for (let i = 0; i < size; i++) {
      const neighbor = wanted.rows[i]!;
      out.rows[i] = firstOf[neighbor]!;
      out.distances[i] = index.distance(wanted.ranks[i]!);
      out.counts[i] = counts[neighbor]!;
    }
    return size;
  };
  return {
    neighborCount: k,
    threshold: header.threshold,
    rowOf,
    firstOf,
    counts,
    kDistances,
    densities,
    trainingScores: () => {
      const scores = new Float64Array(rowOf.length);
      for (let row = 0; row < scores.length; row++) scores[row] = outlierFactors[rowOf[row]!]!;
      return scores;
    },
    score: (rows) => {
      const scores = new Float64Array(rows.rows);
      for (let row = 0; row < scores.length; row++) scores[row] = scoreRow(rows, row);
      return scores;
    },
    scoreRow,
    neighbors: (rows, row, wantedCount = k) => {
      const size = Math.min(wantedCount, index.rows.rows);
      const out = { rows: new Uint32Array(size), distances: new Float64Array(size), counts: new Uint32Array(size) };
      neighborsInto(rows, row, out);
      return out;
    },
    neighborsInto,
    state: () => {
      const shared = { rowOf, firstOf, counts, kDistances, densities, outlierFactors, noveltyFactors };
      const rows: Rows = index.rows;
      if (!isSparse(rows)) return { header, arrays: { ...shared, data: rows.data } };
      const { offsets, columns } = rows;
      const entries = offsets[rows.rows]!;
      const values = Float64Array.from(rows.values.subarray(0, entries));
      return { header, arrays: { ...shared, offsets, columns: columns.slice(0, entries), values } };
    },
  };
}

/** Checked copies: without zeros, and for cosine at length 1. */
function encode(rows: Rows, metric: Metric): Rows {
  if (!isSparse(rows)) {
    if (rows.columns < 1) throw new RangeError('The rows have no columns.');
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
  const offsets = new Uint32Array(rows.rows + 1);
  const columns = new Uint32Array(rows.columns.length);
  const values = new Float64Array(rows.columns.length);
  for (let row = 0; row < rows.rows; row++) {
    checkSparseRow(rows, row);
    offsets[row + 1] = offsets[row]! + encodeSparse(rows, row, metric, columns, values, offsets[row]);
  }
  return { offsets, columns, values, rows: rows.rows };
}

/** Throws RangeError for a metric or algorithm that is not for such rows. */
function createIndex<R extends Rows>(rows: R, metric: Metric, algorithm: DenseAlgorithm): NeighborIndex<R>;
function createIndex(rows: Rows, metric: Metric, algorithm: DenseAlgorithm): NeighborIndex<Rows> {
  return isSparse(rows) ? createSparseIndex(rows, metric) : createDenseIndex(rows, metric, algorithm);
}

function checkWeights(weights: ArrayLike<number>, rows: number): void {
  if (weights.length !== rows) throw new RangeError(`${weights.length} weights do not fit ${rows} rows.`);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row]!;
    if (!(Number.isInteger(weight) && weight >= 1)) {
      throw new RangeError(`Row ${row} has the weight ${weight}; weights are whole numbers from 1.`);
    }
    total += weight;
  }
  if (total >= 2 ** 32) throw new RangeError(`The weights add up to ${total}; at most 2^32 - 1 rows can be counted.`);
}

/**
 * Local outlier factor. Breunig, Kriegel, Ng and Sander (2000), SIGMOD. https://doi.org/10.1145/335191.335388
 *
 * The numbers are scikit-learn's: exactly k neighbours, where the paper takes every tie, and the same 1e-10 beside the
 * mean reachability. A tie goes to the row that occurs first (on the squared distance when euclidean), so that runs
 * repeat. Cosine distances compare directions: rows of the same direction are duplicates, where rounding allows, and
 * two rows of zeros are at distance 0, and 1 from any other (scikit-learn says 1 for two rows of zeros).
 *
 * Throws RangeError for no rows, malformed rows, values beyond 1e150 and options out of range.
 */
export function fitLocalOutlierFactor(given: DenseRows, options?: LofOptions): LocalOutlierFactor<DenseRows>;
export function fitLocalOutlierFactor(given: SparseRows, options?: LofOptions): LocalOutlierFactor<SparseRows>;
export function fitLocalOutlierFactor(given: Rows, options?: LofOptions): LocalOutlierFactor;
export function fitLocalOutlierFactor(given: Rows, options: LofOptions = {}): LocalOutlierFactor {
  const { neighbors = 20, metric = 'euclidean', algorithm = 'auto', contamination = 'auto', weights } = options;
  const duplicates = options.duplicates ?? 'collapse';
  if (!(Number.isInteger(neighbors) && neighbors >= 1)) {
    throw new RangeError(`neighbors is ${neighbors}; it is a whole number from 1.`);
  }
  if (contamination !== 'auto' && !(contamination > 0 && contamination <= 0.5)) {
    throw new RangeError(`contamination is ${contamination}; it is 'auto' or above 0 and at most 0.5.`);
  }
  if (given.rows === 0) throw new RangeError('There are no rows to fit on.');
  if (weights !== undefined) checkWeights(weights, given.rows);
  const { rows, rowOf, firstOf, counts } = uniqueRows(encode(given, metric), weights);
  const index = createIndex(rows, metric, algorithm);
  const kept = duplicates === 'keep' ? counts : undefined;
  const total = kept === undefined ? rows.rows : kept.reduce((sum, count) => sum + count, 0);
  const k = Math.max(1, Math.min(neighbors, total - 1));
  const reachability = computeReachability(index, new Nearest(Math.min(k, rows.rows), kept), k, kept);
  const offset =
    contamination === 'auto'
      ? -1.5
      : weightedQuantile(
          reachability.outlierFactors.map((score) => -score), // as scikit-learn, whose interpolation rounds on this side
          counts,
          contamination,
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
  return createModel(index, header, { rowOf, firstOf, counts }, reachability);
}

/** Throws RangeError unless the arrays of a saved state fit together. */
function checkState({ header, arrays }: LofState, rows: Rows): void {
  const n = rows.rows;
  const fail = (what: string): never => {
    throw new RangeError(`This is not the state of a local outlier factor: ${what}.`);
  };
  if (header.kind !== 'dense' && header.kind !== 'sparse') fail(`its rows are ${header.kind}`);
  if (!metrics.includes(header.metric)) fail(`its metric is ${header.metric}`);
  if (!denseAlgorithms.includes(header.algorithm)) fail(`its algorithm is ${header.algorithm}`);
  if (n === 0 || rows.rows !== arrays.firstOf?.length) fail('its rows are not counted');
  if (!(Number.isInteger(header.neighbors) && header.neighbors >= 1)) fail(`it has ${header.neighbors} neighbours`);
  if (!Number.isFinite(header.threshold)) fail(`its threshold is ${header.threshold}`);
  if (header.duplicates !== 'keep' && header.duplicates !== 'collapse') fail('it does not say what duplicates count');
  if (isSparse(rows)) {
    if (rows.offsets.length !== n + 1 || rows.offsets[0] !== 0) fail('its rows have no beginning');
    if (rows.offsets[n] !== rows.columns.length || rows.offsets[n] !== rows.values.length) fail('its rows have no end');
    for (let row = 0; row < n; row++) checkSparseRow(rows, row);
  } else {
    if (!(rows.columns >= 1 && rows.data.length === n * rows.columns))
      fail(`it has ${rows.data.length} numbers for ${n} rows`);
    for (let row = 0; row < n; row++) checkDenseRow(rows, row);
  }
  for (const name of ['kDistances', 'densities', 'outlierFactors', 'noveltyFactors']) {
    const numbers = arrays[name]!;
    if (numbers.length !== n || !numbers.every(Number.isFinite)) fail(`"${name}" is not one number a row`);
  }
  const given = arrays.rowOf!.length;
  if (!arrays.rowOf!.every((row) => row < n)) fail('a training row is missing');
  if (!arrays.firstOf!.every((row) => row < given)) fail('a row occurs nowhere');
  if (!arrays.counts!.every((count) => count > 0)) fail('a row occurs never');
}

/** A model from its saved state; it scores as the saved one did. Throws RangeError when the state is not one. */
export function localOutlierFactorFrom(state: LofState): LocalOutlierFactor {
  const { header, arrays } = state;
  const numbers = (name: string): Float64Array => {
    const array = arrays[name];
    if (!(array instanceof Float64Array)) throw new RangeError(`The saved state has no numbers "${name}".`);
    return array;
  };
  const integers = (name: string): Uint32Array => {
    const array = arrays[name];
    if (!(array instanceof Uint32Array)) throw new RangeError(`The saved state has no whole numbers "${name}".`);
    return array;
  };
  const training = { rowOf: integers('rowOf'), firstOf: integers('firstOf'), counts: integers('counts') };
  const count = training.counts.length;
  const rows: Rows =
    header.kind === 'sparse'
      ? { offsets: integers('offsets'), columns: integers('columns'), values: numbers('values'), rows: count }
      : { data: numbers('data'), rows: count, columns: header.columns };
  const reachability = {
    kDistances: numbers('kDistances'),
    densities: numbers('densities'),
    outlierFactors: numbers('outlierFactors'),
    noveltyFactors: numbers('noveltyFactors'),
  };
  checkState(state, rows);
  return createModel(createIndex(rows, header.metric, header.algorithm), header, training, reachability);
}
