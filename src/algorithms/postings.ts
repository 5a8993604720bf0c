import type { SparseRows } from './rows.ts';

/** Numbers the columns that occur, ascending, from 0: their terms. */
export interface ColumnTable {
  readonly size: number;
  /** The term of a column, or -1. */
  find(column: number): number;
}

export function columnTable(rows: SparseRows): ColumnTable {
  const entries = rows.offsets[rows.rows]!;
  const sorted = rows.columns.slice(0, entries).sort();
  let size = 0;
  for (let i = 0; i < entries; i++) if (i === 0 || sorted[i] !== sorted[size - 1]) sorted[size++] = sorted[i]!;
  let room = 16;
  while (room < 2 * size) room *= 2;
  const shift = Math.clz32(room - 1);
  const slots = new Int32Array(room).fill(-1);
  const slotOf = (column: number): number => {
    let slot = Math.imul(column, 0x9e3779b1) >>> shift; // Fibonacci hashing (Knuth, TAOCP 6.4)
    while (slots[slot]! >= 0 && sorted[slots[slot]!] !== column) slot = (slot + 1) & (room - 1);
    return slot;
  };
  for (let term = 0; term < size; term++) slots[slotOf(sorted[term]!)] = term;
  return { size, find: (column) => slots[slotOf(column)]! };
}

/** Sparse rows in an order of their own that puts alike ones together. */
export interface Arrangement {
  /** Per place: the row there. */
  readonly rowAt: Uint32Array;
  /** Per place: where its entries start, and where the last one's end. */
  readonly offsets: Uint32Array;
  /** Per entry, ascending within a place. */
  readonly terms: Uint32Array;
  readonly values: Float64Array;
}

/**
 * Arrange rows by their most common terms: in the order of a dictionary whose words are each row's terms, the most
 * common first.
 */
export function arrange(rows: SparseRows, table: ColumnTable): Arrangement {
  const entries = rows.offsets[rows.rows]!;
  const terms = rows.columns.slice(0, entries).map(table.find);
  const frequencies = new Uint32Array(table.size);
  for (const term of terms) frequencies[term]!++;
  const rank = new Uint32Array(table.size);
  const common = frequencies.map((_, term) => term).sort((a, b) => frequencies[b]! - frequencies[a]! || a - b);
  for (const [at, term] of common.entries()) rank[term] = at;
  const words = terms.map((term) => rank[term]!);
  for (let row = 0; row < rows.rows; row++) words.subarray(rows.offsets[row], rows.offsets[row + 1]).sort();
  const compare = (a: number, b: number): number => {
    const endA = rows.offsets[a + 1]!;
    const endB = rows.offsets[b + 1]!;
    let i = rows.offsets[a]!;
    let j = rows.offsets[b]!;
    while (i < endA && j < endB && words[i] === words[j]) {
      i++;
      j++;
    }
    if (i === endA || j === endB) return endA - i - (endB - j) || a - b;
    return words[i]! - words[j]!;
  };
  const rowAt = Uint32Array.from({ length: rows.rows }, (_, row) => row).sort(compare);

  const offsets = new Uint32Array(rows.rows + 1);
  const arrangedTerms = new Uint32Array(entries);
  const values = new Float64Array(entries);
  for (const [place, row] of rowAt.entries()) {
    const start = offsets[place]!;
    const from = rows.offsets[row]!;
    const to = rows.offsets[row + 1]!;
    offsets[place + 1] = start + to - from;
    arrangedTerms.set(terms.subarray(from, to), start);
    values.set(rows.values.subarray(from, to), start);
  }
  return { rowAt, offsets, terms: arrangedTerms, values };
}

/** Per term: where it occurs, ascending, with its values there. */
export interface Postings {
  /** Where each term's postings start, and where the last one's end. */
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  readonly values: Float64Array;
}

export function invert({ offsets, terms, values }: Arrangement, size: number): Postings {
  const starts = new Uint32Array(size + 1);
  for (const term of terms) starts[term + 1]!++;
  for (let term = 0; term < size; term++) starts[term + 1]! += starts[term]!;
  const next = starts.slice(0, size);
  const places = new Uint32Array(terms.length);
  const posted = new Float64Array(terms.length);
  for (let place = 0; place + 1 < offsets.length; place++) {
    for (let i = offsets[place]!; i < offsets[place + 1]!; i++) {
      const at = next[terms[i]!]!++;
      places[at] = place;
      posted[at] = values[i]!;
    }
  }
  return { starts, places, values: posted };
}

/** Per term and block of `1 << bits` places (and for all places together): its extreme values. */
export interface Extremes {
  /** Where each term's blocks start, and where the last one's end. */
  readonly starts: Uint32Array;
  readonly blocks: Uint32Array;
  /** At least 0. */
  readonly highest: Float64Array;
  /** At most 0. */
  readonly lowest: Float64Array;
}

export function extremes({ starts, places, values }: Postings, bits: number): Extremes {
  const size = starts.length - 1;
  const blockStarts = new Uint32Array(size + 1);
  const blocks: number[] = [];
  const highest: number[] = [];
  const lowest: number[] = [];
  for (let term = 0; term < size; term++) {
    for (let i = starts[term]!; i < starts[term + 1]!; i++) {
      const block = places[i]! >>> bits;
      if (blocks.length === blockStarts[term]! || blocks.at(-1) !== block) {
        blocks.push(block);
        highest.push(0);
        lowest.push(0);
      }
      const last = blocks.length - 1;
      highest[last] = Math.max(highest[last]!, values[i]!);
      lowest[last] = Math.min(lowest[last]!, values[i]!);
    }
    blockStarts[term + 1] = blocks.length;
  }
  return {
    starts: blockStarts,
    blocks: Uint32Array.from(blocks),
    highest: Float64Array.from(highest),
    lowest: Float64Array.from(lowest),
  };
}

/** Places grouped by the squared length of their rows, ascending; within a group by row. */
export interface Lengths {
  /** Per place: its row's squared length, added up in the order of the columns. */
  readonly squares: Float64Array;
  /** The squared lengths that occur. */
  readonly groups: Float64Array;
  readonly groupStarts: Uint32Array;
  readonly groupPlaces: Uint32Array;
  /** The least and largest squared length of a row that has entries. */
  readonly least: number;
  readonly largest: number;
}

export function groupByLength({ rowAt, offsets, values }: Arrangement): Lengths {
  const squares = new Float64Array(rowAt.length);
  let least = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let place = 0; place < rowAt.length; place++) {
    let square = 0;
    for (let i = offsets[place]!; i < offsets[place + 1]!; i++) square += values[i]! * values[i]!;
    squares[place] = square;
    if (offsets[place]! === offsets[place + 1]!) continue;
    least = Math.min(least, square);
    largest = Math.max(largest, square);
  }
  const groupPlaces = rowAt.map((_, place) => place);
  groupPlaces.sort((a, b) => squares[a]! - squares[b]! || rowAt[a]! - rowAt[b]!);
  const starts: number[] = [];
  for (const [at, place] of groupPlaces.entries()) {
    if (at === 0 || squares[place] !== squares[groupPlaces[at - 1]!]) starts.push(at);
  }
  const groups = Float64Array.from(starts, (at) => squares[groupPlaces[at]!]!);
  const groupStarts = Uint32Array.from([...starts, rowAt.length]);
  return { squares, groups, groupStarts, groupPlaces, least: Math.min(least, largest), largest };
}
