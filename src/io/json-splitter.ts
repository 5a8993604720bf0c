import { type JsonRecord, RecordBuffer } from './json-record.ts';

export interface JsonOptions {
  /** A longer record is skipped, its beginning kept. In bytes. */
  readonly maxRecordBytes: number;
  /** Of an object that is not within another, the members whose lists hold the records, such as `Records`. */
  readonly lists: ReadonlySet<string>;
}

const maxDepth = 128;
const longestKey = 64;

const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const open = 0x7b;
const close = 0x7d;

/** What a byte is outside strings: of no interest, space, a quote, or a bracket. */
const [plain, blank, string, bracket] = [0, 1, 2, 3];
const kinds = new Uint8Array(256);
for (const byte of [space, tab, newline, carriageReturn]) kinds[byte] = blank;
for (const byte of [open, openList, close, closeList]) kinds[byte] = bracket;
kinds[quote] = string;
/** The bytes that a string does not simply go on over. */
const ends = new Uint8Array(256);
for (const byte of [quote, newline, backslash]) ends[byte] = 1;

/**
 * Where records are met: objects one after another; the elements of a list; the elements of a list in an object; and
 * nowhere, in what follows that list in its object.
 */
type Place = 'top' | 'list' | 'member' | 'rest';

/** What the next byte belongs to: nothing yet, something in brackets, an element without brackets, a line of no JSON. */
type State = 'between' | 'within' | 'bare' | 'junk';

/**
 * Cuts JSON into records, wherever the pieces happen to end: objects one after another or a line each, lists of objects,
 * and objects that hold a list of them such as `{"Records":[…]}`, as many of each as there are. Memory: one record of at
 * most `maxRecordBytes`, and one piece. Looks at brackets and strings alone, once.
 *
 * A line that is cut short costs itself, and at most the line after it: a string does not go on over a line's end, nor
 * does an object begin a line where none may stand.
 */
export class JsonSplitter {
  readonly #lists: ReadonlySet<string>;
  #place: Place = 'top';
  #state: State = 'between';
  /** Brackets that are open within the record, or within the object whose list is over; and which, so far as kept. */
  #depth = 0;
  readonly #brackets = new Uint8Array(maxDepth);
  #inString = false;
  #escaped = false;
  /** The last byte outside strings that was no space, and whether a line began since. */
  #last = 0;
  #lineBegan = false;
  /** The last string that stood in an outermost object, so far as earlier pieces have it. */
  #key = '';
  readonly #record: RecordBuffer;
  #begun = false;

  constructor(options: JsonOptions) {
    this.#lists = options.lists;
    this.#record = new RecordBuffer(options.maxRecordBytes);
  }

