import { isAscii, isUtf8 } from 'node:buffer';

/** One line of a file, without its line break. */
export interface Line {
  /** The text; of a faulty line at most its first 64 KiB, with U+FFFD where it is not UTF-8. */
  readonly text: string;
  /** 1-based; empty lines count. */
  readonly number: number;
  /** Where the next line begins, in bytes from the beginning of the file. */
  readonly end: number;
  /** False for a last line without a line break: somebody may still be writing it. */
  readonly complete: boolean;
  /** Why the line cannot be used: too long, not UTF-8, or with a NUL. */
  readonly fault?: string;
}

export interface LineOptions {
  /** A longer line is skipped, its beginning kept. In bytes, without the line break. */
  readonly maxLineBytes: number;
  /** Where in its file the first byte stands, for a reader that begins in the middle. */
  readonly offset?: number;
  /** How many lines stand before it. */
  readonly number?: number;
}

/** How much of a line that cannot be used is kept. */
export const keptBytes = 65_536;

const newline = 0x0a;
const carriageReturn = 0x0d;
/** Of UTF-8's byte order mark. */
const markBytes = 3;

/**
 * Cuts bytes into lines, wherever the pieces happen to end. Memory: one line of at most `maxLineBytes`, and one piece.
 * Ends a line at LF or CRLF; leaves out empty lines and a byte order mark at the beginning.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  /** Where the line in progress begins in the file, and how many lines stand before it. */
  #at: number;
  #number: number;
  /** How long it is so far, and its beginning: of a line that is too long, no more than shows that. */
  #length = 0;
  #lastByte = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor({ maxLineBytes, offset = 0, number = 0 }: LineOptions) {
    this.#maxLineBytes = maxLineBytes;
    this.#at = offset;
    this.#number = number;
  }

  /** The lines that `piece` completes. `piece` may be reused afterwards. */
  push(piece: Uint8Array): Line[] {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const lines: Line[] = [];
    const stop = bytes.lastIndexOf(newline) + 1;
    let from = 0;
    if (this.#length > 0 && stop > 0) {
      const end = bytes.indexOf(newline);
      this.#hold(bytes.subarray(0, end));
      this.#finish(lines, this.#release(), true);
      from = end + 1;
    }
    if (from < stop) this.#cut(lines, bytes, from, stop);
    this.#hold(bytes.subarray(Math.max(from, stop)));
    return lines;
  }

  /** The last line, when no line break ends it; with `fault`, a line at any rate: what ended the input early. */
  end(fault?: string): Line[] {
    const lines: Line[] = [];
    if (this.#length > 0 || fault !== undefined) this.#finish(lines, this.#release(), false, fault);
    return lines;
  }

  /** The whole lines, each with its line break, in `bytes` from `from` to `to`. */
  #cut(lines: Line[], bytes: Buffer, from: number, to: number): void {
    const all = bytes.subarray(from, to);
    const ascii = isAscii(all);
    const clean = (ascii || isUtf8(all)) && !all.includes(0);
    // Of ASCII both are the same, and Latin-1 takes half the time.
    const encoding = ascii ? 'latin1' : 'utf8';
    for (let start = from; start < to; ) {
      const end = bytes.indexOf(newline, start);
      const length = end - start;
      if (clean && length <= this.#maxLineBytes && this.#at > 0) {
        this.#number++;
        this.#at += length + 1;
        const stop = bytes[end - 1] === carriageReturn && length > 0 ? end - 1 : end;
        if (stop > start) {
          lines.push({
            text: bytes.toString(encoding, start, stop),
            number: this.#number,
            end: this.#at,
            complete: true,
          });
        }
      } else {
        this.#length = length;
        this.#finish(lines, bytes.subarray(start, end), true);
      }
      start = end + 1;
    }
  }

  #hold(bytes: Buffer): void {
    this.#length += bytes.length;
    this.#lastByte = bytes.at(-1) ?? this.#lastByte;
    const room = this.#maxLineBytes + markBytes + 1 - this.#heldBytes;
    if (room <= 0 || bytes.length === 0) return;
    const copy = Buffer.from(bytes.subarray(0, room));
    this.#held.push(copy);
    this.#heldBytes += copy.length;
  }

  #release(): Buffer {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }

  /** End the line in progress, of which `bytes` is the beginning. */
  #finish(lines: Line[], bytes: Buffer, complete: boolean, ended?: string): void {
    let text = bytes;
    const unseen = this.#length - bytes.length;
    const hiddenReturn = complete && unseen > 0 && this.#lastByte === carriageReturn ? 1 : 0;
    if (this.#at === 0 && text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) text = text.subarray(markBytes);
    if (unseen === 0 && complete && text.at(-1) === carriageReturn) text = text.subarray(0, -1);
    this.#at += this.#length + (complete ? 1 : 0);
    this.#number++;
    this.#length = 0;
    if (text.length === 0 && ended === undefined) return;
    const fault = ended ?? this.#faultOf(text, text.length + unseen - hiddenReturn);
    const kept = fault === undefined ? text : text.subarray(0, keptBytes);
    const line = { text: kept.toString(), number: this.#number, end: this.#at, complete };
    lines.push(fault === undefined ? line : { ...line, fault });
  }

  #faultOf(text: Buffer, length: number): string | undefined {
    if (length > this.#maxLineBytes) return `a line of ${length} bytes, more than ${this.#maxLineBytes}`;
    if (!isUtf8(text)) return 'not UTF-8';
    return text.includes(0) ? 'holds a NUL byte' : undefined;
  }
}
