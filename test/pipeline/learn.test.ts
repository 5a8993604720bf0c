import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Event, Source } from '../../src/event/index.ts';
import { learn } from '../../src/pipeline/learn.ts';
import { review } from '../../src/pipeline/review.ts';
import { scored, valueLearner } from '../support/model.ts';

const day = 86_400_000;
const about = { detector: 'value', options: {} };

const source = (events: readonly Event[]): Source => ({
  name: 'list',
  async *events() {
    yield* events;
  },
});

/** Ten ordinary days of 20 events, with what a test puts among them. */
const days = (...strange: readonly [index: number, value: number, group?: string][]): Event[] =>
  Array.from({ length: 200 }, (_, i) => {
    const [, value = i % 20, group] = strange.find(([index]) => index === i) ?? [];
    return scored(value, { id: `n${i}`, time: Date.UTC(2026, 0, 1) + (i * day) / 20, ...(group ? { group } : {}) });
  });

describe('learning as one goes', () => {
  test('judges every event before learning it', async () => {
    const model = valueLearner();
    const known: number[] = [];
    await learn({ ...about, source: source(days()), model, onScored: () => known.push(model.learnt.length) });
    assert.deepEqual(
      known,
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  test('calibrates on its own scores, leaving out the first days', async () => {
    const { trained } = await learn({ ...about, source: source(days([5, 80])), model: valueLearner() });
    const { calibrations } = trained;
    assert.equal(calibrations.length, 1);
    assert.equal(calibrations[0]?.days, 8);
    assert.equal(calibrations[0]?.scores.length, 160);
    assert.ok(!calibrations[0]?.scores.includes(80));
    assert.equal(trained.trained.events, 200);
  });

  test('of few events no calibration is made', async () => {
    const { trained } = await learn({ ...about, source: source(days().slice(0, 10)), model: valueLearner() });
    assert.deepEqual(trained.calibrations, []);
  });

  test('what nothing was judged of is learnt too, without a span or a calibration that are none', async () => {
    const events = [{ ...scored(1), kind: 'log' as const }];
    const some = await learn({ ...about, source: source(events), model: valueLearner() });
    assert.deepEqual([some.judged, some.trained.trained.events, some.trained.calibrations], [0, 1, []]);
    const none = await learn({ ...about, source: source([]), model: valueLearner() });
    assert.deepEqual([none.judged, none.trained.trained], [0, { events: 0, from: 0, to: 0 }]);
  });
});

describe('a review', () => {
  test('without a finding it brings what was nearest to one, and what it would have needed', async () => {
    const of = async (events: Event[], limit?: { budget: number }) =>
      review({ ...about, source: source(events), model: valueLearner(), pause: 0, limit });
    const calm = await of(days([50, 30]));
    assert.deepEqual([calm.findings, calm.nearest?.event.id, calm.nearest?.threshold], [[], 'n50', 90]);
    const cut = await of(days([150, 95]), { budget: 0.0001 });
    assert.deepEqual([cut.findings, cut.nearest?.event.id, cut.nearest?.threshold], [[], 'n150', 95]);
    assert.equal((await of(days([50, 95]))).nearest, undefined);
  });

  test('brings what was suspicious, strangest first, whatever the budget leaves room for', async () => {
    const events = days([50, 95], [120, 99]);
    const { findings, judged } = await review({ ...about, source: source(events), model: valueLearner(), pause: 0 });
    assert.deepEqual(
      findings.map(({ score, rank }) => [score, rank]),
      [
        [99, 1],
        [95, 2],
      ],
    );
    assert.equal(judged, 200);
  });

  test('cuts by the budget', async () => {
    const events = days([50, 95], [120, 99], [170, 97]);
    const limit = { budget: 0.4 };
    const { findings } = await review({ ...about, source: source(events), model: valueLearner(), limit, pause: 0 });
    assert.deepEqual(
      findings.map(({ score }) => score),
      [99, 97],
    );
  });

  test('joins alike ones over the whole input', async () => {
    const events = days([50, 95, 'a'], [120, 99, 'a'], [170, 97, 'b']);
    const { findings } = await review({ ...about, source: source(events), model: valueLearner() });
    assert.deepEqual(
      findings.map(({ score, count }) => [score, count]),
      [
        [99, 2],
        [97, 1],
      ],
    );
  });

  test('shows what is asked for and learns all', async () => {
    const model = valueLearner();
    const events = days([50, 95], [120, 99]);
    const shows = ({ time }: Event) => time > (events[100]?.time ?? 0);
    const { findings } = await review({ ...about, source: source(events), model, shows, pause: 0 });
    assert.deepEqual(
      findings.map(({ score }) => score),
      [99],
    );
    assert.deepEqual(model.apart, ['n50', 'n120']);
  });
});
