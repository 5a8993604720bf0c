/** A threshold and the share of fresh ordinary rows that scores above it at most. */
export interface ConformalThreshold {
  readonly threshold: number;
  /** What is promised: at most the wanted rate, unless the calibration scores are too few for that. */
  readonly rate: number;
}

/** How many of the ascending `sorted` are at least `score`. */
function countFrom(sorted: ArrayLike<number>, score: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! >= score) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

/**
 * The conformal p-value (1 + #{c ≥ score}) / (n + 1): when the row is as ordinary as the n calibration rows, the chance
 * to see a p-value of at most any `a` is at most `a`. Never 0; 1 without calibration scores.
 * Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World.
 *
 * @param sorted Calibration scores, ascending, of ordinary rows that the model was not fitted on.
 */
export function conformalPValue(sorted: ArrayLike<number>, score: number): number {
  return (1 + countFrom(sorted, score)) / (sorted.length + 1);
}

/**
 * The lowest calibration score such that a fresh ordinary row scores above it with a chance of at most `rate`. A score
 * is above it exactly when its p-value is at most the returned rate.
 *
 * n scores cannot promise less than 1 / (n + 1): for a lower `rate` the threshold is the highest score and the returned
 * rate is that one. At rate 1, and without calibration scores, everything is above: the threshold is -Infinity.
 * Throws RangeError for a rate outside [0, 1].
 *
 * @param sorted Calibration scores, ascending, of ordinary rows that the model was not fitted on.
 */
export function conformalThreshold(sorted: ArrayLike<number>, rate: number): ConformalThreshold {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`A rate is between 0 and 1, not ${rate}.`);
  const size = sorted.length + 1;
  const above = Math.max(1, Math.floor(rate * size + 1e-9)); // 0.29 * 100 is a hair below 29
  return { threshold: sorted[sorted.length - above] ?? Number.NEGATIVE_INFINITY, rate: above / size };
}
