import { createIndex } from './engines.ts';
import { LocalDensities } from './local-densities.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import { checkParameters, type FeatureVector, type LofParameters } from './parameters.ts';
import { type Row, type RowTable, rowFrom } from './rows.ts';
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
  /** The same, the row's old features forgotten. */
  overwrite(id: string, vector: FeatureVector): boolean;
  clearRow(id: string): void;
  clear(): void;
  /** Of a stored row, judged without itself. @throws RangeError when there is no such row. */
  score(id: string): number;
  /** Of a row that is not stored: Jubatus' calc_score. Pure. */
  scoreOf(vector: FeatureVector): number;
  /** Of a stored row as it would be after `update`. Pure. */
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

  constructor(parameters: LofParameters) {
    checkParameters(parameters);
    this.parameters = parameters;
    this.isFixed = parameters.compat === 'fixed';
    this.isLight = parameters.method === 'light_lof';
    this.densities = new LocalDensities(parameters);
    this.unlearner = parameters.unlearner && createUnlearner(parameters.unlearner);
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
    const slot = this.table.slot(id);
    return this.put(id, rowFrom(vector, slot === undefined ? undefined : this.table.row(slot)), true);
  }

  overwrite(id: string, vector: FeatureVector): boolean {
    return this.put(id, rowFrom(vector), this.isLight || this.isFixed);
  }

  clearRow(id: string): void {
    this.refuseLight('clear_row');
    const slot = this.table.slot(id);
    if (slot === undefined) return;
    this.remove(slot);
    this.unlearner?.forget(id);
  }

  score(id: string): number {
    const slot = this.known(id);
    const k = this.parameters.nearestNeighborNum;
    return this.densities.factor(this.index.nearestTo(slot, k + 1), slot);
  }

  scoreOf(vector: FeatureVector): number {
    return this.scoreRow(rowFrom(vector));
  }

  scoreUpdated(id: string, vector: FeatureVector): number {
    this.refuseLight('calc_score of a row');
    return this.scoreRow(rowFrom(vector, this.table.row(this.known(id))));
  }

  neighbors(vector: FeatureVector, count: number): { id: string; distance: number }[] {
    if (!(count >= 1)) return [];
    this.index.load(rowFrom(vector));
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
      unlearnable: unlearner?.ids() ?? [],
      ...(random && { random }),
    });
  }

  /** Takes over a saved model; this one must be new. */
  restore(saved: SavedAnomaly): void {
    const { rows, keys, added, unlearnable, random } = readState(this.parameters, saved);
    this.table.reserve(keys, added);
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

  /** @param around Whether the rows around the old place are brought up to date, too. */
  private put(id: string, row: Row, around: boolean): boolean {
    const { index, table, touched, parameters } = this;
    const { nearestNeighborNum: k, reverseNearestNeighborNum } = parameters;
    const known = table.slot(id);
    touched.clear();
    index.load(row);
    if (parameters.ignoreKthSamePoint) {
      const { size, distances } = index.nearest(k - 1);
      if (size === k - 1 && distances[size - 1] === 0) return false;
    }
    const evicted = this.unlearner?.touch(id);
    if (evicted !== undefined) this.evict(table.slot(evicted)!);
    let slot = known;
    if (slot === undefined) {
      slot = table.add(id, row);
      this.densities.set(slot, 0, 1);
    } else {
      if (around) this.touch(index.nearestTo(slot, reverseNearestNeighborNum));
      index.remove(slot);
      table.replace(slot, row);
    }
    index.insert(slot);
    this.touch(index.nearestTo(slot, reverseNearestNeighborNum));
    touched.add(slot);
    this.densities.refresh(this.touched, this.index);
    return true;
  }

  private touch({ slots, size }: Shortlist): void {
    for (let i = 0; i < size; i++) this.touched.add(slots[i]!);
  }

  private remove(slot: number): void {
    this.index.remove(slot);
    this.table.remove(slot);
  }

  /** The light variant brings the rows up to date that the evicted one was a neighbour of; the other does not. */
  private evict(slot: number): void {
    if (!this.isLight) {
      this.remove(slot);
      return;
    }
    this.touched.clear();
    this.touch(this.index.nearestTo(slot, this.parameters.reverseNearestNeighborNum));
    this.touched.delete(slot);
    this.remove(slot);
    this.densities.refresh(this.touched, this.index);
    this.touched.clear();
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
