import type { Random } from '../random.ts';

/** Values a feature is told apart by at most; codes fit one byte. */
export const mostBins = 64;
const sample = 20_000;

/** Rows with each value replaced by the number of its bin. */
export interface Binned {
  readonly codes: Uint8Array;
  /** Of each feature, the greatest value of every bin but the last, ascending. */
  readonly edges: readonly Float32Array[];
}

/** Cut each feature at quantiles of a sample of the rows, or between its values when there are few. */
export function bin(rows: Float32Array, features: number, random: Random): Binned {
  const count = rows.length / features;
  const chosen =
    count <= sample
      ? Uint32Array.from({ length: count }, (_, row) => row)
      : Uint32Array.from({ length: sample }, () => random.integer(count));
  const edges = Array.from({ length: features }, (_, feature) =>
    edgesOf(Float32Array.from(chosen, (row) => rows[row * features + feature]!).sort()),
  );
  const codes = new Uint8Array(rows.length);
  for (let feature = 0; feature < features; feature++) {
    const cuts = edges[feature]!;
    for (let at = feature; at < rows.length; at += features) codes[at] = codeOf(cuts, rows[at]!);
  }
  return { codes, edges };
}

/** How many cuts are below a value. */
function codeOf(cuts: Float32Array, value: number): number {
  let [least, most] = [0, cuts.length];
  while (least < most) {
    const middle = (least + most) >>> 1;
    if (cuts[middle]! < value) least = middle + 1;
    else most = middle;
  }
  return least;
}

/** Half-way between neighbouring values, so that a value not met before goes with the nearer one. */
function edgesOf(sorted: Float32Array): Float32Array {
  const cuts: number[] = [];
  const each = sorted.length / mostBins;
  let due = each;
  const distinct = sorted.reduce((sum, value, at) => sum + Number(at === 0 || value !== sorted[at - 1]), 0);
  for (let at = 1; at < sorted.length; at++) {
    const [before, value] = [sorted[at - 1]!, sorted[at]!];
    if (value === before || (distinct > mostBins && at < due)) continue;
    const cut = Math.fround(before + (value - before) / 2);
    cuts.push(cut < value ? cut : before);
    while (due <= at) due += each;
  }
  return Float32Array.from(cuts);
}
