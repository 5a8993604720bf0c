import type { HashedRow } from '../../text/hashing.ts';

/** Training rows as scikit-learn sees them: every duplicate in its place, each distinct row stored once. */
export interface SequencedRows {
  readonly distinct: readonly HashedRow[];
  /** For each training row, in order, the number of its distinct row. */
  readonly sequence: Uint32Array;
}

/** A local outlier factor with duplicates kept, with scikit-learn's numbers and its choice among ties. */
export interface ScikitLof {
  /** One per training row: `-negative_outlier_factor_`. */
  readonly trainingFactors: Float64Array;
  /** `-score_samples`: the factor of a row that is not in the training data. */
  factor(row: HashedRow): number;
}

/** Kept neighbours of one query: a max-heap of squared distances, then sorted. */
interface Nearest {
  readonly squares: Float64Array;
  readonly rows: Uint32Array;
}

/**
 * Local outlier factor (Breunig et al. 2000, https://doi.org/10.1145/335191.335388) on sparse rows, following the order
 * of operations of scikit-learn 1.9's `LocalOutlierFactor(novelty=True)` on CSR input, because which of equally distant
 * rows become neighbours decides what is flagged: squared distances as |x|² − 2x·y + |y|² summed in column order, a
 * bounded heap fed in row order that turns away what equals its largest, an unstable sort of what is left, and sums as
 * numpy groups them. That is scikit-learn with one thread, or with queries enough to be split between threads.
 */
export function fitScikitLof({ distinct, sequence }: SequencedRows, neighbors: number): ScikitLof {
  const total = sequence.length;
  const k = Math.max(1, Math.min(neighbors, total - 1));
  const index = createIndex(distinct);
  const reachable = firstOccurrences(sequence, distinct.length, k + 1);

  const distanceToLast = new Float64Array(total);
  const density = new Float64Array(total);
  const neighborhoods = distinct.map((row) => nearest(index, reachable, row, Math.min(k + 1, total)));
  const without = (row: number): Nearest => withoutSelf(neighborhoods[sequence[row] as number] as Nearest, row);
  for (let row = 0; row < total; row++) {
    const { squares } = without(row);
    distanceToLast[row] = Math.sqrt(squares[squares.length - 1] ?? 0);
  }
  const densityOf = ({ squares, rows }: Nearest): number => {
    const reach = squares.map((square, i) => Math.max(Math.sqrt(square), distanceToLast[rows[i] as number] as number));
    return 1 / (sum(reach) / reach.length + 1e-10);
  };
  const factorOf = ({ rows }: Nearest, own: number): number => {
    const ratios = Float64Array.from(rows, (row) => (density[row] as number) / own);
    return sum(ratios) / ratios.length;
  };
  if (total === 1) return { trainingFactors: Float64Array.of(1), factor: () => 1 };
  for (let row = 0; row < total; row++) density[row] = densityOf(without(row));
  const trainingFactors = new Float64Array(total);
  for (let row = 0; row < total; row++) trainingFactors[row] = factorOf(without(row), density[row] as number);
  return {
    trainingFactors,
    factor: (row) => {
      const near = nearest(index, reachable, row, k);
      return factorOf(near, densityOf(near));
    },
  };
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

interface Occurrences {
  readonly rows: Uint32Array;
  readonly ids: Uint32Array;
}

/** More copies of a row than the heap holds cannot change it: the heap turns away what equals its largest. */
function firstOccurrences(sequence: Uint32Array, distinct: number, limit: number): Occurrences {
  const seen = new Uint32Array(distinct);
  const rows: number[] = [];
  for (const [row, id] of sequence.entries()) {
    const before = seen[id] as number;
    if (before >= limit) continue;
    seen[id] = before + 1;
    rows.push(row);
  }
  return { rows: Uint32Array.from(rows), ids: Uint32Array.from(rows, (row) => sequence[row] as number) };
}

function nearest(index: Index, { rows, ids }: Occurrences, query: HashedRow, size: number): Nearest {
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
  const heap = { squares: new Float64Array(size).fill(Number.MAX_VALUE), rows: new Uint32Array(size) };
  let largest = Number.MAX_VALUE;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number;
    const square = Math.max(0, norm + (products[id] as number) + (norms[id] as number));
    if (square >= largest) continue;
    replaceLargest(heap, square, rows[i] as number);
    largest = heap.squares[0] as number;
  }
  for (const column of columns) {
    for (const id of postings.get(column)?.rows ?? []) products[id] = 0;
  }
  sortNearest(heap, 0, size, 2 * Math.floor(Math.log2(size)));
  return heap;
}

/** Put a value in the root's place and let it sink; of two equal children the left one rises. */
function replaceLargest({ squares, rows }: Nearest, square: number, row: number): void {
  const size = squares.length;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= size) break;
    const right = left + 1;
    const child = right < size && (squares[right] as number) > (squares[left] as number) ? right : left;
    if ((squares[child] as number) <= square) break;
    squares[at] = squares[child] as number;
    rows[at] = rows[child] as number;
    at = child;
  }
  squares[at] = square;
  rows[at] = row;
}

/** Introsort (Musser 1997) of [from, to) as scikit-learn runs it: unstable, so the order of ties is its order. */
function sortNearest(list: Nearest, from: number, to: number, depth: number): void {
  const { squares, rows } = list;
  const at = (i: number): number => squares[i] as number;
  const swap = (a: number, b: number): void => {
    const square = at(a);
    squares[a] = at(b);
    squares[b] = square;
    const row = rows[a] as number;
    rows[a] = rows[b] as number;
    rows[b] = row;
  };
  let start = from;
  let left = depth;
  while (to - start > 15 && left > 0) {
    left--;
    const middle = start + ((to - start) >> 1);
    const last = to - 1;
    if (at(start) > at(last)) swap(start, last);
    if (at(last) > at(middle)) {
      swap(last, middle);
      if (at(start) > at(last)) swap(start, last);
    }
    const pivot = at(last);
    let i = start + 1;
    let j = to - 2;
    for (;;) {
      while (i <= j && at(i) < pivot) i++;
      while (i <= j && at(j) > pivot) j--;
      if (i >= j) break;
      swap(i++, j--);
    }
    swap(i, last);
    sortNearest(list, start, i, left);
    start = i + 1;
  }
  for (let i = start + 1; i < to; i++) {
    const square = at(i);
    const row = rows[i] as number;
    let j = i;
    for (; j > start && at(j - 1) > square; j--) {
      squares[j] = at(j - 1);
      rows[j] = rows[j - 1] as number;
    }
    squares[j] = square;
    rows[j] = row;
  }
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
