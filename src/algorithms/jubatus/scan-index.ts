import type { NeighborIndex } from './neighbor-index.ts';
import type { RowTable } from './row-table.ts';
import { grown, type Row } from './rows.ts';
import { Shortlist } from './shortlist.ts';
import type { Space } from './space.ts';

/** Of rows at one distance the nearer: the one added last, or the one of the greater id as text. */
export type Precedence = 'newest' | 'greatest';

/**
 * Jubatus' recommenders `inverted_index` and `lsh`: every question is put to every row, because the way there and the way
 * back may differ in the last digit, on which ties depend.
 */
export class ScanIndex implements NeighborIndex {
  private readonly table: RowTable;
  private readonly space: Space;
  private readonly precedence: Precedence;
  private readonly distanceOf: (measured: number) => number;
  /** The first of two rows at one distance is the nearer. */
  private readonly slots: number[] = [];
  private readonly answer: Shortlist;
  private measured = new Float64Array(0);
  private loaded: Row = { keys: [], values: [] };

  /** `distanceOf` makes a distance of what the space measures, which need only have the same order. */
  constructor(table: RowTable, space: Space, precedence: Precedence, distanceOf: (measured: number) => number) {
    this.table = table;
    this.space = space;
    this.precedence = precedence;
    this.distanceOf = distanceOf;
    this.answer = new Shortlist(table, 0);
  }

  load(row: Row): void {
    this.loaded = row;
  }

  nearest(count: number): Shortlist {
    this.measured = grown(this.measured, this.table.high);
    this.space.measure(this.loaded, this.measured, this.table.high);
    return this.select(count);
  }

  nearestTo(slot: number, count: number): Shortlist {
    this.measured = grown(this.measured, this.table.high);
    this.space.measureFrom(slot, this.measured, this.table.high);
    return this.select(count);
  }

  insert(slot: number): void {
    this.space.insert(slot, this.loaded);
    this.slots.splice(this.placeOf(slot), 0, slot);
  }

  replace(slot: number): void {
    this.space.remove(slot);
    this.space.insert(slot, this.loaded);
  }

  reserve(keys: readonly string[]): void {
    this.space.reserve?.(keys);
  }

  restore(slot: number, row: Row): void {
    this.load(row);
    this.insert(slot);
  }

  remove(slot: number): void {
    this.space.remove(slot);
    this.slots.splice(this.placeOf(slot), 1);
  }

  /** Where a row stands among `slots`, or belongs. */
  private placeOf(slot: number): number {
    const { slots } = this;
    let [from, to] = [0, slots.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.precedes(slots[middle]!, slot)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private precedes(one: number, other: number): boolean {
    const { table } = this;
    if (this.precedence === 'greatest') return table.id(one) > table.id(other);
    return table.sequence(one) > table.sequence(other);
  }

  private select(count: number): Shortlist {
    const { answer, measured } = this;
    answer.reset(count);
    for (const slot of this.slots) {
      const own = measured[slot]!;
      if (own >= answer.worst) continue;
      answer.insertAfter(own, slot);
    }
    for (let i = 0; i < answer.size; i++) answer.distances[i] = this.distanceOf(answer.distances[i]!);
    return answer;
  }
}
