import type { RowTable } from './row-table.ts';
import { grown } from './rows.ts';
import type { Shortlist } from './shortlist.ts';

/**
 * A list of nearest rows for every row, kept right while rows come and go: a new row is entered where it belongs, one
 * that left is skipped. A list that has lost too many says so and is asked for anew.
 */
export class NeighborLists {
  readonly capacity: number;
  /** Per slot: rows beyond this distance need not be entered. */
  bounds = new Float64Array(0);
  private slots = new Uint32Array(0);
  private generations = new Uint32Array(0);
  private distances = new Float64Array(0);
  private lengths = new Uint32Array(0);
  /** 1 where a list leaves nobody out. */
  private whole = new Uint8Array(0);
  private readonly table: RowTable;

  constructor(table: RowTable, capacity: number) {
    this.table = table;
    this.capacity = capacity;
  }

  /** Make room for every slot of the table; new ones have no list. */
  grow(): void {
    const { high } = this.table;
    const had = this.bounds.length;
    if (had >= high) return;
    this.bounds = grown(this.bounds, high);
    this.bounds.fill(-Infinity, had);
    const room = this.bounds.length;
    this.lengths = grown(this.lengths, room);
    this.whole = grown(this.whole, room);
    this.slots = grown(this.slots, room * this.capacity);
    this.generations = grown(this.generations, room * this.capacity);
    this.distances = grown(this.distances, room * this.capacity);
  }

  /** @param whole Whether `found` leaves nobody out. */
  store(slot: number, found: Shortlist, whole: boolean): void {
    const { capacity, table } = this;
    const length = Math.min(capacity, found.size);
    for (let i = 0, at = slot * capacity; i < length; i++, at++) {
      const other = found.slots[i]!;
      this.slots[at] = other;
      this.generations[at] = table.generation[other]!;
      this.distances[at] = found.distances[i]!;
    }
    this.lengths[slot] = length;
    this.whole[slot] = whole && length < capacity ? 1 : 0;
    this.bound(slot);
  }

  drop(slot: number): void {
    this.lengths[slot] = 0;
    this.whole[slot] = 0;
    this.bounds[slot] = -Infinity;
  }

  /** Tells the list of `slot` of a new row. The caller has seen that its distance is within the bound. */
  enter(slot: number, other: number, distance: number): void {
    if (distance === Infinity) return;
    const { capacity, table, slots, generations, distances } = this;
    const { priority } = table;
    const base = slot * capacity;
    const rank = priority[other]!;
    let length = this.compact(slot);
    if (this.whole[slot] === 0) {
      if (length === 0) return;
      const last = base + length - 1;
      if (distance > distances[last]! || (distance === distances[last] && rank > priority[slots[last]!]!)) return;
      if (length === capacity) length--;
    }
    let at = base + length;
    while (at > base) {
      const before = distances[at - 1]!;
      if (before < distance || (before === distance && priority[slots[at - 1]!]! < rank)) break;
      distances[at] = before;
      slots[at] = slots[at - 1]!;
      generations[at] = generations[at - 1]!;
      at--;
    }
    distances[at] = distance;
    slots[at] = other;
    generations[at] = table.generation[other]!;
    this.lengths[slot] = length + 1;
    if (length + 1 === capacity) this.whole[slot] = 0;
    this.bound(slot);
  }

  /** As `enter` for a row that may be in the list, at another place among equals. */
  place(slot: number, other: number, distance: number): void {
    const { slots, generations, distances, capacity } = this;
    const base = slot * capacity;
    const end = base + this.lengths[slot]!;
    const from = slots.subarray(base, end).indexOf(other);
    if (from >= 0 && generations[base + from] === this.table.generation[other]) {
      slots.copyWithin(base + from, base + from + 1, end);
      generations.copyWithin(base + from, base + from + 1, end);
      distances.copyWithin(base + from, base + from + 1, end);
      this.lengths[slot]!--;
      this.bound(slot);
    }
    this.enter(slot, other, distance);
  }

  /** The nearest `count` into `out`; false when the list cannot tell. */
  read(slot: number, count: number, out: Shortlist): boolean {
    out.reset(count);
    const { slots, generations, distances, capacity } = this;
    const { generation } = this.table;
    const length = this.lengths[slot]!;
    for (let i = 0, at = slot * capacity; i < length && out.size < count; i++, at++) {
      const other = slots[at]!;
      if (generations[at] === generation[other]) out.append(distances[at]!, other);
    }
    return out.size === count || this.whole[slot] === 1;
  }

  private bound(slot: number): void {
    const length = this.lengths[slot]!;
    if (this.whole[slot] === 1) this.bounds[slot] = Infinity;
    else this.bounds[slot] = length === 0 ? -Infinity : this.distances[slot * this.capacity + length - 1]!;
  }

  /** Takes out rows that left; returns how many stay. */
  private compact(slot: number): number {
    const { slots, generations, distances, capacity } = this;
    const { generation } = this.table;
    const base = slot * capacity;
    const end = base + this.lengths[slot]!;
    let to = base;
    while (to < end && generations[to] === generation[slots[to]!]) to++;
    if (to === end) return end - base;
    for (let at = to; at < end; at++) {
      if (generations[at] !== generation[slots[at]!]) continue;
      slots[to] = slots[at]!;
      generations[to] = generations[at]!;
      distances[to++] = distances[at]!;
    }
    this.lengths[slot] = to - base;
    this.bound(slot);
    return to - base;
  }
}
