import type { LocalOutlierFactor, Rows } from '../../src/algorithms/index.ts';

/** Distances no further apart than this count as equal. */
const tolerance = 1e-9;

interface Neighborhood {
  /** The distinct rows among the k nearest. */
  readonly rows: readonly number[];
  /** Whether no other distinct row could take the place of one of them. */
  readonly unique: boolean;
}

/** `own`: the distinct row that the query is, which is not its own neighbour; -1 for a new row. */
function neighborhood(model: LocalOutlierFactor, rows: Rows, row: number, own: number): Neighborhood {
  const near = model.neighbors(rows, row, model.neighborCount + 2);
  const list = Array.from(near.rows, (given, place) => {
    const distinct = model.rowOf[given] as number;
    const count = (near.counts[place] as number) - (distinct === own ? 1 : 0);
    return { distinct, distance: near.distances[place] as number, count };
  }).filter(({ count }) => count > 0);
  let total = 0;
  const last = list.findIndex(({ count }) => {
    total += count;
    return total >= model.neighborCount;
  });
  const tied = (place: number): boolean =>
    place in list && Math.abs((list[place]?.distance ?? 0) - (list[last]?.distance ?? 0)) <= tolerance;
  const cut = total > model.neighborCount;
  return {
    rows: list.slice(0, last + 1).map(({ distinct }) => distinct),
    unique: !tied(last + 1) && !(cut && tied(last - 1)),
  };
}

/**
 * Which rows have but one possible score under duplicates 'keep': their k nearest, and those of each of these, are not
 * cut inside a tie between different rows. Elsewhere the score depends on which of the tied rows are taken.
 */
export function withoutTies(
  model: LocalOutlierFactor,
  train: Rows,
  queries: Rows,
): { training: boolean[]; queries: boolean[] } {
  const known = Array.from(model.firstOf, (given, own) => neighborhood(model, train, given, own));
  const settled = ({ rows, unique }: Neighborhood): boolean => unique && rows.every((row) => known[row]?.unique);
  const distinct = known.map(settled);
  return {
    training: Array.from(model.rowOf, (row) => distinct[row] === true),
    queries: Array.from({ length: queries.rows }, (_, row) => settled(neighborhood(model, queries, row, -1))),
  };
}
