import assert from 'node:assert/strict';
import {
  type Detector,
  type Event,
  isLearner,
  isMergeable,
  type Learner,
  type Model,
  ScopsError,
} from '../event/index.ts';

/** Events to try a detector on. */
export interface DetectorSample {
  /** Ordinary events, some hundreds. */
  readonly ordinary: readonly Event[];
  /** Ordinary events of a later time that the detector is not fitted on. */
  readonly fresh: readonly Event[];
  /** Events unlike the ordinary ones. */
  readonly strange: readonly Event[];
}

export interface Check<Subject, Sample> {
  readonly name: string;
  run(make: () => Subject, sample: Sample): Promise<void>;
}

async function* iterate(events: readonly Event[]): AsyncGenerator<Event> {
  yield* events;
}

const values = (model: Model, events: readonly Event[]): number[] =>
  events.filter((event) => model.accepts(event)).map((event) => model.score(event).value);

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

/** What every detector must do, whatever its method. Run each with your test runner; a check throws when it fails. */
export const detectorChecks: readonly Check<Detector, DetectorSample>[] = [
  {
    name: 'scores strange events above fresh ordinary ones, on average',
    async run(make, { ordinary, fresh, strange }) {
      const model = await make().fit(iterate(ordinary));
      const [near, far] = [values(model, fresh), values(model, strange)];
      assert.ok(near.length > 0 && far.length > 0, 'The model accepts none of the sample.');
      assert.ok(mean(far) > mean(near), `strange ${mean(far)}, ordinary ${mean(near)}`);
    },
  },
  {
    name: 'gives finite scores that are not all the same',
    async run(make, { ordinary, fresh, strange }) {
      const model = await make().fit(iterate(ordinary));
      const all = values(model, [...ordinary, ...fresh, ...strange]);
      for (const value of all) assert.ok(Number.isFinite(value), `score ${value}`);
      assert.ok(new Set(all).size > 5, 'The scores collapsed to a few values.');
    },
  },
  {
    name: 'is pure: scoring changes neither model nor event',
    async run(make, { ordinary, fresh, strange }) {
      const model = await make().fit(iterate(ordinary));
      const probes = [...strange, ...fresh].filter((event) => model.accepts(event));
      const before = structuredClone(probes);
      const first = probes.map((event) => model.score(event));
      assert.deepEqual(
        probes.toReversed().map((event) => model.score(event)),
        first.toReversed(),
      );
      assert.deepEqual(probes, before);
    },
  },
  {
    name: 'fits the same model twice, to the byte',
    async run(make, { ordinary }) {
      const [one, two] = [await make().fit(iterate(ordinary)), await make().fit(iterate(ordinary))];
      assert.deepEqual(one.save(), two.save());
    },
  },
  {
    name: 'survives save and load',
    async run(make, { ordinary, fresh, strange }) {
      const model = await make().fit(iterate(ordinary));
      const loaded = make().load(model.save());
      for (const event of [...fresh, ...strange]) {
        assert.equal(loaded.accepts(event), model.accepts(event));
        if (!model.accepts(event)) continue;
        assert.deepEqual(loaded.score(event), model.score(event));
        assert.deepEqual(loaded.describe(event), model.describe(event));
      }
      assert.deepEqual(loaded.info(), model.info());
      for (const kind of model.kinds) assert.deepEqual(loaded.trainingScores(kind), model.trainingScores(kind));
    },
  },
  {
    name: 'has one training score for every event it learnt',
    async run(make, { ordinary }) {
      const model = await make().fit(iterate(ordinary));
      const accepted = ordinary.filter((event) => model.accepts(event));
      const count = model.kinds.reduce((sum, kind) => sum + model.trainingScores(kind).length, 0);
      assert.equal(count, accepted.length);
    },
  },
  {
    name: 'gives reasons for what is strange',
    async run(make, { ordinary, strange }) {
      const model = await make().fit(iterate(ordinary));
      for (const event of strange.filter((each) => model.accepts(each))) {
        const { reasons } = model.score(event);
        assert.ok(reasons.length > 0, `no reason for ${event.raw}`);
        for (const reason of reasons) assert.match(reason.text, /\S/);
        assert.match(model.describe(event).title, /\S/);
        assert.match(model.describe(event).entity.name, /\S/);
      }
    },
  },
  {
    name: 'says so when there was nothing to learn',
    async run(make) {
      await assert.rejects(
        make().fit(iterate([])),
        (error) => error instanceof ScopsError && error.code === 'NOTHING_LEARNT',
      );
    },
  },
  {
    name: 'refuses bytes that are no model',
    async run(make, { ordinary }) {
      const saved = (await make().fit(iterate(ordinary))).save();
      const damaged = Uint8Array.from(saved);
      damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0x55;
      for (const bytes of [new Uint8Array(), new Uint8Array(1000), saved.subarray(0, saved.length - 1), damaged]) {
        assert.throws(
          () => make().load(bytes),
          (error) => error instanceof ScopsError && error.code === 'MODEL_FORMAT',
        );
      }
    },
  },
  {
    name: 'tolerates events without fields',
    async run(make, { ordinary }) {
      const model = await make().fit(iterate(ordinary));
      for (const event of ordinary.slice(0, 50)) {
        const bare: Event = { ...event, fields: {}, raw: '' };
        if (model.accepts(bare)) assert.ok(Number.isFinite(model.score(bare).value));
      }
    },
  },
  {
    name: 'merges, where it can, into what fitting on both would give',
    async run(make, { ordinary, fresh, strange }) {
      const half = ordinary.length >> 1;
      const whole = await make().fit(iterate(ordinary));
      const [left, right] = [
        await make().fit(iterate(ordinary.slice(0, half))),
        await make().fit(iterate(ordinary.slice(half))),
      ];
      if (!isMergeable(left)) return;
      const merged = left.merge(right);
      for (const event of [...fresh, ...strange].filter((each) => whole.accepts(each))) {
        const [a, b] = [merged.score(event).value, whole.score(event).value];
        assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)), `merged ${a}, whole ${b}: ${event.raw}`);
      }
    },
  },
  {
    name: 'learns as it goes, where it can: fitting is judging and learning one by one',
    async run(make, { ordinary }) {
      const model = make().begin?.();
      if (model === undefined) return;
      for (const event of ordinary) {
        if (model.accepts(event)) model.score(event);
        model.learn(event, false);
      }
      assert.deepEqual(model.save(), (await make().fit(iterate(ordinary))).save());
    },
  },
  {
    name: 'goes on learning after save and load as if nothing had happened',
    async run(make, { ordinary, fresh, strange }) {
      const whole = make().begin?.();
      if (whole === undefined) return;
      const first = make().begin?.() as Learner;
      for (const event of ordinary) for (const model of [whole, first]) model.learn(event, false);
      const second = make().load(first.save());
      assert.ok(isLearner(second), 'what was loaded does not learn');
      for (const event of [...fresh, ...strange]) for (const model of [whole, second]) model.learn(event, false);
      for (const event of [...fresh, ...strange].filter((each) => whole.accepts(each))) {
        assert.deepEqual(second.score(event), whole.score(event));
      }
      assert.deepEqual(second.info(), whole.info());
    },
  },
  {
    name: 'sets apart what was flagged, until somebody says what it was',
    async run(make, { ordinary, strange }) {
      const model = make().begin?.();
      if (model === undefined) return;
      for (const event of ordinary) model.learn(event, false);
      const probe = strange.find((event) => model.accepts(event)) as Event;
      const before = model.score(probe).value;
      for (let time = 0; time < 3; time++) model.learn({ ...probe, id: `${probe.id}-${time}` }, true);
      const after = model.score({ ...probe, id: `${probe.id}-x` }).value;
      assert.ok(after >= before - 0.1 * Math.abs(before), `what was flagged became ordinary: ${before} to ${after}`);
      assert.equal(model.settle(`${probe.id}-0`, 'malicious'), true);
      assert.equal(model.settle(`${probe.id}-1`, 'benign'), true);
      assert.equal(model.settle(`${probe.id}-1`, 'benign'), false);
      assert.equal(model.settle('no such event', 'benign'), false);
    },
  },
  {
    name: 'stays finite when clocks jump',
    async run(make, { ordinary }) {
      const model = make().begin?.();
      if (model === undefined) return;
      const jumps = [0, -1e11, 1e11, -5, 0];
      for (const [index, event] of ordinary.slice(0, 300).entries()) {
        const jumped = { ...event, time: event.time + (jumps[index % jumps.length] as number) };
        if (model.accepts(jumped)) assert.ok(Number.isFinite(model.score(jumped).value));
        model.learn(jumped, false);
      }
    },
  },
];
