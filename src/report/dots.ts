import type { Points } from './picture.ts';
import { px } from './words.ts';

/** Places on the drawing surface, with how many events stand at each. */
export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly counts: Float64Array;
  /** Places closer than this may have become one; 0 when none did. */
  readonly merged: number;
}

/** What is drawable of the points' x (axis 0) or y (axis 1). */
export function along(lists: readonly Float64Array[], axis: number): Float64Array {
  const values: number[] = [];
  for (const xy of lists) {
    for (let i = 0; i + 1 < xy.length; i += 2) {
      if (drawable(xy[i] as number, xy[i + 1] as number)) values.push(xy[i + axis] as number);
    }
  }
  return Float64Array.from(values);
}

/** Far below the largest double, so that differences stay finite. */
export const drawable = (x: number, y: number): boolean => Math.abs(x) < 1e150 && Math.abs(y) < 1e150;

/**
 * At most `budget` places: points of one cell become one at their weighted mean, and the cells grow until it is enough.
 * Nothing is dropped, so dense and empty regions keep their look, and the mean shows no grid.
 */
export function merge(
  points: Points,
  place: (x: number, y: number) => readonly [number, number],
  budget: number,
): Places {
  let places = placed(points, place);
  let merged = 0;
  for (let cell = 0.5; ; cell *= 1.4) {
    const next = binned(places, cell);
    if (cell > 0.5 && next.x.length < places.x.length) merged = cell;
    places = { ...next, merged };
    if (places.x.length <= budget) return places;
  }
}

function placed({ xy, counts }: Points, place: (x: number, y: number) => readonly [number, number]): Places {
  const x: number[] = [];
  const y: number[] = [];
  const weights: number[] = [];
  for (let i = 0; 2 * i + 1 < xy.length; i++) {
    const count = counts?.[i] ?? 1;
    if (!drawable(xy[2 * i] as number, xy[2 * i + 1] as number) || !(count > 0 && count < 1e15)) continue;
    const [left, top] = place(xy[2 * i] as number, xy[2 * i + 1] as number);
    x.push(left);
    y.push(top);
    weights.push(count);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y), counts: Float64Array.from(weights), merged: 0 };
}

function binned(places: Places, cell: number): Omit<Places, 'merged'> {
  const index = new Map<number, number>();
  const x: number[] = [];
  const y: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < places.x.length; i++) {
    const [left, top, count] = [places.x[i] as number, places.y[i] as number, places.counts[i] as number];
    const key = Math.floor(left / cell) * 65536 + Math.floor(top / cell);
    const at = index.get(key) ?? x.length;
    if (at === x.length) {
      index.set(key, at);
      x.push(0);
      y.push(0);
      counts.push(0);
    }
    x[at] = (x[at] as number) + left * count;
    y[at] = (y[at] as number) + top * count;
    counts[at] = (counts[at] as number) + count;
  }
  const mean = (sums: number[]) => Float64Array.from(sums, (sum, i) => sum / (counts[i] as number));
  return { x: mean(x), y: mean(y), counts: Float64Array.from(counts) };
}

/** From how many events on a dot is larger and darker. */
export const steps = [1, 3, 10, 30, 100, 1000] as const;

/**
 * One path per step of size, crowded places first. A zero-length line with round ends is a dot, and one path is painted
 * once, so that overlapping dots do not add up to a blot.
 */
export function paths(places: Places, name: string): string {
  const data: string[] = steps.map(() => '');
  for (let i = 0; i < places.x.length; i++) {
    const step = steps.findLastIndex((from) => (places.counts[i] as number) >= from);
    data[Math.max(0, step)] += `M${px(places.x[i] as number)} ${px(places.y[i] as number)}h.01`;
  }
  return data
    .map((path, step) => (path === '' ? '' : `<path class="${name} d${step}" d="${path}"/>`))
    .reverse()
    .join('');
}
