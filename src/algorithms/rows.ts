/** A dense matrix: row r is `data[r * columns … (r + 1) * columns - 1]`. */
export interface DenseRows {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Sparse rows (CSR): row r is `columns` and `values` from `offsets[r]` to before `offsets[r + 1]`, columns strictly
 * ascending. A row may be empty.
 */
export interface SparseRows {
  /** `rows + 1` positions. */
  readonly offsets: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array | Float32Array;
  readonly rows: number;
}

export type Rows = DenseRows | SparseRows;

export const isSparse = (rows: Rows): rows is SparseRows => 'offsets' in rows;

/** Values stay below this in size, so that no sum of squares overflows. */
const largestValue = 1e150;

const isUsable = (value: number): boolean => value <= largestValue && value >= -largestValue;

/** Throws RangeError unless row `row` of a dense matrix holds usable numbers. */
export function checkDenseRow({ data, columns }: DenseRows, row: number): void {
  for (let i = row * columns; i < (row + 1) * columns; i++) {
    if (!isUsable(data[i]!))
      throw new RangeError(`Row ${row} holds ${data[i]}; values must be finite and below 1e150.`);
  }
}

/** Throws RangeError unless row `row` is a well-formed sparse row of usable numbers. */
export function checkSparseRow({ offsets, columns, values }: SparseRows, row: number): void {
  const start = offsets[row]!;
  const end = offsets[row + 1]!;
  if (!(start <= end && end <= columns.length && end <= values.length)) {
    throw new RangeError(`Row ${row} runs from ${start} to ${end}, outside the ${columns.length} entries.`);
  }
  for (let i = start; i < end; i++) {
    if (!isUsable(values[i]!)) {
      throw new RangeError(`Row ${row} holds ${values[i]}; values must be finite and below 1e150.`);
    }
    if (i > start && columns[i - 1]! >= columns[i]!) {
      throw new RangeError(`Row ${row} has column ${columns[i]} after ${columns[i - 1]}; they must ascend.`);
    }
  }
}

/** Rows without their exact duplicates, in the order of first occurrence. */
export interface UniqueRows<R extends Rows> {
  readonly rows: R;
  /** Per given row: its unique row. */
  readonly rowOf: Uint32Array;
  /** Per unique row: the given row where it first occurs. */
  readonly firstOf: Uint32Array;
  /** Per unique row: how many given rows are equal to it. */
  readonly counts: Uint32Array;
}

/** Finds rows by content: open addressing over 32-bit hashes. */
export interface RowTable {
  /** The unique row equal to row `row` of `rows`, or -1. */
  find(rows: Rows, row: number): number;
}

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

function mix(hash: number, value: number): number {
  bits[0] = value + 0; // -0 becomes 0
  let mixed = Math.imul(hash ^ words[0]!, 0x85ebca6b);
  mixed = Math.imul((mixed ^ (mixed >>> 15) ^ words[1]!) | 0, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

function hashRow(rows: Rows, row: number): number {
  let hash = 0x9e3779b9;
  if (isSparse(rows)) {
    const end = rows.offsets[row + 1]!;
    for (let i = rows.offsets[row]!; i < end; i++) {
      if (rows.values[i] !== 0) hash = mix(Math.imul(hash ^ rows.columns[i]!, 0x27d4eb2f), rows.values[i]!);
    }
  } else {
    const end = (row + 1) * rows.columns;
    for (let i = row * rows.columns; i < end; i++) hash = mix(hash, rows.data[i]!);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function equalSparse(a: SparseRows, rowA: number, b: SparseRows, rowB: number): boolean {
  let i = a.offsets[rowA]!;
  let j = b.offsets[rowB]!;
  const endA = a.offsets[rowA + 1]!;
  const endB = b.offsets[rowB + 1]!;
  for (;;) {
    while (i < endA && a.values[i] === 0) i++;
    while (j < endB && b.values[j] === 0) j++;
    if (i === endA || j === endB) return i === endA && j === endB;
    if (a.columns[i] !== b.columns[j] || a.values[i] !== b.values[j]) return false;
    i++;
    j++;
  }
}

function equalDense(a: DenseRows, rowA: number, b: DenseRows, rowB: number): boolean {
  for (let c = 0; c < a.columns; c++) {
    if (a.data[rowA * a.columns + c] !== b.data[rowB * a.columns + c]) return false;
  }
  return true;
}

function equalRows(a: Rows, rowA: number, b: Rows, rowB: number): boolean {
  if (isSparse(a)) return isSparse(b) && equalSparse(a, rowA, b, rowB);
  return !isSparse(b) && equalDense(a, rowA, b, rowB);
}

function createTable(rows: Rows): RowTable & { insert(row: number): number } {
  let size = 16;
  while (size < 2 * rows.rows) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const hashes = new Uint32Array(size);
  const locate = (other: Rows, row: number, hash: number): number => {
    let slot = hash & (size - 1);
    while (slots[slot]! >= 0 && !(hashes[slot] === hash && equalRows(rows, slots[slot]!, other, row))) {
      slot = (slot + 1) & (size - 1);
    }
    return slot;
  };
  return {
    find: (other, row) => slots[locate(other, row, hashRow(other, row))]!,
    insert: (row) => {
      const hash = hashRow(rows, row);
      const slot = locate(rows, row, hash);
      if (slots[slot]! >= 0) return slots[slot]!;
      slots[slot] = row;
      hashes[slot] = hash;
      return row;
    },
  };
}

/** A table over rows that are already unique. */
export function rowTable(rows: Rows): RowTable {
  const table = createTable(rows);
  for (let row = 0; row < rows.rows; row++) table.insert(row);
  return table;
}

function takeRows(rows: Rows, picked: Uint32Array): Rows {
  if (!isSparse(rows)) {
    const data = new Float64Array(picked.length * rows.columns);
    for (const [at, row] of picked.entries()) {
      data.set(rows.data.subarray(row * rows.columns, (row + 1) * rows.columns), at * rows.columns);
    }
    return { data, rows: picked.length, columns: rows.columns };
  }
  const offsets = new Uint32Array(picked.length + 1);
  for (const [at, row] of picked.entries()) {
    offsets[at + 1] = offsets[at]! + rows.offsets[row + 1]! - rows.offsets[row]!;
  }
  const columns = new Uint32Array(offsets.at(-1)!);
  const values = new Float64Array(columns.length);
  for (const [at, row] of picked.entries()) {
    columns.set(rows.columns.subarray(rows.offsets[row], rows.offsets[row + 1]), offsets[at]);
    values.set(rows.values.subarray(rows.offsets[row], rows.offsets[row + 1]), offsets[at]);
  }
  return { offsets, columns, values, rows: picked.length };
}

/**
 * Leave out exact duplicates, in linear time by hashing. An explicit zero in a sparse row counts as absent, and -0 as 0.
 *
 * @param weights How often each given row occurred; once by default.
 */
export function uniqueRows(rows: DenseRows, weights?: ArrayLike<number>): UniqueRows<DenseRows>;
export function uniqueRows(rows: SparseRows, weights?: ArrayLike<number>): UniqueRows<SparseRows>;
export function uniqueRows(rows: Rows, weights?: ArrayLike<number>): UniqueRows<Rows>;
export function uniqueRows(rows: Rows, weights?: ArrayLike<number>): UniqueRows<Rows> {
  const table = createTable(rows);
  const rowOf = new Uint32Array(rows.rows);
  const firstOf = new Uint32Array(rows.rows);
  const uniqueOf = new Uint32Array(rows.rows);
  const counts = new Uint32Array(rows.rows);
  let size = 0;
  for (let row = 0; row < rows.rows; row++) {
    const first = table.insert(row);
    if (first === row) {
      uniqueOf[row] = size;
      firstOf[size++] = row;
    }
    rowOf[row] = uniqueOf[first]!;
    counts[rowOf[row]!]! += weights?.[row] ?? 1;
  }
  return {
    rows: takeRows(rows, firstOf.slice(0, size)),
    rowOf,
    firstOf: firstOf.slice(0, size),
    counts: counts.slice(0, size),
  };
}
