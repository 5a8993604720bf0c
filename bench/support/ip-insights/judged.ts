import assert from 'node:assert/strict';
import type { TutorialCase } from '../../../src/simulate/ip-insights.ts';

export interface Judgement {
  readonly auc: number;
  /** The share of ordinary logins that score no more than the attacks found do, at this recall. */
  falsePositivesAt(recall: number): number;
  /** Of a flag on every negative score. */
  readonly recall: number;
  readonly precision: number;
}

/** How well scores, low for attacks, tell attacks; equal scores count half. */
export function judgement({ labels }: TutorialCase, scores: Float64Array): Judgement {
  assert.ok(scores.every(Number.isFinite), 'a score is not finite');
  const of = (label: number): Float64Array => scores.filter((_, at) => labels[at] === label).sort();
  const [ordinary, attacks] = [of(0), of(1)];
  const notAbove = (list: Float64Array, score: number, orEqual: boolean): number => {
    let [least, most] = [0, list.length];
    while (least < most) {
      const middle = (least + most) >>> 1;
      if (list[middle]! < score || (orEqual && list[middle] === score)) least = middle + 1;
      else most = middle;
    }
    return least;
  };
  let area = 0;
  for (const score of ordinary) area += (notAbove(attacks, score, false) + notAbove(attacks, score, true)) / 2;
  const [right, wrong] = [attacks, ordinary].map((list) => notAbove(list, 0, false)) as [number, number];
  return {
    auc: area / (ordinary.length * attacks.length),
    falsePositivesAt: (recall) =>
      notAbove(ordinary, attacks[Math.ceil(recall * attacks.length) - 1]!, true) / ordinary.length,
    recall: right / attacks.length,
    precision: right / Math.max(1, right + wrong),
  };
}
