/**
 * Many counters that halve in a given time, by number: open addressing in typed arrays, some 20 bytes a counter.
 * Bounded: when there are too many, the least quarter goes. Times may jump back; a counter never grows by that.
 */
export class DecayedCounts {
  readonly #most: number;
  readonly #halfLife: number;
  #keys: Float64Array<ArrayBuffer>;
  #counts: Float32Array<ArrayBuffer>;
  #times: Float64Array<ArrayBuffer>;
  #size = 0;

  /** @param halfLife in the unit of the times; Infinity for counters that do not fade. @param most how many are kept. */
  constructor(halfLife: number, most: number) {
    this.#halfLife = halfLife;
    this.#most = most;
    this.#keys = new Float64Array(16).fill(free);
    this.#counts = new Float32Array(16);
    this.#times = new Float64Array(16);
  }

  get size(): number {
    return this.#size;
  }

  /** The count of a key at a time; 0 for one not known. Keys are whole numbers from 0 to 2^53. */
  get(key: number, time: number): number {
    const at = this.#slot(key);
    return this.#keys[at] === free ? 0 : this.#faded(at, time);
  }

  /** Add to a counter; the amount may be negative, the count never is. */
  add(key: number, amount: number, time: number): void {
    let at = this.#slot(key);
    if (this.#keys[at] === free) {
      if (amount <= 0) return;
      if (2 * (this.#size + 1) > this.#keys.length) {
        this.#grow(time);
        at = this.#slot(key);
      }
      this.#put(key, 0, time);
    }
    this.#counts[at] = Math.max(0, this.#faded(at, time) + amount);
    this.#times[at] = Math.max(this.#times[at] as number, time);
  }

  /** Key, count and time of each counter, by key. */
  save(): Float64Array {
    const kept = this.#entries()
      .filter((at) => (this.#counts[at] as number) > 0)
      .sort((a, b) => (this.#keys[a] as number) - (this.#keys[b] as number));
    return Float64Array.from(
      kept.flatMap((at) => [this.#keys[at], this.#counts[at], this.#times[at]] as [number, number, number]),
    );
  }

  /** Take back what `save` gave. Throws RangeError for anything else. */
  restore(saved: Float64Array): void {
    if (saved.length % 3 !== 0) throw new RangeError('The counters are cut short.');
    this.#clear(saved.length / 3);
    for (let i = 0; i < saved.length; i += 3) {
      const [key, count, time] = saved.subarray(i, i + 3) as unknown as [number, number, number];
      if (!(key >= 0 && Number.isSafeInteger(key) && count >= 0 && Number.isFinite(count) && Number.isFinite(time)))
        throw new RangeError('A counter has a senseless number.');
      this.#put(key, count, time);
    }
  }

  /** Every key. */
  *keys(): Generator<number> {
    for (const key of this.#keys) if (key !== free) yield key;
  }

  #faded(at: number, time: number): number {
    const count = this.#counts[at] as number;
    const passed = time - (this.#times[at] as number);
    if (!(passed > 0) || this.#halfLife === Number.POSITIVE_INFINITY) return count;
    const left = count * 2 ** (-passed / this.#halfLife);
    return left < least ? 0 : left;
  }

  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let at = mix(key) & mask;
    while (this.#keys[at] !== free && this.#keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #entries(): number[] {
    const found: number[] = [];
    for (let at = 0; at < this.#keys.length; at++) if (this.#keys[at] !== free) found.push(at);
    return found;
  }

  /** Make room: drop what has faded away and, when full, the least quarter. */
  #grow(time: number): void {
    const keys = this.#keys;
    let kept = this.#entries().filter((at) => this.#faded(at, time) > 0);
    if (kept.length >= this.#most) {
      const now = new Map(kept.map((at) => [at, this.#faded(at, time)]));
      kept = kept
        .sort((a, b) => (now.get(b) as number) - (now.get(a) as number) || (keys[a] as number) - (keys[b] as number))
        .slice(0, Math.floor(this.#most * 0.75));
    }
    const [counts, times] = [this.#counts, this.#times];
    this.#clear(kept.length);
    for (const at of kept) this.#put(keys[at] as number, counts[at] as number, times[at] as number);
  }

  /** Nothing, with room for so many and one more. */
  #clear(size: number): void {
    let room = 16;
    while (room < 3 * (size + 1)) room *= 2;
    this.#keys = new Float64Array(room).fill(free);
    this.#counts = new Float32Array(room);
    this.#times = new Float64Array(room);
    this.#size = 0;
  }

  #put(key: number, count: number, time: number): void {
    const at = this.#slot(key);
    if (this.#keys[at] === free) this.#size++;
    this.#keys[at] = key;
    this.#counts[at] = count;
    this.#times[at] = time;
  }
}

const free = -1;
/** A count that has faded to less is gone. */
const least = 0.01;

/** The finaliser of MurmurHash3 over both halves of a number. */
function mix(key: number): number {
  let hash = (key >>> 0) ^ Math.imul((key / 4294967296) | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
