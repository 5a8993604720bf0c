import type { HashedRow } from '../../text/hashing.ts';
import { argpartition, argsort } from './select.ts';

/** Training rows as scikit-learn sees them: every duplicate in its place, each distinct row stored once. */
export interface SequencedRows {
  readonly distinct: readonly HashedRow[];
  /** For each training row, in order, the number of its distinct row. */
  readonly sequence: Uint32Array;
}

/** What fitting found, one number per training row. */
export interface ScikitState {
  /** Distance to the last of its neighbours. */
  readonly reach: Float64Array;
  /** Local reachability density. */
  readonly density: Float64Array;
  /** `-negative_outlier_factor_`. */
  readonly factors: Float64Array;
}

/** A local outlier factor with duplicates kept, with scikit-learn's numbers and its choice among ties. */
export interface ScikitLof {
  readonly state: ScikitState;
  /** `-score_samples`: the factor of a row that is not in the training data. */
  factor(row: HashedRow): number;
}

/** The neighbours of one query, nearest first. */
interface Nearest {
  readonly squares: Float64Array;
  readonly rows: Uint32Array;
}

/**
 * Local outlier factor (Breunig et al. 2000, https://doi.org/10.1145/335191.335388) on sparse rows, following the order
 * of operations of scikit-learn's `LocalOutlierFactor(novelty=True)` on CSR input (1.5 to 1.9), because which of equally
 * distant rows become neighbours decides what is flagged: squared distances as |x|² − 2x·y + |y|² summed in column
 * order, numpy's argpartition and argsort over all training rows in their order, and sums as numpy groups them. That is
 * numpy's portable code; on processors with AVX2 or AVX-512 numpy has other code, which chooses other rows among ties.
 */
export function fitScikitLof(rows: SequencedRows, neighbors: number, saved?: ScikitState): ScikitLof {
  const { distinct, sequence } = rows;
  const total = sequence.length;
  const k = Math.max(1, Math.min(neighbors, total - 1));
  const index = createIndex(distinct);
  const state = saved ?? fitState(rows, index, k);
  return {
    state,
    factor: (row) => {
      if (total === 1) return 1;
      const near = nearest(index, sequence, row, k);
      return factorOf(state, near, densityOf(state, near));
    },
  };
}

function fitState({ distinct, sequence }: SequencedRows, index: Index, k: number): ScikitState {
  const total = sequence.length;
  const state = { reach: new Float64Array(total), density: new Float64Array(total), factors: new Float64Array(total) };
  if (total === 1) return { ...state, factors: Float64Array.of(1) };
  const neighborhoods = distinct.map((row) => nearest(index, sequence, row, k + 1));
  const without = (row: number): Nearest => withoutSelf(neighborhoods[sequence[row] as number] as Nearest, row);
  for (let row = 0; row < total; row++) state.reach[row] = Math.sqrt(without(row).squares.at(-1) as number);
  for (let row = 0; row < total; row++) state.density[row] = densityOf(state, without(row));
  for (let row = 0; row < total; row++)
    state.factors[row] = factorOf(state, without(row), state.density[row] as number);
  return state;
}

function densityOf({ reach }: ScikitState, { squares, rows }: Nearest): number {
  const distances = squares.map((square, i) => Math.max(Math.sqrt(square), reach[rows[i] as number] as number));
  return 1 / (sum(distances) / distances.length + 1e-10); // scikit-learn's: k copies make the mean 0
}

function factorOf({ density }: ScikitState, { rows }: Nearest, own: number): number {
  const ratios = Float64Array.from(rows, (row) => (density[row] as number) / own);
  return sum(ratios) / ratios.length;
}

interface Index {
  readonly norms: Float64Array;
  readonly postings: ReadonlyMap<number, { readonly rows: readonly number[]; readonly values: readonly number[] }>;
  /** Scratch: −2x·y for every distinct row, zero between queries. */
  readonly products: Float64Array;
}

function createIndex(distinct: readonly HashedRow[]): Index {
  const postings = new Map<number, { rows: number[]; values: number[] }>();
  for (const [id, { columns, values }] of distinct.entries()) {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] as number;
      const list = postings.get(column) ?? { rows: [], values: [] };
      list.rows.push(id);
      list.values.push(values[i] as number);
      postings.set(column, list);
    }
  }
  return {
    norms: Float64Array.from(distinct, ({ values }) => squaredLength(values)),
    postings,
    products: new Float64Array(distinct.length),
  };
}

function squaredLength(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return squares;
}

function nearest(index: Index, sequence: Uint32Array, query: HashedRow, size: number): Nearest {
  const { norms, postings, products } = index;
  const { columns, values } = query;
  const norm = squaredLength(values);
  for (let i = 0; i < columns.length; i++) {
    const list = postings.get(columns[i] as number);
    if (list === undefined) continue;
    const value = -2 * (values[i] as number);
    for (let j = 0; j < list.rows.length; j++) {
      const id = list.rows[j] as number;
      products[id] = (products[id] as number) + value * (list.values[j] as number);
    }
  }
  for (let id = 0; id < products.length; id++) {
    products[id] = Math.max(0, norm + (products[id] as number) + (norms[id] as number));
  }
  const all = new Float64Array(sequence.length);
  for (let row = 0; row < all.length; row++) all[row] = products[sequence[row] as number] as number;
  products.fill(0);
  const rows = argsort(all, argpartition(all, size - 1));
  return { squares: Float64Array.from(rows, (row) => all[row] as number), rows };
}

/** A training row is not its own neighbour; when copies have pushed it out, the first of them goes. */
function withoutSelf({ squares, rows }: Nearest, row: number): Nearest {
  const self = Math.max(0, rows.indexOf(row));
  const keep = (_: number, i: number): boolean => i !== self;
  return { squares: squares.filter(keep), rows: rows.filter(keep) };
}

/** A sum in numpy's order: eight partial sums from eight values on, halves above 128. */
function sum(values: Float64Array, from = 0, to = values.length): number {
  const at = (i: number): number => values[from + i] as number;
  const length = to - from;
  if (length > 128) {
    const half = Math.floor(length / 2);
    const middle = from + half - (half % 8);
    return sum(values, from, middle) + sum(values, middle, to);
  }
  let i = 0;
  let result = 0;
  if (length >= 8) {
    const partial = values.slice(from, from + 8);
    for (i = 8; i < length - (length % 8); i += 8) {
      for (let lane = 0; lane < 8; lane++) partial[lane] = (partial[lane] as number) + at(i + lane);
    }
    const [a, b, c, d, e, f, g, h] = partial as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    result = a + b + (c + d) + (e + f + (g + h));
  }
  for (; i < length; i++) result += at(i);
  return result;
}
