import { createRandom } from './random.ts';
import { checkSparseRow, type SparseRows } from './rows.ts';

export interface ProjectionOptions {
  /** Of the first guess; another seed gives the same axes but for rounding. @default 0 */
  readonly seed?: number;
  /** How often each row occurred. @default all 1 */
  readonly weights?: ArrayLike<number>;
}

/** Two axes fitted to sparse rows, as plain data. */
export interface Projection {
  /** The columns that the fitted rows had, ascending; a new row's other columns do not move it. */
  readonly columns: Uint32Array;
  /** Unit axes in pairs: entry `2 i` of the first and `2 i + 1` of the second axis belong to `columns[i]`. */
  readonly axes: Float64Array;
}

const width = 10; // more directions than asked for, as they make the first two converge sooner
const rounds = 60;
const accuracy = 1e-9;

/** A fitted column's place by binary search, or -1. */
function placeOf(columns: Uint32Array, column: number): number {
  let low = 0;
  let high = columns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (columns[middle]! < column) low = middle + 1;
    else high = middle;
  }
  return columns[low] === column ? low : -1;
}

/** Make the `b` columns of the m × b matrix orthonormal (modified Gram-Schmidt, twice); a dependent one becomes 0. */
function orthonormalise(matrix: Float64Array, b: number): void {
  const m = matrix.length / b;
  for (let j = 0; j < b; j++) {
    let before = 0;
    for (let i = 0; i < m; i++) before += matrix[i * b + j]! ** 2;
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < j; other++) {
        let dot = 0;
        for (let i = 0; i < m; i++) dot += matrix[i * b + j]! * matrix[i * b + other]!;
        for (let i = 0; i < m; i++) matrix[i * b + j]! -= dot * matrix[i * b + other]!;
      }
    }
    let square = 0;
    for (let i = 0; i < m; i++) square += matrix[i * b + j]! ** 2;
    const scale = square > before * 1e-24 && square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let i = 0; i < m; i++) matrix[i * b + j]! *= scale;
  }
}

/**
 * Eigenvectors of a symmetric b × b matrix by cyclic Jacobi rotations, as columns, largest eigenvalue first.
 * `matrix` is overwritten.
 */
function eigenvectors(matrix: Float64Array, b: number): { readonly vectors: Float64Array; readonly values: number[] } {
  const vectors = new Float64Array(b * b);
  for (let i = 0; i < b; i++) vectors[i * b + i] = 1;
  for (let sweep = 0; sweep < 50; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let p = 0; p < b; p++) {
      diagonal += matrix[p * b + p]! ** 2;
      for (let q = p + 1; q < b; q++) off += matrix[p * b + q]! ** 2;
    }
    if (off <= 1e-30 * diagonal) break;
    for (let p = 0; p < b; p++) {
      for (let q = p + 1; q < b; q++) {
        if (matrix[p * b + q] === 0) continue;
        const theta = (matrix[q * b + q]! - matrix[p * b + p]!) / (2 * matrix[p * b + q]!);
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        for (let i = 0; i < b; i++) {
          const left = matrix[i * b + p]!;
          const right = matrix[i * b + q]!;
          matrix[i * b + p] = cosine * left - sine * right;
          matrix[i * b + q] = sine * left + cosine * right;
        }
        for (let i = 0; i < b; i++) {
          const upper = matrix[p * b + i]!;
          const lower = matrix[q * b + i]!;
          matrix[p * b + i] = cosine * upper - sine * lower;
          matrix[q * b + i] = sine * upper + cosine * lower;
          const left = vectors[i * b + p]!;
          const right = vectors[i * b + q]!;
          vectors[i * b + p] = cosine * left - sine * right;
          vectors[i * b + q] = sine * left + cosine * right;
        }
      }
    }
  }
  const order = Array.from({ length: b }, (_, i) => i);
  order.sort((i, j) => matrix[j * b + j]! - matrix[i * b + i]!);
  const sorted = new Float64Array(b * b);
  for (const [to, from] of order.entries()) {
    for (let i = 0; i < b; i++) sorted[i * b + to] = vectors[i * b + from]!;
  }
  return { vectors: sorted, values: order.map((i) => matrix[i * b + i]!) };
}

/** The m × b matrix times the b × b matrix. */
function rotate(matrix: Float64Array, by: Float64Array, b: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < matrix.length; i += b) {
    for (let j = 0; j < b; j++) {
      let sum = 0;
      for (let l = 0; l < b; l++) sum += matrix[i + l]! * by[l * b + j]!;
      out[i + j] = sum;
    }
  }
  return out;
}

