import { createIndex } from './engines.ts';
import { LocalDensities } from './local-densities.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import { checkParameters, type FeatureVector, type LofParameters } from './parameters.ts';
import { type Row, type RowTable, rawRow, rowFrom } from './rows.ts';
import { readState, type SavedAnomaly, saveState } from './saved.ts';
import type { Shortlist } from './shortlist.ts';
import { createUnlearner, type Unlearner } from './unlearner.ts';

/**
 * Jubatus' anomaly engine: the local outlier factor of Breunig et al. (2000) over rows that come one by one, where an
 * insertion brings only the rows around it up to date. A score is about 1 for an ordinary row, higher for a stranger
 * one. '1.1.1' scores Infinity where a row has no neighbours, and 0 for the copy of a whole neighbourhood.
 */
export interface Anomaly {
  readonly size: number;
  /** Adds a row or merges features into it; false, and nothing happens, when it is refused as the k-th same point. */
  update(id: string, vector: FeatureVector): boolean;
  /** The same, the row's old features forgotten: with lof of '1.1.1' also when it is refused. */
  overwrite(id: string, vector: FeatureVector): boolean;
  /** Adds rows, or merges into them; the rows around all of them are brought up to date once. The ids of those not refused. */
  addBulk(rows: readonly (readonly [id: string, vector: FeatureVector])[]): string[];
  clearRow(id: string): void;
  clear(): void;
  /** Of a stored row, judged without itself. @throws RangeError when there is no such row. */
  score(id: string): number;
  /** Of a row that is not stored: Jubatus' calc_score. Pure. */
  scoreOf(vector: FeatureVector): number;
  /** Of a row as it would be after `update`. Pure. */
  scoreUpdated(id: string, vector: FeatureVector): number;
  /** The nearest stored rows, nearest first; possibly fewer than asked for. */
  neighbors(vector: FeatureVector, count: number): { id: string; distance: number }[];
  /** The first added first. */
  ids(): string[];
  /** The features of a stored row. @throws RangeError when there is no such row. */
  row(id: string): FeatureVector;
  save(): SavedAnomaly;
}

class LofAnomaly implements Anomaly {
  private readonly parameters: LofParameters;
  private readonly isFixed: boolean;
  private readonly isLight: boolean;
  private readonly unlearner: Unlearner | undefined;
  private table!: RowTable;
  private index!: NeighborIndex;
  private readonly densities: LocalDensities;
  private readonly touched = new Set<number>();
  /** Whether a row without features is none that can be found. */
  private readonly hidesEmpty: boolean;
  private hidden: string | undefined;

  constructor(parameters: LofParameters) {
    checkParameters(parameters);
    this.parameters = parameters;
    this.isFixed = parameters.compat === 'fixed';
    this.isLight = parameters.method === 'light_lof';
    this.hidesEmpty = !this.isFixed && parameters.engine.method.startsWith('inverted_index');
    this.densities = new LocalDensities(parameters);
    this.unlearner = parameters.unlearner && createUnlearner(parameters.unlearner, this.isFixed);
    this.clear();
  }

  get size(): number {
    return this.table.size;
  }

  clear(): void {
    const { table, index } = createIndex(this.parameters);
    this.table = table;
    this.index = index;
    this.unlearner?.clear();
  }

  update(id: string, vector: FeatureVector): boolean {
    this.refuseLight('update');
    return this.put(id, this.merged(id, vector));
  }

  overwrite(id: string, vector: FeatureVector): boolean {
    if (this.isLight || this.isFixed) return this.put(id, this.stored(vector));
    const slot = this.table.slot(id);
    if (slot !== undefined) this.remove(slot);
    return this.put(id, this.stored(vector));
  }

