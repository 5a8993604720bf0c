/**
 * The nearest of many rows as GCC's std::partial_sort leaves them: of equally near ones, those that its heap keeps. Rows
 * are offered one by one in the order that they had there.
 */
export class PartialSort {
  /** Of those offered, and not more than asked for. */
  size = 0;
  slots = new Uint32Array(0);
  distances = new Float64Array(0);
  private count = 0;

  /** Begin anew; `count` is at least 1. */
  reset(count: number): void {
    this.count = count;
    this.size = 0;
    if (count <= this.slots.length) return;
    this.slots = new Uint32Array(count);
    this.distances = new Float64Array(count);
  }

  /** Rows at least this far are turned away. */
  get worst(): number {
    return this.size === this.count ? this.distances[0]! : Infinity;
  }

  /** A row nearer than `worst`. */
  offer(slot: number, distance: number): void {
    const { count, slots, distances } = this;
    if (this.size === count) {
      this.sink(0, count, slot, distance);
      return;
    }
    slots[this.size] = slot;
    distances[this.size++] = distance;
    if (this.size === count) this.heapify();
  }

  /** Puts them in order, the nearest first. */
  finish(): void {
    const { slots, distances, size } = this;
    if (size < this.count) this.heapify();
    for (let last = size - 1; last > 0; last--) {
      const slot = slots[last]!;
      const distance = distances[last]!;
      slots[last] = slots[0]!;
      distances[last] = distances[0]!;
      this.sink(0, last, slot, distance);
    }
  }

  private heapify(): void {
    const { slots, distances, size } = this;
    for (let parent = (size >> 1) - 1; parent >= 0; parent--)
      this.sink(parent, size, slots[parent]!, distances[parent]!);
  }

  /** Moves the hole at `top` down to a leaf along the farther children, then up to where the row belongs. */
  private sink(top: number, length: number, slot: number, distance: number): void {
    const { slots, distances } = this;
    let hole = top;
    for (let child = 2 * hole + 2; child <= length; child = 2 * hole + 2) {
      if (child === length || distances[child]! < distances[child - 1]!) child--;
      slots[hole] = slots[child]!;
      distances[hole] = distances[child]!;
      hole = child;
    }
    while (hole > top) {
      const parent = (hole - 1) >> 1;
      if (distances[parent]! >= distance) break;
      slots[hole] = slots[parent]!;
      distances[hole] = distances[parent]!;
      hole = parent;
    }
    slots[hole] = slot;
    distances[hole] = distance;
  }
}
