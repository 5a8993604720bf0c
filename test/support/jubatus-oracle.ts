/** Distances between data as the engine sees them, without bounds, lists or buckets. */
export type Distance = (left: number, right: number) => number;

export interface OracleOptions {
  readonly nearest: number;
  readonly reverse: number;
  /** light_lof: densities without a floor, the older row first among equals. */
  readonly isLight: boolean;
}

interface Neighbor {
  readonly row: number;
  readonly distance: number;
}

/**
 * What Jubatus' `add` gives for data 0 to `count` - 1, each in turn, straight from its description: every question goes to
 * every row. With ignore_kth_same_point.
 */
export function oracleScores(count: number, distance: Distance, { nearest: k, reverse, isLight }: OracleOptions) {
  const rows: number[] = [];
  const kDistance: number[] = [];
  const density: number[] = [];
  const isBefore = (a: Neighbor, b: Neighbor): boolean =>
    a.distance < b.distance || (a.distance === b.distance && (isLight ? a.row < b.row : a.row > b.row));

  function neighbors(of: number, most: number): Neighbor[] {
    const found: Neighbor[] = [];
    for (const row of rows) {
      const neighbor = { row, distance: distance(of, row) };
      const last = found.at(-1);
      if (found.length === most && last !== undefined && !isBefore(neighbor, last)) continue;
      let place = found.length;
      while (place > 0 && isBefore(neighbor, found[place - 1] as Neighbor)) place--;
      found.splice(place, 0, neighbor);
      if (found.length > most) found.pop();
    }
    return found;
  }

  const reach = (list: readonly Neighbor[]): number =>
    list.reduce((sum, { row, distance: far }) => sum + Math.max(far, kDistance[row] as number), 0);

  function score(list: readonly Neighbor[]): number {
    if (list.length === 0) return Number.POSITIVE_INFINITY;
    const sum = reach(list);
    const own = sum === 0 ? Number.POSITIVE_INFINITY : list.length / sum;
    const theirs = list.reduce((total, { row }) => total + (density[row] as number), 0);
    return theirs === Number.POSITIVE_INFINITY && own === theirs ? 1 : theirs / (list.length * own);
  }

  const scores: number[] = [];
  let ignored = 0;
  for (let row = 0; row < count; row++) {
    const copies = neighbors(row, k - 1);
    if (copies.length === k - 1 && copies.at(-1)?.distance === 0) {
      ignored++;
      scores.push(score(neighbors(row, k)));
      continue;
    }
    rows.push(row);
    const touched = [...new Set([...neighbors(row, reverse).map((each) => each.row), row])];
    const lists = touched.map((each) => neighbors(each, k));
    for (const [at, each] of touched.entries()) kDistance[each] = lists[at]?.at(-1)?.distance ?? 0;
    for (const [at, each] of touched.entries()) {
      const list = lists[at] as Neighbor[];
      density[each] = list.length / (reach(list) + (isLight ? 0 : 1e-15));
    }
    scores.push(score(neighbors(row, k + 1).filter((each) => each.row !== row)));
  }
  return { scores, ignored };
}
