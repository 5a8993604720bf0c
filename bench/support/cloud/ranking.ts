import type { BenchOptions } from '../bench.ts';
import { firstSeen, severityAndFirstSeen } from './peers/first-seen.ts';
import type { RankingMethod } from './peers/method.ts';
import { ours, rank } from './peers/ours.ts';
import { severity, severityNewest } from './peers/severity.ts';
import { workshop, workshopRepaired } from './peers/workshop.ts';
import { type RankingQuality, rankingQuality } from './ranking-metrics.ts';
import { type LabelledTask, taskOf } from './task.ts';

const seeds = 10;

const methods: readonly RankingMethod[] = [
  ours,
  severity,
  severityNewest,
  workshop,
  workshopRepaired,
  firstSeen,
  severityAndFirstSeen,
];

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly of: (quality: RankingQuality) => number;
}

const metrics: readonly Metric[] = [
  { name: 'precision@10', unit: '', of: (quality) => quality.precisionAt(10) },
  { name: 'nDCG', unit: '', of: (quality) => quality.ndcg() },
  { name: 'nDCG@10', unit: '', of: (quality) => quality.ndcg(10) },
  { name: 'average precision', unit: '', of: (quality) => quality.averagePrecision },
  { name: 'findings read until 80 % of those of attacks', unit: '', of: (quality) => quality.readUntil(0.8) },
  { name: 'findings read until all of those of attacks', unit: '', of: (quality) => quality.readUntil(1) },
  {
    name: 'findings read until one of 80 % of the attacks',
    unit: '',
    of: (quality) => quality.readUntilMet(0.8),
  },
  { name: 'findings read until one of every attack', unit: '', of: (quality) => quality.readUntilMet(1) },
];

/** How a method ranks a task's findings. */
async function judged(method: RankingMethod, task: LabelledTask): Promise<RankingQuality> {
  const scores = await method.scores(task);
  return rankingQuality(
    task.truth.map(({ label, incident, relevance }, at) => ({
      score: scores[at] as number,
      relevance,
      attack: label === 'attack',
      incident,
    })),
  );
}

/** The same of what is really shown: incidents, of one actor and time each. An attack's is one with a finding of it. */
async function judgedIncidents(task: LabelledTask): Promise<RankingQuality> {
  const { scores } = await rank(task);
  const ranks = Map.groupBy(task.truth.keys(), (at) => scores.get(task.findings[at]?.id ?? '')?.rank ?? 0);
  const incidents = [...ranks].map(([place, members]) => {
    const truths = members.map((at) => task.truth[at]).filter((truth) => truth !== undefined);
    const attack = truths.find(({ label }) => label === 'attack');
    const relevance = Math.max(...truths.map((truth) => truth.relevance));
    return { score: -place, relevance, attack: attack !== undefined, incident: attack?.incident ?? '' };
  });
  return rankingQuality(incidents);
}

const spreadOf = (list: readonly number[]) => ({
  value: list.reduce((sum, value) => sum + value, 0) / list.length,
  spread: [Math.min(...list), Math.max(...list)] as const,
  runs: list.length,
});

/** The ranking of ten simulated organisations' findings by us and by others; the mean of each figure. */
export async function ranking({ seed, report, note }: BenchOptions): Promise<void> {
  const taken = [...methods, undefined].map(() => metrics.map((): number[] => []));
  const [all, attacks]: [number[], number[]] = [[], []];
  for (let at = seed; at < seed + seeds; at++) {
    const task = taskOf(at);
    all.push(task.findings.length);
    attacks.push(task.truth.filter(({ label }) => label === 'attack').length);
    note(`organisation of seed ${at}: ${all.at(-1)} findings, ${attacks.at(-1)} of them of ${task.incidents} attacks`);
    for (const [i, of] of taken.entries()) {
      const method = methods[i];
      const quality = method === undefined ? await judgedIncidents(task) : await judged(method, task);
      for (const [j, metric] of metrics.entries()) of[j]?.push(metric.of(quality));
    }
  }
  const row = { case: 'simulated organisations', unit: 'findings', note: `mean of ${seeds} seeds` };
  report({ ...row, metric: 'findings', ...spreadOf(all) });
  report({ ...row, metric: 'of attacks', ...spreadOf(attacks) });
  for (const [i, of] of taken.entries()) {
    const name = methods[i]?.name ?? `${ours.name}, by incident`;
    for (const [j, { name: metric, unit }] of metrics.entries()) {
      const what = methods[i] === undefined ? metric.replace('findings', 'incidents') : metric;
      report({ ...row, case: `ranking, ${name}`, metric: what, ...spreadOf(of[j] as number[]), unit });
    }
  }
}
