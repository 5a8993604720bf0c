import { fnv1Seed } from './fnv.ts';
import type { Row } from './rows.ts';
import { sfmtSequence } from './sfmt.ts';

const { fround } = Math;
const turn = fround(2 * Math.PI);
const step = 2 ** -24;

/** Normally distributed numbers by Box and Muller (1958), in 32-bit floats at every step as in Jubatus. */
export function gaussians(seed: number, count: number): Float32Array {
  const out = new Float32Array(count);
  const uniform = new Uint32Array(count + (count % 2));
  sfmtSequence(seed, uniform);
  for (let i = 0; i < count; i += 2) {
    const a = 1 - (uniform[i]! >>> 8) * step;
    const b = 1 - (uniform[i + 1]! >>> 8) * step;
    const radius = fround(Math.sqrt(fround(-2 * fround(Math.log(a)))));
    const angle = fround(turn * b);
    out[i] = radius * fround(Math.sin(angle));
    if (i + 1 < count) out[i + 1] = radius * fround(Math.cos(angle));
  }
  return out;
}

/** How many features are remembered, twice over. */
const remembered = 4096;

/** Jubatus' random projection: every feature has its own Gaussian direction, seeded by its name. */
export class RandomProjection {
  readonly dimensions: number;
  private recent = new Map<string, Float32Array>();
  private older = new Map<string, Float32Array>();

  constructor(dimensions: number) {
    this.dimensions = dimensions;
  }

  /** Into `out`, in 32-bit floats, features in their order. */
  project({ keys, values }: Row, out: Float32Array): void {
    const { dimensions } = this;
    out.fill(0);
    for (let i = 0; i < keys.length; i++) {
      const direction = this.direction(keys[i]!);
      const value = fround(values[i]!);
      for (let j = 0; j < dimensions; j++) out[j] = out[j]! + fround(value * direction[j]!);
    }
  }

  private direction(key: string): Float32Array {
    const recent = this.recent.get(key);
    if (recent !== undefined) return recent;
    const direction = this.older.get(key) ?? gaussians(fnv1Seed(key), this.dimensions);
    if (this.recent.size >= remembered) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(key, direction);
    return direction;
  }
}
