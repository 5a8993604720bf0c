const knots = 200;

/** How much room a crowded axis gives to how many places there are, rather than to how far apart they are. */
const share = 0.6;

export interface Axis {
  /** A value's place on the axis, 0 to 1; never falls as the value grows. */
  place(value: number): number;
  /** Crowded parts are stretched: equal steps on the axis are not equal steps of the projection. */
  readonly stretched: boolean;
}

/**
 * An axis over the finite `values`. Projections of sparse text put a few frequent kinds far out and everything else on
 * one spot; when half of the distinct values share less than a tenth of the axis, it blends the plain scale with the values'
 * ranks (histogram equalisation, as in Hummel 1977, doi:10.1016/S0146-664X(77)80011-7), so that they come apart.
 */
export function createAxis(values: Float64Array): Axis {
  const sorted = Float64Array.from(new Set(values)).sort();
  const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
  const plain = (value: number): number => (high > low ? (value - low) / (high - low) : 0.5);
  if (sorted.length < 20 || !crowded(sorted)) return { place: plain, stretched: false };
  const steps = Float64Array.from(
    { length: knots + 1 },
    (_, i) => sorted[Math.round((i / knots) * (sorted.length - 1))] as number,
  );
  const ranked = (value: number): number => {
    let [from, to] = [0, knots];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if ((steps[middle] as number) <= value) from = middle;
      else to = middle;
    }
    const [left, right] = [steps[from] as number, steps[to] as number];
    return (from + (right > left ? Math.max(0, Math.min(1, (value - left) / (right - left))) : 0)) / knots;
  };
  return { place: (value) => (1 - share) * plain(value) + share * ranked(value), stretched: true };
}

function crowded(sorted: Float64Array): boolean {
  const half = Math.floor(sorted.length / 2);
  let narrowest = Infinity;
  for (let i = 0; i + half < sorted.length; i++) {
    narrowest = Math.min(narrowest, (sorted[i + half] as number) - (sorted[i] as number));
  }
  return narrowest < ((sorted.at(-1) as number) - (sorted[0] as number)) / 10;
}
