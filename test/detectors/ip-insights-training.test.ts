import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { type Hyperparameters, type Progress, tutorial } from '../../src/algorithms/ip-insights/index.ts';
import { createRandom } from '../../src/algorithms/random.ts';
import { type Lesson, type Listener, learn, pairsOf } from '../../src/detectors/ip-insights/training.ts';
import { ipInsights } from '../../src/detectors/ip-insights.ts';
import type { Event } from '../../src/event/index.ts';
import { testContext } from '../support/context.ts';

const entities = 20;
const hyper: Hyperparameters = {
  ...tutorial,
  numEntityVectors: entities,
  vectorDim: 4,
  epochs: 220,
  miniBatchSize: 500,
  randomNegativeSamplingRate: 1,
};

function lesson(count: number, changes: Partial<Hyperparameters> = {}): Lesson {
  const random = createRandom(count);
  const of = Uint32Array.from({ length: count }, () => random.integer(entities));
  const addresses = of.map((entity) => 0x0a000000 + entity * 65_536 + random.integer(4096));
  const v6 = { entities: of.slice(0, 20), addresses: Uint32Array.from({ length: 40 }, (_, at) => at * 7) };
  return { pairs: { v4: { entities: of, addresses }, v6 }, hyper: { ...hyper, ...changes }, seed: 5 };
}

function listener() {
  const heard = { pairs: 0, reports: [] as Progress[], pauses: 0 };
  const listening: Listener = {
    learnt: (count) => {
      heard.pairs += count;
    },
    report: (progress) => void heard.reports.push(progress),
    pause: async () => {
      heard.pauses++;
    },
  };
  return { heard, listening };
}

test('threads learn the same as one after another, and say as much', async () => {
  const lessons = [lesson(1000), lesson(500), lesson(501)];
  const [here, there] = [listener(), listener()];
  const alone = await learn(lessons, 1, here.listening);
  const together = await learn(lessons, 2, there.listening);
  assert.deepEqual(
    together.map(({ state }) => state),
    alone.map(({ state }) => state),
  );
  assert.notDeepEqual(alone[0]?.state, alone[1]?.state);
  const total = lessons.reduce((sum, each) => sum + pairsOf(each), 0);
  assert.deepEqual([here.heard.pairs, there.heard.pairs], [total, total]);
  assert.deepEqual(there.heard.reports, here.heard.reports);
  assert.ok(here.heard.pauses > 0);
  assert.equal(there.heard.pauses, 0, 'it was learnt in threads');
});

test('what is wrong is said from a thread as from here, and the others are ended', async () => {
  const broken = lesson(1000, { numEntityVectors: 3 });
  for (const workers of [1, 2]) {
    const { listening } = listener();
    await assert.rejects(learn([lesson(1000), broken], workers, listening), RangeError, `${workers} workers`);
  }
});

test('fitting says how far it is', async () => {
  const context = testContext();
  const detector = ipInsights.create(v.parse(ipInsights.options, { vectorDim: 4, epochs: 3 }), context);
  const events = (async function* (): AsyncGenerator<Event> {
    for (let index = 0; index < 400; index++) {
      const fields = {
        'event.action': 'login',
        'event.outcome': 'success',
        'user.name': `user${index % 5}`,
        'source.ip': `10.${index % 5}.0.${index % 200}`,
      };
      yield { id: String(index), time: index, source: 'test', kind: 'login', fields, raw: '' };
    }
  })();
  await detector.fit(events);
  const last = context.progressed.at(-1);
  assert.deepEqual(last, { bytes: 2400, total: 2400, unit: 'pairs' });
  const done = context.progressed.map(({ bytes }) => bytes);
  assert.deepEqual(
    done,
    done.toSorted((a, b) => a - b),
  );
  assert.ok(done.length > 10);
});
