/** What one value may cost to read, with all that it points at. Real records have some 150 values and 5 KB of text. */
export interface Budget {
  values: number;
  bytes: number;
}

const deepest = 32;
const pointerFrom = [0, 2048, 526_336, 0];

/**
 * Walk over a value of a database in MaxMind's format without building it, as far as a reader would, and return where
 * it ends. Throws RangeError for what a reader must not be given: values outside the file, of the wrong size, nested
 * without end or, through pointers back and across, larger than `budget`. https://maxmind.github.io/MaxMind-DB/
 */
export function measure(file: Buffer, base: number, from: number, budget: Budget, depth = 0): number {
  if (depth > deepest) throw new RangeError('it is nested too deep');
  if (--budget.values < 0) throw new RangeError('it holds too many values');
  let at = from;
  const control = file.readUInt8(at++);
  let type = control >> 5;
  if (type === 1) {
    const size = (control >> 3) & 3;
    const rest = file.readUIntBE(at, size + 1) + (size === 3 ? 0 : (control & 7) * 2 ** (8 * size + 8));
    measure(file, base, base + (pointerFrom[size] as number) + rest, budget, depth + 1);
    return at + size + 1;
  }
  if (type === 0) type = 7 + file.readUInt8(at++);
  let size = control & 31;
  if (size > 28) {
    const length = size - 28;
    size = file.readUIntBE(at, length) + ([29, 285, 65_821][length - 1] as number);
    at += length;
  }
  if (type === 7 || type === 11) {
    const values = type === 7 ? 2 * size : size;
    if (values > budget.values) throw new RangeError('it holds too many values');
    for (let left = values; left > 0; left--) at = measure(file, base, at, budget, depth + 1);
    return at;
  }
  checkSize(type, size);
  if (type === 14) return at;
  budget.bytes -= size;
  if (budget.bytes < 0) throw new RangeError('it is too long');
  if (at + size > file.length) throw new RangeError('it goes on beyond the end of the file');
  return at + size;
}

/** The most bytes of whole numbers and flags by type, and the exact ones of floating-point numbers. */
const largest: Readonly<Record<number, number>> = { 5: 2, 6: 4, 8: 4, 9: 8, 10: 16, 14: 1 };
const exactly: Readonly<Record<number, number>> = { 3: 8, 15: 4 };

function checkSize(type: number, size: number): void {
  if (type === 2 || type === 4) return;
  const most = largest[type];
  const exact = exactly[type];
  if (most === undefined && exact === undefined) throw new RangeError(`it has a value of unknown type ${type}`);
  if (size > (most ?? size) || size !== (exact ?? size)) throw new RangeError('it has a number of impossible size');
}
