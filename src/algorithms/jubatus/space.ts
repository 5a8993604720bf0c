import type { Row } from './rows.ts';

/** Distances between rows, by slot. A distance of Infinity: no neighbour. */
export interface Space {
  /** From a row that is not stored to every slot below `high`. */
  measure(row: Row, distances: Float64Array, high: number): void;
  /** The same from a stored row. */
  measureFrom(slot: number, distances: Float64Array, high: number): void;
  /** Features of rows to come, in the order of another space, so that its sums are repeated. */
  reserve?(keys: readonly string[]): void;
  /** Stores a row. */
  insert(slot: number, row: Row): void;
  remove(slot: number): void;
}
