import { type Line, type Word, wordOf } from './line.ts';

/** A power of two. */
const places = 256;
const longest = 64;
/** A value may hold its line. */
const longestLine = 4096;

interface Entry<Value> {
  readonly word: Word;
  readonly value: Value;
}

/**
 * What parts of lines meant: hosts and addresses come again and again. Memory is bounded, and so is time: two parts that
 * meet in one place drive each other out.
 */
export class Known<Value> {
  readonly #entries: (Entry<Value> | undefined)[] = new Array(places).fill(undefined);
  /** Most parts are those of the line before. */
  #last: Entry<Value | undefined> = { word: wordOf(''), value: undefined };

  /** What stands from `from` to `to`. */
  find(line: Line, from: number, to: number): Value | undefined {
    const last = this.#last;
    if (last.word.length === to - from && line.has(last.word, from)) return last.value;
    const entry = this.#entries[placeOf(line.codes, from, to)];
    if (entry === undefined || entry.word.length !== to - from || !line.has(entry.word, from)) return undefined;
    this.#last = entry;
    return entry.value;
  }

  /** The end of what was found or kept last, where it stands at `from` again; -1 when it does not. */
  again(line: Line, from: number): number {
    const { word } = this.#last;
    return word.length > 0 && line.has(word, from) ? from + word.length : -1;
  }

  /** What was found or kept last. */
  get last(): Value | undefined {
    return this.#last.value;
  }

  /** Keeps it where it is short and of ASCII. */
  keep({ text, codes, ascii }: Line, from: number, to: number, value: Value): void {
    if (!ascii || text.length > longestLine || to - from > longest) return;
    const entry = { word: wordOf(text.slice(from, to)), value };
    this.#entries[placeOf(codes, from, to)] = entry;
    this.#last = entry;
  }
}

/** Of a few characters only: hosts differ at their fourth, addresses at their ends. */
function placeOf(codes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  hash = hash * 31 + (codes[from] as number);
  hash = hash * 31 + (codes[from + 2] as number);
  hash = hash * 31 + (codes[from + 3] as number);
  for (let at = Math.max(from, to - 5); at < to; at++) hash = Math.imul(hash, 31) + (codes[at] as number);
  return (hash ^ (hash >>> 10)) & (places - 1);
}
