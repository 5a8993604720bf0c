import type { Line } from './line.ts';

/** A power of two. */
const places = 256;
const longest = 128;
/** What is kept may hold its line. */
const longestLine = 4096;

interface Entry<Value> {
  readonly codes: Uint8Array;
  readonly value: Value;
}

/**
 * What parts of lines meant, by their codes: hosts and addresses come again and again. Memory is bounded, and so is time:
 * two parts that meet in one place drive each other out.
 */
export class Known<Value> {
  readonly #entries: (Entry<Value> | undefined)[] = new Array(places).fill(undefined);

  find({ codes }: Line, from: number, to: number): Value | undefined {
    const length = to - from;
    const entry = length <= longest ? this.#entries[placeOf(codes, from, to)] : undefined;
    if (entry === undefined || entry.codes.length !== length) return undefined;
    for (let index = 0; index < length; index++) if (entry.codes[index] !== codes[from + index]) return undefined;
    return entry.value;
  }

  /** Keeps it where the line is ASCII and short. */
  keep({ codes, text, ascii }: Line, from: number, to: number, value: Value): void {
    if (ascii && text.length <= longestLine && to - from <= longest)
      this.#entries[placeOf(codes, from, to)] = { codes: codes.slice(from, to), value };
  }
}

function placeOf(codes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (codes[at] as number), 0x9e3779b1);
  return (hash ^ (hash >>> 15)) & (places - 1);
}
