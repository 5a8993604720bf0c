import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Ranked, rankingQuality } from '../../bench/support/cloud/ranking-metrics.ts';

const near = (got: number, wanted: number, within = 1e-9): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got}, not ${wanted}`);

const ranked = (relevances: readonly number[], scores?: readonly number[]): Ranked[] =>
  relevances.map((relevance, at) => ({
    relevance,
    attack: relevance > 0,
    score: scores?.[at] ?? -at,
    incident: `${at}`,
  }));

test('an order without ties: the figures of textbooks', () => {
  const quality = rankingQuality(ranked([3, 2, 3, 0, 1, 2]));
  // Gains 7, 3, 7, 0, 1, 3 by hand.
  const gained = 7 + 3 / Math.log2(3) + 7 / 2 + 0 + 1 / Math.log2(6) + 3 / Math.log2(7);
  const ideal = 7 + 7 / Math.log2(3) + 3 / 2 + 3 / Math.log2(5) + 1 / Math.log2(6);
  near(quality.ndcg(), gained / ideal);
  near(quality.ndcg(), 0.949, 5e-4);
  near(quality.ndcg(1), 1);
  near(quality.precisionAt(3), 1);
  near(quality.precisionAt(4), 0.75);
  near(quality.precisionAt(10), 0.5);
  near(quality.averagePrecision, (1 + 1 + 1 + 4 / 5 + 5 / 6) / 5);
  assert.equal(quality.readUntil(1), 6);
  assert.equal(quality.readUntil(0.8), 5);
  assert.equal(quality.readUntil(0.2), 1);
});

test('the best order has the best of every figure, the worst the worst', () => {
  const best = rankingQuality(ranked([3, 1, 0, 0]));
  assert.deepEqual([best.ndcg(), best.averagePrecision, best.readUntil(1)], [1, 1, 2]);
  const worst = rankingQuality(ranked([0, 0, 1]));
  near(worst.ndcg(), 0.5);
  near(worst.averagePrecision, 1 / 3);
  near(worst.precisionAt(2), 0);
});

test('an attack without a grade counts as one where attacks are counted', () => {
  const list = ranked([0, 1]).map((each) => ({ ...each, attack: !each.attack }));
  assert.equal(rankingQuality(list).precisionAt(1), 1);
});

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((each, at) => permutations(list.toSpliced(at, 1)).map((rest) => [each, ...rest]));
}

test('with ties each figure is its mean over every order of those that are equal', () => {
  const grade = fc.constantFrom(0, 0, 1, 2, 3);
  const list = fc
    .array(fc.tuple(grade, fc.constantFrom(0, 1, 2)), { minLength: 2, maxLength: 6 })
    .filter((all) => all.some(([relevance]) => relevance > 0) && all.some(([relevance]) => relevance === 0));
  const figures = (of: readonly Ranked[]): number[] => {
    const quality = rankingQuality(of);
    return [
      quality.precisionAt(2),
      quality.ndcg(),
      quality.ndcg(3),
      quality.averagePrecision,
      quality.readUntil(1),
      quality.readUntil(0.5),
    ];
  };
  fc.assert(
    fc.property(list, (pairs) => {
      const tied = ranked(
        pairs.map(([relevance]) => relevance),
        pairs.map(([, score]) => score),
      );
      const orders = permutations(tied).map((order) =>
        figures(order.toSorted((a, b) => b.score - a.score).map((each, at) => ({ ...each, score: -at }))),
      );
      for (const [at, got] of figures(tied).entries())
        near(got, orders.reduce((sum, order) => sum + (order[at] as number), 0) / orders.length);
    }),
    { numRuns: 40 },
  );
});

test('an attack is met with the first of its findings', () => {
  const list = ranked([1, 0, 1, 0, 1]).map((each, at) => ({ ...each, incident: at < 3 ? 'a' : 'b' }));
  const quality = rankingQuality(list);
  assert.deepEqual([quality.readUntilMet(0.5), quality.readUntilMet(1)], [1, 5]);
  const tied = rankingQuality(list.map((each) => ({ ...each, score: 0 })));
  // Of five, the one finding of b is third on average; that of a may still come after it.
  assert.ok(tied.readUntilMet(1) > 3 && tied.readUntilMet(1) < 3.8);
  near(rankingQuality(ranked([1, 0, 0], [0, 0, 0])).readUntilMet(1), 2, 0.1);
});

test('findings of one kind, and scores that are no numbers, are refused', () => {
  assert.throws(() => rankingQuality(ranked([1, 2])), /both kinds/);
  assert.throws(() => rankingQuality(ranked([0, 1], [Number.NaN, 1])), /finite/);
});
