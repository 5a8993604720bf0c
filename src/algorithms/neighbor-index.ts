import type { Nearest } from './nearest.ts';
import type { Rows } from './rows.ts';

export const metrics = ['euclidean', 'manhattan', 'cosine'] as const;

export type Metric = (typeof metrics)[number];

/** Exact nearest rows among fitted ones. One query at a time: `load` it, then ask. */
export interface NeighborIndex<R extends Rows> {
  /** The fitted rows; their numbers are what searches return. */
  readonly rows: R;
  /** An order of the fitted rows in which searches for one after another are quick. */
  readonly order: Uint32Array | undefined;
  /** Take row `row` of `rows` as the query. Throws RangeError when it is malformed. */
  load(rows: R, row: number): void;
  /** The fitted row that equals the query, or -1. */
  find(): number;
  /** Offer what is nearest to the query. */
  search(nearest: Nearest): void;
  /** Offer what is nearest to fitted row `row`, itself included: `nearest` may discount it. */
  searchRow(row: number, nearest: Nearest): void;
  /** The distance that a rank stands for. */
  distance(rank: number): number;
}
