import { test } from 'node:test';
import { loginLikelihood } from '../../src/detectors/login-likelihood.ts';
import type { Detector, Event } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { simulateLogins } from '../../src/simulate/logins.ts';
import { type DetectorSample, detectorChecks } from '../../src/testing/index.ts';
import { testContext } from '../support/context.ts';

function sample(): DetectorSample {
  const ordinary: Event[] = [];
  const strange: Event[] = [];
  for (const { event, label } of simulateLogins({ seed: 7, users: 12, days: 30 })) {
    if (!label.attack) ordinary.push(event);
    else if (label.success) strange.push(event);
  }
  const half = ordinary.length >> 1;
  return { ordinary: ordinary.slice(0, half), fresh: ordinary.slice(half, half + 3000), strange };
}

const shared = sample();
const make = (): Detector =>
  (loginLikelihood.create as (settings: unknown, context: unknown) => Detector)(
    parseOptions(loginLikelihood, {}),
    testContext(),
  );
for (const check of detectorChecks) test(`login-likelihood ${check.name}`, () => check.run(make, shared));
