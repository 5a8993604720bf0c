import assert from 'node:assert/strict';
import { createRandom } from '../../../src/algorithms/random.ts';

/** A finding with its score, higher read first, and what it was. */
export interface Ranked {
  readonly score: number;
  /** 0 for what is not worth a look; the grades above that are the simulator's. */
  readonly relevance: number;
  readonly attack: boolean;
  /** Of which attack it is; one attack may have several findings. */
  readonly incident: string;
}

export interface RankingQuality {
  /** The share of attacks among the first so many. */
  precisionAt(first: number): number;
  /** Discounted cumulative gain over that of the best order, gains 2^relevance − 1; of the first so many where told. */
  ndcg(first?: number): number;
  readonly averagePrecision: number;
  /** How many findings are read until this share of the attacks, rounded up, is found. */
  readUntil(share: number): number;
  /** How many findings are read until of this share of the attacks, rounded up, at least one finding is. */
  readUntilMet(share: number): number;
}

/** Findings of one score, after `before` others of which `found` are attacks. */
interface Tie {
  readonly before: number;
  readonly size: number;
  readonly found: number;
  readonly attacks: number;
  /** The mean of their gains. */
  readonly gain: number;
}

/**
 * How well scores rank findings. Of findings with the same score every order counts alike: each figure is its mean over
 * all of them. Järvelin and Kekäläinen (2002), https://doi.org/10.1145/582415.582418; ties after McSherry and Najork (2008),
 * https://doi.org/10.1007/978-3-540-78646-7_38.
 */
export function rankingQuality(list: readonly Ranked[]): RankingQuality {
  assert.ok(
    list.every(({ score }) => Number.isFinite(score)),
    'a score is not finite',
  );
  const all = list.filter(({ attack }) => attack).length;
  assert.ok(all > 0 && all < list.length, 'findings of both kinds');
  const ties = tiesOf(list);
  const best = list.map(gainOf).sort((a, b) => b - a);
  return {
    precisionAt(first) {
      const found = ties.reduce((sum, { before, size, attacks }) => {
        const within = Math.min(size, Math.max(0, first - before));
        return sum + (attacks * within) / size;
      }, 0);
      return found / first;
    },
    ndcg(first = list.length) {
      const gained = ties.reduce(
        (sum, { before, size, gain }) => sum + gain * discounts(before, before + size, first),
        0,
      );
      const ideal = best.reduce((sum, gain, at) => sum + gain * discounts(at, at + 1, first), 0);
      return gained / ideal;
    },
    averagePrecision: ties.reduce((sum, tie) => sum + precisions(tie), 0) / all,
    readUntil(share) {
      const wanted = Math.ceil(share * all - 1e-9);
      const tie = ties.find(({ found, attacks }) => found + attacks >= wanted) as Tie;
      // The mean place of the m-th of r in a random order of n.
      return tie.before + ((wanted - tie.found) * (tie.size + 1)) / (tie.attacks + 1);
    },
    readUntilMet: (share) => meanUntilMet(list, share),
  };
}

const gainOf = ({ relevance }: Ranked): number => 2 ** relevance - 1;

function tiesOf(list: readonly Ranked[]): Tie[] {
  const groups = Map.groupBy(list, ({ score }) => score);
  const ties: Tie[] = [];
  let [before, found] = [0, 0];
  for (const score of [...groups.keys()].sort((a, b) => b - a)) {
    const group = groups.get(score) as Ranked[];
    const attacks = group.filter(({ attack }) => attack).length;
    const gain = group.reduce((sum, each) => sum + gainOf(each), 0) / group.length;
    ties.push({ before, size: group.length, found, attacks, gain });
    before += group.length;
    found += attacks;
  }
  return ties;
}

/** The sum of the discounts of the places from `from`, 0 being the first, to before `to`, as far as `first` goes. */
function discounts(from: number, to: number, first: number): number {
  let sum = 0;
  for (let at = from; at < Math.min(to, first); at++) sum += 1 / Math.log2(at + 2);
  return sum;
}

/** The mean of the sum of precisions at the attacks of a tie. */
function precisions({ before, size, found, attacks }: Tie): number {
  if (attacks === 0) return 0;
  let sum = 0;
  for (let at = 0; at < size; at++) {
    const earlier = size === 1 ? 0 : (at * (attacks - 1)) / (size - 1);
    sum += ((attacks / size) * (found + 1 + earlier)) / (before + at + 1);
  }
  return sum;
}

const orders = 500;

/** The mean over random orders of what is equal, for the last of several attacks to be met has no short formula. */
function meanUntilMet(list: readonly Ranked[], share: number): number {
  const random = createRandom(0);
  const incidents = new Set(list.filter(({ attack }) => attack).map(({ incident }) => incident)).size;
  const wanted = Math.ceil(share * incidents - 1e-9);
  const untied = new Set(list.map(({ score }) => score)).size === list.length;
  let sum = 0;
  const times = untied ? 1 : orders;
  for (let time = 0; time < times; time++) {
    const order = list
      .map((each) => ({ each, draw: random.next() }))
      .sort((a, b) => b.each.score - a.each.score || a.draw - b.draw);
    const met = new Set<string>();
    sum += 1 + order.findIndex(({ each }) => each.attack && met.add(each.incident).size >= wanted);
  }
  return sum / times;
}
