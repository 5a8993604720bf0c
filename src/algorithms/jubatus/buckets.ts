import { grown } from './rows.ts';

/** Rows, in no order. */
export interface Bucket {
  readonly key: number;
  rows: Uint32Array;
  size: number;
}

/** Which rows share a hash, for several hash tables; a bucket is there as long as a row is in it. */
export class Buckets {
  private readonly tables: number;
  private readonly buckets = new Map<number, Bucket>();
  /** Per slot and table: the bucket, and the place in it. */
  private readonly homes: Bucket[] = [];
  private positions = new Uint32Array(0);

  constructor(tables: number) {
    this.tables = tables;
  }

  get(key: number): Bucket | undefined {
    return this.buckets.get(key);
  }

  /** The bucket that a row is in. */
  of(slot: number, table: number): Bucket {
    return this.homes[slot * this.tables + table]!;
  }

  /** Where in its bucket a row is. */
  position(slot: number, table: number): number {
    return this.positions[slot * this.tables + table]!;
  }

  /** Puts a row into the bucket of each table's key; it comes last in each. */
  enter(slot: number, keys: Float64Array): void {
    const { tables, buckets, homes } = this;
    this.positions = grown(this.positions, (slot + 1) * tables);
    for (let table = 0; table < tables; table++) {
      const key = keys[table]!;
      let bucket = buckets.get(key);
      if (bucket === undefined) {
        bucket = { key, rows: new Uint32Array(4), size: 0 };
        buckets.set(key, bucket);
      }
      bucket.rows = grown(bucket.rows, bucket.size + 1, 4);
      homes[slot * tables + table] = bucket;
      this.positions[slot * tables + table] = bucket.size;
      bucket.rows[bucket.size++] = slot;
    }
  }

  /** Takes a row out; the last of each bucket takes its place. */
  remove(slot: number): void {
    const { tables, homes, positions } = this;
    for (let table = 0; table < tables; table++) {
      const bucket = homes[slot * tables + table]!;
      const position = positions[slot * tables + table]!;
      const moved = bucket.rows[--bucket.size]!;
      bucket.rows[position] = moved;
      positions[moved * tables + table] = position;
      if (bucket.size === 0) this.buckets.delete(bucket.key);
    }
  }
}
