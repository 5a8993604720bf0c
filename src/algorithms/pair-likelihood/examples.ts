import type { Random } from '../random.ts';
import type { AddressList } from './address-list.ts';
import type { Family } from './family.ts';
import { Landscape } from './landscape.ts';

/** Addresses that an entity gives to the landscape, and all entities together. */
const each = 20;
const most = 250_000;
/** Shares of strangers from anywhere, and from an address of another entity; the rest are from near others'. */
const anywhere = 0.5;
const another = 0.25;
const word = 4_294_967_296;

/** A sample of the addresses of all entities, as many of each. */
export function survey(family: Family, random: Random): Landscape {
  const keys: number[] = [];
  const share = Math.max(1, Math.min(each, Math.floor(most / Math.max(1, family.population))));
  for (let entity = 0; entity < family.size && keys.length < most; entity++) {
    const list = family.list(entity);
    for (let i = 0; i < Math.min(share, list.size); i++)
      keys.push(list.key(list.size <= share ? i : random.integer(list.size)));
  }
  const sorted = Float64Array.from(keys).sort();
  return new Landscape(sorted.filter((key, at) => at === 0 || key !== sorted[at - 1]));
}

/** Draws pairs that were met, and addresses that strangers may have come from. */
export class Examples {
  readonly #family: Family;
  readonly #land: Landscape;
  readonly #random: Random;
  readonly #members: number[] = [];
  /** Pairs up to and with each member's. */
  readonly #until: Float64Array;

  constructor(family: Family, land: Landscape, random: Random) {
    this.#family = family;
    this.#land = land;
    this.#random = random;
    const until: number[] = [];
    for (let entity = 0, sum = 0; entity < family.size; entity++) {
      const { pairs } = family.list(entity);
      if (pairs === 0) continue;
      sum += pairs;
      this.#members.push(entity);
      until.push(sum);
    }
    this.#until = Float64Array.from(until);
  }

  /** An entity, by how many pairs it has or, as often, any alike: those with few pairs are to be judged well too. */
  entity(): number {
    const random = this.#random;
    if (random.next() < 0.5) return random.pick(this.#members);
    const wanted = random.next() * this.#until.at(-1)!;
    let [least, top] = [0, this.#until.length - 1];
    while (least < top) {
      const middle = (least + top) >>> 1;
      if (this.#until[middle]! <= wanted) least = middle + 1;
      else top = middle;
    }
    return this.#members[least]!;
  }

  /** The place of a pair of an entity in its list, all pairs alike. */
  pair(list: AddressList): number {
    return list.ofPair(this.#random.integer(list.pairs));
  }

  /** The words of an address that a stranger may have come from, which is none of those in the list. */
  stranger(list: AddressList): readonly [high: number, low: number] {
    const kind = this.#random.next();
    const [high, low] =
      kind < anywhere ? this.#anywhere() : kind < anywhere + another ? this.#another() : this.#between();
    return list.holds(high, low, list.place(high, low)) ? this.#anywhere() : [high, low];
  }

  #another(): readonly [number, number] {
    const list = this.#family.list(this.#random.pick(this.#members));
    if (list.size === 0) return this.#anywhere();
    const at = this.#random.integer(list.size);
    return [list.high(at), list.low(at)];
  }

  #anywhere(): readonly [number, number] {
    return [this.#random.integer(word), this.#family.words === 1 ? 0 : this.#random.integer(word)];
  }

  /** Somewhere between two neighbours of the landscape: as often where many are as they are. */
  #between(): readonly [number, number] {
    const { sample } = this.#land;
    if (sample.length < 2) return this.#anywhere();
    const at = this.#random.integer(sample.length - 1);
    const key = Math.floor(sample[at]! + this.#random.next() * (sample[at + 1]! - sample[at]!));
    if (this.#family.words === 1) return [key, 0];
    const high = Math.floor(key / word);
    return [high, key - high * word];
  }
}
