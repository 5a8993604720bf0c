import { grown } from './rows.ts';

/** Buckets of GCC's hash set as it grows from the 10 that Jubatus asks for. */
const sizes = [11, 23, 47, 97, 199, 409, 823, 1741, 3739, 7517, 15173, 30727, 62233, 126271, 256279, 520241];
const none = -1;

/**
 * The order in which GCC's std::tr1::unordered_set gives whole numbers back, which decides ties in Jubatus: bucket after
 * bucket, new ones at the front of theirs. (Built as C++11 and later, Jubatus has std::unordered_set and other ties.)
 */
export class HashSetOrder {
  /** Of the numbers, each by its place in the order of addition. */
  private next = new Int32Array(0);
  /** Per bucket its first. */
  private heads = new Int32Array(0);
  private spare = new Int32Array(0);
  private found = new Uint32Array(0);

  /** The first `size` of different numbers, added in this order, as they come back; good until the next call. */
  arrange(numbers: Uint32Array, size: number): Uint32Array {
    this.next = grown(this.next, size);
    this.found = grown(this.found, size);
    const { next, found } = this;
    let growth = 0;
    let buckets = 0;
    for (let node = 0; node < size; node++) {
      if (node === buckets) {
        const had = buckets;
        buckets = sizes[growth++] ?? 2 * had + 1;
        this.grow(numbers, had, buckets);
      }
      const bucket = numbers[node]! % buckets;
      next[node] = this.heads[bucket]!;
      this.heads[bucket] = node;
    }
    let at = 0;
    for (let bucket = 0; at < size; bucket++) {
      for (let node = this.heads[bucket]!; node !== none; node = next[node]!) found[at++] = numbers[node]!;
    }
    return found.subarray(0, size);
  }

  private grow(numbers: Uint32Array, had: number, buckets: number): void {
    const { heads: old, next } = this;
    const heads = grown(this.spare, buckets);
    this.heads = heads;
    this.spare = old;
    heads.fill(none, 0, buckets);
    for (let bucket = 0; bucket < had; bucket++) {
      for (let node = old[bucket]!; node !== none; ) {
        const following = next[node]!;
        const home = numbers[node]! % buckets;
        next[node] = heads[home]!;
        heads[home] = node;
        node = following;
      }
    }
  }
}
