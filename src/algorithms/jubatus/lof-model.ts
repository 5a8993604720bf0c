import { createIndex } from './engines.ts';
import { LocalDensities } from './local-densities.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import type { LofParameters } from './parameters.ts';
import type { RowTable } from './row-table.ts';
import { type Row, rawRow } from './rows.ts';
import type { Shortlist } from './shortlist.ts';
import { createUnlearner, type Unlearner } from './unlearner.ts';

/** The rows of a local outlier factor; when one comes or goes, those around it are brought up to date. */
export class LofModel {
  readonly densities: LocalDensities;
  readonly unlearner: Unlearner | undefined;
  table!: RowTable;
  index!: NeighborIndex;
  private readonly parameters: LofParameters;
  private readonly isFixed: boolean;
  private readonly isLight: boolean;
  /** Whether a row without features is none that can be found. */
  private readonly hidesEmpty: boolean;
  private readonly touched = new Set<number>();
  /** The id of the row without features, while it is the last that came. */
  private hidden: string | undefined;

  constructor(parameters: LofParameters) {
    this.parameters = parameters;
    this.isFixed = parameters.compat === 'fixed';
    this.isLight = parameters.method === 'light_lof';
    this.hidesEmpty = !this.isFixed && parameters.engine.method.startsWith('inverted_index');
    this.densities = new LocalDensities(parameters);
    this.unlearner = parameters.unlearner && createUnlearner(parameters.unlearner, this.isFixed);
    this.clear();
  }

  clear(): void {
    const { table, index } = createIndex(this.parameters);
    this.table = table;
    this.index = index;
    this.unlearner?.clear();
  }

  /** Takes in a row, or other features for one; false when it is refused as the k-th same point. */
  put(id: string, row: Row): boolean {
    const { touched } = this;
    if (!this.isLight) this.admit(id);
    touched.clear();
    if (!this.insert(id, row)) return false;
    this.densities.refresh(touched, this.index);
    this.unlearnLate(id);
    return true;
  }

  /** The same for many rows, each made when it is its turn; the ids of those not refused. */
  putAll<Given>(
    rows: readonly (readonly [id: string, given: Given])[],
    rowOf: (id: string, given: Given) => Row,
  ): string[] {
    const { touched, unlearner, isLight } = this;
    const added: string[] = [];
    touched.clear();
    for (const [id, given] of rows) {
      if (!isLight && unlearner?.admits(id) === false) continue;
      if (!this.insert(id, rowOf(id, given), isLight)) continue;
      added.push(id);
      this.unlearnLate(id);
    }
    // light_lof takes in all the rows before it forgets any or looks around.
    for (const id of isLight ? added : []) this.settle(id);
    this.densities.refresh(touched, this.index);
    return added;
  }

  remove(slot: number): void {
    this.index.remove(slot);
    const moved = this.table.remove(slot);
    if (moved !== undefined) this.index.moved?.(moved);
  }

  /** Of a stored row, judged without itself. @throws RangeError when there is no such row. */
  score(id: string): number {
    const k = this.parameters.nearestNeighborNum;
    if (id === this.hidden) {
      this.index.load(rawRow([]));
      return this.densities.factor(this.index.nearest(k + 1), -1);
    }
    const slot = this.known(id);
    return this.densities.factor(this.index.nearestTo(slot, k + 1), slot);
  }

  /** Of a row that is not stored. */
  scoreOf(row: Row): number {
    this.index.load(row);
    return this.densities.factor(this.index.nearest(this.parameters.nearestNeighborNum), -1);
  }

  /** The slot of a row. @throws RangeError when there is no such row. */
  known(id: string): number {
    const slot = this.table.slot(id);
    if (slot === undefined) throw new RangeError(`There is no row ${id}.`);
    return slot;
  }

  /** Takes in a row, the rows around it to be brought up to date; `settle` is left to do for a part of many. */
  private insert(id: string, row: Row, isPartOfMany = false): boolean {
    const { index, table, touched, parameters } = this;
    const { reverseNearestNeighborNum } = parameters;
    const known = table.slot(id);
    index.load(row);
    if (parameters.ignoreKthSamePoint && this.isKthSame()) return false;
    if (!isPartOfMany) this.makeRoom(id);
    this.hidden = this.hidesEmpty && row.keys.length === 0 ? id : undefined;
    if (this.hidden !== undefined) {
      this.hide(row, known);
      return true;
    }
    let slot = known;
    if (slot === undefined) {
      slot = table.add(id, row);
      this.densities.set(slot, isPartOfMany && !this.isFixed ? -1 : 0, 1);
      index.insert(slot);
    } else {
      this.touch(index.nearestTo(slot, reverseNearestNeighborNum));
      table.replace(slot, row);
      index.replace(slot);
    }
    if (!isPartOfMany) this.touch(index.nearestTo(slot, reverseNearestNeighborNum));
    touched.add(slot);
    return true;
  }

  /** Whether the loaded row is there k - 1 times. */
  private isKthSame(): boolean {
    const others = this.parameters.nearestNeighborNum - 1;
    const { size, distances } = this.index.nearest(others);
    return size === others && distances[size - 1] === 0;
  }

  /** A row without features brings those around it up to date and is not stored. */
  private hide(row: Row, slot: number | undefined): void {
    const { index, touched, parameters } = this;
    const { reverseNearestNeighborNum } = parameters;
    if (slot !== undefined) {
      this.touch(index.nearestTo(slot, reverseNearestNeighborNum));
      this.remove(slot);
      touched.delete(slot);
    }
    index.load(row);
    this.touch(index.nearest(reverseNearestNeighborNum));
  }

  private settle(id: string): void {
    this.makeRoom(id);
    const slot = this.table.slot(id);
    if (slot === undefined) return;
    this.touch(this.index.nearestTo(slot, this.parameters.reverseNearestNeighborNum));
    if (this.densities.of(slot).kDistance < 0) this.densities.set(slot, 0, 1);
  }

  private makeRoom(id: string): void {
    if (this.isLight) this.admit(id);
    if (this.parameters.unlearner?.isLate !== true) this.unlearn(id);
  }

  /** Refuses a row when there are only sticky ones that could go. */
  private admit(id: string): void {
    if (this.unlearner?.admits(id) === false) throw new RangeError(`No row can be forgotten to make room for ${id}.`);
  }

  private unlearnLate(id: string): void {
    if (this.parameters.unlearner?.isLate === true) this.unlearn(id);
  }

  private unlearn(id: string): void {
    const evicted = this.unlearner?.touch(id);
    const slot = evicted === undefined ? undefined : this.table.slot(evicted);
    if (slot !== undefined) this.evict(slot);
  }

  private touch({ slots, size }: Shortlist): void {
    for (let i = 0; i < size; i++) this.touched.add(slots[i]!);
  }

  /** The light variant brings the rows up to date that the evicted one was a neighbour of; the other does not. */
  private evict(slot: number): void {
    if (this.isLight) {
      const around = new Set<number>();
      const { slots, size } = this.index.nearestTo(slot, this.parameters.reverseNearestNeighborNum);
      for (let i = 0; i < size; i++) if (slots[i] !== slot) around.add(slots[i]!);
      this.remove(slot);
      this.densities.refresh(around, this.index);
    } else this.remove(slot);
    this.touched.delete(slot);
  }
}
