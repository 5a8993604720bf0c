/** What a record may hold: whole numbers below 2^32 are written as such, other numbers as doubles. */
export type MmdbValue =
  | string
  | number
  | bigint
  | boolean
  | readonly MmdbValue[]
  | { readonly [key: string]: MmdbValue };

/** Types of the format by number. */
const pointer = 1;
const utf8 = 2;
const double = 3;
const uint32 = 6;
const map = 7;
const int32 = 8;
const uint64 = 9;
const array = 11;
const boolean = 14;

/** As far as a pointer of three bytes reaches. */
const mostBytes = 2 ** 27;

/** Values one after the other; what was written before is pointed at. */
export class Section {
  readonly #pointing: boolean;
  readonly #places = new Map<string, number>();
  #bytes = Buffer.alloc(1024);
  length = 0;

  constructor(pointing: boolean) {
    this.#pointing = pointing;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** Where the value stands, from the section's beginning. */
  place(value: MmdbValue): number {
    const known = this.#places.get(keyOf(value));
    if (known !== undefined) return known;
    const place = this.length;
    this.write(value);
    return place;
  }

  write(value: MmdbValue): void {
    const shared = this.#pointing && (typeof value === 'object' || (typeof value === 'string' && value.length > 2));
    if (shared) {
      const key = keyOf(value);
      const known = this.#places.get(key);
      if (known !== undefined) {
        this.#point(known);
        return;
      }
      this.#places.set(key, this.length);
    }
    if (typeof value === 'string') this.#put(utf8, Buffer.from(value));
    else if (typeof value === 'boolean') this.#control(boolean, value ? 1 : 0);
    else if (typeof value === 'bigint') this.#put(uint64, bigEndian(value));
    else if (typeof value === 'number') this.#number(value);
    else if (isList(value)) {
      this.#control(array, value.length);
      for (const item of value) this.write(item);
    } else {
      const entries = Object.entries(value);
      this.#control(map, entries.length);
      for (const [key, item] of entries) {
        this.write(key);
        this.write(item);
      }
    }
  }

  #number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
      this.#put(uint32, bigEndian(BigInt(value)));
    } else if (Number.isInteger(value) && value < 0 && value >= -(2 ** 31)) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value);
      this.#put(int32, bytes);
    } else {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      this.#put(double, bytes);
    }
  }

  #point(place: number): void {
    const following = place < 2048 ? 1 : place < 526_336 ? 2 : 3;
    const rest = place - ([0, 2048, 526_336][following - 1] as number);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(rest);
    const from = 3 - following;
    bytes[from] = (pointer << 5) | ((following - 1) << 3) | (bytes[from] as number);
    this.#append(bytes.subarray(from));
  }

  #put(type: number, payload: Uint8Array): void {
    this.#control(type, payload.length);
    this.#append(payload);
  }

  #control(type: number, size: number): void {
    const length = size < 29 ? [] : size < 285 ? [size - 29] : size < 65_821 ? two(size - 285) : three(size - 65_821);
    const low = size < 29 ? size : 28 + length.length;
    this.#append(type > 7 ? [low, type - 7, ...length] : [(type << 5) | low, ...length]);
  }

  #append(bytes: ArrayLike<number>): void {
    const needed = this.length + bytes.length;
    if (needed > mostBytes) throw new RangeError('A database holds at most 128 MB of records.');
    if (needed > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.length);
    this.length = needed;
  }
}

const two = (value: number): number[] => [value >> 8, value & 255];
const three = (value: number): number[] => [value >> 16, (value >> 8) & 255, value & 255];
const isList = (value: MmdbValue): value is readonly MmdbValue[] => Array.isArray(value);

/** The fewest bytes that hold it. */
function bigEndian(value: bigint): Uint8Array {
  const hex = value === 0n ? '' : value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

const keyOf = (value: MmdbValue): string =>
  JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item));
