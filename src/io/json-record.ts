import { isUtf8 } from 'node:buffer';
import { keptBytes } from './lines.ts';

/** A record cut out of JSON: an object as text, or what stands where one should be. */
export interface JsonRecord {
  /** Of a faulty record at most its first 64 KiB, with U+FFFD where it is not UTF-8. */
  readonly text: string;
  /** 1-based, in its file. */
  readonly number: number;
  /** Why the record cannot be used. What is wrong between its brackets is found by parsing it, not here. */
  readonly fault?: string;
}

/** Puts records together from pieces of a file, and counts them. Memory: `maxRecordBytes` and one piece. */
export class RecordBuffer {
  /** Where the record in progress begins in this piece, -1 when there is none. */
  start = -1;
  fault: string | undefined;
  readonly #maxBytes: number;
  /** What earlier pieces have of it. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #length = 0;
  #number = 0;
  #records: JsonRecord[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The finished ones, each once. */
  take(): JsonRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** Before another piece: what this one has of the record in progress is kept. */
  hold(piece: Buffer): void {
    if (this.start < 0) return;
    const bytes = piece.subarray(this.start);
    this.start = 0;
    this.#length += bytes.length;
    const room = this.#maxBytes + 1 - this.#heldBytes;
    if (room <= 0 || bytes.length === 0) return;
    const copy = Buffer.from(bytes.subarray(0, room));
    this.#held.push(copy);
    this.#heldBytes += copy.length;
  }

  /** There is no record after all. */
  drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#length = 0;
    this.start = -1;
    this.fault = undefined;
  }

  /** The record in progress ends at `end`. */
  finish(bytes: Buffer, end: number): void {
    let text = bytes.subarray(Math.max(0, this.start), end);
    const length = this.#length + text.length;
    if (this.#held.length > 0) text = Buffer.concat([...this.#held, text.subarray(0, this.#maxBytes)]);
    let { fault } = this;
    if (fault === undefined && length > this.#maxBytes)
      fault = `a record of ${length} bytes, more than ${this.#maxBytes}`;
    if (fault === undefined && !isUtf8(text)) fault = 'not UTF-8';
    this.#number++;
    const number = this.#number;
    this.#records.push(
      fault === undefined
        ? { text: text.toString(), number }
        : { text: text.toString('utf8', 0, keptBytes), number, fault },
    );
    this.drop();
  }
}
