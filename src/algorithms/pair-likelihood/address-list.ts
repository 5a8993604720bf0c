import { magnitude, sharedBits } from './prefix.ts';

const greatest = 0xffff_ffff;
/** The share of addresses that are let go at once. */
const pruned = 1 / 8;

/**
 * The addresses of one entity in order, with how often each was seen. One array: all high words, then all low words (IPv6
 * alone), then the number of pairs up to and with each address, so that any range is counted by two searches.
 */
export class AddressList {
  readonly words: 1 | 2;
  #data: Uint32Array;
  #room = 0;
  #size = 0;

  constructor(words: 1 | 2, room = 0) {
    this.words = words;
    this.#room = room;
    this.#data = new Uint32Array(room * (words + 1));
  }

  /** How many addresses. */
  get size(): number {
    return this.#size;
  }

  /** How many pairs. */
  get pairs(): number {
    return this.until(this.#size - 1);
  }

  high(at: number): number {
    return this.#data[at]!;
  }

  low(at: number): number {
    return this.words === 1 ? 0 : this.#data[this.#room + at]!;
  }

  /** The address as one number. */
  key(at: number): number {
    return magnitude(this.words, this.high(at), this.low(at));
  }

  /** Pairs up to and with the address at a place; 0 for -1. */
  until(at: number): number {
    return at < 0 ? 0 : this.#data[this.#room * this.words + at]!;
  }

  count(at: number): number {
    return this.until(at) - this.until(at - 1);
  }

  /** The first place from `from` and before `to` whose address is not less; `to` when all are. */
  place(high: number, low: number, from = 0, to = this.#size): number {
    const data = this.#data;
    const room = this.#room;
    let [least, most] = [from, to];
    if (this.words === 1) {
      while (least < most) {
        const middle = (least + most) >>> 1;
        if (data[middle]! < high) least = middle + 1;
        else most = middle;
      }
      return least;
    }
    while (least < most) {
      const middle = (least + most) >>> 1;
      const word = data[middle]!;
      if (word < high || (word === high && data[room + middle]! < low)) least = middle + 1;
      else most = middle;
    }
    return least;
  }

  /** As `place`, quicker where the first in question is not less. */
  start(high: number, low: number, from: number, to: number): number {
    return from < to && this.#less(from, high, low) ? this.place(high, low, from + 1, to) : from;
  }

  /** The first place after the addresses that are not greater; quick where all in question are not. */
  end(high: number, low: number, from: number, to: number): number {
    if (from >= to || !this.#less(to - 1, high, low)) {
      const at = this.place(high, low, from, to);
      return at < to && this.holds(high, low, at) ? at + 1 : at;
    }
    return to;
  }

  #less(at: number, high: number, low: number): boolean {
    const word = this.#data[at]!;
    return word < high || (this.words === 2 && word === high && this.#data[this.#room + at]! < low);
  }

  holds(high: number, low: number, at: number): boolean {
    return at < this.#size && this.high(at) === high && (this.words === 1 || this.low(at) === low);
  }

  /** The place of the pair of this number, from 0. */
  ofPair(pair: number): number {
    const start = this.#room * this.words;
    let [least, most] = [0, this.#size];
    while (least < most) {
      const middle = (least + most) >>> 1;
      if (this.#data[start + middle]! <= pair) least = middle + 1;
      else most = middle;
    }
    return least;
  }

  /** The longest prefix shared with any address, of one that is or would be at a place; -1 without any. */
  bits(high: number, low: number, at: number): number {
    let bits = -1;
    if (at > 0) bits = sharedBits(high, low, this.high(at - 1), this.low(at - 1));
    if (at < this.#size) bits = Math.max(bits, sharedBits(high, low, this.high(at), this.low(at)));
    return Math.min(bits, 32 * this.words);
  }

  /** Count an address `times` more at its place; false when there are more pairs already than can be counted. */
  add(high: number, low: number, at: number, times: number): boolean {
    if (this.pairs + times > greatest) return false;
    if (!this.holds(high, low, at)) this.#insert(high, low, at);
    this.#shift(at, times);
    return true;
  }

  /** Count the address at a place so many times less, at most as often as it was seen. */
  remove(at: number, times: number): void {
    const gone = this.count(at) === times;
    this.#shift(at, -times);
    if (!gone) return;
    for (let start = 0; start < this.#data.length; start += this.#room)
      this.#data.copyWithin(start + at, start + at + 1, start + this.#size);
    this.#size--;
  }

  #shift(from: number, by: number): void {
    const data = this.#data;
    const start = this.#room * this.words;
    for (let i = start + from, end = start + this.#size; i < end; i++) data[i]! += by;
  }

  #insert(high: number, low: number, at: number): void {
    if (this.#size === this.#room) this.#widen();
    const data = this.#data;
    const room = this.#room;
    const before = this.until(at - 1);
    for (let start = 0; start < data.length; start += room)
      data.copyWithin(start + at + 1, start + at, start + this.#size);
    data[at] = high;
    if (this.words === 2) data[room + at] = low;
    data[room * this.words + at] = before;
    this.#size++;
  }

  #widen(): void {
    const [data, room] = [this.#data, this.#room];
    this.#room = Math.ceil(room * 1.5) + 2;
    this.#data = new Uint32Array(this.#room * (this.words + 1));
    for (let part = 0; part <= this.words; part++)
      this.#data.set(data.subarray(part * room, part * room + this.#size), part * this.#room);
  }

  /**
   * A shorter list: an eighth of the addresses go, the least often seen and of those the ones with another close by. The
   * nearest that stays takes their pairs over.
   */
  prune(): AddressList {
    const size = this.#size;
    const all = Uint32Array.from({ length: size }, (_, at) => at);
    const gap = (at: number): number =>
      at < 0 || at >= size - 1 ? Number.POSITIVE_INFINITY : this.key(at + 1) - this.key(at);
    const gaps = Float64Array.from(all, (at) => Math.min(gap(at - 1), gap(at)));
    const order = all.toSorted((a, b) => this.count(a) - this.count(b) || gaps[a]! - gaps[b]! || a - b);
    const kept = order.subarray(Math.ceil(size * pruned)).sort();
    const list = new AddressList(this.words, kept.length);
    for (const [to, at] of kept.entries()) list.add(this.high(at), this.low(at), to, this.count(at));
    let next = 0;
    for (const at of all) {
      if (kept[next] === at) next++;
      else list.#shift(this.#nearer(at, kept[next - 1], kept[next]) ? next - 1 : next, this.count(at));
    }
    return list;
  }

  /** Whether the one before is nearer than the one after. */
  #nearer(at: number, before: number | undefined, after: number | undefined): boolean {
    if (before === undefined || after === undefined) return after === undefined;
    return this.key(at) - this.key(before) <= this.key(after) - this.key(at);
  }
}
