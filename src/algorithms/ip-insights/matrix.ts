export const floatBytes = 4;

/** A matrix in the kernels' memory: where it begins, and how far its rows and columns are apart, in bytes. */
export interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly step: number;
}

export const matrix = (array: Float32Array, columns: number, from = 0): Matrix => ({
  at: offset(array, from),
  row: floatBytes * columns,
  step: floatBytes,
});
/** The same read with rows as columns. */
export const transposed = (array: Float32Array, columns: number, from = 0): Matrix => ({
  at: offset(array, from),
  row: floatBytes,
  step: floatBytes * columns,
});
/** Where an element is, in bytes. */
export const offset = (array: Float32Array, index: number): number => array.byteOffset + floatBytes * index;

/** Copy a matrix with its rows as columns. */
export function transpose(
  from: Float32Array,
  start: number,
  rows: number,
  columns: number,
  to: Float32Array,
  place: number,
): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      to[place + column * rows + row] = from[start + row * columns + column]!;
}
