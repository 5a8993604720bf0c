import type { RowTable } from './row-table.ts';

/** The nearest rows met so far, nearest first; ties by the table's priority. */
export class Shortlist {
  size = 0;
  /** No row beyond this distance can enter; one at it may, by its priority. */
  worst = Infinity;
  slots: Uint32Array;
  distances: Float64Array;
  private capacity: number;
  private readonly table: RowTable;

  constructor(table: RowTable, capacity: number) {
    this.table = table;
    this.capacity = capacity;
    this.slots = new Uint32Array(capacity);
    this.distances = new Float64Array(capacity);
  }

  reset(capacity: number): void {
    if (capacity > this.slots.length) {
      this.slots = new Uint32Array(capacity);
      this.distances = new Float64Array(capacity);
    }
    this.capacity = capacity;
    this.size = 0;
    this.worst = Infinity;
  }

  /** A row at an infinite distance is no neighbour. */
  offer(distance: number, slot: number): void {
    const { slots, distances, capacity } = this;
    const { priority } = this.table;
    if (distance === Infinity || distance > this.worst) return;
    const rank = priority[slot]!;
    let at = this.size;
    if (at === capacity) {
      at--;
      if (distance === distances[at] && rank > priority[slots[at]!]!) return;
    } else this.size++;
    while (at > 0) {
      const before = distances[at - 1]!;
      if (before < distance || (before === distance && priority[slots[at - 1]!]! < rank)) break;
      distances[at] = before;
      slots[at] = slots[at - 1]!;
      at--;
    }
    distances[at] = distance;
    slots[at] = slot;
    if (this.size === capacity) this.worst = distances[capacity - 1]!;
  }

  /** A row nearer than `worst`, after all at its distance. */
  insertAfter(distance: number, slot: number): void {
    const { slots, distances, capacity } = this;
    let at = this.size === capacity ? capacity - 1 : this.size++;
    for (; at > 0 && distances[at - 1]! > distance; at--) {
      distances[at] = distances[at - 1]!;
      slots[at] = slots[at - 1]!;
    }
    distances[at] = distance;
    slots[at] = slot;
    if (this.size === capacity) this.worst = distances[capacity - 1]!;
  }

  /** Appends a row that is known to come last. */
  append(distance: number, slot: number): void {
    this.distances[this.size] = distance;
    this.slots[this.size++] = slot;
  }

  /** The first `count` of another list. */
  take(from: Shortlist, count: number): void {
    this.reset(count);
    for (let i = 0; i < count && i < from.size; i++) this.append(from.distances[i]!, from.slots[i]!);
  }
}
