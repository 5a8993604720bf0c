import assert from 'node:assert/strict';
import type { Event } from '../../../src/event/index.ts';
import { type BenchOptions, median } from '../bench.ts';
import { cpu, heldBytes } from '../jubatus-cost.ts';
import { begin } from './peers/ours.ts';
import { taskOf } from './task.ts';

const runs = 3;
const many = 60_000;

/** Judge and learn every event; how many were judged. */
function take(events: readonly Event[], model = begin()): number {
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

/** What `principal-likelihood` takes: time of CPU, and memory for what it learnt. */
export function cost({ seed, report }: BenchOptions): void {
  const events = taskOf(seed)
    .trail.slice(0, many)
    .map((event) => ({ ...event, raw: '' }));
  const name = `principal-likelihood, ${events.length} events of one organisation`;
  const judged = take(events);
  const rates = Array.from({ length: runs }, () =>
    Math.round((events.length / cpu(() => assert.equal(take(events), judged))) * 1000),
  );
  report({ case: name, metric: 'scored and learnt', ...median(rates), unit: 'events/s', note: 'by CPU time' });
  const learnt = begin();
  const before = heldBytes();
  take(events, learnt);
  const held = heldBytes() - before;
  const scored = cpu(() => {
    for (const event of events) learnt.score(event);
  });
  const speed = Math.round((events.length / scored) * 1000);
  report({ case: name, metric: 'scored', value: speed, unit: 'events/s', note: 'by CPU time, reasons included' });
  report({ case: name, metric: 'memory', value: held / 1e6, unit: 'MB', goal: '<= 300' });
  report({ case: name, metric: 'model file', value: learnt.save().byteLength / 1e6, unit: 'MB' });
}
