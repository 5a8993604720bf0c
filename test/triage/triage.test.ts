import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../src/algorithms/index.ts';
import { ScopsError } from '../../src/event/index.ts';
import { budgetThresholds, type Calibration, calibrate, mergeCalibrations } from '../../src/triage/calibration.ts';
import { Fold, foldRuns } from '../../src/triage/fold.ts';
import { Gather } from '../../src/triage/gather.ts';
import { type Candidate, createJudge, thresholds } from '../../src/triage/judge.ts';
import { parseBudget, parseContamination } from '../../src/triage/limit.ts';
import { rank } from '../../src/triage/rank.ts';
import { Repeats } from '../../src/triage/repeats.ts';
import { scored, valueLearner, valueModel } from '../support/model.ts';

const minute = 60_000;

describe('limits', () => {
  test('a budget is findings per day', () => {
    assert.deepEqual(parseBudget('5/day'), { budget: 5 });
    assert.deepEqual(parseBudget('1/hour'), { budget: 24 });
    assert.deepEqual(parseBudget('14/week'), { budget: 2 });
    assert.deepEqual(parseBudget('3'), { budget: 3 });
  });

  for (const text of ['', 'x/day', '-1/day', '0', '5/year', '5/day/day', 'Infinity', '1e999/day']) {
    test(`"${text}" is no budget`, () => {
      assert.throws(
        () => parseBudget(text),
        (error) => error instanceof ScopsError && error.code === 'USAGE',
      );
    });
  }

  test('contamination is in (0, 0.5]', () => {
    assert.deepEqual(parseContamination(0.001), { contamination: 0.001 });
    for (const value of [0, 0.51, -1, Number.NaN]) assert.throws(() => parseContamination(value), ScopsError);
  });
});

describe('calibration', () => {
  test('alike events of one host and day count once, with their highest score', () => {
    const at = (hours: number) => ({ time: Date.UTC(2026, 0, 2, hours) });
    const events = [
      scored(1, { id: 'a', group: 'g', ...at(0) }),
      scored(3, { id: 'b', group: 'g', ...at(1) }),
      scored(2, { id: 'c', group: 'g', host: 'web02', ...at(2) }),
      scored(5, { id: 'd', group: 'g', ...at(24) }),
      scored(4, { id: 'e', kind: 'log', ...at(30) }),
    ];
    assert.deepEqual(calibrate(valueModel(), events), [{ kind: 'process', scores: Float64Array.of(2, 3, 5), days: 1 }]);
  });

  test('a budget of 5 a day brings about 5 findings on an ordinary day', () => {
    const random = createRandom(3);
    const scores = () => Float64Array.from({ length: 2000 }, () => random.normal()).sort();
    const calibration: Calibration = { kind: 'process', scores: scores(), days: 10 };
    const threshold = budgetThresholds([calibration], 5).get('process') ?? Number.NaN;
    const fresh = Array.from(
      { length: 200 },
      () =>
        scores()
          .subarray(0)
          .filter((score) => score > threshold).length / 10,
    );
    const mean = fresh.reduce((sum, count) => sum + count, 0) / fresh.length;
    assert.ok(mean > 3 && mean < 7, `${mean} a day`);
  });

  test('a budget smaller than the calibration can promise keeps only what is stranger than all of it', () => {
    const calibration: Calibration = { kind: 'process', scores: Float64Array.of(1, 2, 3), days: 1 };
    assert.equal(budgetThresholds([calibration], 0.1).get('process'), 3);
  });

  test('the budget is shared by the kinds in proportion to how many events they have', () => {
    const many: Calibration = { kind: 'file', scores: Float64Array.from({ length: 900 }, (_, i) => i), days: 1 };
    const few: Calibration = { kind: 'process', scores: Float64Array.from({ length: 100 }, (_, i) => i), days: 1 };
    const limits = budgetThresholds([many, few], 100);
    assert.equal(many.scores.filter((score) => score > (limits.get('file') ?? 0)).length, 89);
    assert.equal(few.scores.filter((score) => score > (limits.get('process') ?? 0)).length, 9);
  });

  test('merging adds the days of models that follow each other, not of ones side by side', () => {
    const one: Calibration[] = [{ kind: 'file', scores: Float64Array.of(1, 3), days: 2 }];
    const two: Calibration[] = [{ kind: 'file', scores: Float64Array.of(2), days: 3 }];
    assert.deepEqual(mergeCalibrations(one, two, false), [{ kind: 'file', scores: Float64Array.of(1, 2, 3), days: 5 }]);
    assert.equal(mergeCalibrations(one, two, true)[0]?.days, 3);
  });
});

