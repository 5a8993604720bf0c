import { Line } from '../syslog/line.ts';

const utf8 = new TextEncoder();
const own = new Line();

/** The digits of base64url (RFC 4648 §5). */
const digits = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', (digit) =>
  digit.charCodeAt(0),
);
const digit = (bits: number): number => digits[bits & 63] as number;

/**
 * Nine digits that differ where texts differ: 54 bits of two multiplicative hashes, each over every other four bytes of
 * the text's UTF-8, and the seed's. For telling records apart, not against somebody who wants two alike.
 */
export const fingerprint = (text: string, seed = 0): string => fingerprintOf(own.load(text), seed);

/** The same of a text that is loaded already. */
export function fingerprintOf({ text, words, ascii }: Line, seed: number): string {
  if (ascii) return hashOf(words, text.length, seed);
  const bytes = utf8.encode(text);
  const padded = new Uint8Array((bytes.length + 7) & -8);
  padded.set(bytes);
  return hashOf(new Uint32Array(padded.buffer), bytes.length, seed);
}

/** Words in pairs, zeros after the last byte. */
function hashOf(words: Uint32Array, length: number, seed: number): string {
  let low = length ^ 0xdeadbeef ^ (seed | 0);
  let high = 0x41c6ce57 ^ (seed / 4_294_967_296);
  const count = (length + 3) >> 2;
  for (let i = 0; i < count; i += 2) {
    low = Math.imul(((low << 5) | (low >>> 27)) ^ (words[i] as number), 2_654_435_761);
    high = Math.imul(((high << 7) | (high >>> 25)) ^ (words[i + 1] as number), 1_597_334_677);
  }
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  return String.fromCharCode(
    digit(low),
    digit(low >>> 6),
    digit(low >>> 12),
    digit(low >>> 18),
    digit(low >>> 24),
    digit(high),
    digit(high >>> 6),
    digit(high >>> 12),
    digit(high >>> 18),
  );
}
