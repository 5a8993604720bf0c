const ascending = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();

function between(low: number, high: number, share: number): number {
  // numpy interpolates from the nearer end
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}

const checkShare = (share: number, size: number): void => {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`A quantile is between 0 and 1, not ${share}.`);
  if (size === 0) throw new RangeError('There is no quantile of nothing.');
};

/**
 * The quantile of some numbers with linear interpolation, the same to the bit as `numpy.quantile(values, share)`;
 * definition 7 of Hyndman and Fan (1996). Throws RangeError for no values or a share outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  checkShare(share, values.length);
  const sorted = ascending(values);
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return between(sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!, at - low);
}

/** The same as `quantile` over each value repeated `counts` times, without repeating it. Counts are whole and ≥ 1. */
export function weightedQuantile(values: ArrayLike<number>, counts: ArrayLike<number>, share: number): number {
  checkShare(share, values.length);
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  let total = 0;
  for (const i of order) total += counts[i]!;
  const at = (total - 1) * share;
  const low = Math.floor(at);
  let seen = 0;
  let below = Number.NaN;
  for (const i of order) {
    seen += counts[i]!;
    if (Number.isNaN(below) && seen > low) below = values[i]!;
    if (seen > Math.min(low + 1, total - 1)) return between(below, values[i]!, at - low);
  }
  return below;
}
