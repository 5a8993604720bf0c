import { Bucket } from './bucket.ts';

/** A number and the key of a bucket that it is still in, though its row is not. */
export interface Strays {
  readonly numbers: Float64Array;
  readonly keys: Float64Array;
}

/**
 * Which rows share a hash, for several hash tables. As in Jubatus the number of a row that is gone stays in its buckets,
 * where it counts; other than there not without end.
 */
export class Buckets {
  /** The slot of each row that is there, by its number. */
  readonly slotOf = new Map<number, number>();
  private readonly buckets = new Map<number, Bucket>();
  /** Per slot and table. */
  private readonly homes: Bucket[] = [];
  private readonly tables: number;
  /** By number, the buckets that it is in without a row's being at home there; the one that left last is last. */
  private readonly strays = new Map<number, Set<Bucket>>();
  private strayCount = 0;
  private readonly mostStrays: number;

  /** Of more than `mostStrays` numbers of rows that are gone, those of the row gone for longest leave. */
  constructor(tables: number, mostStrays = 2 ** 20) {
    this.tables = tables;
    this.mostStrays = mostStrays;
  }

  get(key: number): Bucket | undefined {
    return this.buckets.get(key);
  }

  /** The bucket that a row is at home in. */
  of(slot: number, table: number): Bucket {
    return this.homes[slot * this.tables + table]!;
  }

  /** Puts a row into the bucket of each table's key. */
  enter(slot: number, number: number, keys: Float64Array): void {
    const strays = this.strays.get(number);
    if (!this.slotOf.has(number)) for (const bucket of strays ?? []) bucket.change();
    this.slotOf.set(number, slot);
    for (let table = 0; table < this.tables; table++) {
      const bucket = this.made(keys[table]!);
      bucket.add(number);
      this.homes[slot * this.tables + table] = bucket;
      if (strays?.delete(bucket)) this.strayCount--;
    }
  }

  /** Puts a row into other buckets. */
  move(slot: number, number: number, keys: Float64Array): void {
    for (let table = 0; table < this.tables; table++) this.leave(this.of(slot, table), number);
    this.enter(slot, number, keys);
  }

  /** The row is gone, its number stays. */
  remove(slot: number, number: number): void {
    const strays = this.strays.get(number) ?? new Set();
    this.strays.delete(number);
    this.strays.set(number, strays);
    this.strayCount -= strays.size;
    for (let table = 0; table < this.tables; table++) strays.add(this.of(slot, table));
    this.strayCount += strays.size;
    this.slotOf.delete(number);
    for (const bucket of strays) bucket.change();
    this.forget();
  }

  saveStrays(): Strays {
    const pairs = [...this.strays].flatMap(([number, buckets]) =>
      [...buckets].map(({ key }) => [number, key] as const),
    );
    return {
      numbers: Float64Array.from(pairs, ([number]) => number),
      keys: Float64Array.from(pairs, ([, key]) => key),
    };
  }

  /** After the rows. */
  restoreStrays({ numbers, keys }: Strays): void {
    for (const [i, number] of numbers.entries()) {
      const bucket = this.made(keys[i]!);
      if (!bucket.add(number)) continue;
      const strays = this.strays.get(number) ?? new Set();
      this.strays.set(number, strays.add(bucket));
      this.strayCount++;
    }
    this.forget();
  }

  private made(key: number): Bucket {
    let bucket = this.buckets.get(key);
    if (bucket !== undefined) return bucket;
    bucket = new Bucket(key);
    this.buckets.set(key, bucket);
    return bucket;
  }

  private leave(bucket: Bucket, number: number): void {
    bucket.delete(number);
    if (bucket.size === 0) this.buckets.delete(bucket.key);
  }

  private forget(): void {
    for (const [number, buckets] of this.strays) {
      if (this.strayCount <= this.mostStrays) return;
      for (const bucket of buckets) this.leave(bucket, number);
      this.strayCount -= buckets.size;
      this.strays.delete(number);
    }
  }
}
