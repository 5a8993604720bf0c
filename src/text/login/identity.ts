/**
 * Two mixed 32-bit halves of a text's characters from `at`: 53 bits, no defence against somebody who wants two alike.
 * After cyrb53 by bryc (public domain). https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js
 */
export function hash53(text: string, at: number): number {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 2_654_435_761);
    high = Math.imul(high ^ code, 1_597_334_677);
  }
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  return 4_294_967_296 * (high & 0x1fffff) + (low >>> 0);
}
