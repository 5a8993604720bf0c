import type { FeatureVector, LofParameters } from '../../src/algorithms/jubatus/index.ts';

interface Plain {
  readonly values: Map<string, number>;
  readonly sequence: number;
}

type Found = readonly { readonly id: string; readonly distance: number }[];

/** Jubatus' lof over exact Euclidean distances by its definition, every question answered from all rows. */
export class PlainLof {
  readonly #parameters: LofParameters;
  readonly #rows = new Map<string, Plain>();
  readonly #kDistances = new Map<string, number>();
  readonly #densities = new Map<string, number>();
  /** Ids, the longest not updated first. */
  readonly #used = new Set<string>();
  /** Of rows that are gone. */
  readonly #former = new Map<string, number>();
  #added = 0;

  constructor(parameters: LofParameters) {
    this.#parameters = parameters;
  }

  ids(): string[] {
    return [...this.#rows.keys()];
  }

  update(id: string, vector: FeatureVector): boolean {
    return this.#put(id, this.#merged(id, vector), true);
  }

  overwrite(id: string, vector: FeatureVector): boolean {
    if (!this.#isFixed) this.#remove(id);
    return this.#put(id, valuesOf(vector), this.#isFixed);
  }

  clearRow(id: string): void {
    this.#remove(id);
    this.#used.delete(id);
  }

  #remove(id: string): void {
    const row = this.#rows.get(id);
    if (row !== undefined && !this.#isFixed) this.#former.set(id, row.sequence);
    this.#rows.delete(id);
  }

  score(id: string): number {
    const { values } = this.#rows.get(id)!;
    const found = this.#nearest(values, this.#parameters.nearestNeighborNum + 1, id);
    return this.#factor(found.filter((neighbor) => neighbor.id !== id));
  }

  scoreOf(vector: FeatureVector): number {
    return this.#factor(this.#nearest(valuesOf(vector), this.#parameters.nearestNeighborNum));
  }

  get #isFixed(): boolean {
    return this.#parameters.compat === 'fixed';
  }

  #merged(id: string, vector: FeatureVector): Map<string, number> {
    return valuesOf([...(this.#rows.get(id)?.values ?? []), ...vector]);
  }

  #put(id: string, values: Map<string, number>, around: boolean): boolean {
    const { nearestNeighborNum: k, reverseNearestNeighborNum, ignoreKthSamePoint, unlearner } = this.#parameters;
    if (ignoreKthSamePoint) {
      const found = this.#nearest(values, k - 1);
      if (found.length === k - 1 && found.at(-1)!.distance === 0) return false;
    }
    if (unlearner !== undefined && !this.#used.has(id) && this.#used.size >= unlearner.maxSize) {
      const [oldest] = this.#used;
      this.clearRow(oldest!);
    }
    this.#used.delete(id);
    this.#used.add(id);
    const known = this.#rows.get(id);
    const touched = new Set([id]);
    const touch = (found: Found): void => {
      for (const neighbor of found) touched.add(neighbor.id);
    };
    if (known !== undefined && around) touch(this.#nearest(known.values, reverseNearestNeighborNum, id));
    this.#rows.set(id, { values, sequence: known?.sequence ?? this.#former.get(id) ?? this.#added++ });
    if (known === undefined) this.#kDistances.set(id, 0);
    touch(this.#nearest(values, reverseNearestNeighborNum, id));
    const lists = [...touched].map((each) => [each, this.#nearest(this.#rows.get(each)!.values, k, each)] as const);
    for (const [each, found] of lists) if (found.length > 0) this.#kDistances.set(each, found.at(-1)!.distance);
    for (const [each, found] of lists) {
      const floor = 1e-15 * (this.#isFixed ? found.length : 1);
      this.#densities.set(each, found.length === 0 ? 1 : found.length / (this.#reach(found) + floor));
    }
    return true;
  }

  #reach(found: Found): number {
    return found.reduce((sum, { id, distance }) => sum + Math.max(distance, this.#kDistances.get(id)!), 0);
  }

  #factor(found: Found): number {
    const sum = found.reduce((total, { id }) => total + this.#densities.get(id)!, 0);
    if (this.#isFixed && found.length === 0) return 1;
    if (found.length === 0) return Infinity;
    const reach = this.#reach(found) + (this.#isFixed ? 1e-15 * found.length : 0);
    return sum / (found.length * (found.length / reach));
  }

  /** `own` is a neighbour even where it shares no feature with itself. */
  #nearest(values: Map<string, number>, count: number, own?: string): Found {
    const { engine } = this.#parameters;
    const together = engine.method === 'inverted_index_euclid' && engine.ignoreOrthogonal === true;
    return [...this.#rows]
      .filter(([id, row]) => !together || id === own || [...row.values.keys()].some((key) => values.has(key)))
      .map(([id, row]) => ({ id, distance: distance(values, row.values), sequence: row.sequence }))
      .sort((a, b) => a.distance - b.distance || b.sequence - a.sequence)
      .slice(0, count);
  }
}

/** Of features that come twice the last one. */
const valuesOf = (vector: FeatureVector): Map<string, number> =>
  new Map([...new Map(vector)].filter(([, value]) => value !== 0));

function distance(a: Map<string, number>, b: Map<string, number>): number {
  let square = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) square += ((a.get(key) ?? 0) - (b.get(key) ?? 0)) ** 2;
  return Math.sqrt(square);
}
