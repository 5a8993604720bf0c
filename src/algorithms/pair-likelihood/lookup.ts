import type { AddressList } from './address-list.ts';
import { type Family, levels, levelsOf, sharedLevels } from './family.ts';
import { freeBits, magnitude } from './prefix.ts';

/** How many made-up pairs, spread evenly, each prefix is given beside the real ones. */
const evenly = 0.5;
/** The share of attackers who come from where other entities are. */
const neighbours = 0.2;
const leastLikely = Math.exp(-4);
const site = 4;
/** Into how many prefixes of each level one of the level before is cut. */
const waysOf = { 1: waysBetween(levelsOf[1]), 2: waysBetween(levelsOf[2]) };

/** What is known of a pair, in fields that the next look-up fills again. */
export class Lookup {
  pairs = 0;
  distinct = 0;
  /** The longest prefix that the entity was seen in; -1 for none. */
  bits = -1;
  /** Pairs of the entity in that prefix. */
  count = 0;
  /** Where the address is, or would be, among those of the entity. */
  place = 0;
  /** The place of the nearest address of the entity; -1 for none. */
  nearest = -1;
  /** The address as a number, and the entity's at either side; -1 for none. */
  key = 0;
  before = -1;
  after = -1;
  /** Pairs of the entity by level. */
  readonly counts = new Float64Array(levels);
  /** Other entities by shared level. */
  readonly others = new Float64Array(sharedLevels.length);

  look(family: Family, entity: number, high: number, low: number): void {
    const list = family.list(entity);
    const { size } = list;
    const place = list.place(high, low);
    this.distinct = size;
    this.pairs = list.pairs;
    this.place = place;
    this.bits = list.bits(high, low, place);
    this.key = magnitude(family.words, high, low);
    this.before = place > 0 ? list.key(place - 1) : -1;
    this.after = place < size ? list.key(place) : -1;
    if (this.before < 0) this.nearest = this.after < 0 ? -1 : place;
    else this.nearest = this.after >= 0 && this.after - this.key <= this.key - this.before ? place : place - 1;
    this.#count(list, high, low);
    for (let level = 0, others = 1; level < sharedLevels.length; level++) {
      const own = this.counts[sharedLevels[level]!]! > 0 ? 1 : 0;
      if (others > 0) others = Math.max(0, family.entities(level, high, low) - own);
      this.others[level] = others;
    }
  }

  /** Take the entity as one that was never met; the others are as they were found. */
  blank(): void {
    this.pairs = this.distinct = this.count = this.place = 0;
    this.bits = this.nearest = this.before = this.after = -1;
    this.counts.fill(0);
  }

  /** Other entities in the /24, of IPv6 in the /48. */
  get neighbours(): number {
    return this.others[site]!;
  }

  #count(list: AddressList, high: number, low: number): void {
    const lengths = levelsOf[list.words];
    const { bits, place, counts } = this;
    let [from, to] = [0, this.distinct];
    this.count = 0;
    for (let level = 0; level <= levels; level++) {
      // Last of all the longest prefix itself, which is within those of the levels.
      const length = level < levels ? lengths[level]! : Math.max(0, bits);
      if (length > bits) {
        if (level < levels) counts[level] = 0;
        continue;
      }
      const [free, lowFree] = [freeBits(length), freeBits(length - 32)];
      from = list.start((high & ~free) >>> 0, (low & ~lowFree) >>> 0, from, place);
      to = list.end((high | free) >>> 0, (low | lowFree) >>> 0, place, to);
      const count = list.until(to - 1) - list.until(from - 1);
      if (level < levels) counts[level] = count;
      else this.count = count;
    }
  }

  /**
   * Nats by which the address is likelier if all were alike than for the entity: the product over ever longer prefixes of
   * the share of the entity's pairs that go on alike. 0 for an entity without any.
   * After Freeman et al. (2016), https://www.ndss-symposium.org/wp-content/uploads/2017/09/who-are-you-statistical-approach-measuring-user-authenticity.pdf
   */
  ownOdds(words: 1 | 2): number {
    const ways = waysOf[words];
    let [likely, above] = [1, this.pairs];
    for (let level = 0; level < levels && above > 0; level++) {
      const count = this.counts[level]!;
      likely *= (count * ways[level]! + evenly) / (above + evenly);
      above = count;
    }
    return -Math.log(likely);
  }

  /** The same by the share of all other entities, over the prefixes that are longer than the entity was seen in. */
  peersOdds(words: 1 | 2, population: number): number {
    let [odds, above, length] = [0, population - (this.pairs > 0 ? 1 : 0), 0];
    for (let level = 0; level < sharedLevels.length && above > 0; level++) {
      const ways = 2 ** (levelsOf[words][sharedLevels[level]!]! - length);
      length = levelsOf[words][sharedLevels[level]!]!;
      const count = Math.min(above, this.others[level]!);
      if (length > this.bits) odds += Math.log(((count + evenly / ways) / (above + evenly)) * ways);
      above = count;
    }
    const likely = Math.max(leastLikely, Math.exp(odds));
    return -Math.log(likely / (1 - neighbours + neighbours * likely));
  }
}

function waysBetween(lengths: readonly number[]): Float64Array {
  return Float64Array.from(lengths, (length, level) => 2 ** (length - (lengths[level - 1] ?? 0)));
}
