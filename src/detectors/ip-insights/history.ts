/** The learnt address that has most bits in common with another. */
export interface Nearest {
  readonly high: number;
  readonly low: number;
  /** How many first bits the two have in common, of 64; equal ones of IPv4 have 64 as well. */
  readonly bits: number;
  /** Pairs of the entity with addresses that have these bits too. */
  readonly count: number;
  /** Different addresses of the entity. */
  readonly addresses: number;
}

export interface HistoryState {
  /** Where each row's addresses begin; one more than there are rows. */
  readonly offsets: Uint32Array;
  /** Ascending within a row, each address once. Low words are 0 in IPv4. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** Pairs up to and with each address, from the very first. */
  readonly sums: Float64Array;
}

/** Addresses of one family that each entity was learnt from. */
export class History {
  readonly state: HistoryState;

  /** Throws RangeError when the arrays do not fit together. */
  constructor(state: HistoryState) {
    const { offsets, high, low, sums } = state;
    const fits = low.length === high.length && sums.length === high.length && offsets.at(-1) === high.length;
    if (!fits || offsets.some((offset, row) => offset < (offsets[row - 1] ?? 0)))
      throw new RangeError('The addresses of entities are cut short.');
    this.state = state;
  }

  /** From pairs in any order. */
  static of(size: number, rows: ArrayLike<number>, high: ArrayLike<number>, low?: ArrayLike<number>): History {
    const second = (pair: number): number => low?.[pair] ?? 0;
    const order = Uint32Array.from(rows, (_, pair) => pair).sort(
      (a, b) => rows[a]! - rows[b]! || high[a]! - high[b]! || second(a) - second(b),
    );
    const offsets = new Uint32Array(size + 1);
    const kept = { high: new Uint32Array(order.length), low: new Uint32Array(order.length) };
    const sums = new Float64Array(order.length);
    let [last, before] = [-1, -1];
    for (const [index, pair] of order.entries()) {
      const row = rows[pair]!;
      const same = row === before && kept.high[last] === high[pair] && kept.low[last] === second(pair);
      if (!same) {
        last++;
        kept.high[last] = high[pair]!;
        kept.low[last] = second(pair);
        offsets[row + 1]!++;
      }
      sums[last] = index + 1;
      before = row;
    }
    for (let row = 0; row < size; row++) offsets[row + 1]! += offsets[row]!;
    const length = last + 1;
    return new History({
      offsets,
      high: kept.high.slice(0, length),
      low: kept.low.slice(0, length),
      sums: sums.slice(0, length),
    });
  }

  /** Undefined for an entity without addresses. */
  nearest(row: number, high: number, low = 0): Nearest | undefined {
    const { offsets, sums } = this.state;
    const [from, to] = [offsets[row] ?? 0, offsets[row + 1] ?? 0];
    if (to <= from) return undefined;
    const at = this.#search(from, to, high, low);
    const bits = Math.max(
      ...[at - 1, at].map((index) => (index < from || index >= to ? -1 : this.#common(index, high, low))),
    );
    const index = at < to && this.#common(at, high, low) === bits ? at : at - 1;
    const [highMask, lowMask] = [maskOf(bits), maskOf(bits - 32)];
    const first = this.#search(from, to, (high & highMask) >>> 0, (low & lowMask) >>> 0);
    const after = this.#search(from, to, (high | ~highMask) >>> 0, (low | ~lowMask) >>> 0, true);
    const count = (sums[after - 1] ?? 0) - (first === 0 ? 0 : sums[first - 1]!);
    return { high: this.state.high[index]!, low: this.state.low[index]!, bits, count, addresses: to - from };
  }

  /** The first place whose address is not before this one, or, `beyond`, is after it. */
  #search(from: number, to: number, high: number, low: number, beyond = false): number {
    let [least, most] = [from, to];
    while (least < most) {
      const middle = (least + most) >>> 1;
      const difference = this.state.high[middle]! - high || this.state.low[middle]! - low;
      if (difference < 0 || (beyond && difference === 0)) least = middle + 1;
      else most = middle;
    }
    return least;
  }

  #common(index: number, high: number, low: number): number {
    const first = Math.clz32(this.state.high[index]! ^ high);
    return first < 32 ? first : 32 + Math.clz32(this.state.low[index]! ^ low);
  }
}

/** The first so many of 32 bits. */
const maskOf = (bits: number): number => (bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits));
