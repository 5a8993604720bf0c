import { BoostedTrees, boost, type TreesState } from '../boosting/index.ts';
import type { Random } from '../random.ts';
import { Examples, survey } from './examples.ts';
import type { Family } from './family.ts';
import { features, groups, own, peers, rowInto } from './features.ts';
import { Landscape } from './landscape.ts';
import { Lookup } from './lookup.ts';

export interface CombinerState {
  readonly sample: Float64Array;
  readonly trees: TreesState;
}

/** Fewer pairs than this say too little of how far apart an entity's are. */
const fewest = 200;
const most = 40_000;
/** How often each pair is looked at, on average, where there are few: always with other strangers. */
const looks = 4;
const strangers = 3;
/** The share of examples that are judged as if the entity had never been met. */
const unmet = 0.1;
const boosting = { trees: 40, depth: 5, rate: 0.18, rowShare: 0.5, featureShare: 0.5, leastWeight: 5, ridge: 2 };

/** Weighs what is known of a pair against each other: boosted trees and the landscape that they ask. */
export class Combiner {
  readonly #trees: BoostedTrees;
  readonly #land: Landscape;
  readonly #row = new Float32Array(features);
  readonly #parts = new Float64Array(2);

  /** Throws RangeError when the state does not fit. */
  constructor({ sample, trees }: CombinerState) {
    this.#trees = new BoostedTrees(trees);
    if (trees.features !== features || trees.groups !== this.#parts.length)
      throw new RangeError('The combiner asks for other features.');
    for (let at = 0; at < sample.length; at++)
      if (!(sample[at]! >= 0 && sample[at]! <= 2 ** 64 && (at === 0 || sample[at - 1]! < sample[at]!)))
        throw new RangeError('The sample of addresses is out of order.');
    this.#land = new Landscape(sample);
  }

  get state(): CombinerState {
    return { sample: this.#land.sample, trees: this.#trees.state };
  }

  /** Look at what was found of a pair; its nats are `own` and `peers` then. */
  judge(family: Family, entity: number, found: Lookup): void {
    rowInto(this.#row, family, entity, found, this.#land);
    this.#trees.partsInto(this.#row, this.#parts);
  }

  get own(): number {
    return this.#parts[own]!;
  }

  get peers(): number {
    return this.#parts[peers]!;
  }
}

/**
 * A combiner that tells pairs which were met from made-up ones of the same entity, the pair met being left out of what is
 * known while both are looked at. Its log-odds are those at even prior. Undefined when there is too little to learn from.
 * The family is the same afterwards.
 */
export function trainCombiner(family: Family, random: Random): Combiner | undefined {
  if (family.pairs < fewest || family.population < 2) return undefined;
  const land = survey(family, random);
  const examples = new Examples(family, land, random);
  const drawn = Math.min(most, looks * family.pairs);
  const each = 1 + strangers;
  const rows = new Float32Array(drawn * each * features);
  const labels = new Uint8Array(drawn * each).map((_, at) => Number(at % each > 0));
  const weights = new Float32Array(labels.length).map((_, at) => (labels[at] === 1 ? 1 / strangers : 1));
  const found = new Lookup();
  const look = (at: number, entity: number, high: number, low: number, met: boolean): void => {
    found.look(family, entity, high, low);
    if (!met) found.blank();
    rowInto(rows.subarray(at * features, (at + 1) * features), family, entity, found, land);
  };
  for (let at = 0; at < labels.length; at += each) {
    const entity = examples.entity();
    const list = family.list(entity);
    const place = examples.pair(list);
    const [high, low, count] = [list.high(place), list.low(place), list.count(place)];
    const others = Array.from({ length: strangers }, () => examples.stranger(list));
    // Of the pairs with an address, one was the first and knew of none of the rest.
    const times = random.next() * count < 1 ? count : 1;
    const met = random.next() >= unmet;
    family.remove(entity, high, low, times);
    look(at, entity, high, low, met);
    for (const [other, [first, second]] of others.entries()) look(at + 1 + other, entity, first, second, met);
    family.add(entity, high, low, times);
  }
  const trees = boost({ rows, features, labels, weights }, random, { ...boosting, groups });
  return new Combiner({ sample: land.sample, trees: trees.state });
}
