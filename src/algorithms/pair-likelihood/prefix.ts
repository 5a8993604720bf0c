/** How many leading bits two addresses share; of IPv4 give 0 as both low words and take at most 32. */
export function sharedBits(high: number, low: number, otherHigh: number, otherLow: number): number {
  const bits = Math.clz32(high ^ otherHigh);
  return bits < 32 ? bits : 32 + Math.clz32(low ^ otherLow);
}

/** The bits of a 32-bit word that a prefix leaves free. */
export const freeBits = (length: number): number =>
  length <= 0 ? 0xffff_ffff : length >= 32 ? 0 : 0xffff_ffff >>> length;

/** An address as one number, for distances and order; of IPv6 rounded to 53 bits. */
export const magnitude = (words: 1 | 2, high: number, low: number): number =>
  words === 1 ? high : high * 4_294_967_296 + low;
