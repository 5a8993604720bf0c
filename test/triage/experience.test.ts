import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Event, Learner } from '../../src/event/index.ts';
import { decodeExperience, encodeExperience } from '../../src/pipeline/experience-store.ts';
import type { Calibration } from '../../src/triage/calibration.ts';
import { Experience } from '../../src/triage/experience.ts';
import { alone, type Candidate, thresholds } from '../../src/triage/judge.ts';
import { scored, valueLearner } from '../support/model.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const at = (days: number, value: number, id: string, group?: string): Event =>
  scored(value, { id, time: start + days * day, ...(group === undefined ? {} : { group }) });

function meet(experience: Experience, model: Learner, event: Event, flagged = false): boolean {
  model.learn(event, flagged);
  return experience.count(event, model.describe(event).entity, model.score(event), flagged);
}

const candidate = (model: Learner, event: Event): Candidate => ({
  event,
  score: model.score(event),
  threshold: 0,
  ...model.describe(event),
  ...alone(event),
});

const daysOf = ({ calibrations }: Experience): number => calibrations[0]?.days ?? 0;
const scoresOf = (experience: Experience): number[] => [...(experience.calibrations[0]?.scores ?? [])];

/** `perDay` ordinary events a day with values below `most`, from one day to another. */
function ordinary(experience: Experience, model: Learner, days: [number, number], perDay: number, most: number): void {
  for (let date = days[0]; date < days[1]; date++)
    for (let i = 0; i < perDay; i++)
      meet(experience, model, at(date + i / perDay, (i * most) / perDay, `${date}/${i}`));
}

