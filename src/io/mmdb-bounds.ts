/** What one value may cost to read, with all that it points at. Real records have some 150 values and 5 KB of text. */
export interface Budget {
  values: number;
  bytes: number;
}

const deepest = 32;
const pointerFrom = [0, 2048, 526_336, 0];
const sizeFrom = [0, 29, 285, 65_821];

/**
 * Walk over a value of a database in MaxMind's format without building it, as far as a reader would, and return where
 * it ends. What `known` has is not read again, and costs nothing. Throws RangeError for what a reader must not be given:
 * values outside the file, of the wrong size, nested without end or, through pointers back and across, larger than
 * `budget`. https://maxmind.github.io/MaxMind-DB/
 */
export function measure(
  file: Buffer,
  base: number,
  from: number,
  budget: Budget,
  known: (at: number) => boolean,
  depth = 0,
): number {
  if (depth > deepest) throw new RangeError('it is nested too deep');
  if (--budget.values < 0) throw new RangeError('it holds too many values');
  let at = from;
  const control = number(file, at++, 1);
  let type = control >> 5;
  if (type === 1) {
    const size = (control >> 3) & 3;
    const high = size === 3 ? 0 : (control & 7) * 2 ** (8 * size + 8);
    const target = base + (pointerFrom[size] as number) + high + number(file, at, size + 1);
    if (!known(target)) measure(file, base, target, budget, known, depth + 1);
    return at + size + 1;
  }
  if (type === 0) type = 7 + number(file, at++, 1);
  let size = control & 31;
  if (size > 28) {
    const length = size - 28;
    size = number(file, at, length) + (sizeFrom[length] as number);
    at += length;
  }
  if (type === 7 || type === 11) {
    const values = type === 7 ? 2 * size : size;
    if (values > budget.values) throw new RangeError('it holds too many values');
    for (let left = values; left > 0; left--) at = measure(file, base, at, budget, known, depth + 1);
    return at;
  }
  if (type !== 2) checkSize(type, size);
  if (type === 14) return at;
  budget.bytes -= size;
  if (budget.bytes < 0) throw new RangeError('it is too long');
  if (at + size > file.length) throw new RangeError('it goes on beyond the end of the file');
  return at + size;
}

/** A whole number of so many bytes. */
function number(file: Buffer, from: number, bytes: number): number {
  let value = 0;
  for (let at = from; at < from + bytes; at++) {
    const byte = file[at];
    if (byte === undefined) throw new RangeError('it points outside of itself');
    value = value * 256 + byte;
  }
  return value;
}

/** The most bytes of whole numbers and flags by type, and the exact ones of floating-point numbers. */
const largest: Readonly<Record<number, number>> = { 5: 2, 6: 4, 8: 4, 9: 8, 10: 16, 14: 1 };
const exactly: Readonly<Record<number, number>> = { 3: 8, 15: 4 };

function checkSize(type: number, size: number): void {
  if (type === 4) return;
  const most = largest[type];
  const exact = exactly[type];
  if (most === undefined && exact === undefined) throw new RangeError(`it has a value of unknown type ${type}`);
  if (size > (most ?? size) || size !== (exact ?? size)) throw new RangeError('it has a number of impossible size');
}
