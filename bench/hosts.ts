import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom, quantile } from '../src/algorithms/index.ts';
import { lof } from '../src/detectors/lof.ts';
import type { Detector, Event, EventKind, Model } from '../src/event/index.ts';
import { parseOptions } from '../src/pipeline/options.ts';
import { simulateHosts } from '../src/simulate/hosts.ts';
import { readWazuh } from '../src/text/wazuh/read.ts';
import { testContext } from '../test/support/context.ts';
import type { Bench } from './run.ts';
import { type Judged, quality } from './support/quality.ts';

interface Labelled {
  readonly event: Event;
  readonly attack: boolean;
  readonly session: string;
  readonly activity: string;
}

const methods = [
  { method: 'lof', options: {} },
  { method: 'lof --compat mimizuku, n=5', options: { compat: 'mimizuku', neighbors: 5 } },
  { method: 'lof --compat mimizuku', options: { compat: 'mimizuku' } },
] as const;

export const bench: Bench = {
  summary: 'how well the detectors rank labelled attacks on hosts (hostbench, Atomic Red Team, simulator)',
  data: 'wazuh/hostbench and wazuh/commands',
  async run({ data, note }) {
    const train = [0, 1, 2, 3, 4].flatMap((day) => hostbench(data, day));
    const test = [5, 6, 7].flatMap((day) => hostbench(data, day));
    assert.equal(train.length, 89_900, 'hostbench days 0-4');
    const atomic = [...ofKind(test, 'process').filter(({ attack }) => !attack), ...atomicTests(data, test)];
    const simulated = [11, 12, 13].map((seed) => simulation(seed));
    const rows: Record<string, unknown>[] = [];
    for (const { method, options } of methods) {
      const { model, seconds } = await fitted(train, options);
      note(`${method}: fitted in ${seconds.toFixed(1)} s`);
      rows.push(row(method, 'B1 commands', model, test, 'process', 3));
      rows.push(row(method, 'B2 Atomic Linux', model, atomic, 'process', 3));
      rows.push(row(method, 'B3 files', model, test, 'file', 3));
      for (const { seed, days, learn, ask } of simulated) {
        const { model: other } = await fitted(learn, options);
        for (const kind of ['process', 'file'] as const) {
          rows.push(row(method, `simulated ${kind}, seed ${seed}`, other, ask, kind, days));
        }
      }
    }
    return { rows };
  },
};

function hostbench(data: string, day: number): Labelled[] {
  const read = (name: string): string[] =>
    gunzipSync(readFileSync(join(data, 'wazuh/hostbench', name)))
      .toString()
      .trimEnd()
      .split('\n');
  const labels = new Map(
    read(`labels-day${day}.csv.gz`).map((line) => [line.slice(0, line.indexOf(',')), line.split(',')]),
  );
  return read(`alerts-day${day}.jsonl.gz`).map((line) => {
    const { id } = JSON.parse(line) as { id: string };
    const [, label, , activity = '', session = ''] = labels.get(id) ?? assert.fail(`no label for alert ${id}`);
    return { event: event(line), attack: label === '1', session, activity };
  });
}

function event(line: string): Event {
  const read = readWazuh(line);
  return 'reason' in read ? assert.fail(read.reason) : read;
}

const ofKind = (list: readonly Labelled[], kind: EventKind): Labelled[] =>
  list.filter((each) => each.event.kind === kind);

/** Atomic Red Team's Linux commands, a line each, in circumstances of ordinary commands drawn by chance. */
function atomicTests(data: string, ordinary: readonly Labelled[]): Labelled[] {
  const random = createRandom(1);
  const around = ofKind(ordinary, 'process').filter(({ attack }) => !attack);
  const lines = gunzipSync(readFileSync(join(data, 'wazuh/commands/atomic_linux.jsonl.gz')))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.flatMap((line) => {
    const { guid, command } = JSON.parse(line) as { guid: string; command: string };
    const { event: base } = random.pick(around);
    return command
      .split('\n')
      .filter((part) => part.trim() !== '')
      .map((part, index): Labelled => {
        const args = part.trim().split(/\s+/);
        const alert = { ...(JSON.parse(base.raw) as Record<string, unknown>) };
        alert.data = {
          audit: { execve: { argc: String(args.length), ...Object.fromEntries(args.map((arg, i) => [`a${i}`, arg])) } },
        };
        const fields = { ...base.fields, 'process.args': args, 'process.command_line': args.join(' ') };
        const changed = { ...base, id: `${guid}-${index}`, fields, raw: JSON.stringify(alert) };
        return { event: changed, attack: true, session: guid, activity: 'attack' };
      });
  });
}

function simulation(seed: number): { seed: number; days: number; learn: Labelled[]; ask: Labelled[] } {
  const all = [...simulateHosts({ seed, days: 9 })].map(
    ({ line, label }): Labelled => ({ event: event(line), ...label }),
  );
  const start = all[0]?.event.time ?? 0;
  const cut = start + 6 * 86_400_000;
  return {
    seed,
    days: 3,
    learn: all.filter(({ event: { time }, attack }) => time < cut && !attack),
    ask: all.filter(({ event: { time } }) => time >= cut),
  };
}

async function fitted(list: readonly Labelled[], options: object): Promise<{ model: Model; seconds: number }> {
  const create = lof.create as (settings: unknown, context: unknown) => Detector;
  const started = performance.now();
  const model = await create(parseOptions(lof, options as Record<string, unknown>), testContext()).fit(
    (async function* () {
      for (const each of list) yield each.event;
    })(),
  );
  return { model, seconds: (performance.now() - started) / 1000 };
}

function row(method: string, task: string, model: Model, list: readonly Labelled[], kind: EventKind, days: number) {
  const asked = ofKind(list, kind).filter((each) => model.accepts(each.event));
  const started = performance.now();
  const judged = asked.map((each): Judged & Labelled => ({ ...each, score: model.score(each.event).value }));
  const perSecond = asked.length / ((performance.now() - started) / 1000);
  assert.ok(judged.every(({ score }) => Number.isFinite(score)) && judged.some(({ attack }) => attack), task);
  const threshold = quantile(model.trainingScores(kind), 0.999);
  const flagged = judged.filter(({ score }) => score > threshold);
  const right = flagged.filter(({ attack }) => attack);
  const ordinary = judged.filter(({ attack }) => !attack);
  const deploys = judged.filter(({ activity, attack }) => activity === 'deploy' && !attack);
  const figures = Object.entries(quality(judged, days)).map(([name, value]) => [name, Number(value.toFixed(3))]);
  return {
    method,
    task,
    ...Object.fromEntries(figures),
    'flags a day, contamination 0.001': Math.round(flagged.length / days),
    precision: Number((right.length / Math.max(1, flagged.length)).toFixed(3)),
    'attack sessions': `${new Set(right.map(({ session }) => session)).size}/${new Set(judged.filter(({ attack }) => attack).map(({ session }) => session)).size}`,
    'ordinary flagged': Number(((flagged.length - right.length) / ordinary.length).toFixed(5)),
    'deploy events flagged': `${deploys.filter(({ score }) => score > threshold).length}/${deploys.length}`,
    'alerts/s': Math.round(perSecond),
  };
}