  addBulk(rows: readonly (readonly [id: string, vector: FeatureVector])[]): string[] {
    const { touched, unlearner, isLight } = this;
    const added: string[] = [];
    touched.clear();
    for (const [id, vector] of rows) {
      if (!isLight && unlearner?.admits(id) === false) continue;
      if (!this.insert(id, isLight ? this.stored(vector) : this.merged(id, vector), isLight)) continue;
      added.push(id);
      this.unlearnLate(id);
    }
    // light_lof takes in all the rows before it forgets any or looks around.
    for (const id of isLight ? added : []) this.settle(id);
    this.densities.refresh(touched, this.index);
    return added;
  }

  clearRow(id: string): void {
    this.refuseLight('clear_row');
    const slot = this.table.slot(id);
    if (slot !== undefined) this.remove(slot);
    this.unlearner?.forget(id);
  }

  score(id: string): number {
    const k = this.parameters.nearestNeighborNum;
    if (id === this.hidden) {
      this.index.load(rawRow([]));
      return this.densities.factor(this.index.nearest(k + 1), -1);
    }
    const slot = this.known(id);
    return this.densities.factor(this.index.nearestTo(slot, k + 1), slot);
  }

  scoreOf(vector: FeatureVector): number {
    return this.scoreRow(this.queried(vector));
  }

  scoreUpdated(id: string, vector: FeatureVector): number {
    this.refuseLight('calc_score of a row');
    return this.scoreRow(this.merged(id, vector));
  }

  neighbors(vector: FeatureVector, count: number): { id: string; distance: number }[] {
    if (!(count >= 1)) return [];
    this.index.load(this.queried(vector));
    const { slots, distances, size } = this.index.nearest(Math.min(count, Math.max(1, this.size)));
    return Array.from({ length: size }, (_, i) => ({ id: this.table.id(slots[i]!), distance: distances[i]! }));
  }

  row(id: string): FeatureVector {
    const { keys, values } = this.table.row(this.known(id));
    return keys.map((key, i) => [key, values[i]!]);
  }

  ids(): string[] {
    return this.table.order();
  }

  save(): SavedAnomaly {
    const { table, densities, unlearner } = this;
    const rows = table.order().map((id) => {
      const slot = table.slot(id)!;
      return { id, row: table.row(slot), sequence: table.sequence(slot), ...densities.of(slot) };
    });
    const random = unlearner?.random?.();
    return saveState(this.parameters, {
      rows,
      keys: table.keys(),
      added: table.added,
      gone: table.gone(),
      unlearnable: unlearner?.ids() ?? [],
      ...(random && { random }),
    });
  }

  /** Takes over a saved model; this one must be new. */
  restore(saved: SavedAnomaly): void {
    const { rows, keys, added, gone, unlearnable, random } = readState(this.parameters, saved);
    this.table.reserve(keys, added, gone);
    this.index.reserve?.(keys);
    for (const { id, row, sequence, kDistance, density } of rows) {
      const slot = this.table.add(id, row, sequence);
      this.index.restore(slot, this.table.row(slot));
      this.densities.set(slot, kDistance, density);
    }
    this.unlearner?.restore(unlearnable, random);
  }

  private known(id: string): number {
    const slot = this.table.slot(id);
    if (slot === undefined) throw new RangeError(`There is no row ${id}.`);
    return slot;
  }

  private refuseLight(what: string): void {
    if (this.isLight && !this.isFixed) throw new Error(`light_lof of Jubatus 1.1.1 has no ${what}.`);
  }

  private scoreRow(row: Row): number {
    this.index.load(row);
    return this.densities.factor(this.index.nearest(this.parameters.nearestNeighborNum), -1);
  }

  /** What a row is to a question: of 1.1.1, features that come twice count twice. */
  private queried(vector: FeatureVector): Row {
    return this.isFixed ? this.stored(vector) : rawRow(vector);
  }

  private stored(vector: FeatureVector): Row {
    return this.isLight && !this.isFixed ? rawRow(vector) : rowFrom(vector, undefined, this.isFixed);
  }

  private merged(id: string, vector: FeatureVector): Row {
    const slot = this.table.slot(id);
    return rowFrom(vector, slot === undefined ? undefined : this.table.row(slot), this.isFixed);
  }

