import type { Strays } from './buckets.ts';
import type { Row } from './rows.ts';
import type { Shortlist } from './shortlist.ts';

/** Finds the nearest rows of a `RowTable`. An answer is good until the next question. */
export interface NeighborIndex {
  /** Ask about a row that is not stored. */
  load(row: Row): void;
  /** The nearest `count` rows to the one loaded. */
  nearest(count: number): Shortlist;
  /** The nearest `count` rows to a stored one, which is among them. */
  nearestTo(slot: number, count: number): Shortlist;
  /** The row loaded last becomes the row of `slot`. */
  insert(slot: number): void;
  /** Features of rows to come, oldest first. */
  reserve?(keys: readonly string[]): void;
  /** The row loaded last becomes the row of `slot` instead of the one it had. */
  replace(slot: number): void;
  /** As `load` and `insert`, without work that can wait. */
  restore(slot: number, row: Row): void;
  /** Before the table forgets the row. */
  remove(slot: number): void;
  /** What rows that are gone have left behind. */
  saveStrays?(): Strays;
  restoreStrays?(strays: Strays): void;
  /** The priority of a stored row is another one now. */
  moved?(slot: number): void;
}