  /** The records that `piece` completes. `piece` may be reused afterwards. */
  push(piece: Uint8Array): JsonRecord[] {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let at = this.#begun ? 0 : markOf(bytes);
    this.#begun ||= bytes.length > 0;
    while (at < bytes.length) {
      if (this.#state === 'between') at = this.#between(bytes, at);
      else if (this.#state === 'within') at = this.#within(bytes, at);
      else if (this.#state === 'bare') at = this.#bare(bytes, at);
      else at = this.#junk(bytes, at);
    }
    this.#record.hold(bytes);
    return this.#record.take();
  }

  /** What is wrong at the input's end, if anything: with `fault`, at any rate that, which ended it early. */
  end(fault?: string): JsonRecord[] {
    if (this.#state === 'junk') this.#finish(Buffer.alloc(0), 0);
    else if (fault !== undefined || this.#record.start >= 0 || this.#place !== 'top') {
      this.#record.fault = fault ?? 'cut short';
      this.#finish(Buffer.alloc(0), 0);
    }
    return this.#record.take();
  }

  #between(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (kinds[byte] === blank || byte === comma) continue;
      if (this.#place !== 'top' && byte === closeList) {
        if (this.#place === 'member') this.#begin('within', 'rest', 1);
        else this.#place = 'top';
        return at + 1;
      }
      if (this.#place === 'top' && byte === openList) {
        this.#place = 'list';
        return at + 1;
      }
      this.#record.start = at;
      const bracketed = byte === open || byte === openList;
      this.#begin(bracketed ? 'within' : this.#place === 'top' ? 'junk' : 'bare', this.#place, 0);
      return at;
    }
    return bytes.length;
  }

  #begin(state: State, place: Place, depth: number): void {
    this.#state = state;
    this.#place = place;
    this.#depth = depth;
    this.#last = 0;
    this.#lineBegan = false;
    this.#inString = false;
    this.#key = '';
  }

  /** To the end of what is in brackets. */
  #within(bytes: Buffer, from: number): number {
    const { length } = bytes;
    const top = this.#place === 'top';
    let depth = this.#depth;
    let last = this.#last;
    let lineBegan = this.#lineBegan;
    let inString = this.#inString;
    let keyFrom = 0;
    let keyTo = -1;
    for (let at = from; at < length; at++) {
      const byte = bytes[at] as number;
      const kind = inString ? string : (kinds[byte] as number);
      if (kind === plain) {
        last = byte;
        lineBegan = false;
        continue;
      }
      if (kind === blank) {
        if (byte === newline) lineBegan = true;
        continue;
      }
      if (kind === string) {
        if (!inString) this.#key = '';
        keyFrom = inString ? at : at + 1;
        at = this.#string(bytes, keyFrom);
        keyTo = at;
        inString = at >= length;
        if (inString) break;
        lineBegan = bytes[at] === newline;
        if (lineBegan) {
          this.#record.fault ??= 'a string without an end';
          if (top) return this.#cut(bytes, at);
        }
        last = quote;
        continue;
      }
      if (byte === open || byte === openList) {
        if (top && depth > 0) {
          const key = (): string => this.#key + (keyTo < 0 ? '' : bytes.toString('latin1', keyFrom, keyTo));
          if (byte === openList && depth === 1 && last === colon && this.#lists.has(key())) {
            this.#record.drop();
            this.#begin('between', 'member', 0);
            return at + 1;
          }
          if (byte === open && lineBegan && !this.#mayOpen(depth, last)) {
            this.#record.fault ??= 'cut short';
            return this.#cut(bytes, at);
          }
        }
        if (depth < maxDepth) this.#brackets[depth] = byte;
        else this.#record.fault ??= `more than ${maxDepth} deep`;
        depth++;
      } else {
        depth--;
        if (depth === 0) {
          if (this.#place === 'rest') this.#begin('between', 'top', 0);
          else this.#finish(bytes, at + 1);
          return at + 1;
        }
      }
      last = byte;
      lineBegan = false;
    }
    if (top && depth === 1 && this.#key.length < longestKey && keyTo >= 0)
      this.#key += bytes.toString('latin1', keyFrom, Math.min(keyTo, keyFrom + longestKey));
    this.#depth = depth;
    this.#last = last;
    this.#lineBegan = lineBegan;
    this.#inString = inString;
    return length;
  }

  /** Where a string ends: at its quote, or a line's end, or with the piece. */
  #string(bytes: Buffer, from: number): number {
    let at = from;
    if (this.#escaped && at < bytes.length) {
      this.#escaped = false;
      at++;
    }
    const { length } = bytes;
    for (; at < length; at++) {
      if (ends[bytes[at] as number] === 0) continue;
      if (bytes[at] !== backslash) return at;
      at++;
    }
    this.#escaped = at > length;
    return length;
  }

  /** Whether an object may stand after `last` in the innermost bracket. */
  #mayOpen(depth: number, last: number): boolean {
    if (last === colon || depth > maxDepth) return true;
    return this.#brackets[depth - 1] === openList && (last === openList || last === comma);
  }

  /** The record ends here without its end. */
  #cut(bytes: Buffer, at: number): number {
    this.#finish(bytes, at);
    return at;
  }

  /** To the end of an element that is no object and no list. */
  #bare(bytes: Buffer, from: number): number {
    this.#record.fault ??= 'not an object';
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#inString || byte === quote) {
        at = this.#string(bytes, this.#inString ? at : at + 1);
        this.#inString = at >= bytes.length;
      } else if (byte === comma || byte === closeList) {
        this.#finish(bytes, at);
        return at;
      }
    }
    return bytes.length;
  }

  /** To the end of a line that does not begin as JSON does. */
  #junk(bytes: Buffer, from: number): number {
    this.#record.fault ??= 'not JSON';
    const end = bytes.indexOf(newline, from);
    if (end < 0) return bytes.length;
    this.#finish(bytes, bytes[end - 1] === carriageReturn && end > from ? end - 1 : end);
    return end + 1;
  }

  /** The record in progress ends at `end`. */
  #finish(bytes: Buffer, end: number): void {
    this.#record.finish(bytes, end);
    this.#begin('between', this.#place, 0);
  }
}

/** The length of UTF-8's byte order mark at the beginning. */
const markOf = (bytes: Buffer): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
