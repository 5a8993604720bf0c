import { grown, type Row } from './rows.ts';
import type { Space } from './space.ts';

/**
 * 'orthogonal': Euclidean, rows that share no feature are no neighbours. 'cosine' is one minus it; 'negative-cosine' is to the
 * last digit as Jubatus has it, with no neighbours at a right angle. 'angle' is a share of pi.
 */
export type SparseDistance = 'euclid' | 'orthogonal' | 'cosine' | 'negative-cosine' | 'angle';

/** A feature and the rows that have it. */
interface Column {
  readonly key: string;
  /** The age of the feature: sums are taken in this order, so that a distance is the same from either end. */
  readonly rank: number;
  rows: Uint32Array;
  values: Float64Array;
  size: number;
}

interface Stored {
  readonly columns: readonly Column[];
  readonly values: readonly number[];
  /** Where this row stands in each of its columns. */
  readonly positions: number[];
}

/** Exact distances by an inverted index. */
export class SparseSpace implements Space {
  private readonly distance: SparseDistance;
  private readonly columns = new Map<string, Column>();
  private readonly stored: (Stored | undefined)[] = [];
  /** Squared lengths; Infinity for a slot without a row. */
  private squares = new Float64Array(0);
  private shared = new Uint8Array(0);
  private nextRank = 0;

  constructor(distance: SparseDistance) {
    this.distance = distance;
  }

  reserve(keys: readonly string[]): void {
    for (const key of keys) this.column(key);
  }

  measure(row: Row, distances: Float64Array, high: number): void {
    const columns: Column[] = [];
    const values: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < row.keys.length; i++) {
      const column = this.columns.get(row.keys[i]!);
      if (column === undefined) unknown.push(row.values[i]!);
      else {
        columns.push(column);
        values.push(row.values[i]!);
      }
    }
    sortTogether(columns, values);
    let square = 0;
    for (const value of values) square += value * value;
    for (const value of unknown) square += value * value;
    this.compare(columns, values, square, distances, high);
  }

  measureFrom(slot: number, distances: Float64Array, high: number): void {
    const { columns, values } = this.stored[slot]!;
    this.compare(columns, values, this.squares[slot]!, distances, high);
    if (this.distance !== 'negative-cosine') distances[slot] = 0;
  }

  insert(slot: number, row: Row): void {
    const columns = row.keys.map((key) => this.column(key));
    const values = [...row.values];
    sortTogether(columns, values);
    const positions: number[] = [];
    let square = 0;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const value = values[i]!;
      square += value * value;
      positions.push(column.size);
      column.rows = grown(column.rows, column.size + 1, 4);
      column.values = grown(column.values, column.size + 1, 4);
      column.rows[column.size] = slot;
      column.values[column.size++] = value;
    }
    const had = this.squares.length;
    this.squares = grown(this.squares, slot + 1);
    this.squares.fill(Infinity, had);
    this.squares[slot] = square;
    this.stored[slot] = { columns, values, positions };
  }

  remove(slot: number): void {
    const { columns, positions } = this.stored[slot]!;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const at = positions[i]!;
      const last = --column.size;
      const moved = column.rows[last]!;
      column.rows[at] = moved;
      column.values[at] = column.values[last]!;
      const other = this.stored[moved]!;
      other.positions[other.columns.indexOf(column)] = at;
      if (last === 0) this.columns.delete(column.key);
    }
    this.stored[slot] = undefined;
    this.squares[slot] = Infinity;
  }

  private column(key: string): Column {
    let column = this.columns.get(key);
    if (column === undefined) {
      column = { key, rank: this.nextRank++, rows: new Uint32Array(4), values: new Float64Array(4), size: 0 };
      this.columns.set(key, column);
    }
    return column;
  }

  private compare(
    columns: readonly Column[],
    values: readonly number[],
    square: number,
    distances: Float64Array,
    high: number,
  ): void {
    const { squares, distance } = this;
    distances.fill(0, 0, high);
    for (let i = 0; i < columns.length; i++) {
      const { rows, values: others, size } = columns[i]!;
      const value = values[i]!;
      for (let at = 0; at < size; at++) distances[rows[at]!]! += value * others[at]!;
    }
    if (distance === 'cosine' || distance === 'negative-cosine' || distance === 'angle') {
      for (let slot = 0; slot < high; slot++) distances[slot] = this.turned(distances[slot]!, square, squares[slot]!);
      return;
    }
    for (let slot = 0; slot < high; slot++) {
      const squared = square + squares[slot]! - 2 * distances[slot]!;
      distances[slot] = squared > 0 ? Math.sqrt(squared) : 0;
    }
    if (distance === 'orthogonal') this.hideOrthogonal(columns, distances, high);
  }

  /** The distance by angle, from the product of two rows and the squares of their lengths. */
  private turned(product: number, square: number, other: number): number {
    const { distance } = this;
    if (other === Infinity) return Infinity;
    if (distance === 'negative-cosine') {
      if (product === 0 || square === 0 || other === 0) return Infinity;
      return product === square && product === other ? -1 : -(product / Math.sqrt(other) / Math.sqrt(square));
    }
    const length = Math.sqrt(square * other);
    const cosine = length === 0 ? 0 : Math.max(-1, Math.min(1, product / length));
    return distance === 'cosine' ? 1 - cosine : Math.acos(cosine) / Math.PI;
  }

  private hideOrthogonal(columns: readonly Column[], distances: Float64Array, high: number): void {
    this.shared = grown(this.shared, high);
    const { shared } = this;
    shared.fill(0, 0, high);
    for (const { rows, size } of columns) for (let at = 0; at < size; at++) shared[rows[at]!] = 1;
    for (let slot = 0; slot < high; slot++) if (shared[slot] === 0) distances[slot] = Infinity;
  }
}

/** Orders columns by rank, and their values with them. */
function sortTogether(columns: Column[], values: number[]): void {
  const order = columns.map((column, at) => ({ column, value: values[at]! }));
  order.sort((a, b) => a.column.rank - b.column.rank);
  for (let i = 0; i < order.length; i++) {
    columns[i] = order[i]!.column;
    values[i] = order[i]!.value;
  }
}
