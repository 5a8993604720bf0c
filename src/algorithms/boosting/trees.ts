/** Boosted trees as flat arrays, tree by tree. */
export interface TreesState {
  readonly depth: number;
  /** How many features a row has. */
  readonly features: number;
  /** How many groups of features the parts of an answer belong to. */
  readonly groups: number;
  readonly splits: Uint8Array;
  /** A row goes left when its feature is at most this; Infinity where a node is not split. */
  readonly thresholds: Float32Array;
  /** Of each leaf, what each group adds. */
  readonly leaves: Float32Array;
}

/** Trees of one depth, each of which adds to the answer; every leaf knows how much of it each group of features brought. */
export class BoostedTrees {
  readonly state: TreesState;
  /** Where the leaf that each tree came to begins. */
  readonly #reached: Uint32Array;

  /** Throws RangeError when the arrays do not fit together. */
  constructor(state: TreesState) {
    const { depth, features, groups, splits, thresholds, leaves } = state;
    const inner = (1 << depth) - 1;
    const trees = thresholds.length / inner;
    if (!(Number.isInteger(depth) && depth >= 1 && depth <= 10 && Number.isInteger(groups) && groups >= 1))
      throw new RangeError('Boosted trees are from 1 to 10 deep and have a group of features.');
    if (!(Number.isInteger(trees) && splits.length === thresholds.length))
      throw new RangeError('The boosted trees are cut short.');
    if (leaves.length !== trees * (inner + 1) * groups) throw new RangeError('The leaves are cut short.');
    if (splits.some((feature) => feature >= features))
      throw new RangeError('A tree asks for a feature beyond the row.');
    if (thresholds.some(Number.isNaN) || !leaves.every(Number.isFinite))
      throw new RangeError('The boosted trees hold what is no number.');
    this.state = state;
    this.#reached = new Uint32Array(trees);
  }

  /** Write what each group of features adds for a row into `parts`, which is as long as there are groups. */
  partsInto(row: Float32Array, parts: Float64Array): void {
    const { depth, groups, splits, thresholds, leaves } = this.state;
    const inner = (1 << depth) - 1;
    const reached = this.#reached;
    for (let tree = 0, base = 0; tree < reached.length; tree++, base += inner) {
      let node = 0;
      // Without a branch, which nobody could predict.
      for (let level = 0; level < depth; level++)
        node = 2 * node + 1 + Number(row[splits[base + node]!]! > thresholds[base + node]!);
      reached[tree] = (base + tree + node - inner) * groups;
    }
    for (let group = 0; group < groups; group++) {
      let sum = 0;
      for (let tree = 0; tree < reached.length; tree++) sum += leaves[reached[tree]! + group]!;
      parts[group] = sum;
    }
  }
}
