import type { Random } from '../random.ts';
import { bin } from './bins.ts';
import { Grower } from './grow.ts';
import { BoostedTrees } from './trees.ts';

export { BoostedTrees, type TreesState } from './trees.ts';

export interface BoostingOptions {
  /** @default 100 */
  readonly trees?: number;
  /** Questions asked of a row by each tree. @default 5 */
  readonly depth?: number;
  /** How much of its answer each tree gives. @default 0.1 */
  readonly rate?: number;
  /** Share of the rows that each tree is grown on. @default 1 */
  readonly rowShare?: number;
  /** Share of the features that each tree may ask for. @default 1 */
  readonly featureShare?: number;
  /** Least sum of second derivatives in a leaf. @default 1 */
  readonly leastWeight?: number;
  /** L2 penalty on leaves. @default 1 */
  readonly ridge?: number;
  /** To which group each feature belongs, from 0. @default one group */
  readonly groups?: readonly number[];
}

export interface Labelled {
  /** Row after row. */
  readonly rows: Float32Array;
  readonly features: number;
  /** 1 or 0 for each row. */
  readonly labels: Uint8Array;
  readonly weights: Float32Array;
}

/**
 * Gradient-boosted trees for a yes or no (Friedman, 2001, https://doi.org/10.1214/aos/1013203451), with Newton's step in
 * the leaves. The answers add up to the log-odds of 1 in the weighted rows. What a leaf says is shared among the groups of
 * features by what each question on the way to it changed (Saabas, 2014). The same rows and random numbers give the same trees.
 */
export function boost(
  { rows, features, labels, weights }: Labelled,
  random: Random,
  options: BoostingOptions = {},
): BoostedTrees {
  const { trees = 100, depth = 5, rate = 0.1, rowShare = 1, featureShare = 1, leastWeight = 1, ridge = 1 } = options;
  const groupOf = options.groups ?? new Array<number>(features).fill(0);
  const groups = Math.max(...groupOf) + 1;
  const binned = bin(rows, features, random);
  const grower = new Grower(binned, { depth, leastWeight, ridge });
  const inner = 2 ** depth - 1;
  const splits = new Uint8Array(trees * inner);
  const thresholds = new Float32Array(trees * inner).fill(Number.POSITIVE_INFINITY);
  const leaves = new Float32Array(trees * (inner + 1) * groups);
  const odds = new Float64Array(labels.length);
  const slopes = new Float64Array(labels.length);
  const curves = new Float64Array(labels.length);
  const shares = new Float64Array((2 * inner + 1) * groups);
  for (let tree = 0; tree < trees; tree++) {
    for (let row = 0; row < labels.length; row++) {
      const chance = 1 / (1 + Math.exp(-odds[row]!));
      slopes[row] = weights[row]! * (chance - labels[row]!);
      curves[row] = weights[row]! * chance * (1 - chance);
    }
    const grown = grower.grow(choose(labels.length, rowShare, random), slopes, curves, [
      ...choose(features, featureShare, random),
    ]);
    shares.fill(0);
    shares[0] = rate * grown.values[0]!;
    for (let node = 0; node < inner; node++) {
      const feature = grown.features[node]!;
      if (feature >= 0) {
        splits[tree * inner + node] = feature;
        thresholds[tree * inner + node] = binned.edges[feature]![grown.cuts[node]!]!;
      }
      for (const child of [2 * node + 1, 2 * node + 2]) {
        for (let group = 0; group < groups; group++) shares[child * groups + group] = shares[node * groups + group]!;
        if (feature >= 0)
          shares[child * groups + groupOf[feature]!]! += rate * (grown.values[child]! - grown.values[node]!);
      }
    }
    leaves.set(shares.subarray(inner * groups), tree * (inner + 1) * groups);
    const { codes } = binned;
    for (let row = 0; row < labels.length; row++) {
      let node = 0;
      while (node < inner) {
        const feature = grown.features[node]!;
        node = 2 * node + (feature < 0 || codes[row * features + feature]! <= grown.cuts[node]! ? 1 : 2);
      }
      odds[row]! += rate * grown.values[node]!;
    }
  }
  return new BoostedTrees({ depth, features, groups, splits, thresholds, leaves });
}

/** Some of the numbers below a count, in order; all of them for a share of 1, and at least one. */
function choose(count: number, share: number, random: Random): Uint32Array {
  const chosen = new Uint32Array(count);
  let size = 0;
  for (let at = 0; at < count; at++) if (share >= 1 || random.next() < share) chosen[size++] = at;
  if (size === 0 && count > 0) chosen[size++] = random.integer(count);
  return chosen.subarray(0, size);
}
