const precision = 160;
const one = 1n << BigInt(precision);

/**
 * The cosine of a double from 0 to 4, the nearest double there is, as of the C library that Jubatus calls; JavaScript's is at
 * times the next one, which unmakes ties.
 */
export function cosine(angle: number): number {
  // A double times 2^100 is a whole number where the angle is 0 or not tiny.
  const fixed = BigInt(Math.round(angle * 2 ** 100)) << BigInt(precision - 100);
  const square = (fixed * fixed) / one;
  let term = one;
  let sum = one;
  for (let n = 1n; term !== 0n; n += 2n) {
    term = -(term * square) / (one * n * (n + 1n));
    sum += term;
  }
  return Number(sum) / 2 ** precision;
}
