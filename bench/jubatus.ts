import assert from 'node:assert/strict';
import { join } from 'node:path';
import { jubatusLof } from '../src/detectors/jubatus-lof.ts';
import type { Detector, Learner } from '../src/event/index.ts';
import { JubatusAnomaly } from '../src/jubatus.ts';
import { parseOptions } from '../src/pipeline/options.ts';
import { simulateLogins } from '../src/simulate/logins.ts';
import { testContext } from '../test/support/context.ts';
import { habitualLogins, readConfig } from '../test/support/jubatus.ts';
import type { Bench, BenchOptions } from './support/bench.ts';
import { median, rate } from './support/bench.ts';
import { folderWith } from './support/folder.ts';
import { conformance } from './support/jubatus-conformance.ts';
import { cpu, heldBytes } from './support/jubatus-cost.ts';

const golden = join(import.meta.dirname, '../test/golden/jubatus');
const runs = 3;
/**
 * CPU seconds of jubatus_core 1.1.1 (its anomaly driver without the server, one thread, built by g++ 12), measured once on two
 * cores with logins of the same make. By the clock of an idle machine its 10,000 adds took 4.15 s: 2,400 adds/s.
 */
const peer = 'jubatus_core 1.1.1 (constant)';
const peerCpuSeconds = { article10k: 4.95, article50k: 27, exact10k: 6.5, lru20k: 29, light10k: 9.2 };
const peerNote = 'the peer: CPU seconds of its driver, measured once, 40 habitual addresses and 3 % new ones too';
const peerRate = (adds: number, seconds: number): number => Math.round(adds / seconds);

type Compat = '1.1.1' | 'fixed';
type Config = Record<string, unknown> & { readonly parameter: Record<string, unknown> };

const withUnlearner = (config: Config, size: number): Config => ({
  ...config,
  parameter: { ...config.parameter, unlearner: 'lru', unlearner_parameter: { max_size: size } },
});

export const bench: Bench = {
  summary: "Jubatus' scores as the real library gives them, and the cost of an add on one core, by CPU time",
  run: async ({ data, seed, report, note }) => {
    const given = folderWith(data, 'login', 'conformance');
    if (data !== '' && given === undefined)
      note(`There is no folder "conformance" in "${data}": the shipped vectors are used.`);
    conformance(given === undefined ? golden : join(given, 'conformance'), { report, note });
    const article = readConfig(golden, 'seed') as Config;
    speed({ seed, report, note, data }, article);
    unlearning(seed, report, article);
    memory(seed, report, article);
    detector(seed, report);
  },
};

function adds(config: unknown, compat: Compat, count: number, seed: number): number {
  const data = [...habitualLogins(count, seed)];
  const anomaly = new JubatusAnomaly(config, { compat });
  const taken = cpu(() => {
    for (const datum of data) anomaly.add(datum);
  });
  assert.ok(anomaly.size > count / 5 && anomaly.size <= count);
  return taken;
}

function speed({ seed, report }: BenchOptions, article: Config): void {
  const light = readConfig(golden, 'light');
  const exact = readConfig(golden, 'iie');
  const measure = (
    what: string,
    config: unknown,
    compat: Compat,
    count: number,
    theirs?: number,
    goal?: string,
  ): void => {
    adds(config, compat, 1000, seed);
    const taken = median(Array.from({ length: runs }, () => adds(config, compat, count, seed)));
    const beside = theirs === undefined ? {} : { peer, peerValue: peerRate(count, theirs), note: peerNote };
    report({
      case: what,
      metric: 'speed',
      ...rate(taken, count),
      unit: 'adds/s',
      ...(goal ? { goal } : {}),
      ...beside,
    });
  };
  const { article10k, exact10k, light10k } = peerCpuSeconds;
  measure('article, 1.1.1, 10,000 adds', article, '1.1.1', 10_000, article10k, '>= 7200');
  measure('article, fixed, 10,000 adds', article, 'fixed', 10_000, article10k, '>= 7200');
  measure('exact lof, 1.1.1, 10,000 adds', exact, '1.1.1', 10_000, exact10k);
  measure('light_lof, 1.1.1, 10,000 adds', light, '1.1.1', 10_000, light10k);
  for (const compat of ['1.1.1', 'fixed'] as const) {
    const taken = median(Array.from({ length: runs }, () => addsAt(5000, exact, compat, seed)));
    report({
      case: `exact lof, ${compat}, at 5,000 rows`,
      metric: 'speed',
      ...rate(taken, 1000),
      unit: 'adds/s',
      goal: '>= 5000',
    });
  }
}

