import { LofModel } from './lof-model.ts';
import { checkParameters, type FeatureVector, type LofParameters } from './parameters.ts';
import { type Row, rawRow, rowFrom } from './rows.ts';
import { readState, type SavedAnomaly, saveState } from './saved.ts';

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
  private readonly model: LofModel;

  constructor(parameters: LofParameters) {
    checkParameters(parameters);
    this.parameters = parameters;
    this.isFixed = parameters.compat === 'fixed';
    this.isLight = parameters.method === 'light_lof';
    this.model = new LofModel(parameters);
  }

  get size(): number {
    return this.model.table.size;
  }

  clear(): void {
    this.model.clear();
  }

  update(id: string, vector: FeatureVector): boolean {
    this.refuseLight('update');
    return this.model.put(id, this.merged(id, vector));
  }

  overwrite(id: string, vector: FeatureVector): boolean {
    const slot = this.model.table.slot(id);
    if (!this.isLight && !this.isFixed && slot !== undefined) this.model.remove(slot);
    return this.model.put(id, this.stored(vector));
  }

  addBulk(rows: readonly (readonly [id: string, vector: FeatureVector])[]): string[] {
    return this.model.putAll(rows, (id, vector) => (this.isLight ? this.stored(vector) : this.merged(id, vector)));
  }

  clearRow(id: string): void {
    this.refuseLight('clear_row');
    const slot = this.model.table.slot(id);
    if (slot !== undefined) this.model.remove(slot);
    this.model.unlearner?.forget(id);
  }

  score(id: string): number {
    return this.model.score(id);
  }

  scoreOf(vector: FeatureVector): number {
    return this.model.scoreOf(this.queried(vector));
  }

  scoreUpdated(id: string, vector: FeatureVector): number {
    this.refuseLight('calc_score of a row');
    return this.model.scoreOf(this.merged(id, vector));
  }

  neighbors(vector: FeatureVector, count: number): { id: string; distance: number }[] {
    if (!(count >= 1)) return [];
    const { index, table } = this.model;
    index.load(this.queried(vector));
    const { slots, distances, size } = index.nearest(Math.min(count, Math.max(1, table.size)));
    return Array.from({ length: size }, (_, i) => ({ id: table.id(slots[i]!), distance: distances[i]! }));
  }

  row(id: string): FeatureVector {
    const { keys, values } = this.model.table.row(this.model.known(id));
    return keys.map((key, i) => [key, values[i]!]);
  }

  ids(): string[] {
    return this.model.table.order();
  }

  save(): SavedAnomaly {
    const { table, index, densities, unlearner } = this.model;
    const rows = table.order().map((id) => {
      const slot = table.slot(id)!;
      return { id, row: table.row(slot), sequence: table.sequence(slot), ...densities.of(slot) };
    });
    const random = unlearner?.random?.();
    const strays = index.saveStrays?.();
    return saveState(this.parameters, {
      rows,
      keys: table.keys(),
      added: table.added,
      gone: table.gone(),
      unlearnable: unlearner?.ids() ?? [],
      ...(random && { random }),
      ...(strays && { strays }),
    });
  }

  /** Takes over a saved model; this one must be new. */
  restore(saved: SavedAnomaly): void {
    const { table, index, densities, unlearner } = this.model;
    const { rows, keys, added, gone, unlearnable, random, strays } = readState(this.parameters, saved);
    table.reserve(keys, added, gone);
    index.reserve?.(keys);
    for (const { id, row, sequence, kDistance, density } of rows) {
      const slot = table.add(id, row, sequence);
      index.restore(slot, table.row(slot));
      densities.set(slot, kDistance, density);
    }
    if (strays !== undefined) index.restoreStrays?.(strays);
    unlearner?.restore(unlearnable, random);
  }

  private refuseLight(what: string): void {
    if (this.isLight && !this.isFixed) throw new Error(`light_lof of Jubatus 1.1.1 has no ${what}.`);
  }

  /** What a row is to a question: of 1.1.1, features that come twice count twice. */
  private queried(vector: FeatureVector): Row {
    return this.isFixed ? this.stored(vector) : rawRow(vector);
  }

  private stored(vector: FeatureVector): Row {
    return this.isLight && !this.isFixed ? rawRow(vector) : rowFrom(vector, undefined, this.isFixed);
  }

  private merged(id: string, vector: FeatureVector): Row {
    const { table } = this.model;
    const slot = table.slot(id);
    return rowFrom(vector, slot === undefined ? undefined : table.row(slot), this.isFixed);
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