/**
 * The two directions in which sparse rows extend most: the first right singular vectors of the (weighted) rows, not
 * centred, as scikit-learn's TruncatedSVD. By subspace iteration with Rayleigh-Ritz steps (Halko, Martinsson and Tropp
 * 2011, https://doi.org/10.1137/090771806), in time linear in the nonzeros. The largest entry of each axis is positive.
 *
 * Rows of fewer than two independent directions get axes of zeros for the missing ones. Throws RangeError for malformed
 * rows.
 */
export function fitProjection(rows: SparseRows, options: ProjectionOptions = {}): Projection {
  const { seed = 0, weights } = options;
  for (let row = 0; row < rows.rows; row++) checkSparseRow(rows, row);
  const used = rows.columns.slice(0, rows.offsets[rows.rows]);
  const columns = used.slice().sort();
  let m = 0;
  for (const [i, column] of columns.entries()) if (i === 0 || column !== columns[m - 1]) columns[m++] = column;
  const known = columns.slice(0, m);
  const places = used.map((column) => placeOf(known, column));

  const b = Math.min(width, m);
  const random = createRandom(seed);
  let basis: Float64Array = Float64Array.from({ length: m * b }, () => random.normal());
  orthonormalise(basis, b);
  const along = new Float64Array(b);
  for (let round = 0; round < rounds; round++) {
    const image = new Float64Array(m * b);
    for (let row = 0; row < rows.rows; row++) {
      const start = rows.offsets[row]!;
      const end = rows.offsets[row + 1]!;
      along.fill(0);
      for (let i = start; i < end; i++) {
        const at = places[i]! * b;
        for (let j = 0; j < b; j++) along[j]! += rows.values[i]! * basis[at + j]!;
      }
      const weight = weights?.[row] ?? 1;
      for (let i = start; i < end; i++) {
        const at = places[i]! * b;
        const value = weight * rows.values[i]!;
        for (let j = 0; j < b; j++) image[at + j]! += value * along[j]!;
      }
    }
    const small = new Float64Array(b * b);
    for (let i = 0; i < image.length; i += b) {
      for (let p = 0; p < b; p++) for (let q = 0; q < b; q++) small[p * b + q]! += basis[i + p]! * image[i + q]!;
    }
    for (let p = 0; p < b; p++) {
      for (let q = 0; q < p; q++) small[p * b + q] = small[q * b + p] = (small[p * b + q]! + small[q * b + p]!) / 2;
    }
    const { vectors, values } = eigenvectors(small, b);
    const turned = rotate(image, vectors, b);
    const ritz = rotate(basis, vectors, b);
    let residual = 0;
    for (let j = 0; j < Math.min(2, b); j++) {
      let square = 0;
      for (let i = j; i < turned.length; i += b) square += (turned[i]! - values[j]! * ritz[i]!) ** 2;
      residual = Math.max(residual, Math.sqrt(square));
    }
    orthonormalise(turned, b);
    basis = turned;
    if (residual <= accuracy * (values[0] ?? 0)) break;
  }

  const axes = new Float64Array(2 * m);
  for (let j = 0; j < Math.min(2, b); j++) {
    let largest = 0;
    for (let i = 0; i < m; i++) if (Math.abs(basis[i * b + j]!) > Math.abs(largest)) largest = basis[i * b + j]!;
    for (let i = 0; i < m; i++) axes[2 * i + j] = largest < 0 ? -basis[i * b + j]! : basis[i * b + j]!;
  }
  return { columns: known, axes };
}

/** Rows as x, y pairs: 2 numbers a row. Throws RangeError for malformed rows. */
export function project({ columns, axes }: Projection, rows: SparseRows): Float64Array {
  const out = new Float64Array(2 * rows.rows);
  for (let row = 0; row < rows.rows; row++) {
    checkSparseRow(rows, row);
    for (let i = rows.offsets[row]!; i < rows.offsets[row + 1]!; i++) {
      const place = placeOf(columns, rows.columns[i]!);
      if (place < 0) continue;
      out[2 * row]! += rows.values[i]! * axes[2 * place]!;
      out[2 * row + 1]! += rows.values[i]! * axes[2 * place + 1]!;
    }
  }
  return out;
}
