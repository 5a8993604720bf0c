import type { NeighborIndex } from './neighbor-index.ts';
import type { LofParameters } from './parameters.ts';
import { grown } from './rows.ts';
import type { Shortlist } from './shortlist.ts';

const least = 1e-15;

/** Per slot the distance to the k-th neighbour and the local density, as of the last time that they were refreshed. */
export class LocalDensities {
  private readonly k: number;
  private readonly isFixed: boolean;
  private readonly isLight: boolean;
  private kDistances = new Float64Array(0);
  private densities = new Float64Array(0);
  private gathered = new Float64Array(0);
  private gatheredSlots = new Uint32Array(0);

  constructor({ nearestNeighborNum, compat, method }: LofParameters) {
    this.k = nearestNeighborNum;
    this.isFixed = compat === 'fixed';
    this.isLight = method === 'light_lof';
  }

  set(slot: number, kDistance: number, density: number): void {
    this.kDistances = grown(this.kDistances, slot + 1);
    this.densities = grown(this.densities, slot + 1);
    this.kDistances[slot] = kDistance;
    this.densities[slot] = density;
  }

  of(slot: number): { kDistance: number; density: number } {
    return { kDistance: this.kDistances[slot]!, density: this.densities[slot]! };
  }

  /** Brings k-distances and densities of touched rows up to date; rows of negative k-distance are no neighbours yet. */
  refresh(touched: ReadonlySet<number>, index: NeighborIndex): void {
    const { kDistances, densities, k } = this;
    this.gathered = grown(this.gathered, touched.size * k);
    this.gatheredSlots = grown(this.gatheredSlots, touched.size * (k + 1));
    const { gathered, gatheredSlots } = this;
    let block = 0;
    for (const slot of touched) {
      const { slots, distances, size } = index.nearestTo(slot, k);
      gatheredSlots[block * (k + 1)] = size;
      for (let i = 0; i < size; i++) {
        gatheredSlots[block * (k + 1) + 1 + i] = slots[i]!;
        gathered[block * k + i] = distances[i]!;
      }
      if (size > 0) kDistances[slot] = distances[size - 1]!;
      block++;
    }
    block = 0;
    for (const slot of touched) {
      const size = gatheredSlots[block * (k + 1)]!;
      let sum = 0;
      let count = 0;
      for (let i = 0; i < size; i++) {
        const kDistance = kDistances[gatheredSlots[block * (k + 1) + 1 + i]!]!;
        if (kDistance < 0) continue;
        count++;
        sum += Math.max(gathered[block * k + i]!, kDistance);
      }
      densities[slot] = count === 0 ? 1 : count / (sum + this.floor(count));
      block++;
    }
  }

  /** What a sum of so many distances grows by, so that a density is finite where all neighbours are copies. */
  private floor(count: number): number {
    if (this.isFixed) return count * least;
    return this.isLight ? 0 : least;
  }

  /** The outlier factor of a row with these neighbours, of which `own` is not one. */
  factor({ slots, distances, size }: Shortlist, own: number): number {
    const { kDistances, densities, k } = this;
    const most = this.isLight ? k : size;
    let count = 0;
    let reach = 0;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const slot = slots[i]!;
      if (slot === own || count === most) continue;
      count++;
      reach += Math.max(distances[i]!, kDistances[slot]!);
      sum += densities[slot]!;
    }
    if (this.isFixed) return count === 0 ? 1 : (sum / count) * ((reach + this.floor(count)) / count);
    if (count === 0) return Infinity;
    const density = reach === 0 ? Infinity : count / reach;
    return sum === Infinity && density === Infinity ? 1 : sum / (count * density);
  }
}
