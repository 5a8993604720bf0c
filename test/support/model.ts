import type { Detector, Event, Learner, Model, Score, Waiting } from '../../src/event/index.ts';

/** An event whose score a test decides. */
export function scored(
  value: number,
  overrides: Partial<Event> & { host?: string; group?: string; always?: boolean } = {},
): Event {
  const { host = 'web01', group, always, ...rest } = overrides;
  return {
    id: `e${value}`,
    time: Date.UTC(2026, 0, 2),
    source: 'test',
    kind: 'process',
    fields: { value, 'host.name': host, ...(group ? { group } : {}), ...(always ? { always } : {}) },
    raw: '{}',
    ...rest,
  };
}

/** A model that scores an event by its field `value`: for tests of what stands around models. */
export function valueModel(training: readonly number[] = []): Model {
  return {
    detector: 'value',
    kinds: ['process'],
    accepts: (event) => event.kind === 'process',
    score: ({ fields }): Score => ({
      value: Number(fields.value),
      reasons: [{ code: 'value', text: `The value is ${fields.value}.`, evidence: {} }],
      ...(fields.group === undefined ? {} : { group: String(fields.group) }),
      ...(fields.always === true ? { always: true } : {}),
    }),
    describe: ({ fields }) => ({ title: 'A value', entity: { type: 'host', name: String(fields['host.name']) } }),
    trainingScores: () => Float64Array.from(training),
    save: () => new Uint8Array(),
    info: () => ({}),
  };
}

/** Fits to `valueModel`, remembering what it was given. */
export function valueDetector(): Detector & { readonly seen: Event[][] } {
  const seen: Event[][] = [];
  return {
    name: 'value',
    seen,
    async fit(events) {
      const all: Event[] = [];
      for await (const event of events) all.push(event);
      seen.push(all);
      return valueModel(all.map(({ fields }) => Number(fields.value)));
    },
    load: () => valueModel(),
  };
}

/** A `valueModel` that remembers what it learnt, and what it set apart: of the latest so many, learnt after so many days. */
export function valueLearner(
  suspicious = 90,
  days = 14,
  most = Number.POSITIVE_INFINITY,
): Learner & { readonly learnt: string[]; readonly apart: string[] } {
  const learnt: string[] = [];
  const apart: string[] = [];
  const held = new Map<string, Waiting>();
  const model = valueModel();
  return {
    ...model,
    learnt,
    apart,
    suspicious,
    learn(event, flagged) {
      const { id, time } = event;
      for (const { event: old, until } of held.values()) if (until < time && held.delete(old)) learnt.push(old);
      if (!flagged && model.score(event).value <= suspicious) return void learnt.push(id);
      apart.push(id);
      held.set(id, { event: id, time, until: time + days * 86_400_000, ...model.describe(event) });
      for (const old of held.keys()) if (held.size > most) held.delete(old);
    },
    waiting: () => held.values(),
    settle: (event, verdict) => {
      if (!held.delete(event)) return false;
      if (verdict === 'benign') learnt.push(event);
      return true;
    },
  };
}
