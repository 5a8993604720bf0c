import { test } from 'node:test';
import type { Detector, Event } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { find, list } from '../../src/pipeline/registry.ts';
import { simulateHosts } from '../../src/simulate/hosts.ts';
import { simulateLogins } from '../../src/simulate/logins.ts';
import { type DetectorSample, detectorChecks } from '../../src/testing/index.ts';
import { readWazuh } from '../../src/text/wazuh/read.ts';
import { testContext } from '../support/context.ts';

function hosts(): DetectorSample {
  const events: { event: Event; attack: boolean }[] = [];
  for (const { line, label } of simulateHosts({ seed: 7, days: 3 })) {
    const event = readWazuh(line);
    if (!('reason' in event)) events.push({ event, attack: label.attack });
  }
  const ordinary = events.filter(({ attack }) => !attack).map(({ event }) => event);
  return {
    ordinary: ordinary.slice(0, 1500),
    fresh: ordinary.slice(1500, 3000),
    strange: events.filter(({ attack }) => attack).map(({ event }) => event),
  };
}

/** The logins of some weeks, those of intruders apart. */
function logins(): DetectorSample {
  const all = [...simulateLogins({ seed: 7, users: 12, days: 40, noise: 0.1 })];
  const ordinary = all.filter(({ label }) => !label.attack).map(({ event }) => event);
  const half = ordinary.length >> 1;
  return {
    ordinary: ordinary.slice(half - 2500, half),
    fresh: ordinary.slice(half, half + 1000),
    strange: all.filter(({ label }) => label.attack && label.success).map(({ event }) => event),
  };
}

const samples = { host: hosts(), login: logins() };
for (const name of list('detector')) {
  const component = await find('detector', name);
  const make = (): Detector => component.create(parseOptions(component, {}), testContext());
  const shared = make().kinds?.includes('login') ? samples.login : samples.host;
  for (const check of detectorChecks) test(`detector ${name} ${check.name}`, () => check.run(make, shared));
}
