/** Buckets of GCC's hash set as it grows from the 10 that Jubatus asks for. */
const sizes = [11, 23, 47, 97, 199, 409, 823, 1741, 3739, 7517, 15173, 30727, 62233, 126271, 256279, 520241];
const none = -1;

/**
 * The order in which GCC's std::tr1::unordered_set gives whole numbers back, which decides ties in Jubatus: bucket after
 * bucket, new ones at the front of theirs. (Built as C++11 and later, Jubatus has std::unordered_set and other ties.)
 */
export class HashSetOrder {
  size = 0;
  private buckets = 0;
  private growth = 0;
  private readonly values: number[] = [];
  private readonly next: number[] = [];
  /** Per bucket its first, by place in the order of addition. */
  private heads = new Int32Array(0);
  private spare = new Int32Array(0);

  reset(): void {
    this.size = 0;
    this.growth = 0;
    this.buckets = 0;
  }

  /** A number that is not there yet. */
  add(value: number): void {
    if (this.size === this.buckets) this.grow();
    const node = this.size++;
    this.values[node] = value;
    this.link(node);
  }

  /** Puts the place in the order of addition, from 0, of each into `places`. */
  list(places: Uint32Array): void {
    const { heads, next } = this;
    let at = 0;
    for (let bucket = 0; at < this.size; bucket++) {
      for (let node = heads[bucket]!; node !== none; node = next[node]!) places[at++] = node;
    }
  }

  private link(node: number): void {
    const bucket = this.values[node]! % this.buckets;
    this.next[node] = this.heads[bucket]!;
    this.heads[bucket] = node;
  }

  private grow(): void {
    const had = this.buckets;
    const { heads, spare } = this;
    this.buckets = sizes[this.growth++] ?? 2 * had + 1;
    this.heads = spare.length < this.buckets ? new Int32Array(2 * this.buckets) : spare;
    this.spare = heads;
    this.heads.fill(none, 0, this.buckets);
    for (let bucket = 0; bucket < had; bucket++) {
      for (let node = heads[bucket]!; node !== none; ) {
        const following = this.next[node]!;
        this.link(node);
        node = following;
      }
    }
  }
}
