import assert from 'node:assert/strict';
import type { Event } from '../../../src/event/index.ts';
import type { BenchOptions } from '../bench.ts';
import { median } from '../bench.ts';
import { cpu, heldBytes } from '../jubatus-cost.ts';
import { begin } from './methods.ts';
import { loginStream } from './simulated.ts';

const runs = 7;
const many = 10_000;

/** Judge and learn every event; how many were judged. */
function take(events: readonly Event[]): number {
  const model = begin();
  let judged = 0;
  for (const event of events) {
    if (model.accepts(event)) {
      judged++;
      assert.ok(Number.isFinite(model.score(event).value));
    }
    model.learn(event, false);
  }
  return judged;
}

/** Events a second of CPU: judged and learnt, one by one. */
export function speed({ seed, report }: BenchOptions): void {
  const all = loginStream(seed, 100, 60);
  const model = begin();
  const successes = all.filter((event) => model.accepts(event));
  for (const [what, events, goal] of [
    ['successful logins only', successes, '>= 200000'],
    ['successes and failures as they come', all, undefined],
  ] as const) {
    assert.equal(take(events), successes.length);
    const rates = Array.from({ length: runs }, () => {
      const taken = cpu(() => take(events));
      return Math.round((events.length / taken) * 1000);
    });
    report({
      case: `login-likelihood, ${what}, 100 users`,
      metric: 'scored and learnt',
      ...median(rates),
      unit: 'events/s',
      ...(goal === undefined ? {} : { goal }),
      note: `${events.length} events, by CPU time`,
    });
  }
}

/** The same events as of other people elsewhere. */
function* copies(events: readonly Event[], times: number): Generator<Event> {
  for (let copy = 0; copy < times; copy++) {
    for (const event of events) {
      const ip = String(event.fields['source.ip'] ?? '');
      const dot = ip.indexOf('.');
      const moved = dot < 0 ? ip : `${1 + (copy % 200)}.${ip.slice(dot + 1)}`;
      const name = `${event.fields['user.name']}-${copy}`;
      yield { ...event, id: `${event.id}-${copy}`, fields: { ...event.fields, 'user.name': name, 'source.ip': moved } };
    }
  }
}

/** What ten thousand users take: in memory, in a model file, and in time. */
export function memory({ seed, report, note }: BenchOptions): void {
  const people = 100;
  const model = begin();
  const events = loginStream(seed, people, 30).filter((event) => model.accepts(event));
  note(`${(many / people) * events.length} logins of ${many} users`);
  const before = heldBytes();
  const taken = cpu(() => {
    for (const event of copies(events, many / people)) {
      model.score(event);
      model.learn(event, false);
    }
  });
  const held = heldBytes() - before;
  const { users } = model.info();
  assert.ok(Number(users) > 0.9 * many, `${users} users`);
  const name = `login-likelihood, ${users} users with a month of logins each`;
  report({ case: name, metric: 'memory', value: held / 1e6, unit: 'MB' });
  report({ case: name, metric: 'memory for a user', value: Math.round(held / Number(users)), unit: 'bytes' });
  report({ case: name, metric: 'model file', value: model.save().byteLength / 1e6, unit: 'MB' });
  report({
    case: name,
    metric: 'scored and learnt',
    value: Math.round(((many / people) * events.length * 1000) / taken),
    unit: 'events/s',
    note: 'the copying included, by CPU time',
  });
}
