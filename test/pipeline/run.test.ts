import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Event, type Finding, ScopsError, type Sink, type Source } from '../../src/event/index.ts';
import { run } from '../../src/pipeline/run.ts';
import type { Trained } from '../../src/pipeline/trained.ts';
import { testContext } from '../support/context.ts';
import { scored, valueLearner, valueModel } from '../support/model.ts';

const trained: Trained = {
  detector: 'value',
  options: {},
  model: valueModel(Array.from({ length: 101 }, (_, i) => i)),
  calibrations: [],
  limit: { contamination: 0.1 },
  trained: { events: 101, from: 0, to: 1 },
};

const numbered = (values: readonly number[]): Event[] => values.map((value, i) => scored(value, { id: `n${i}` }));

/** Events that come one by one; a checkpoint is how many are done. */
function listSource(
  events: readonly Event[],
  live = false,
  between: (done: number) => Promise<void> = () => setImmediate(),
): Source & { resume(from: string): void; checkpoint(): string } {
  let done = 0;
  return {
    name: 'list',
    live,
    checkpoint: () => String(done),
    resume: (from) => {
      done = Number(from);
    },
    async *events(signal) {
      while (done < events.length) {
        if (signal?.aborted) return;
        yield events[done] as Event;
        done++;
        await between(done);
      }
      if (live && !signal?.aborted)
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    },
  };
}

function memorySink(
  fail: (attempt: number) => boolean = () => false,
): Sink & { got: Finding[]; attempts: number; closed: number } {
  return {
    name: 'memory',
    got: [],
    attempts: 0,
    closed: 0,
    async write(findings) {
      if (fail(this.attempts++)) throw new ScopsError('SINK_FAILED', 'no');
      this.got.push(...findings);
    },
    async close() {
      this.closed++;
    },
  };
}

describe('a source that ends', () => {
  test('is ranked as a whole and delivered once', async () => {
    const sink = memorySink();
    const summary = await run({
      source: listSource(numbered([1, 95, 2, 99, 91])),
      trained,
      sinks: [sink],
      pause: 0,
      context: testContext(),
    });
    assert.deepEqual(
      sink.got.map(({ rank, score }) => [rank, score]),
      [
        [1, 99],
        [2, 95],
        [3, 91],
      ],
    );
    assert.equal(sink.attempts, 1);
    assert.equal(sink.closed, 1);
    assert.deepEqual({ ...summary, from: 0, to: 0 }, { events: 5, judged: 5, findings: 3, from: 0, to: 0 });
  });

  test('keeps its place only after every sink has accepted', async () => {
    const places: string[] = [];
    const keep = (place: string) => async () => void places.push(place);
    const failing = memorySink(() => true);
    const options = { trained, context: testContext(), keep };
    await assert.rejects(run({ ...options, source: listSource(numbered([99])), sinks: [memorySink(), failing] }), /no/);
    assert.deepEqual(places, []);
    await run({ ...options, source: listSource(numbered([99, 1])), sinks: [memorySink()] });
    assert.deepEqual(places, ['2']);
  });

  test('with nothing strange, sinks hear nothing', async () => {
    const sink = memorySink();
    await run({ source: listSource(numbered([1, 2])), trained, sinks: [sink], pause: 0, context: testContext() });
    assert.equal(sink.attempts, 0);
  });
});

test('findings that follow each other are one, unless the model says otherwise', async () => {
  const count = async (unfolded: boolean): Promise<number> => {
    const sink = memorySink();
    const model = { ...trained.model, unfolded };
    await run({
      source: listSource(numbered([95, 99, 91])),
      trained: { ...trained, model },
      sinks: [sink],
      context: testContext(),
    });
    return sink.got.length;
  };
  assert.equal(await count(false), 1);
  assert.equal(await count(true), 3);
});

