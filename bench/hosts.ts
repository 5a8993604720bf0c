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
import type { Bench, BenchOptions } from './support/bench.ts';
import { openHostbench } from './support/hostbench.ts';
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
  data: 'a folder with wazuh/hostbench and wazuh/commands in it',
  async run({ data, report, note }) {
    const { train, test } = hostbench(join(data, 'wazuh/hostbench'));
    const atomic = [...ofKind(test, 'process').filter(({ attack }) => !attack), ...atomicTests(data, test)];
    const simulated = [11, 12, 13].map((seed) => simulation(seed));
    for (const { method, options } of methods) {
      const model = await fitted(train, options);
      note(`${method}: fitted on hostbench`);
      judge(report, `B1 commands, ${method}`, model, test, 'process', 3);
      judge(report, `B2 Atomic Linux, ${method}`, model, atomic, 'process', 3);
      judge(report, `B3 files, ${method}`, model, test, 'file', 3);
      for (const { seed, learn, ask } of simulated) {
        const other = await fitted(learn, options);
        judge(report, `simulated commands, seed ${seed}, ${method}`, other, ask, 'process', 3);
        judge(report, `simulated files, seed ${seed}, ${method}`, other, ask, 'file', 3);
      }
    }
  },
};

function hostbench(folder: string): { train: Labelled[]; test: Labelled[] } {
  const { training, test, labels } = openHostbench(folder);
  const read = (paths: readonly string[]): Labelled[] =>
    paths.flatMap((path) =>
      gunzipSync(readFileSync(path))
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => {
          const { id } = JSON.parse(line) as { id: string };
          const { attack, session, kind } = labels.get(id) ?? assert.fail(`no label for alert ${id}`);
          return { event: event(line), attack, session, activity: kind };
        }),
    );
  return { train: read(training), test: read(test) };
}

function event(line: string): Event {
  const read = readWazuh(line);
  return 'reason' in read ? assert.fail(read.reason) : read;
}

const ofKind = (list: readonly Labelled[], kind: EventKind): Labelled[] =>
  list.filter((each) => each.event.kind === kind);

/** Atomic Red Team's Linux commands, a line each, by users and on hosts of ordinary commands drawn by chance. */
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
        const [program = ''] = args;
        const fields = {
          ...base.fields,
          'process.args': args,
          'process.command_line': args.join(' '),
          'process.executable': program.startsWith('/') ? program : `/usr/bin/${program}`,
        };
        const changed = { ...base, id: `${guid}-${index}`, fields, raw: JSON.stringify(alert) };
        return { event: changed, attack: true, session: guid, activity: 'attack' };
      });
  });
}

function simulation(seed: number): { seed: number; learn: Labelled[]; ask: Labelled[] } {
  const all = [...simulateHosts({ seed, days: 9 })].map(
    ({ line, label }): Labelled => ({ event: event(line), ...label }),
  );
  const cut = (all[0]?.event.time ?? 0) + 6 * 86_400_000;
  return {
    seed,
    learn: all.filter(({ event: { time }, attack }) => time < cut && !attack),
    ask: all.filter(({ event: { time } }) => time >= cut),
  };
}

function fitted(list: readonly Labelled[], options: Readonly<Record<string, unknown>>): Promise<Model> {
  const create = lof.create as (settings: unknown, context: unknown) => Detector;
  return create(parseOptions(lof, options), testContext()).fit(
    (async function* () {
      for (const each of list) yield each.event;
    })(),
  );
}

function judge(
  report: BenchOptions['report'],
  name: string,
  model: Model,
  list: readonly Labelled[],
  kind: EventKind,
  days: number,
): void {
  const asked = ofKind(list, kind).filter((each) => model.accepts(each.event));
  const started = performance.now();
  const judged = asked.map((each): Judged & Labelled => ({ ...each, score: model.score(each.event).value }));
  const seconds = (performance.now() - started) / 1000;
  assert.ok(
    judged.every(({ score }) => Number.isFinite(score)),
    `${name}: a score is not finite`,
  );
  const threshold = quantile(model.trainingScores(kind), 0.999);
  const flagged = judged.filter(({ score }) => score > threshold);
  const right = flagged.filter(({ attack }) => attack);
  const wrong = flagged.length - right.length;
  const sessions = (of: readonly Judged[]): number => new Set(of.map(({ session }) => session)).size;
  const attacks = judged.filter(({ attack }) => attack);
  const deploys = judged.filter(({ activity, attack }) => activity === 'deploy' && !attack);
  const put = (metric: string, value: number, unit = ''): void => report({ case: name, metric, value, unit });
  const ranked = quality(judged, days);
  put('AUROC', ranked.eventAuroc);
  put('average precision', ranked.eventAp);
  put('average precision by session', ranked.sessionAp);
  put('ordinary sessions a day at 80 % of attack sessions', ranked.falseSessionsAt80);
  put('ordinary sessions a day at 95 % of attack sessions', ranked.falseSessionsAt95);
  put('flags a day, contamination 0.001', flagged.length / days);
  put('precision, contamination 0.001', right.length / Math.max(1, flagged.length));
  put('attack sessions found, contamination 0.001', sessions(right) / Math.max(1, sessions(attacks)));
  put('ordinary events flagged, contamination 0.001', wrong / (judged.length - attacks.length));
  if (deploys.length > 0) {
    const passed = deploys.filter(({ score }) => score > threshold).length;
    put('deploy events flagged, contamination 0.001', passed / deploys.length);
  }
  put('scoring', asked.length / seconds, 'alerts/s');
}
