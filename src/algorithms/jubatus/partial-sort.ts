/** The `count` nearest of some rows as GCC's std::partial_sort leaves them: of equal ones, those that its heap keeps. */
export class PartialSort {
  private readonly rows: Uint32Array;
  private readonly distances: Float64Array;

  /** Sorts in place. */
  constructor(rows: Uint32Array, distances: Float64Array) {
    this.rows = rows;
    this.distances = distances;
  }

  sort(count: number, size: number): void {
    const { distances } = this;
    for (let parent = Math.floor((count - 2) / 2); parent >= 0; parent--) {
      this.sink(parent, count, this.rows[parent]!, distances[parent]!);
    }
    for (let at = count; at < size; at++) if (distances[at]! < distances[0]!) this.pop(count, at);
    for (let last = count - 1; last > 0; last--) this.pop(last, last);
  }

  /** The farthest of the heap goes to `to`, and what was there into the heap. */
  private pop(length: number, to: number): void {
    const { rows, distances } = this;
    const [row, distance] = [rows[to]!, distances[to]!];
    rows[to] = rows[0]!;
    distances[to] = distances[0]!;
    this.sink(0, length, row, distance);
  }

  /** Moves the hole at `top` down to a leaf along the farther children, then up to where the row belongs. */
  private sink(top: number, length: number, row: number, distance: number): void {
    const { distances } = this;
    let hole = top;
    let child = top;
    while (child < Math.floor((length - 1) / 2)) {
      child = 2 * (child + 1);
      if (distances[child]! < distances[child - 1]!) child--;
      this.move(child, hole);
      hole = child;
    }
    if (length % 2 === 0 && child === (length - 2) / 2) {
      child = 2 * child + 1;
      this.move(child, hole);
      hole = child;
    }
    let parent = (hole - 1) >> 1;
    while (hole > top && distances[parent]! < distance) {
      this.move(parent, hole);
      hole = parent;
      parent = (hole - 1) >> 1;
    }
    this.rows[hole] = row;
    distances[hole] = distance;
  }

  private move(from: number, to: number): void {
    this.rows[to] = this.rows[from]!;
    this.distances[to] = this.distances[from]!;
  }
}
