/**
 * Collects the nearest rows met so far: the fewest rows, in order of (rank, row), whose counts reach k. A rank is
 * anything that grows with distance, such as its square. A binary heap with the worst row on top.
 */
export class Nearest {
  /** The rank beyond which a row cannot enter; a row of just this rank may still win by its number. */
  worst = Infinity;
  size = 0;
  readonly rows: Uint32Array;
  readonly ranks: Float64Array;
  /** How often each row counts. */
  private readonly counts: Uint32Array | undefined;
  /** The k asked for. */
  wanted = 0;
  private total = 0;
  private own = -1;

  /** @param counts How often each row counts; each once when absent. */
  constructor(capacity: number, counts?: Uint32Array) {
    this.rows = new Uint32Array(capacity + 1);
    this.ranks = new Float64Array(capacity + 1);
    this.counts = counts;
  }

  /** Start over. Row `own`, when given, counts once less than it does otherwise. */
  reset(k: number, own = -1): void {
    this.wanted = k;
    this.own = own;
    this.restart();
  }

  /** Start over with the same question. */
  restart(): void {
    this.size = 0;
    this.total = 0;
    this.worst = Infinity;
  }

  /** How often a row counts in this search. */
  count(row: number): number {
    const count = this.counts === undefined ? 1 : this.counts[row]!;
    return row === this.own ? count - 1 : count;
  }

  /** Returns false when the row is too far to enter: so is then every other row of this rank and a higher number. */
  offer(rank: number, row: number): boolean {
    if (rank > this.worst) return false;
    if (rank === this.worst && row > this.rows[0]!) return false;
    const count = this.count(row);
    if (count === 0) return true;
    if (this.worst !== Infinity && this.total - this.count(this.rows[0]!) + count >= this.wanted) {
      this.total += count - this.count(this.rows[0]!);
      this.sink(0, rank, row);
    } else {
      this.total += count;
      this.rise(rank, row);
    }
    while (this.total - this.count(this.rows[0]!) >= this.wanted) this.pop();
    if (this.total >= this.wanted) this.worst = this.ranks[0]!;
    return true;
  }

  /** Put what was found in order, nearest first. Only `reset` or `restart` may follow. */
  sort(): void {
    const { rows, ranks, size } = this;
    for (let end = size - 1; end > 0; end--) {
      const rank = ranks[0]!;
      const row = rows[0]!;
      this.size = end;
      this.sink(0, ranks[end]!, rows[end]!);
      ranks[end] = rank;
      rows[end] = row;
    }
    this.size = size;
  }

  private pop(): void {
    this.total -= this.count(this.rows[0]!);
    this.size--;
    this.sink(0, this.ranks[this.size]!, this.rows[this.size]!);
  }

  private rise(rank: number, row: number): void {
    const { rows, ranks } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (ranks[parent]! > rank || (ranks[parent] === rank && rows[parent]! > row)) break;
      ranks[at] = ranks[parent]!;
      rows[at] = rows[parent]!;
      at = parent;
    }
    ranks[at] = rank;
    rows[at] = row;
  }

  private sink(from: number, rank: number, row: number): void {
    const { rows, ranks, size } = this;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (
        right < size &&
        (ranks[right]! > ranks[child]! || (ranks[right] === ranks[child] && rows[right]! > rows[child]!))
      ) {
        child = right;
      }
      if (rank > ranks[child]! || (rank === ranks[child] && row > rows[child]!)) break;
      ranks[at] = ranks[child]!;
      rows[at] = rows[child]!;
      at = child;
    }
    ranks[at] = rank;
    rows[at] = row;
  }
}
