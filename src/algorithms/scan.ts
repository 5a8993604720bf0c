import type { Nearest } from './nearest.ts';
import type { Metric } from './neighbor-index.ts';
import type { DenseRows } from './rows.ts';

/** Offers the rows of the groups `from … to - 1`, each of four places, to `nearest`. */
export type Scan = (query: Float64Array, from: number, to: number, nearest: Nearest) => void;

/** After so many columns a group of rows that are all too far is left. */
const stride = 16;

/**
 * A scan over rows copied in groups of four, column after column: four sums at once keep the processor busier than one
 * after another, and each sum is still added up in the order of the columns.
 *
 * @param rowAt Per place: its row; places to be left empty have row numbers from `rows.rows` on.
 */
export function createScan(rows: DenseRows, metric: Metric, rowAt: Uint32Array): Scan {
  const { columns } = rows;
  const groups = Math.ceil(rowAt.length / 4);
  const data = new Float64Array(4 * groups * columns).fill(Number.NaN); // what is NaN is never offered
  const squares = new Float64Array(4 * groups);
  for (let place = 0; place < rowAt.length; place++) {
    const row = rowAt[place]!;
    if (row >= rows.rows) continue;
    const start = (place >>> 2) * 4 * columns + (place & 3);
    for (let c = 0; c < columns; c++) {
      const value = rows.data[row * columns + c]!;
      data[start + 4 * c] = value;
      squares[place]! += value * value;
    }
  }
  const angle = (dot: number, square: number, place: number): number => {
    const other = squares[place]!;
    if (square === 0 || other === 0) return dot + (square === other ? 0 : 1);
    return Math.min(2, Math.max(0, 1 - dot / Math.sqrt(square * other)));
  };

  return (query, from, to, nearest) => {
    let square = 0;
    if (metric === 'cosine') for (let c = 0; c < columns; c++) square += query[c]! * query[c]!;
    for (let group = from; group < to; group++) {
      const place = 4 * group;
      let i = place * columns;
      let r = 0;
      let s = 0;
      let t = 0;
      let u = 0;
      if (metric === 'euclidean') {
        for (let c = 0; c < columns && !(Math.min(r, s, t, u) > nearest.worst); ) {
          for (const end = Math.min(c + stride, columns); c < end; c++, i += 4) {
            const value = query[c]!;
            const dr = value - data[i]!;
            const ds = value - data[i + 1]!;
            const dt = value - data[i + 2]!;
            const du = value - data[i + 3]!;
            r += dr * dr;
            s += ds * ds;
            t += dt * dt;
            u += du * du;
          }
        }
      } else if (metric === 'manhattan') {
        for (let c = 0; c < columns && !(Math.min(r, s, t, u) > nearest.worst); ) {
          for (const end = Math.min(c + stride, columns); c < end; c++, i += 4) {
            const value = query[c]!;
            r += Math.abs(value - data[i]!);
            s += Math.abs(value - data[i + 1]!);
            t += Math.abs(value - data[i + 2]!);
            u += Math.abs(value - data[i + 3]!);
          }
        }
      } else {
        for (let c = 0; c < columns; c++, i += 4) {
          const value = query[c]!;
          r += value * data[i]!;
          s += value * data[i + 1]!;
          t += value * data[i + 2]!;
          u += value * data[i + 3]!;
        }
        r = angle(r, square, place);
        s = angle(s, square, place + 1);
        t = angle(t, square, place + 2);
        u = angle(u, square, place + 3);
      }
      if (r <= nearest.worst) nearest.offer(r, rowAt[place]!);
      if (s <= nearest.worst) nearest.offer(s, rowAt[place + 1]!);
      if (t <= nearest.worst) nearest.offer(t, rowAt[place + 2]!);
      if (u <= nearest.worst) nearest.offer(u, rowAt[place + 3]!);
    }
  };
}