describe('the calibration of a model that goes on learning', () => {
  test('begins once fifty events were judged, when the next day begins', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    ordinary(experience, model, [0, 2], 24, 24);
    assert.deepEqual(experience.calibrations, []);
    ordinary(experience, model, [2, 3], 24, 24);
    assert.deepEqual(experience.calibrations, []);
    assert.equal(meet(experience, model, at(3, 1, 'next')), true);
    assert.equal(scoresOf(experience).length, 72);
    assert.equal(daysOf(experience), 3);
    assert.equal(meet(experience, model, at(3.1, 1, 'same day')), false);
  });

  for (const flood of [6, 40])
    test(`a flood of suspicious scores on day ${flood} does not make the threshold of the days after it`, () => {
      const model = valueLearner(90, 14);
      const experience = new Experience(model);
      const highest: number[] = [];
      for (let date = 0; date < 80; date++) {
        ordinary(experience, model, [date, date + 1], 20, 20);
        for (const value of [91, 95]) meet(experience, model, at(date + 0.99, value, `${date}/${value}`));
        if (date === flood) for (let i = 0; i < 30; i++) meet(experience, model, at(date + 0.995, 150, `flood/${i}`));
        if (date > 5) highest.push(thresholds(model, experience.calibrations, { budget: 1 }).get('process') ?? 0);
      }
      assert.ok(Math.max(...highest) < 100, `${Math.max(...highest)}`);
    });

  test('follows a drift within the days that are kept, and forgets what was before', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    ordinary(experience, model, [0, 40], 20, 20);
    assert.equal(Math.max(...scoresOf(experience)), 19);
    ordinary(experience, model, [40, 55], 20, 60);
    assert.ok(Math.max(...scoresOf(experience)) > 50 && scoresOf(experience).includes(19));
    ordinary(experience, model, [55, 75], 20, 60);
    assert.ok(!scoresOf(experience).includes(19));
    assert.equal(daysOf(experience), 29);
  });

  test('of a unit and day the highest counts, also of records that come out of order', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    for (let date = 0; date < 10; date++)
      for (let i = 0; i < 10; i++) meet(experience, model, at(date - (i % 2) * 0.6, i, `${date}/${i}`, 'same'));
    assert.ok(scoresOf(experience).length <= 9);
    assert.ok(scoresOf(experience).every((score) => score >= 8));
  });

  test('what is quarantined counts only when it comes out, and keeps the meaning of a budget', () => {
    const model = valueLearner(90, 3);
    const experience = new Experience(model);
    const threshold = (calibrations: readonly Calibration[]) =>
      thresholds(model, calibrations, { budget: 1 }).get('process');
    for (let date = 0; date < 40; date++) {
      ordinary(experience, model, [date, date + 1], 20, 20);
      for (const value of [91, 95, 99])
        meet(experience, model, at(date + 0.99, value + date / 100, `${date}/${value}`));
    }
    // Three a day are beyond suspicion and steadily become ordinary: one a day is above the threshold, two are not.
    const cut = threshold(experience.calibrations) ?? 0;
    const before = scoresOf(experience);
    const above = before.filter((score) => score > cut).length / daysOf(experience);
    assert.ok(above > 0.8 && above <= 1, `${above} a day above ${cut}`);
    for (let i = 0; i < 500; i++) meet(experience, model, at(40.5, 200 + i, `attack/${i}`));
    meet(experience, model, at(41.5, 1, 'next day'));
    assert.ok(before.length > 400 && !scoresOf(experience).some((score) => score >= 200));
    assert.ok((threshold(experience.calibrations) ?? 0) < 100);
  });

  test('before anything came out what goes in counts, until somebody calls it malicious', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    ordinary(experience, model, [0, 5], 20, 20);
    meet(experience, model, at(5, 97, 'bad'));
    meet(experience, model, at(5, 98, 'good'));
    ordinary(experience, model, [5, 7], 20, 20);
    assert.deepEqual(scoresOf(experience).slice(-2), [97, 98]);
    assert.equal(experience.settle('bad', 'malicious'), true);
    assert.equal(experience.settle('good', 'benign'), true);
    assert.equal(experience.settle('good', 'benign'), false);
    meet(experience, model, at(8, 1, 'next'));
    assert.deepEqual(scoresOf(experience).slice(-2), [19, 98]);
    assert.deepEqual([model.learnt.includes('good'), model.learnt.includes('bad')], [true, false]);
  });

  test('what was pushed out of quarantine is not taken for ordinary, and not remembered', () => {
    const model = valueLearner(90, 3, 2);
    const experience = new Experience(model);
    ordinary(experience, model, [0, 6], 20, 20);
    meet(experience, model, at(6, 95, 'aged'));
    ordinary(experience, model, [6, 12], 20, 20);
    assert.ok(scoresOf(experience).includes(95));
    meet(experience, model, at(12, 150, 'pushed'));
    ordinary(experience, model, [12, 14], 20, 20);
    for (const id of ['one', 'two']) meet(experience, model, at(14, 120, id));
    ordinary(experience, model, [14, 22], 20, 20);
    assert.ok(!scoresOf(experience).includes(150) && scoresOf(experience).includes(120));
    for (let i = 0; i < 40_000; i++) meet(experience, model, at(22, 150, `flood ${i}`));
    assert.ok(experience.state.held.length < 33_000, String(experience.state.held.length));
  });

  test('a calibration that came without days stays until as much is known anew', () => {
    const model = valueLearner();
    const old = { kind: 'process' as const, scores: Float64Array.from({ length: 200 }, () => 50), days: 10 };
    const experience = new Experience(model, [old]);
    ordinary(experience, model, [0, 6], 20, 20);
    assert.equal(experience.calibrations[0], old);
    ordinary(experience, model, [6, 14], 20, 20);
    assert.equal(Math.max(...scoresOf(experience)), 19);
  });

  test('a wrong clock far ahead or behind empties nothing', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    ordinary(experience, model, [0, 10], 20, 20);
    meet(experience, model, at(4000, 5, 'ahead'));
    meet(experience, model, at(-4000, 5, 'behind'));
    ordinary(experience, model, [10, 20], 20, 20);
    assert.ok(scoresOf(experience).length > 200, String(scoresOf(experience).length));
    assert.ok(experience.state.days.every(({ date }) => date >= start / day));
  });

  test('though several clocks are ahead, the days go on', () => {
    for (const wrong of [[4000, 4001], Array.from({ length: 15 }, (_, i) => 4000 + i)]) {
      const model = valueLearner();
      const experience = new Experience(model);
      ordinary(experience, model, [0, 10], 20, 20);
      for (const date of wrong) meet(experience, model, at(date, 5, `ahead ${date}`));
      ordinary(experience, model, [10, 20], 20, 40);
      assert.equal(scoresOf(experience).at(-1), 38, String(wrong.length));
      ordinary(experience, model, [20, 60], 20, 60);
      assert.deepEqual([daysOf(experience), scoresOf(experience).length], [29, 29 * 20]);
    }
  });

  test('goes on after a restart at any moment as without one', () => {
    const straight = { model: valueLearner(90, 3), experience: new Experience(valueLearner()) };
    straight.experience = new Experience(straight.model);
    const broken = { model: valueLearner(90, 3), experience: new Experience(valueLearner()) };
    broken.experience = new Experience(broken.model);
    for (let i = 0; i < 900; i++) {
      const event = at(i / 20 - (i % 7 === 0 ? 0.3 : 0), i % 17 === 0 ? 91 + (i % 9) : i % 40, `n${i}`, `g${i % 30}`);
      for (const one of [straight, broken]) meet(one.experience, one.model, event);
      if (i % 61 === 0) {
        const { header, scores } = encodeExperience(broken.experience.state);
        const state = decodeExperience(JSON.parse(JSON.stringify(header)), scores);
        broken.experience = new Experience(broken.model, broken.experience.calibrations, state);
      }
      assert.deepEqual(broken.experience.calibrations, straight.experience.calibrations);
    }
    assert.deepEqual(broken.experience.state, straight.experience.state);
    assert.ok(scoresOf(straight.experience).length > 200);
  });

  test('of a day with very many units the lower scores are only counted', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    for (let date = 0; date < 4; date++)
      for (let i = 0; i < 10_000; i++) meet(experience, model, at(date + i / 20_000, i / 200, `${date}/${i}`));
    meet(experience, model, at(4, 1, 'next'));
    const { scores } = encodeExperience(experience.state);
    assert.ok(scores.length < 30_000, String(scores.length));
    assert.equal(scoresOf(experience).length, 40_000);
    assert.equal(scoresOf(experience).at(-1), 9_999 / 200);
  });
});

