import { HashSetOrder } from './hash-set-order.ts';
import { grown } from './rows.ts';

const order = new HashSetOrder();

/** Turns numbers into the slots of those rows that are there. */
function slotsOf(numbers: Uint32Array, slotOf: ReadonlyMap<number, number>): Uint32Array {
  let live = 0;
  for (const number of numbers) {
    const slot = slotOf.get(number);
    if (slot !== undefined) numbers[live++] = slot;
  }
  return numbers.subarray(0, live);
}

/** The numbers of the rows with one hash, ascending: those that are gone too. */
export class Bucket {
  readonly key: number;
  numbers = new Uint32Array(4);
  size = 0;
  private slots = new Uint32Array(0);
  private isChanged = true;

  constructor(key: number) {
    this.key = key;
  }

  /** False when it is there. */
  add(number: number): boolean {
    const at = this.find(number);
    if (at < this.size && this.numbers[at] === number) return false;
    this.numbers = grown(this.numbers, this.size + 1);
    this.numbers.copyWithin(at + 1, at, this.size++);
    this.numbers[at] = number;
    this.isChanged = true;
    return true;
  }

  delete(number: number): void {
    const at = this.find(number);
    if (this.numbers[at] !== number || at >= this.size) return;
    this.numbers.copyWithin(at, at + 1, this.size--);
    this.isChanged = true;
  }

  /** A row of which the number is in here came or went. */
  change(): void {
    this.isChanged = true;
  }

  /** The slots of the rows that are there, in the order of a hash set with all the numbers. Good until the next change. */
  inOrder(slotOf: ReadonlyMap<number, number>): Uint32Array {
    if (!this.isChanged) return this.slots;
    this.isChanged = false;
    this.slots = slotsOf(order.arrange(this.numbers, this.size), slotOf).slice();
    return this.slots;
  }

  /** Where a number is, or belongs. */
  private find(number: number): number {
    const { numbers } = this;
    let to = this.size;
    if (to === 0 || numbers[to - 1]! < number) return to;
    let from = 0;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (numbers[middle]! < number) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** The numbers of several buckets, each once. */
export class Candidates {
  private readonly seen = new Set<number>();
  private numbers = new Uint32Array(0);

  get size(): number {
    return this.seen.size;
  }

  clear(): void {
    this.seen.clear();
  }

  add(bucket: Bucket | undefined): void {
    if (bucket === undefined) return;
    const { seen } = this;
    const { numbers, size } = bucket;
    this.numbers = grown(this.numbers, seen.size + size);
    for (let i = 0; i < size; i++) {
      if (seen.has(numbers[i]!)) continue;
      this.numbers[seen.size] = numbers[i]!;
      seen.add(numbers[i]!);
    }
  }

  /** As of a bucket; good until the next question. */
  inOrder(slotOf: ReadonlyMap<number, number>): Uint32Array {
    return slotsOf(order.arrange(this.numbers, this.size), slotOf);
  }
}
