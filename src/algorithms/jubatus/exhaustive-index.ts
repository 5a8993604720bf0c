import type { NeighborIndex } from './neighbor-index.ts';
import { NeighborLists } from './neighbor-lists.ts';
import type { RowTable } from './row-table.ts';
import { grown, type Row, sameRow } from './rows.ts';
import { Shortlist } from './shortlist.ts';
import type { Space } from './space.ts';

/**
 * Compares with every row. A new row is measured once; the same distances tell its own neighbours and whose neighbour
 * it becomes, so that a question about a stored row is answered from its list.
 */
export class ExhaustiveIndex implements NeighborIndex {
  private readonly table: RowTable;
  private readonly space: Space;
  private readonly newestFirst: boolean;
  private readonly widest: number;
  private readonly lists: NeighborLists;
  private readonly answer: Shortlist;
  private readonly picked: Shortlist;
  private loaded: Row | undefined;
  /** Whether nothing changed since the row was loaded. */
  private isFresh = false;
  /** From the loaded row to each slot. */
  private distances = new Float64Array(0);
  private scratch = new Float64Array(0);
  /** Whether `picked` holds the rows nearest to the loaded one. */
  private isPicked = false;
  /** The slot that the loaded row became; -1 while it has none. */
  private slot = -1;

  /**
   * @param capacity How many neighbours are remembered for each row.
   * @param widest How many neighbours of a new row are asked for at most.
   */
  constructor(table: RowTable, space: Space, newestFirst: boolean, capacity: number, widest: number) {
    this.table = table;
    this.space = space;
    this.newestFirst = newestFirst;
    this.widest = Math.max(widest, capacity);
    this.lists = new NeighborLists(table, capacity);
    this.answer = new Shortlist(table, this.widest);
    this.picked = new Shortlist(table, this.widest);
  }

  load(row: Row): void {
    // A row that was refused is asked about again.
    if (this.isFresh && sameRow(row, this.loaded!)) return;
    this.isFresh = true;
    const { high } = this.table;
    this.distances = grown(this.distances, high + 1);
    this.space.measure(row, this.distances, high);
    this.loaded = row;
    this.isPicked = false;
    this.slot = -1;
  }

  nearest(count: number): Shortlist {
    if (count > this.widest) {
      this.select(this.distances, this.answer, count);
      return this.answer;
    }
    this.pick();
    this.answer.take(this.picked, count);
    return this.answer;
  }

  nearestTo(slot: number, count: number): Shortlist {
    const { answer, lists, table } = this;
    if (slot === this.slot && count <= this.widest) return this.nearest(count);
    if (count <= lists.capacity && lists.read(slot, count, answer)) return answer;
    this.scratch = grown(this.scratch, table.high);
    this.space.measureFrom(slot, this.scratch, table.high);
    const wanted = Math.max(count, lists.capacity);
    this.select(this.scratch, answer, wanted);
    lists.grow();
    lists.store(slot, answer, answer.size < wanted);
    answer.size = Math.min(count, answer.size);
    return answer;
  }

  insert(slot: number): void {
    const { distances, lists, table, picked } = this;
    this.isFresh = false;
    distances[slot] = Infinity;
    this.pick();
    this.space.insert(slot, this.loaded!);
    lists.grow();
    const { bounds } = lists;
    const { high } = table;
    for (let other = 0; other < high; other++) {
      if (distances[other]! <= bounds[other]!) lists.enter(other, slot, distances[other]!);
    }
    distances[slot] = 0;
    picked.offer(0, slot);
    lists.store(slot, picked, picked.size < this.widest);
    this.slot = slot;
  }

  replace(slot: number): void {
    this.remove(slot);
    this.insert(slot);
  }

  reserve(keys: readonly string[]): void {
    this.space.reserve?.(keys);
  }

  restore(slot: number, row: Row): void {
    this.space.insert(slot, row);
    this.lists.grow();
    this.isFresh = false;
    this.slot = -1;
  }

  remove(slot: number): void {
    this.space.remove(slot);
    this.isFresh = false;
    this.lists.drop(slot);
    this.distances[slot] = Infinity;
    this.isPicked = false;
    if (this.slot === slot) this.slot = -1;
  }

  moved(slot: number): void {
    const { lists, table } = this;
    this.scratch = grown(this.scratch, table.high);
    this.space.measureFrom(slot, this.scratch, table.high);
    for (let other = 0; other < table.high; other++) {
      if (this.scratch[other]! <= lists.bounds[other]!) lists.place(other, slot, this.scratch[other]!);
    }
    this.isPicked = false;
    this.slot = -1;
  }

  private pick(): void {
    if (!this.isPicked) this.select(this.distances, this.picked, this.widest);
    this.isPicked = true;
  }

  private select(distances: Float64Array, out: Shortlist, count: number): void {
    const { high } = this.table;
    out.reset(count);
    // From the end that wins ties, so that late ones are mostly turned away.
    const step = this.newestFirst ? -1 : 1;
    let { worst } = out;
    for (let left = high, slot = this.newestFirst ? high - 1 : 0; left > 0; left--, slot += step) {
      const distance = distances[slot]!;
      if (distance > worst) continue;
      out.offer(distance, slot);
      worst = out.worst;
    }
  }
}
