const window = 8;
const fewest = 1024;

/**
 * How many entities were seen in each prefix, in a table of bounded size: a prefix is known by 32 bits of hash, so one in
 * two thousand is taken for another when two million are counted. When the table is full, the least counted nearby goes.
 */
export class PrefixCounts {
  readonly #most: number;
  #tags = new Uint32Array(fewest);
  #counts = new Uint32Array(fewest);
  #used = 0;

  /** `most` places at most, a power of two. */
  constructor(most: number) {
    this.#most = Math.max(fewest, most);
  }

  of(level: number, high: number, low: number): number {
    const at = this.#find(hash(level, high, low));
    return at < 0 ? 0 : this.#counts[at]!;
  }

  /** Count one entity more or less; what is not counted any more keeps its place until another takes it. */
  add(level: number, high: number, low: number, by: 1 | -1): void {
    const tag = hash(level, high, low);
    const at = this.#find(tag);
    if (at < 0) {
      if (by > 0) this.#insert(tag, 1);
    } else if (by > 0 || this.#counts[at]! > 0) this.#counts[at]! += by;
  }

  #find(tag: number): number {
    const tags = this.#tags;
    const mask = tags.length - 1;
    for (let i = 0; i < window; i++) {
      const at = (tag + i) & mask;
      const found = tags[at]!;
      if (found === tag) return at;
      if (found === 0) return -1;
    }
    return -1;
  }

  #insert(tag: number, count: number): void {
    if (2 * this.#used >= this.#tags.length && this.#tags.length < this.#most) this.#grow();
    const mask = this.#tags.length - 1;
    let least = tag & mask;
    for (let i = 0; i < window && this.#counts[least] !== 0; i++) {
      const at = (tag + i) & mask;
      if (this.#counts[at]! < this.#counts[least]!) least = at;
    }
    if (this.#tags[least] === 0) this.#used++;
    this.#tags[least] = tag;
    this.#counts[least] = count;
  }

  #grow(): void {
    const [tags, counts] = [this.#tags, this.#counts];
    this.#tags = new Uint32Array(2 * tags.length);
    this.#counts = new Uint32Array(2 * tags.length);
    this.#used = 0;
    for (let at = 0; at < tags.length; at++) if (counts[at] !== 0) this.#insert(tags[at]!, counts[at]!);
  }
}

/** MurmurHash3's finaliser (Appleby, public domain) over the words; never 0. */
function hash(level: number, high: number, low: number): number {
  let mixed = Math.imul(high ^ Math.imul(level + 1, 0x9e37_79b1), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ low, 0xc2b2_ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 15)) >>> 0 || 1;
}
