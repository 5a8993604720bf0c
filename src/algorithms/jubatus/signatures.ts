import { cosine } from './cosine.ts';
import { grown, type Row } from './rows.ts';

/** 'euclid': from lengths and the angle that the bits tell; 'angle': the share of bits that differ. */
export type SignatureDistance = 'euclid' | 'angle';

/** A bound of the error of a squared distance, relative to the squares of both lengths. */
const rounding = 2e-15;

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Signs of random projections (Charikar 2002) and lengths, by slot, and distances estimated from them. */
export class Signatures {
  private readonly bits: number;
  private readonly words: number;
  private readonly distance: SignatureDistance;
  /** Of the angle that so many differing bits stand for. */
  private readonly cosines: Float64Array;
  private stored = new Int32Array(0);
  /** Infinity for a slot without a row. */
  private lengths = new Float64Array(0);
  private readonly loaded: Int32Array;
  private loadedLength = 0;
  private readonly asked: Int32Array;
  private askedLength = 0;

  constructor(bits: number, distance: SignatureDistance) {
    this.bits = bits;
    this.words = Math.ceil(bits / 32);
    this.distance = distance;
    this.cosines = Float64Array.from({ length: bits + 1 }, (_, differing) =>
      cosine((1 - (bits - differing) / bits) * Math.PI),
    );
    this.loaded = new Int32Array(this.words);
    this.asked = new Int32Array(this.words);
  }

  /** Ask about a row, given its projection. */
  load(row: Row, projected: Float32Array): void {
    const { loaded } = this;
    loaded.fill(0);
    for (let i = 0; i < this.bits; i++) if (projected[i]! > 0) loaded[i >>> 5]! |= 1 << (i & 31);
    let square = 0;
    for (const value of row.values) square += value * value;
    this.loadedLength = Math.sqrt(square);
    this.ask();
  }

  /** The same for rows that are at the same distances from all others. */
  name(): string {
    return `${this.loadedLength} ${this.loaded.join(' ')}`;
  }

  /** Ask about the loaded row again. */
  ask(): void {
    this.asked.set(this.loaded);
    this.askedLength = this.loadedLength;
  }

  /** Ask about a stored row; the loaded one can still be inserted. */
  loadFrom(slot: number): void {
    const { asked, stored, words } = this;
    for (let i = 0, at = slot * words; i < words; i++, at++) asked[i] = stored[at]!;
    this.askedLength = this.lengths[slot]!;
  }

  /** From the row asked about to every slot below `high`; Infinity where there is no row. */
  measure(distances: Float64Array, high: number): void {
    for (let slot = 0; slot < high; slot++) distances[slot] = this.to(slot);
  }

  /** From the row asked about to a stored one; Infinity where there is none. */
  to(slot: number): number {
    const { asked, stored, words } = this;
    const length = this.lengths[slot]!;
    if (length === Infinity) return Infinity;
    let differing = 0;
    for (let i = 0, at = slot * words; i < words; i++, at++) differing += bitCount(asked[i]! ^ stored[at]!);
    if (this.distance === 'angle') return differing / this.bits;
    const own = this.askedLength;
    if (differing === 0) return Math.abs(own - length);
    const square = own * own + length * length - 2 * own * length * this.cosines[differing]!;
    return square > 0 ? Math.sqrt(square) : 0;
  }

  /** As `to`; Infinity where the lengths alone are farther apart than `most`, which costs less to see. */
  within(slot: number, most: number): number {
    const length = this.lengths[slot]!;
    const own = this.askedLength;
    const apart = own - length;
    return apart * apart - rounding * (own * own + length * length) > most * most ? Infinity : this.to(slot);
  }

  /** The row loaded last becomes the row of `slot`. */
  insert(slot: number): void {
    const { words } = this;
    const had = this.lengths.length;
    this.lengths = grown(this.lengths, slot + 1);
    this.lengths.fill(Infinity, had);
    this.stored = grown(this.stored, this.lengths.length * words);
    this.stored.set(this.loaded, slot * words);
    this.lengths[slot] = this.loadedLength;
  }

  remove(slot: number): void {
    this.lengths[slot] = Infinity;
  }
}
