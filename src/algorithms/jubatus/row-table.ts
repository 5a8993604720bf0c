import { grown, type Row } from './rows.ts';

/** Of so many rows that are gone the numbers are remembered. */
const mostFormer = 65_536;

/**
 * Which of two rows at one distance is nearer. 'newest' and 'oldest' as they were added; of 1.1.1 ('newest-known',
 * 'oldest-known') a row that comes again takes its old place. 'place' is the place in a table where the last row moves to
 * the place of one that is removed.
 */
export type TieOrder = 'newest' | 'newest-known' | 'oldest-known' | 'place';

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
  readonly ties: TieOrder;
  /** The numbers of rows that are gone, for when they come again. */
  private readonly former = new Map<string, number>();
  /** Slots by place, where rows are moved. */
  private readonly places: number[] = [];
  private next = 0;

  constructor(ties: TieOrder) {
    this.ties = ties;
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
    return [...this.slots].sort(([, a], [, b]) => this.sequence(a) - this.sequence(b)).map(([id]) => id);
  }

  /** The numbers of rows that are gone. */
  gone(): [id: string, sequence: number][] {
    return [...this.former];
  }

  /** How many rows were ever added. */
  get added(): number {
    return this.next;
  }

  /** The features of the rows, oldest first. */
  keys(): string[] {
    return [...this.names.keys()];
  }

  /** For rows to come that were saved: what `keys`, `added` and `gone` said then. */
  reserve(keys: readonly string[], added: number, gone: readonly (readonly [id: string, sequence: number])[]): void {
    for (const [id, sequence] of gone) this.former.set(id, sequence);
    for (const key of keys) this.names.set(key, { key, uses: 0 });
    this.next = added;
  }

  /** The number of a row among all ever added. */
  sequence(slot: number): number {
    return Math.abs(this.priority[slot]!);
  }

  add(id: string, row: Row, sequence = this.sequenceFor(id)): number {
    this.former.delete(id);
    const slot = this.free.pop() ?? this.high++;
    this.priority = grown(this.priority, this.high);
    this.generation = grown(this.generation, this.high);
    this.priority[slot] = this.ties.startsWith('newest') ? -sequence : sequence;
    if (this.ties === 'place') this.places[sequence] = slot;
    this.slots.set(id, slot);
    this.ids[slot] = id;
    this.rows[slot] = this.interned(row);
    return slot;
  }

  private sequenceFor(id: string): number {
    if (this.ties !== 'place') return this.former.get(id) ?? this.next++;
    this.next = Math.max(this.next, this.places.length + 1);
    return this.places.length;
  }

  /** The same id and place among ties, other features. */
  replace(slot: number, row: Row): void {
    this.release(slot);
    this.rows[slot] = this.interned(row);
  }

  /** Returns the slot whose priority is another one now. */
  remove(slot: number): number | undefined {
    this.release(slot);
    const id = this.ids[slot]!;
    if (this.ties.endsWith('known')) this.former.set(id, this.sequence(slot));
    if (this.former.size > mostFormer) this.former.delete(this.former.keys().next().value!);
    this.slots.delete(id);
    this.ids[slot] = undefined;
    this.rows[slot] = undefined;
    this.free.push(slot);
    if (this.ties !== 'place') return undefined;
    const place = this.priority[slot]!;
    const moved = this.places.pop()!;
    if (moved === slot) return undefined;
    this.places[place] = moved;
    this.priority[moved] = place;
    return moved;
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
