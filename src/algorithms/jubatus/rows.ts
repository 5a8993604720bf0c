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

/** A row from features: see `Feature`. The squares of its values, and their products, stay finite. */
export function rowFrom(vector: FeatureVector, under?: Row): Row {
  const at = new Map<string, number>();
  const keys: string[] = [];
  const values: number[] = [];
  const kept = under?.keys.length ?? 0;
  for (let i = 0; i < kept; i++) {
    at.set(under!.keys[i]!, i);
    keys.push(under!.keys[i]!);
    values.push(under!.values[i]!);
  }
  const given = new Set<string>();
  for (const [key, value] of vector) {
    const old = at.get(key);
    if (Number.isNaN(value) || (value === 0 && (old === undefined || old >= kept))) continue;
    const bounded = Math.max(-greatest, Math.min(greatest, value));
    if (old === undefined) {
      at.set(key, keys.length);
      keys.push(key);
      values.push(bounded);
    } else if (old < kept && !given.has(key)) values[old] = bounded;
    else values[old] = Math.max(-greatest, Math.min(greatest, values[old]! + bounded));
    if (old !== undefined && old < kept) given.add(key);
  }
  if (kept === 0 || !values.includes(0)) return { keys, values };
  return { keys: keys.filter((_, i) => values[i] !== 0), values: values.filter((value) => value !== 0) };
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
