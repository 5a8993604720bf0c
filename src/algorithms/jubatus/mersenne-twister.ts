const size = 624;

/** MT19937 of Matsumoto and Nishimura (1998), seeded with one number. */
export class MersenneTwister {
  private readonly words = new Uint32Array(size);
  private next = size;

  constructor(seed: number) {
    const { words } = this;
    words[0] = seed;
    for (let i = 1; i < size; i++) {
      const before = words[i - 1]!;
      words[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  static from(state: Uint32Array): MersenneTwister {
    if (state.length !== size + 1 || state[size]! > size) throw new RangeError('This is no state of random numbers.');
    const twister = new MersenneTwister(0);
    twister.words.set(state.subarray(0, size));
    twister.next = state[size]!;
    return twister;
  }

  state(): Uint32Array {
    return Uint32Array.of(...this.words, this.next);
  }

  uint32(): number {
    if (this.next === size) this.refill();
    let word = this.words[this.next++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** Uniform in [0, 1) with 53 bits: the authors' genrand_res53. */
  double(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  private refill(): void {
    const { words } = this;
    for (let i = 0; i < size; i++) {
      const mixed = (words[i]! & 0x80000000) | (words[(i + 1) % size]! & 0x7fffffff);
      words[i] = words[(i + 397) % size]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}
