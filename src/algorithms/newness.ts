/** Events of everybody's kind that somebody with some history is taken to have had, beside their own. */
const borrowed = 10;

/**
 * How likely somebody is to bring something new: as often as they did, smoothed by how often others do (`usual`). After
 * n events of the same it falls like 1 / n; for the first event it is 1. Witten and Bell, "The Zero-Frequency Problem"
 * (1991), https://doi.org/10.1109/18.87000
 */
export function newnessOf(surprises: number, events: number, usual: number): number {
  const prior = (borrowed * events) / (events + 1);
  return (1 + surprises + prior * usual) / (1 + events + prior);
}
