import { type Event, text } from '../../../../src/event/index.ts';
import type { RankingMethod, RankingTask } from './method.ts';
import { severityOf } from './severity.ts';

/** How far back a rule of this kind looks. https://www.elastic.co/docs/solutions/security/detect-and-alert/create-detection-rule */
const window = 14 * 86_400_000;

const terms: readonly ((event: Event) => string | undefined)[] = [
  (event) => text(event, 'source.ip') ?? text(event, 'source.address'),
  (event) => text(event, 'source.as.number'),
  (event) => text(event, 'source.geo.country_iso_code'),
  (event) => {
    const action = event.kind === 'login' ? 'ConsoleLogin' : text(event, 'event.action');
    return action === undefined ? undefined : `${text(event, 'event.provider')} ${action}`;
  },
  (event) => text(event, 'user_agent.original'),
];

/** When a finding's activity began: what came before is its history. */
const began = (finding: Event): number => Number(finding.fields['aws.finding.first_seen'] ?? finding.time);

/**
 * How many terms of each finding are new: address, network, country, API and user agent that the finding's principal did
 * not have in the fourteen days before. A rule for each, as those of type new_terms, keyed by account and principal, are.
 */
function count({ trail, findings }: RankingTask): number[] {
  const last = terms.map(() => new Map<string, number>());
  const counts = findings.map(() => 0);
  const order = findings.map((_, at) => at).sort((a, b) => began(findings[a] as Event) - began(findings[b] as Event));
  const keys = (event: Event): (string | undefined)[] => {
    const principal = text(event, 'aws.principal.id');
    return terms.map((term) => {
      const value = principal === undefined ? undefined : term(event);
      return value === undefined ? undefined : `${principal} ${value}`;
    });
  };
  const judge = (at: number): void => {
    const finding = findings[at] as Event;
    const since = began(finding) - window;
    for (const [which, key] of keys(finding).entries())
      if (key !== undefined && (last[which]?.get(key) ?? Number.NEGATIVE_INFINITY) < since)
        counts[at] = (counts[at] as number) + 1;
  };
  let next = 0;
  for (const event of trail) {
    for (; next < order.length && began(findings[order[next] as number] as Event) <= event.time; next++)
      judge(order[next] as number);
    for (const [which, key] of keys(event).entries()) if (key !== undefined) last[which]?.set(key, event.time);
  }
  for (; next < order.length; next++) judge(order[next] as number);
  return counts;
}

const counted = new WeakMap<RankingTask, number[]>();

function newTerms(task: RankingTask): number[] {
  const counts = counted.get(task) ?? count(task);
  counted.set(task, counts);
  return counts;
}

/** New terms alone; severity decides between those with as many. */
export const firstSeen: RankingMethod = {
  name: 'first-seen rules',
  scores(task) {
    const counts = newTerms(task);
    return task.findings.map((finding, at) => (counts[at] as number) + severityOf(finding) / 100);
  },
};

/** What a SIEM does that adds a rule's risk to the finding's own: a point of severity for each new term. */
export const severityAndFirstSeen: RankingMethod = {
  name: 'severity and first-seen rules',
  scores(task) {
    const counts = newTerms(task);
    return task.findings.map((finding, at) => (counts[at] as number) + severityOf(finding));
  },
};
