const utf8 = new TextEncoder();
const scratch = new Uint8Array(65_536);
const words = new Uint32Array(scratch.buffer);
/** Longer texts, and what is beyond ASCII in them, need a buffer of their own. */
const fits = scratch.length / 3 - 8;

/** The digits of base64url (RFC 4648 §5). */
const digits = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', (digit) =>
  digit.charCodeAt(0),
);
const digit = (bits: number): number => digits[bits & 63] as number;

/**
 * Nine digits that differ where texts differ: 54 bits of two multiplicative hashes, each over every other four bytes of
 * the text's UTF-8, and the seed's. For telling records apart, not against somebody who wants two alike.
 */
export function fingerprint(text: string, seed = 0): string {
  let all = words;
  let length: number;
  if (text.length <= fits) {
    length = utf8.encodeInto(text, scratch).written;
    for (let i = length; i < length + 8; i++) scratch[i] = 0;
  } else {
    const bytes = utf8.encode(text);
    length = bytes.length;
    all = new Uint32Array(((length + 7) >> 3) * 2);
    new Uint8Array(all.buffer).set(bytes);
  }
  let low = length ^ 0xdeadbeef ^ (seed | 0);
  let high = 0x41c6ce57 ^ (seed / 4_294_967_296);
  const count = (length + 3) >> 2;
  for (let i = 0; i < count; i += 2) {
    low = Math.imul(((low << 5) | (low >>> 27)) ^ (all[i] as number), 2_654_435_761);
    high = Math.imul(((high << 7) | (high >>> 25)) ^ (all[i + 1] as number), 1_597_334_677);
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
