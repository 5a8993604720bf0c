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

const bounded = (value: number): number => Math.max(-greatest, Math.min(greatest, value));

/** Features one by one, those that come twice as well. Squares of the values, and their products, stay finite. */
export function rawRow(vector: FeatureVector): Row {
  const kept = vector.filter(([, value]) => !Number.isNaN(value) && value !== 0);
  return { keys: kept.map(([key]) => key), values: kept.map(([, value]) => bounded(value)) };
}

/**
 * A row from features, laid over another one.
 * @param isSummed Whether the values of a feature that comes twice are added; else the last one counts.
 */
export function rowFrom(vector: FeatureVector, under: Row | undefined, isSummed: boolean): Row {
  const merged = new Map<string, number>();
  for (const [key, value] of vector) {
    if (!Number.isNaN(value)) merged.set(key, bounded((isSummed ? (merged.get(key) ?? 0) : 0) + bounded(value)));
  }
  const laid = new Map<string, number>();
  for (let i = 0; i < (under?.keys.length ?? 0); i++) laid.set(under!.keys[i]!, under!.values[i]!);
  for (const [key, value] of merged) laid.set(key, value);
  const keys: string[] = [];
  const values: number[] = [];
  for (const [key, value] of laid) {
    if (value === 0) continue;
    keys.push(key);
    values.push(value);
  }
  return { keys, values };
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
