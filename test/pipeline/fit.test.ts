import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import type { Event, Model, Source } from '../../src/event/index.ts';
import { fit } from '../../src/pipeline/fit.ts';
import type { AnyComponent } from '../../src/pipeline/registry.ts';
import { testContext } from '../support/context.ts';
import { scored, valueModel } from '../support/model.ts';

const minute = 60_000;

const sourceOf = (events: readonly Event[]): Source => ({
  name: 'list',
  async *events() {
    yield* events;
  },
});

/** Remembers which events each fit was given; a merged model remembers both. */
function recorder(options: { readonly mergeable: boolean; readonly readsRaw?: boolean }) {
  const fits: Event[][] = [];
  const modelOf = (events: readonly Event[]): Model & { learnt: readonly Event[] } => ({
    ...valueModel(),
    learnt: events,
    ...(options.mergeable
      ? { merge: (other: Model) => modelOf([...events, ...(other as unknown as { learnt: Event[] }).learnt]) }
      : {}),
  });
  const component: AnyComponent<'detector'> = {
    kind: 'detector',
    name: 'recorder',
    summary: 'Records.',
    options: v.strictObject({}),
    create: () => ({
      name: 'recorder',
      kinds: ['process'],
      ...(options.readsRaw ? { readsRaw: true } : {}),
      async fit(events) {
        const all = await Array.fromAsync(events);
        fits.push(all);
        return modelOf(all);
      },
      load: () => modelOf([]),
    }),
  };
  return { component, fits };
}

const events = Array.from({ length: 1000 }, (_, i) =>
  scored(i % 7, { id: `e${i}`, time: i * minute, raw: 'raw', ...(i % 10 === 9 ? { kind: 'log' } : {}) }),
);
const ofKind = events.filter(({ kind }) => kind === 'process');
const learntOf = (model: Model): string[] => (model as unknown as { learnt: Event[] }).learnt.map(({ id }) => id);

test('the last share is held back, judged by a model of the rest, and learnt after that', async () => {
  const { component, fits } = recorder({ mergeable: true });
  const trained = await fit({ source: sourceOf(events), detector: { component, input: {} }, context: testContext() });
  assert.deepEqual(
    fits.map((each) => each.length),
    [720, 180],
  );
  assert.deepEqual(
    learntOf(trained.model),
    ofKind.map(({ id }) => id),
  );
  assert.deepEqual(trained.trained, { events: 900, from: 0, to: 998 * minute });
  assert.equal(trained.calibrations[0]?.scores.length, 180);
  assert.ok(fits.flat().every(({ raw }) => raw === ''));
});

test('a detector whose models cannot be merged learns the older events only', async () => {
  const { component } = recorder({ mergeable: false });
  const trained = await fit({ source: sourceOf(events), detector: { component, input: {} }, context: testContext() });
  assert.equal(learntOf(trained.model).length, 720);
});

test('without holding back everything streams through, and there is no calibration', async () => {
  const { component, fits } = recorder({ mergeable: true });
  const trained = await fit({
    source: sourceOf(events),
    detector: { component, input: {} },
    holdBack: 0,
    context: testContext(),
  });
  assert.equal(fits.length, 1);
  assert.deepEqual(trained.calibrations, []);
});

test('a detector that reads raw records gets them', async () => {
  const { component, fits } = recorder({ mergeable: true, readsRaw: true });
  await fit({ source: sourceOf(events), detector: { component, input: {} }, context: testContext() });
  assert.ok(fits.flat().every(({ raw }) => raw === 'raw'));
});

test('too few held-back events are said to be too few', async () => {
  const { component } = recorder({ mergeable: true });
  const context = testContext();
  const trained = await fit({ source: sourceOf(events.slice(0, 100)), detector: { component, input: {} }, context });
  assert.deepEqual(trained.calibrations, []);
  assert.match(context.logged.join(), /Only 18 events could be held back/);
  assert.equal(learntOf(trained.model).length, 90);
});

test('a share outside [0, 1) is refused', async () => {
  const { component } = recorder({ mergeable: true });
  for (const holdBack of [-0.1, 1, Number.NaN]) {
    await assert.rejects(
      fit({ source: sourceOf(events), detector: { component, input: {} }, holdBack, context: testContext() }),
      /held back/,
    );
  }
});