describe('judging', () => {
  const training = Array.from({ length: 1001 }, (_, i) => i);

  test('a kind that was not met in training has no quantile: a learner then goes by its own floor', () => {
    const limit = { contamination: 0.01 };
    assert.equal(thresholds(valueModel([]), [], limit).get('process'), Number.POSITIVE_INFINITY);
    assert.equal(thresholds(valueLearner(90), [], limit).get('process'), 90);
  });

  test('contamination cuts the training scores', () => {
    assert.equal(thresholds(valueModel(training), [], { contamination: 0.01 }).get('process'), 990);
  });

  test('above the threshold is a finding; at it is not', () => {
    const judge = createJudge(valueModel(training), [], { contamination: 0.01 });
    assert.equal(judge(scored(990))?.candidate, undefined);
    assert.equal(judge(scored(990.5))?.candidate?.threshold, 990);
    assert.equal(judge(scored(1, { kind: 'log' })), undefined);
  });

  test("the user's own list passes any threshold", () => {
    const judge = createJudge(valueModel(training), [], { contamination: 0.01 });
    assert.equal(judge(scored(1, { always: true }))?.candidate?.title, 'A value');
  });
});

function candidate(value: number, overrides: Parameters<typeof scored>[1] = {}): Candidate {
  const found = createJudge(valueModel([0]), [], { contamination: 0.5 })(scored(value, overrides))?.candidate;
  assert.ok(found);
  return found;
}

describe('folding', () => {
  test('alike events of one host become one, the strangest, with their count', () => {
    const fold = new Fold();
    for (const [id, value] of [
      ['a', 1],
      ['b', 5],
      ['c', 2],
    ] as const)
      fold.add(candidate(value, { id, group: 'g' }));
    fold.add(candidate(3, { id: 'd', group: 'g', host: 'web02' }));
    const taken = fold.take();
    assert.deepEqual(
      taken.map(({ event, count }) => [event.id, count]),
      [
        ['b', 3],
        ['d', 1],
      ],
    );
    assert.equal(fold.size, 0);
  });

  test('memory stays bounded, the strangest stay, and what went is counted', () => {
    const fold = new Fold(true, 100);
    for (let i = 1; i <= 1000; i++) fold.add(candidate(i, { id: `e${i}` }));
    assert.ok(fold.size <= 200);
    const size = fold.size;
    assert.ok(fold.take().some(({ event }) => event.id === 'e1000'));
    assert.equal(fold.dropped + size, 1000);
  });

  test('a run becomes one finding that names the others; a pause ends it', () => {
    const at = (i: number) => ({ id: `e${i}`, time: Date.UTC(2026, 0, 2) + i * minute });
    const run = Array.from({ length: 30 }, (_, i) => candidate(i + 1, at(i)));
    const folded = foldRuns([...run, candidate(0.5, at(60))], 10 * minute);
    assert.deepEqual(
      folded.map(({ event, count }) => [event.id, count]),
      [
        ['e29', 30],
        ['e60', 1],
      ],
    );
    assert.equal(
      folded[0]?.score.reasons.at(-1)?.text,
      'The strangest of 30 within 29 min; the others: A value; A value; A value and 26 more.',
    );
    assert.deepEqual(folded[0]?.related?.[0], { event: 'e28', score: 29, title: 'A value' });
    assert.equal(folded[0]?.related?.length, 20);
    assert.equal(folded[1]?.related, undefined);
  });

  test('other hosts, other kinds and the user’s own list stay apart', () => {
    const apart = [
      candidate(1, { id: 'a' }),
      candidate(2, { id: 'b', host: 'db01' }),
      candidate(3, { id: 'c', always: true }),
      candidate(4, { id: 'd', always: true }),
    ];
    assert.equal(foldRuns(apart).length, 4);
  });

  test('without folding every event is a finding of its own', () => {
    const fold = new Fold(false);
    for (const id of ['a', 'b', 'c']) fold.add(candidate(1, { id, group: 'g' }));
    assert.equal(fold.take().length, 3);
  });

  test('no event is lost: the counts add up', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(3), fc.nat(5), fc.nat(100))), (list) => {
        const fold = new Fold();
        for (const [i, [value, host, group, at]] of list.entries()) {
          const time = Date.UTC(2026, 0, 2) + at * minute;
          fold.add(candidate(value + 1, { id: `e${i}`, host: `h${host}`, group: `g${group}`, time }));
        }
        const counts = foldRuns(fold.take(), 5 * minute).map(({ count }) => count);
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          list.length,
        );
      }),
    );
  });
});