describe('what a finding stands for', () => {
  test('is what was folded into it, and what was left out on its account', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    const events = [at(0, 91, 'a1', 'a'), at(0.1, 95, 'a2', 'a'), at(0.101, 93, 'b1', 'b'), at(3, 92, 'a3', 'a')];
    for (const event of events) meet(experience, model, event, true);
    const [, a2, b1, a3] = events as [Event, Event, Event, Event];
    const folded = { ...candidate(model, a2), first: start, last: a2.time, others: [candidate(model, b1)] };
    experience.tell('value', [folded]);
    assert.deepEqual(experience.standsFor('value:a2'), ['a1', 'a2', 'b1']);
    assert.equal(experience.findingOf('a3'), '');
    experience.repeat(candidate(model, a3));
    assert.deepEqual(experience.standsFor('value:a2'), ['a1', 'a2', 'b1', 'a3']);
    experience.tell('value', [candidate(model, a3)]);
    assert.deepEqual([experience.findingOf('a3'), experience.findingOf('a1')], ['value:a3', 'value:a2']);
  });

  test('is nothing that was settled before', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    const [a1, a2, a3] = [at(0, 91, 'a1', 'a'), at(0.1, 91, 'a2', 'a'), at(0.2, 91, 'a3', 'a')];
    for (const event of [a1, a2]) meet(experience, model, event, true);
    experience.tell('value', [candidate(model, a1)]);
    experience.settle('a1', 'malicious');
    experience.repeat(candidate(model, a2));
    assert.equal(experience.findingOf('a2'), '');
    experience.tell('value', [candidate(model, a2)]);
    meet(experience, model, a3, true);
    experience.repeat(candidate(model, a3));
    assert.deepEqual(experience.standsFor('value:a2'), ['a2', 'a3']);
  });

  test('is found at once, however much is in quarantine', () => {
    const model = valueLearner();
    const experience = new Experience(model);
    const events = Array.from({ length: 20_000 }, (_, i) => at(i / 1e6, 91, `e${i}`, `g${i}`));
    for (const event of events) meet(experience, model, event);
    experience.tell(
      'value',
      events.map((event) => candidate(model, event)),
    );
    const start = process.cpuUsage();
    for (const event of events) experience.repeat(candidate(model, event));
    assert.ok(process.cpuUsage(start).user < 2e6);
    assert.deepEqual(experience.standsFor('value:e7'), ['e7']);
    assert.equal(experience.settle('e7', 'benign'), true);
    experience.tell('other', [candidate(model, events[7] as Event)]);
    assert.deepEqual([experience.standsFor('value:e7'), experience.standsFor('other:e7')], [[], []]);
  });
});
