const { fround } = Math;

/** A way away from the row's own bucket: coordinates of one table, each a step up or down. */
interface ProbeSet {
  readonly table: number;
  readonly cost: number;
  /** Places in the table's list of steps, ascending. */
  readonly steps: readonly number[];
}

interface Step {
  readonly coordinate: number;
  readonly by: 1 | -1;
  readonly cost: number;
}

export interface Probe {
  readonly table: number;
  /** The whole coordinates of the bucket. */
  readonly coordinates: Int32Array;
}

/** Least cost first; of equal costs the first table, then the steps in the order of words. */
class Queue {
  private readonly sets: { readonly set: ProbeSet; readonly age: number }[] = [];
  private pushed = 0;

  push(set: ProbeSet): void {
    const { sets } = this;
    const entry = { set, age: this.pushed++ };
    let at = sets.length;
    sets.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesFirst(entry, sets[parent]!)) break;
      sets[at] = sets[parent]!;
      at = parent;
    }
    sets[at] = entry;
  }

  pop(): ProbeSet | undefined {
    const { sets } = this;
    const first = sets[0];
    const last = sets.pop();
    if (first === undefined || last === undefined || sets.length === 0) return first?.set;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= sets.length) break;
      if (child + 1 < sets.length && comesFirst(sets[child + 1]!, sets[child]!)) child++;
      if (!comesFirst(sets[child]!, last)) break;
      sets[at] = sets[child]!;
      at = child;
    }
    sets[at] = last;
    return first.set;
  }
}

type Entry = { readonly set: ProbeSet; readonly age: number };

function comesFirst({ set: a, age }: Entry, { set: b, age: otherAge }: Entry): boolean {
  if (a.cost !== b.cost) return a.cost < b.cost;
  if (a.table !== b.table) return a.table < b.table;
  const at = a.steps.findIndex((step, i) => step !== b.steps[i]);
  return at < 0 ? a.steps.length < b.steps.length || age < otherAge : a.steps[at]! < (b.steps[at] ?? -1);
}

/** Rounded down to 32 bits; what does not fit is the least number, as with the processors that Jubatus runs on. */
export function wholeNumber(value: number): number {
  const whole = Math.floor(value);
  return whole >= -(2 ** 31) && whole < 2 ** 31 ? whole : -(2 ** 31);
}

/**
 * The buckets beside a row's own in the order of Lv, Josephson, Wang, Charikar and Li, Multi-Probe LSH (2007), over all
 * tables at once. As in Jubatus, a set may step up and down the same coordinate.
 * @param hashes The row's shifted hashes, table after table, `perTable` each.
 */
export function* probes(hashes: Float32Array, perTable: number): Generator<Probe, void> {
  const queue = new Queue();
  const tables: Step[][] = [];
  for (let table = 0; table * perTable < hashes.length; table++) {
    const steps: Step[] = [];
    for (let coordinate = 0; coordinate < perTable; coordinate++) {
      const hash = hashes[table * perTable + coordinate]!;
      const above = fround(hash - wholeNumber(hash));
      steps.push({ coordinate, by: 1, cost: fround(fround(1 - above) ** 2) });
      steps.push({ coordinate, by: -1, cost: fround(above ** 2) });
    }
    steps.sort((a, b) => a.cost - b.cost || a.by - b.by || (a.coordinate - b.coordinate) * a.by);
    tables.push(steps);
    queue.push({ table, cost: steps[0]!.cost, steps: [0] });
  }
  for (let set = queue.pop(); set !== undefined; set = queue.pop()) {
    const { table, cost, steps } = set;
    const all = tables[table]!;
    const coordinates = new Int32Array(perTable);
    for (let i = 0; i < perTable; i++) coordinates[i] = wholeNumber(hashes[table * perTable + i]!);
    for (const step of steps) coordinates[all[step]!.coordinate]! += all[step]!.by;
    yield { table, coordinates };
    const last = steps.at(-1)!;
    const next = all[last + 1];
    if (next === undefined) continue;
    const moved = cost + fround(next.cost - all[last]!.cost);
    queue.push({ table, cost: moved, steps: [...steps.slice(0, -1), last + 1] });
    queue.push({ table, cost: cost + next.cost, steps: [...steps, last + 1] });
  }
}