  private put(id: string, row: Row): boolean {
    const { touched } = this;
    if (!this.isLight) this.admit(id);
    touched.clear();
    if (!this.insert(id, row)) return false;
    this.densities.refresh(touched, this.index);
    this.unlearnLate(id);
    return true;
  }

  /** Takes in a row, the rows around it to be brought up to date; `settle` is left to do for a part of many. */
  private insert(id: string, row: Row, isPartOfMany = false): boolean {
    const { index, table, touched, parameters } = this;
    const { nearestNeighborNum: k, reverseNearestNeighborNum } = parameters;
    const known = table.slot(id);
    index.load(row);
    if (parameters.ignoreKthSamePoint) {
      const { size, distances } = index.nearest(k - 1);
      if (size === k - 1 && distances[size - 1] === 0) return false;
    }
    if (!isPartOfMany) this.makeRoom(id);
    this.hidden = this.hidesEmpty && row.keys.length === 0 ? id : undefined;
    if (this.hidden !== undefined) {
      if (known !== undefined) {
        this.touch(index.nearestTo(known, reverseNearestNeighborNum));
        this.remove(known);
        touched.delete(known);
      }
      index.load(row);
      this.touch(index.nearest(reverseNearestNeighborNum));
      return true;
    }
    let slot = known;
    if (slot === undefined) {
      slot = table.add(id, row);
      this.densities.set(slot, isPartOfMany && !this.isFixed ? -1 : 0, 1);
    } else {
      this.touch(index.nearestTo(slot, reverseNearestNeighborNum));
      index.remove(slot);
      table.replace(slot, row);
    }
    index.insert(slot);
    if (!isPartOfMany) this.touch(index.nearestTo(slot, reverseNearestNeighborNum));
    touched.add(slot);
    return true;
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
    if (this.parameters.unlearner?.isLate === true) return;
    const evicted = this.unlearner?.touch(id);
    if (evicted !== undefined) this.evict(this.table.slot(evicted));
  }

  /** Refuses a row when there are only sticky ones that could go. */
  private admit(id: string): void {
    if (this.unlearner?.admits(id) === false) throw new RangeError(`No row can be forgotten to make room for ${id}.`);
  }

  private unlearnLate(id: string): void {
    const evicted = this.parameters.unlearner?.isLate === true ? this.unlearner?.touch(id) : undefined;
    if (evicted !== undefined) this.evict(this.table.slot(evicted));
  }

  private touch({ slots, size }: Shortlist): void {
    for (let i = 0; i < size; i++) this.touched.add(slots[i]!);
  }

  private remove(slot: number): void {
    this.index.remove(slot);
    const moved = this.table.remove(slot);
    if (moved !== undefined) this.index.moved?.(moved);
  }

  /** The light variant brings the rows up to date that the evicted one was a neighbour of; the other does not. */
  private evict(slot: number | undefined): void {
    if (slot === undefined) return;
    const { touched } = this;
    if (this.isLight) {
      const around = new Set<number>();
      const { slots, size } = this.index.nearestTo(slot, this.parameters.reverseNearestNeighborNum);
      for (let i = 0; i < size; i++) if (slots[i] !== slot) around.add(slots[i]!);
      this.remove(slot);
      this.densities.refresh(around, this.index);
    } else this.remove(slot);
    touched.delete(slot);
  }
}

/** @throws RangeError when a parameter is outside of what Jubatus takes, or its engine is not offered. */
export function createAnomaly(parameters: LofParameters): Anomaly {
  return new LofAnomaly(parameters);
}

/** A saved model, which goes on as if it had never stopped. @throws Error when it cannot be read. */
export function loadAnomaly(parameters: LofParameters, saved: SavedAnomaly): Anomaly {
  const anomaly = new LofAnomaly(parameters);
  anomaly.restore(saved);
  return anomaly;
}
