import assert from 'node:assert/strict';
import { type Event, text } from '../../../src/event/index.ts';
import { type LoginLabel, type SimulatedLogin, simulateLogins, takeovers } from '../../../src/simulate/logins.ts';
import type { BenchOptions } from '../bench.ts';
import { begin, type Method, methods } from './methods.ts';
import { type LoginQuality, loginQuality, type Scored } from './quality.ts';

const seeds = 10;
const users = 25;
const days = 60;
const week = 7 * 86_400_000;

interface Stream {
  readonly events: readonly Pick<SimulatedLogin, 'event' | 'label'>[];
  /** When the first third is over, and how many weeks there are after it. */
  readonly from: number;
  readonly weeks: number;
}

function streamOf(seed: number): Stream {
  const events = [...simulateLogins({ seed, users, days })].map(({ event, label }) => ({ event, label }));
  const [first, last] = [events[0]?.event.time ?? 0, events.at(-1)?.event.time ?? 0];
  const from = first + (last - first) / 3;
  return { events, from, weeks: (last - from) / week };
}

const judgeable = begin();

/** One finding to a person: an incident, or the logins of a user from one network on one day. */
function unitOf(event: Event, { attack, incident }: LoginLabel): string {
  if (attack) return incident;
  const network = text(event, 'source.as.number') ?? text(event, 'source.ip');
  return JSON.stringify([text(event, 'user.name'), network, Math.floor(event.time / 86_400_000)]);
}

type Judged = Scored & { readonly scenario: string };

/** Every successful login of the stream judged by those before it; what comes after the first third counts. */
function judge({ events, from }: Stream, method: Method): Judged[] {
  const judged: Judged[] = [];
  for (const { event, label } of events) {
    if (!judgeable.accepts(event)) {
      method.meet?.(event);
      continue;
    }
    const score = method.judge(event, label.attack);
    assert.ok(Number.isFinite(score), `${method.name}: a score is not finite`);
    if (event.time < from) continue;
    judged.push({ score, attack: label.attack, unit: unitOf(event, label), scenario: label.scenario });
  }
  return judged;
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  /** Of the headline detector. */
  readonly goal?: string;
  readonly of: (quality: LoginQuality, weeks: number) => number;
}

const perWeek = (count: number, weeks: number): number => ((count / weeks) * 100) / users;
const metrics: readonly Metric[] = [
  { name: 'AUC', unit: '', goal: '>= 0.999', of: ({ auc }) => auc },
  { name: 'average precision', unit: '', of: ({ averagePrecision }) => averagePrecision },
  { name: 'attack logins found at 0.1 % false', unit: '', goal: '>= 0.8', of: ({ found }) => found(0.001) },
  { name: 'attack logins found at 1 % false', unit: '', goal: '>= 1', of: ({ found }) => found(0.01) },
  {
    name: 'false findings a week and 100 users at 95 % of incidents',
    unit: '',
    of: ({ falseFindings95 }, weeks) => perWeek(falseFindings95, weeks),
  },
  {
    name: 'false logins a week and 100 users at 95 % of attack logins',
    unit: '',
    of: ({ falseLogins95 }, weeks) => perWeek(falseLogins95, weeks),
  },
];

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
const spreadOf = (list: readonly number[]) => ({
  value: mean(list),
  spread: [Math.min(...list), Math.max(...list)] as const,
  runs: list.length,
});

/** How well the detector and its peers rank simulated logins, over ten seeds. */
export function simulated({ seed, report, note }: BenchOptions): void {
  const taken = methods.map(() => metrics.map((): number[] => []));
  const shipped = new Shipped();
  for (let at = seed; at < seed + seeds; at++) {
    note(`simulated logins, seed ${at}`);
    const stream = streamOf(at);
    for (const [i, make] of methods.entries()) {
      const judged = judge(stream, make());
      if (i === 0) shipped.add(judged, stream.weeks);
      const quality = loginQuality(judged);
      for (const [j, metric] of metrics.entries()) taken[i]?.[j]?.push(metric.of(quality, stream.weeks));
    }
  }
  for (const [i, make] of methods.entries()) {
    for (const [j, { name, unit, goal }] of metrics.entries()) {
      report({
        case: `simulated logins, ${make().name}`,
        metric: name,
        ...spreadOf(taken[i]?.[j] as number[]),
        unit,
        ...(goal !== undefined && i === 0 ? { goal } : {}),
        note: `mean of ${seeds} seeds`,
      });
    }
  }
  shipped.report(report);
}

/** What is found where nobody sets anything: above the score from which the detector quarantines. */
class Shipped {
  readonly #threshold = begin().suspicious;
  readonly #incidents = new Map<string, number[]>();
  readonly #false: number[] = [];

  add(judged: readonly Judged[], weeks: number): void {
    const best = new Map<string, Judged>();
    for (const each of judged) if (each.score > (best.get(each.unit)?.score ?? -Infinity)) best.set(each.unit, each);
    let wrong = 0;
    for (const { attack, score, scenario } of best.values()) {
      const found = score > this.#threshold;
      if (attack) this.#incidents.set(scenario, [...(this.#incidents.get(scenario) ?? []), Number(found)]);
      else if (found) wrong++;
    }
    this.#false.push(perWeek(wrong, weeks));
  }

  report(report: BenchOptions['report']): void {
    const name = 'simulated logins, login-likelihood as it is installed';
    for (const scenario of takeovers) {
      const found = this.#incidents.get(scenario) ?? [];
      const metric = `incidents found: ${scenario}`;
      report({ case: name, metric, value: mean(found), unit: '', note: `of ${found.length}` });
    }
    const all = [...this.#incidents.values()].flat();
    report({ case: name, metric: 'incidents found', value: mean(all), unit: '', note: `of ${all.length}` });
    report({ case: name, metric: 'false findings a week and 100 users', ...spreadOf(this.#false), unit: '' });
  }
}

/** All events of a stream, for who measures speed. */
export const loginStream = (seed: number, people: number, length: number): Event[] =>
  [...simulateLogins({ seed, users: people, days: length })].flatMap(({ event }) =>
    event.kind === 'login' ? [event] : [],
  );
