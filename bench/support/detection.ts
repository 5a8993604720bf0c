import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { quantile } from '../../src/algorithms/index.ts';
import { lof } from '../../src/detectors/lof.ts';
import type { Detector, Event, EventKind, Model } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { readWazuh } from '../../src/text/wazuh/read.ts';
import { testContext } from '../../test/support/context.ts';
import type { BenchOptions } from './bench.ts';
import type { Hostbench } from './hostbench.ts';
import { type Judged, quality } from './quality.ts';

export interface Labelled {
  readonly event: Event;
  readonly attack: boolean;
  readonly session: string;
  readonly activity: string;
}

/** Days of alerts with their labels. */
export function readDays(paths: readonly string[], labels: Hostbench['labels']): Labelled[] {
  return paths.flatMap((path) =>
    linesOf(path).map((line) => {
      const { id } = JSON.parse(line) as { id: string };
      const { attack, session, kind } = labels.get(id) ?? assert.fail(`no label for alert ${id}`);
      return { event: eventOf(line), attack, session, activity: kind };
    }),
  );
}

export const linesOf = (path: string): string[] => gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');

export function eventOf(line: string): Event {
  const read = readWazuh(line);
  return 'reason' in read ? assert.fail(read.reason) : read;
}

export const ofKind = (list: readonly Labelled[], kind: EventKind): Labelled[] =>
  list.filter((each) => each.event.kind === kind);

/** The detector `lof` after these events. */
export function fitted(list: readonly Labelled[], options: Readonly<Record<string, unknown>>): Promise<Model> {
  const create = lof.create as (settings: unknown, context: unknown) => Detector;
  return create(parseOptions(lof, options), testContext()).fit(
    (async function* () {
      for (const each of list) yield each.event;
    })(),
  );
}

/** Report how well a model ranks and flags the events of one kind, which span so many days. */
export function judge(
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
  const [found, present] = [sessions(right), sessions(attacks)];
  const deploys = judged.filter(({ activity, attack }) => activity === 'deploy' && !attack);
  const put = (metric: string, value: number, unit = '', note?: string): void =>
    report({ case: name, metric, value, unit, ...(note === undefined ? {} : { note }) });
  const ranked = quality(judged, days);
  put('AUROC', ranked.eventAuroc);
  put('average precision', ranked.eventAp);
  put('average precision by session', ranked.sessionAp);
  put('ordinary sessions a day at 80 % of attack sessions', ranked.falseSessionsAt80);
  put('ordinary sessions a day at 95 % of attack sessions', ranked.falseSessionsAt95);
  put('flags a day, contamination 0.001', flagged.length / days);
  put('precision, contamination 0.001', right.length / Math.max(1, flagged.length));
  put('attack sessions found, contamination 0.001', found / Math.max(1, present), '', `${found} of ${present}`);
  put('ordinary events flagged, contamination 0.001', wrong / (judged.length - attacks.length));
  if (deploys.length > 0) {
    const passed = deploys.filter(({ score }) => score > threshold).length;
    put('deploy events flagged, contamination 0.001', passed / deploys.length);
  }
  put('scoring', asked.length / seconds, 'alerts/s');
}
