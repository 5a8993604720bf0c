import type { Event } from '../../../../src/event/index.ts';
import type { RankingMethod } from './method.ts';

export const severityOf = ({ fields }: Event): number => Number(fields['event.severity'] ?? 0);

/** What GuardDuty's console can sort by. Each type has its own, whoever acted. */
export const severity: RankingMethod = {
  name: "GuardDuty's severity",
  scores: ({ findings }) => findings.map(severityOf),
};

/** The same with the newest of equal ones first, as the console shows them. */
export const severityNewest: RankingMethod = {
  name: "GuardDuty's severity, newest first",
  scores({ findings }) {
    const times = findings.map(({ time }) => time);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    return findings.map((each) => severityOf(each) + (each.time - first) / (1e3 * (last - first + 1)));
  },
};
