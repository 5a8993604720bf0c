import type { FeatureVector } from './parameters.ts';

/** A cleaned feature vector; the numbers are not 0. */
export interface Row {
  readonly keys: readonly string[];
  readonly values: readonly number[];
}

/** Whether two rows are the same, features in the same order. */
export function sameRow(a: Row, b: Row): boolean {
  if (a.keys.length !== b.keys.length) return false;
  for (let i = 0; i < a.keys.length; i++) if (a.values[i] !== b.values[i] || a.keys[i] !== b.keys[i]) return false;
  return true;
}

const greatest = 1e70;

const bounded = (value: number): number => Math.max(-greatest, Math.min(greatest, value));

/** A row from features, laid over another one. Squares of its values, and their products, stay finite. */
export function rowFrom(vector: FeatureVector, under?: Row): Row {
  const sums = new Map<string, number>();
  for (const [key, value] of vector) {
    if (!Number.isNaN(value)) sums.set(key, bounded((sums.get(key) ?? 0) + bounded(value)));
  }
  let merged = sums;
  if (under !== undefined) {
    merged = new Map();
    for (let i = 0; i < under.keys.length; i++) merged.set(under.keys[i]!, under.values[i]!);
    for (const [key, value] of sums) merged.set(key, value);
  }
  const keys: string[] = [];
  const values: number[] = [];
  for (const [key, value] of merged) {
    if (value === 0) continue;
    keys.push(key);
    values.push(value);
  }
  return { keys, values };
}

/** Room for at least `size` numbers, what was there kept. */
export function grown<A extends Float64Array | Uint32Array | Int32Array | Uint8Array>(
  array: A,
  size: number,
  least = 64,
): A {
  if (array.length >= size) return array;
  const larger = new (array.constructor as new (length: number) => A)(Math.max(size, 2 * array.length, least));
  larger.set(array);
  return larger;
}

/** Ids and rows by slot: a small number, used again after its row is gone. */
export class RowTable {
  /** One more than the highest slot in use. */
  high = 0;
  /** Of two rows at one distance the one of lower priority is nearer. */
  priority = new Float64Array(64);
  /** Counts a slot's removals, so that a reference to a row that is gone is known as such. */
  generation = new Uint32Array(64);
  private readonly slots = new Map<string, number>();
  private readonly ids: (string | undefined)[] = [];
  private readonly rows: (Row | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly names = new Map<string, { readonly key: string; uses: number }>();
  private readonly newestFirst: boolean;
  private next = 0;

  constructor(newestFirst: boolean) {
    this.newestFirst = newestFirst;
  }

  get size(): number {
    return this.slots.size;
  }

  slot(id: string): number | undefined {
    return this.slots.get(id);
  }

  id(slot: number): string {
    return this.ids[slot]!;
  }

  row(slot: number): Row {
    return this.rows[slot]!;
  }

  /** Ids, the first added first. */
  order(): string[] {
    return [...this.slots.keys()];
  }

  /** How many rows were ever added. */
  get added(): number {
    return this.next;
  }

  /** The features of the rows, oldest first. */
  keys(): string[] {
    return [...this.names.keys()];
  }

  /** For rows to come that were saved: what `keys` and `added` said then. */
  reserve(keys: readonly string[], added: number): void {
    for (const key of keys) this.names.set(key, { key, uses: 0 });
    this.next = added;
  }

  /** The number of a row among all ever added. */
  sequence(slot: number): number {
    return Math.abs(this.priority[slot]!);
  }

  add(id: string, row: Row, sequence = this.next++): number {
    const slot = this.free.pop() ?? this.high++;
    this.priority = grown(this.priority, this.high);
    this.generation = grown(this.generation, this.high);
    this.priority[slot] = this.newestFirst ? -sequence : sequence;
    this.slots.set(id, slot);
    this.ids[slot] = id;
    this.rows[slot] = this.interned(row);
    return slot;
  }

  /** The same id and place among ties, other features. */
  replace(slot: number, row: Row): void {
    this.release(slot);
    this.rows[slot] = this.interned(row);
  }

  remove(slot: number): void {
    this.release(slot);
    this.slots.delete(this.ids[slot]!);
    this.ids[slot] = undefined;
    this.rows[slot] = undefined;
    this.free.push(slot);
  }

  private interned(row: Row): Row {
    const keys = row.keys.map((key) => {
      let name = this.names.get(key);
      if (name === undefined) {
        name = { key, uses: 0 };
        this.names.set(key, name);
      }
      name.uses++;
      return name.key;
    });
    return { keys, values: row.values };
  }

  private release(slot: number): void {
    this.generation[slot]!++;
    for (const key of this.rows[slot]!.keys) {
      const name = this.names.get(key)!;
      if (--name.uses === 0) this.names.delete(key);
    }
  }
}