/** Milliseconds of a thousand adds when so many rows are there. */
function addsAt(rows: number, config: unknown, compat: Compat, seed: number): number {
  const anomaly = new JubatusAnomaly(config, { compat });
  const data = habitualLogins(10 * rows, seed);
  for (const datum of data) {
    anomaly.add(datum);
    if (anomaly.size === rows) break;
  }
  assert.equal(anomaly.size, rows);
  const next = [...habitualLogins(1000, seed + 1)];
  return cpu(() => {
    for (const datum of next) anomaly.add(datum);
  });
}

function unlearning(seed: number, report: BenchOptions['report'], article: Config): void {
  for (const compat of ['1.1.1', 'fixed'] as const) {
    const anomaly = new JubatusAnomaly(withUnlearner(article, 4096), { compat });
    const data = [...habitualLogins(20_000, seed)];
    const quarters = [0, 1, 2, 3].map((quarter) =>
      cpu(() => {
        for (const datum of data.slice(5000 * quarter, 5000 * (quarter + 1))) anomaly.add(datum);
      }),
    );
    assert.equal(anomaly.size, 4096);
    const [, , third = 1, last = 1] = quarters;
    const total = quarters.reduce((sum, each) => sum + each);
    const what = `article and lru of 4,096, ${compat}, 20,000 adds`;
    const theirs = peerRate(20_000, peerCpuSeconds.lru20k);
    report({
      case: what,
      metric: 'speed',
      value: Math.round(20_000_000 / total),
      unit: 'adds/s',
      peer,
      peerValue: theirs,
    });
    report({
      case: what,
      metric: 'last 5,000 adds to those before',
      value: third / last,
      unit: 'ratio',
      goal: '>= 0.7',
    });
  }
}

function memory(seed: number, report: BenchOptions['report'], article: Config): void {
  const data = [...habitualLogins(50_000, seed)];
  const before = heldBytes();
  const anomaly = new JubatusAnomaly(article, { compat: '1.1.1' });
  const taken = cpu(() => {
    for (const datum of data) anomaly.add(datum);
  });
  const held = heldBytes() - before;
  const what = 'article, 1.1.1, 50,000 adds';
  const theirs = peerRate(50_000, peerCpuSeconds.article50k);
  report({
    case: what,
    metric: 'speed',
    value: Math.round(50_000_000 / taken),
    unit: 'adds/s',
    peer,
    peerValue: theirs,
  });
  report({ case: what, metric: 'rows kept', value: anomaly.size, unit: 'rows' });
  report({ case: what, metric: 'memory', value: held / 2 ** 20, unit: 'MiB', note: 'the peer is a process of 22 MB' });
  const bytes = anomaly.save();
  report({ case: what, metric: 'model file', value: bytes.length / 2 ** 20, unit: 'MiB' });
  assert.equal(JubatusAnomaly.load(bytes).size, anomaly.size);
}

/** The detector as a pipeline drives it: score with reasons, then learn. */
function detector(seed: number, report: BenchOptions['report']): void {
  const component = jubatusLof as { create(options: unknown, context: unknown): Detector };
  const events = Array.from(simulateLogins({ seed, noise: 0 }), ({ event }) => event);
  const once = (): number => {
    const model = component.create(parseOptions(jubatusLof, {}), testContext()).begin?.() as Learner;
    const accepted = events.filter((event) => model.accepts(event));
    const taken = cpu(() => {
      for (const event of accepted) {
        model.score(event);
        model.learn(event, false);
      }
    });
    assert.ok(accepted.length > 5000);
    return taken / accepted.length;
  };
  const taken = median(Array.from({ length: runs }, once));
  report({ case: 'detector, 25 users, 60 days', metric: 'speed', ...rate(taken, 1), unit: 'logins/s' });
}
