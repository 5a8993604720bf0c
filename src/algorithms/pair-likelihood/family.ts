import { AddressList } from './address-list.ts';
import { freeBits, sharedBits } from './prefix.ts';
import { PrefixCounts } from './prefix-counts.ts';

export interface Bounds {
  /** Addresses that are kept of an entity. */
  readonly addresses: number;
  /** Places for prefixes in which entities are counted. */
  readonly prefixes: number;
}

/** Lengths of the prefixes that an entity's addresses are counted by, by how many words an address has. */
export const levelsOf: Readonly<Record<1 | 2, readonly number[]>> = {
  1: [8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32],
  2: [16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64],
};
export const levels = 11;
/** The levels by which entities are counted, as places in the lists above. */
export const sharedLevels = [0, 2, 4, 6, 8, 10] as const;
const shared = sharedLevels.length;

/** Who was seen where in one family of addresses: IPv4 of one word, or IPv6 of the first two. */
export class Family {
  readonly words: 1 | 2;
  readonly #bounds: Bounds;
  readonly #lists: (AddressList | undefined)[] = [];
  readonly #nothing: AddressList;
  readonly #lengths: readonly number[];
  readonly #prefixes: PrefixCounts;
  #spread = new Uint32Array(0);
  #population = 0;
  #pairs = 0;

  constructor(words: 1 | 2, bounds: Bounds) {
    this.words = words;
    this.#bounds = bounds;
    this.#nothing = new AddressList(words);
    this.#lengths = sharedLevels.map((level) => levelsOf[words][level]!);
    this.#prefixes = new PrefixCounts(bounds.prefixes);
  }

  /** One more than the greatest entity met. */
  get size(): number {
    return this.#lists.length;
  }

  /** Entities with an address. */
  get population(): number {
    return this.#population;
  }

  /** Pairs of all entities. */
  get pairs(): number {
    return this.#pairs;
  }

  /** The addresses of an entity, not to be changed; an empty list when it was not met. */
  list(entity: number): AddressList {
    return this.#lists[entity] ?? this.#nothing;
  }

  add(entity: number, high: number, low: number, times = 1): void {
    const list = this.#lists[entity] ?? this.#begin(entity);
    const at = list.place(high, low);
    const bits = list.bits(high, low, at);
    if (!list.add(high, low, at, times)) return;
    this.#pairs += times;
    if (bits < 0) this.#population++;
    this.#tally(entity, high, low, bits, 1);
    if (list.size <= this.#bounds.addresses) return;
    this.#tallyAll(entity, -1);
    this.#lists[entity] = list.prune();
    this.#tallyAll(entity, 1);
  }

  /** Take back a pair that was added so often at least. */
  remove(entity: number, high: number, low: number, times: number): void {
    const list = this.list(entity);
    const { size } = list;
    const at = list.place(high, low);
    list.remove(at, times);
    this.#pairs -= times;
    if (list.size === size) return;
    const bits = list.bits(high, low, at);
    if (bits < 0) this.#population--;
    this.#tally(entity, high, low, bits, -1);
  }

  /** Take a list for all that is known of an entity; the one before, if any. */
  replace(entity: number, list: AddressList | undefined): AddressList | undefined {
    const before = this.#lists[entity];
    if (before !== undefined && before.size > 0) {
      this.#population--;
      this.#pairs -= before.pairs;
      this.#tallyAll(entity, -1);
    }
    if (list !== undefined) this.#begin(entity);
    if (entity < this.#lists.length) this.#lists[entity] = list;
    if (list !== undefined && list.size > 0) {
      this.#population++;
      this.#pairs += list.pairs;
      this.#tallyAll(entity, 1);
    }
    return before;
  }

  /** In how many prefixes of a shared level an entity was seen. */
  spread(entity: number, level: number): number {
    return this.#spread[entity * shared + level] ?? 0;
  }

  /** How many entities were seen in the prefix of an address at a shared level. */
  entities(level: number, high: number, low: number): number {
    const length = this.#lengths[level]!;
    return this.#prefixes.of(level, (high & ~freeBits(length)) >>> 0, (low & ~freeBits(length - 32)) >>> 0);
  }

  #begin(entity: number): AddressList {
    while (this.#lists.length <= entity) this.#lists.push(undefined);
    const needed = (entity + 1) * shared;
    if (needed > this.#spread.length) {
      const grown = new Uint32Array(Math.ceil(needed * 1.5));
      grown.set(this.#spread);
      this.#spread = grown;
    }
    const list = new AddressList(this.words);
    this.#lists[entity] = list;
    return list;
  }

  #tallyAll(entity: number, by: 1 | -1): void {
    const list = this.list(entity);
    let [beforeHigh, beforeLow] = [0, 0];
    for (let at = 0; at < list.size; at++) {
      const [high, low] = [list.high(at), list.low(at)];
      this.#tally(entity, high, low, at === 0 ? -1 : sharedBits(high, low, beforeHigh, beforeLow), by);
      [beforeHigh, beforeLow] = [high, low];
    }
  }

  /** Count an entity in the prefixes of an address that are longer than `bits`. */
  #tally(entity: number, high: number, low: number, bits: number, by: 1 | -1): void {
    for (let level = shared - 1; level >= 0; level--) {
      const length = this.#lengths[level]!;
      if (length <= bits) break;
      this.#spread[entity * shared + level]! += by;
      this.#prefixes.add(level, (high & ~freeBits(length)) >>> 0, (low & ~freeBits(length - 32)) >>> 0, by);
    }
  }
}