describe('ranking', () => {
  test('strangest first, in a stable order, and ids that survive a replay', () => {
    const findings = rank('lof', [candidate(2, { id: 'b' }), candidate(9, { id: 'a' }), candidate(2, { id: 'a2' })]);
    assert.deepEqual(
      findings.map(({ id, rank: at }) => [id, at]),
      [
        ['lof:a', 1],
        ['lof:a2', 2],
        ['lof:b', 3],
      ],
    );
  });

  test('a p-value orders before a score, for kinds have scales of their own', () => {
    const one = { ...candidate(9, { id: 'a' }), pValue: 0.2 };
    const two = { ...candidate(2, { id: 'b' }), pValue: 0.01 };
    assert.deepEqual(
      rank('lof', [one, two]).map(({ event }) => event.id),
      ['b', 'a'],
    );
  });
});

describe('repeats', () => {
  const at = (minutes: number, value: number, more: { group?: string; always?: boolean; host?: string } = {}) =>
    candidate(value, { id: `${minutes}`, time: minutes * 60_000, group: 'g', ...more });
  const admitted = (repeats: Repeats, candidates: readonly Candidate[]): string[] =>
    repeats.admit(candidates).map(({ event }) => event.id);

  test('an alike finding is told once in so long, by the time of the events', () => {
    const repeats = new Repeats(3_600_000);
    assert.deepEqual(admitted(repeats, [at(0, 5), at(10, 5)]), ['0']);
    assert.deepEqual(admitted(repeats, [at(59, 4), at(60, 4), at(61, 3)]), ['60']);
    assert.equal(repeats.left, 3);
  });

  test('a stranger one, another host, group or time passes', () => {
    const repeats = new Repeats(3_600_000);
    assert.deepEqual(admitted(repeats, [at(0, 5), at(1, 6)]), ['0', '1']);
    assert.deepEqual(admitted(repeats, [at(2, 5, { host: 'db' }), at(3, 5, { group: 'h' })]), ['2', '3']);
    assert.deepEqual(admitted(repeats, [at(-90, 1), at(4, 1, { always: true })]), ['-90', '4']);
  });

  test('the next that is told stands for what was left out since', () => {
    const repeats = new Repeats(3_600_000);
    const left: string[] = [];
    const admit = (...candidates: Candidate[]) => repeats.admit(candidates, ({ event }) => left.push(event.id));
    admit(at(0, 5), at(10, 5), at(20, 4));
    const [next] = admit(at(70, 3));
    assert.deepEqual([next?.count, next?.first, next?.last], [3, at(10, 5).event.time, at(70, 3).event.time]);
    assert.deepEqual(left, ['10', '20']);
    const [after] = admit(at(140, 3));
    assert.equal(after?.count, 1);
  });

  test('0 turns it off', () => {
    assert.deepEqual(admitted(new Repeats(0), [at(0, 5), at(0, 5)]), ['0', '0']);
  });
});

describe('gathering', () => {
  const of = (host: string) => [candidate(91, { host })];

  test('what follows a finding of the same entity waits, but not for long', () => {
    const gather = new Gather(60_000);
    assert.equal(gather.mayWait(of('a'), 0), false);
    gather.told(of('a'), 1000);
    assert.equal(gather.mayWait(of('a'), 2000), true);
    assert.equal(gather.mayWait([], 2000), false);
    assert.equal(gather.mayWait([...of('a'), ...of('b')], 2000), false);
    assert.equal(gather.mayWait(of('a'), 61_000), false);
    assert.equal(gather.mayWait(of('a'), 0), false, 'a clock that was put back lets nothing wait');
  });

  test('0 turns it off', () => {
    const gather = new Gather(0);
    gather.told(of('a'), 1000);
    assert.equal(gather.mayWait(of('a'), 1000), false);
  });
});
