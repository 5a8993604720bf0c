import { test } from 'node:test';
import { ipInsights } from '../../src/detectors/ip-insights.ts';
import type { Detector, Event } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { simulateLogins } from '../../src/simulate/logins.ts';
import { type DetectorSample, detectorChecks } from '../../src/testing/index.ts';
import { testContext } from '../support/context.ts';

function sample(): DetectorSample {
  const ordinary: Event[] = [];
  const strange: Event[] = [];
  for (const { event, label } of simulateLogins({ seed: 7, users: 12, days: 40, noise: 0.1 })) {
    if (!label.attack) ordinary.push(event);
    else if (label.success) strange.push(event);
  }
  const half = ordinary.length >> 1;
  return { ordinary: ordinary.slice(half - 2500, half), fresh: ordinary.slice(half, half + 1000), strange };
}

const shared = sample();
const make = (given: Readonly<Record<string, unknown>> = {}): Detector =>
  (ipInsights.create as (settings: unknown, context: unknown) => Detector)(
    parseOptions(ipInsights, given),
    testContext(),
  );
for (const check of detectorChecks) test(`ip-insights ${check.name}`, () => check.run(make, shared));
