import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean "…"?` when a known name is near the given one, else nothing. */
export function suggestion(given: string, known: readonly string[]): string {
  if (known.length === 0 || given.length > 100) return '';
  const nearest = closest(given.toLowerCase(), known);
  return distance(given.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 3)
    ? ` Did you mean "${nearest}"?`
    : '';
}