describe('a live source', () => {
  /** A context whose sleeps are short, so that ticks come quickly. */
  const quick = () =>
    testContext({
      sleep: (_, signal) =>
        new Promise((resolve) => {
          setTimeout(resolve, 1);
          signal?.addEventListener('abort', () => resolve(), { once: true });
        }),
    });

  test('delivers as it comes, tries a refusing sink again, and never keeps a place before delivery', async () => {
    const stop = new AbortController();
    const sink = memorySink((attempt) => attempt < 3);
    const places: [string, number][] = [];
    const source = listSource(numbered([99, 1, 95, ...Array(50).fill(1), 97]), true);
    const context = quick();
    const running = run({
      source,
      trained,
      sinks: [sink],
      every: 1,
      pause: 0,
      context,
      signal: stop.signal,
      keep: (place) => async () => {
        places.push([place, sink.got.length]);
        if (sink.got.length === 3) stop.abort();
      },
    });
    const summary = await running;
    assert.deepEqual(sink.got.map(({ score }) => score).sort(), [95, 97, 99]);
    assert.equal(summary.findings, 3);
    for (const [place, delivered] of places) {
      if (Number(place) >= 1) assert.ok(delivered >= 1, `place ${place} kept with ${delivered} delivered`);
      if (Number(place) >= 54) assert.equal(delivered, 3);
    }
    assert.ok(context.logged.some((line) => /Sink "memory" refused/.test(line)));
  });

  test('what follows a finding of the same host waits to be joined, without keeping others waiting', async () => {
    const stop = new AbortController();
    const sink = memorySink();
    const places: [place: string, delivered: number][] = [];
    const told = async (count: number): Promise<void> => {
      for (let i = 0; i < 1000 && sink.got.length < count; i++) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    const between = async (done: number): Promise<void> => {
      if (done === 1) await told(1);
      if (done === 21) await new Promise((resolve) => setTimeout(resolve, 30));
      if (done === 22) await told(2);
      if (done === 23) stop.abort();
    };
    const events = Array.from({ length: 23 }, (_, i) =>
      scored(95, { id: `n${i}`, time: i, host: i === 21 ? 'other' : 'web01' }),
    );
    const context = testContext({ now: () => 1000, sleep: quick().sleep });
    await run({
      source: listSource(events, true, between),
      trained,
      sinks: [sink],
      every: 1,
      context,
      signal: stop.signal,
      keep: (place) => async () => void places.push([place, sink.got.reduce((sum, { count }) => sum + count, 0)]),
    });
    assert.deepEqual(sink.got.map(({ entity, count }) => [entity.name, count]).sort(), [
      ['other', 1],
      ['web01', 1],
      ['web01', 1],
      ['web01', 20],
    ]);
    for (const [place, delivered] of places) assert.ok(delivered >= Number(place), `${delivered} at place ${place}`);
  });

  test('stopped while a sink refuses: what was not delivered is not marked as done', async () => {
    const stop = new AbortController();
    const places: string[] = [];
    const sink = memorySink((attempt) => {
      if (attempt === 4) stop.abort();
      return true;
    });
    await assert.rejects(
      run({
        source: listSource(numbered([99, 1, 1]), true),
        trained,
        sinks: [sink],
        every: 1,
        context: quick(),
        signal: stop.signal,
        keep: (place) => async () => void places.push(place),
      }),
    );
    assert.ok(
      places.every((place) => place === '0'),
      `kept ${places}`,
    );
    assert.deepEqual(sink.got, []);
  });

  test('a source whose other end keeps the place hears of it after it is kept here, and never before', async () => {
    const told: string[] = [];
    const { resume: _, ...list } = listSource(numbered([1, 99, 2, 3]), true, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
    const stop = new AbortController();
    await run({
      source: { ...list, commit: async (place: string) => void told.push(`committed ${place}`) } as Source,
      trained,
      sinks: [memorySink()],
      every: 1,
      context: quick(),
      signal: stop.signal,
      keep: (place, last) => {
        if (place === '4') stop.abort();
        return last || place === '2' ? async () => void told.push(`kept ${place}`) : undefined;
      },
    });
    assert.deepEqual(told, ['kept 2', 'committed 2', 'kept 4', 'committed 4']);
  });

  test('a failing commit stops the run', async () => {
    const source = {
      ...listSource(numbered([99]), true),
      commit: async () => Promise.reject(new ScopsError('SOURCE_UNREADABLE', 'gone')),
    };
    await assert.rejects(run({ source, trained, sinks: [memorySink()], every: 1, context: quick() }), /gone/);
  });
});

describe('a model that learns as it goes', () => {
  const calibrations = [{ kind: 'process' as const, scores: Float64Array.of(1, 2, 3, 95, 96), days: 1 }];

  test('learns every event after judging it, and what was flagged is set apart', async () => {
    const model = valueLearner(97);
    const sink = memorySink();
    await run({
      source: listSource(numbered([1, 99, 96, 2])),
      trained: { ...trained, model, calibrations, limit: { budget: 1 } },
      sinks: [sink],
      learns: true,
      context: testContext(),
    });
    assert.deepEqual([model.learnt, model.apart], [['n0', 'n2', 'n3'], ['n1']]);
    assert.deepEqual(
      sink.got.map(({ score }) => score),
      [99],
    );
  });

  test('a model that is not to learn stays as it is', async () => {
    const model = valueLearner();
    await run({
      source: listSource(numbered([1, 99])),
      trained: { ...trained, model, calibrations, limit: { budget: 1 } },
      sinks: [],
      context: testContext(),
    });
    assert.deepEqual([model.learnt, model.apart], [[], []]);
  });

  test('whenever the place is kept, the model has learnt exactly the events before it', async () => {
    const model = valueLearner();
    const stop = new AbortController();
    const values = Array.from({ length: 300 }, (_, i) => i % 100);
    const kept: [place: string, learnt: number][] = [];
    const oncePerHundred = async (done: number): Promise<void> => {
      do await setImmediate();
      while (!stop.signal.aborted && done % 100 === 0 && kept.length < done / 100);
    };
    await run({
      source: listSource(numbered(values), true, oncePerHundred),
      trained: { ...trained, model, calibrations, limit: { budget: 1 } },
      sinks: [memorySink((attempt) => attempt % 3 === 0)],
      learns: true,
      every: 1,
      pause: 0,
      keep: (place, last) => {
        const learnt = model.learnt.length + model.apart.length;
        if (learnt === values.length) stop.abort();
        return last || learnt % 2 === 0 ? async () => void kept.push([place, learnt]) : undefined;
      },
      context: testContext({ sleep: () => new Promise((resolve) => setTimeout(resolve, 1)) }),
      signal: stop.signal,
    });
    assert.ok(kept.length >= 3, `kept ${kept.length} times`);
    for (const [place, learnt] of kept) assert.equal(Number(place), learnt);
    assert.equal(kept.at(-1)?.[1], values.length);
  });
});
