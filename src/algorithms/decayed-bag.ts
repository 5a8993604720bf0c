/** The place of the totals and of an entry's numbers in the list. */
const head = 2;
const stride = 5;
/** After so many times without complaint, what was in doubt is so no longer. */
const proof = 4;
/** What the count of a value in doubt has on top, as long as it has not come again and from then on. */
const alone = 0.5;
const again = 0.25;
/** In milliseconds: so long nobody had the time to complain of the time before. */
const day = 86_400_000;

/**
 * A small bag of numbered values, each with a weight that fades, how often it came, and when first and last: what
 * somebody is used to. One flat list of numbers, so that many thousand bags are cheap and one is copied as it is.
 * Values are searched one by one: meant for some dozens. Who owns it bounds it with `superfluous` and `drop`.
 */
export class DecayedBag {
  /** The sum of weights, the weight of novelties, then value, weight, count, first and last of each entry. */
  data: number[];

  constructor(data: number[] = [0, 0]) {
    if (data.length < head || (data.length - head) % stride !== 0) throw new RangeError('The bag is cut short.');
    this.data = data;
  }

  get size(): number {
    return (this.data.length - head) / stride;
  }

  /** The sum of all weights. */
  get total(): number {
    return this.data[0] as number;
  }

  /** The weight of `surprise`s. */
  get novelty(): number {
    return this.data[1] as number;
  }

  /** A value came that was new when it could have been a known one; less than 1 for one in doubt. */
  surprise(weight = 1): void {
    (this.data[1] as number) += weight;
  }

  /** The entry of a value, for the functions below; -1 when it is not in the bag. Good until the next change. */
  find(value: number): number {
    const { data } = this;
    for (let at = head; at < data.length; at += stride) if (data[at] === value) return at;
    return -1;
  }

  weight(entry: number): number {
    return this.data[entry + 1] as number;
  }

  /** How often the value came, however long ago; those in doubt do not count. */
  count(entry: number): number {
    return Math.floor(this.data[entry + 2] as number);
  }

  /** Whether the value is known from `doubt`, and less than `proof` times since nobody complained for a day. */
  isDoubted(entry: number): boolean {
    const count = this.data[entry + 2] as number;
    return count !== Math.floor(count);
  }

  first(entry: number): number {
    return this.data[entry + 3] as number;
  }

  last(entry: number): number {
    return this.data[entry + 4] as number;
  }

  /** The entry with the greatest weight; -1 for an empty bag. */
  heaviest(): number {
    return this.#extreme(1);
  }

  value(entry: number): number {
    return this.data[entry] as number;
  }

  /** Count a value once; true when it was not in the bag. `hint` is where `find` found it before, if it did. */
  add(value: number, time: number, hint = -1): boolean {
    const { data } = this;
    (data[0] as number) += 1;
    const entry = hint >= head && data[hint] === value ? hint : this.find(value);
    if (entry < 0) {
      // Not pushed: a list that grows takes room for more.
      this.data = data.concat([value, 1, 1, time, time]);
      return true;
    }
    (data[entry + 1] as number) += 1;
    const count = data[entry + 2] as number;
    data[entry + 2] = this.isDoubted(entry) ? proven(count, time - this.last(entry)) : count + 1;
    if (time < (data[entry + 3] as number)) data[entry + 3] = time;
    if (time > (data[entry + 4] as number)) data[entry + 4] = time;
    return false;
  }

  /** Count a value once of which nobody knows whether it was rightly so; true when it was not in the bag. */
  doubt(value: number, time: number): boolean {
    const entry = this.find(value);
    if (entry >= 0 && !this.isDoubted(entry)) return this.add(value, time, entry);
    const count = entry < 0 ? alone : (this.data[entry + 2] as number);
    const isNew = this.add(value, time, entry);
    this.data[this.find(value) + 2] = count;
    return isNew;
  }

  /** Of a value in the bag nothing is in doubt, and it is taken to have come first so long before it came last. */
  vouch(value: number, before: number): void {
    const entry = this.find(value);
    if (entry < 0) return;
    this.data[entry + 2] = Math.max(1, this.count(entry));
    this.data[entry + 3] = Math.min(this.first(entry), this.last(entry) - before);
  }

  /** Let every weight fade by a factor; the least that is left. */
  fade(factor: number): number {
    const { data } = this;
    (data[0] as number) *= factor;
    (data[1] as number) *= factor;
    let least = Number.POSITIVE_INFINITY;
    for (let at = head + 1; at < data.length; at += stride) {
      const left = (data[at] as number) * factor;
      data[at] = left;
      if (left < least) least = left;
    }
    return least;
  }

  /** The entry with the least weight when there are more than `most`, or when it is less than `least`; else -1. */
  superfluous(most: number, least = 0): number {
    const entry = this.#extreme(-1);
    return entry < 0 || (this.size <= most && this.weight(entry) >= least) ? -1 : entry;
  }

  drop(entry: number): void {
    const { data } = this;
    data[0] = Math.max(0, (data[0] as number) - this.weight(entry));
    const last = data.length - stride;
    for (let i = 0; i < stride; i++) data[entry + i] = data[last + i] as number;
    this.data = data.slice(0, last);
  }

  /** Every value in the bag. */
  *values(): Generator<number> {
    for (let at = head; at < this.data.length; at += stride) yield this.data[at] as number;
  }

  #extreme(sign: 1 | -1): number {
    let found = -1;
    let best = Number.NEGATIVE_INFINITY;
    for (let at = head; at < this.data.length; at += stride) {
      const weight = sign * this.weight(at);
      if (weight > best) [found, best] = [at, weight];
    }
    return found;
  }
}

/** The count of a value in doubt that came again after a pause. */
function proven(count: number, pause: number): number {
  if (count % 1 === alone) return count - alone + again;
  if (pause < day) return count;
  return count + 1 < proof ? count + 1 : Math.floor(count + 1);
}
