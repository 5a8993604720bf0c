import { type Binned, mostBins } from './bins.ts';

/** One tree as a heap: the children of node i are 2i + 1 and 2i + 2, all leaves at the same depth. */
export interface GrownTree {
  /** Of every inner node; -1 where the node is not split: everything goes left. */
  readonly features: Int16Array;
  /** The last bin that goes left. */
  readonly cuts: Uint8Array;
  /** Of inner nodes and leaves: what it would answer by itself, before the learning rate. */
  readonly values: Float64Array;
}

export interface Limits {
  readonly depth: number;
  /** Least sum of second derivatives in a leaf. */
  readonly leastWeight: number;
  /** L2 penalty on a leaf's value. */
  readonly ridge: number;
}

const stride = 2 * mostBins;

/**
 * Grows trees level by level on sums of first and second derivatives by bin; of two siblings the smaller is summed and the
 * other is what is left of the parent. After Ke et al. (2017), LightGBM, and Chen and Guestrin (2016), XGBoost.
 */
export class Grower {
  readonly #binned: Binned;
  readonly #width: number;
  readonly #limits: Limits;
  #sums: Float64Array[];
  #above: Float64Array[];

  constructor(binned: Binned, limits: Limits) {
    this.#binned = binned;
    this.#width = binned.edges.length;
    this.#limits = limits;
    const tables = (level: number) => Array.from({ length: 2 ** level }, () => new Float64Array(this.#width * stride));
    this.#sums = tables(Math.max(0, limits.depth - 1));
    this.#above = tables(Math.max(0, limits.depth - 1));
  }

  /** `rows` are put in another order. */
  grow(rows: Uint32Array, slopes: Float64Array, curves: Float64Array, use: readonly number[]): GrownTree {
    const { depth, ridge } = this.#limits;
    const inner = 2 ** depth - 1;
    const tree = {
      features: new Int16Array(inner).fill(-1),
      cuts: new Uint8Array(inner),
      values: new Float64Array(2 * inner + 1),
    };
    const from = new Uint32Array(2 * inner + 2);
    const to = new Uint32Array(2 * inner + 2);
    to[0] = rows.length;
    let [slope, curve] = [0, 0];
    for (const row of rows) {
      slope += slopes[row]!;
      curve += curves[row]!;
    }
    tree.values[0] = -slope / (curve + ridge);
    for (let level = 0; level < depth; level++) {
      const first = 2 ** level - 1;
      [this.#sums, this.#above] = [this.#above, this.#sums];
      for (let slot = 0; slot <= first; slot += level === 0 ? 1 : 2) {
        const node = first + slot;
        if (level === 0) this.#sum(rows, slopes, curves, use, this.#sums[0]!);
        else
          this.#sumSiblings(
            rows.subarray(from[node]!, to[node + 1]!),
            to[node]! - from[node]!,
            slot,
            slopes,
            curves,
            use,
          );
      }
      for (let slot = 0; slot <= first; slot++) {
        const node = first + slot;
        const middle = this.#split(tree, node, this.#sums[slot]!, use, rows, from[node]!, to[node]!);
        [from[2 * node + 1], to[2 * node + 1]] = [from[node]!, middle];
        [from[2 * node + 2], to[2 * node + 2]] = [middle, to[node]!];
      }
    }
    return tree;
  }

  #sumSiblings(
    rows: Uint32Array,
    middle: number,
    slot: number,
    slopes: Float64Array,
    curves: Float64Array,
    use: readonly number[],
  ): void {
    const parent = this.#above[slot >> 1]!;
    const leftIsSmall = middle * 2 <= rows.length;
    const [small, large] = leftIsSmall
      ? [this.#sums[slot]!, this.#sums[slot + 1]!]
      : [this.#sums[slot + 1]!, this.#sums[slot]!];
    const part = leftIsSmall ? rows.subarray(0, middle) : rows.subarray(middle);
    this.#sum(part, slopes, curves, use, small);
    for (const feature of use)
      for (let at = feature * stride, end = at + stride; at < end; at++) large[at] = parent[at]! - small[at]!;
  }

  #sum(
    rows: Uint32Array,
    slopes: Float64Array,
    curves: Float64Array,
    use: readonly number[],
    into: Float64Array,
  ): void {
    const { codes } = this.#binned;
    const width = this.#width;
    into.fill(0);
    const features = Uint32Array.from(use);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const [slope, curve] = [slopes[row]!, curves[row]!];
      const start = row * width;
      for (let j = 0; j < features.length; j++) {
        const feature = features[j]!;
        const at = feature * stride + 2 * codes[start + feature]!;
        into[at]! += slope;
        into[at + 1]! += curve;
      }
    }
  }

  /** Split a node where it gains most, and put its rows in order; where those of the right child begin. */
  #split(
    tree: GrownTree,
    node: number,
    sums: Float64Array,
    use: readonly number[],
    rows: Uint32Array,
    from: number,
    to: number,
  ): number {
    const { ridge, leastWeight } = this.#limits;
    const value = tree.values[node]!;
    tree.values[2 * node + 1] = value;
    tree.values[2 * node + 2] = value;
    let best = 1e-9;
    for (const feature of use) {
      const start = feature * stride;
      let [slopes, curves] = [0, 0];
      for (let at = start; at < start + stride; at += 2) {
        slopes += sums[at]!;
        curves += sums[at + 1]!;
      }
      const whole = (slopes * slopes) / (curves + ridge);
      let [slope, curve] = [0, 0];
      const cuts = this.#binned.edges[feature]!.length;
      for (let cut = 0; cut < cuts; cut++) {
        slope += sums[start + 2 * cut]!;
        curve += sums[start + 2 * cut + 1]!;
        if (curve < leastWeight) continue;
        if (curves - curve < leastWeight) break;
        const rest = slopes - slope;
        const gain = (slope * slope) / (curve + ridge) + (rest * rest) / (curves - curve + ridge) - whole;
        if (gain <= best) continue;
        best = gain;
        tree.features[node] = feature;
        tree.cuts[node] = cut;
        tree.values[2 * node + 1] = -slope / (curve + ridge);
        tree.values[2 * node + 2] = -rest / (curves - curve + ridge);
      }
    }
    const feature = tree.features[node]!;
    return feature < 0 ? to : this.#part(rows, from, to, feature, tree.cuts[node]!);
  }

  #part(rows: Uint32Array, from: number, to: number, feature: number, cut: number): number {
    const { codes } = this.#binned;
    const width = this.#width;
    let [least, most] = [from, to - 1];
    while (least <= most) {
      const row = rows[least]!;
      if (codes[row * width + feature]! <= cut) least++;
      else {
        rows[least] = rows[most]!;
        rows[most--] = row;
      }
    }
    return least;
  }
}
