import { ScopsError } from '../event/index.ts';
import { apiOf } from './cloud/apis.ts';
import type { Call } from './cloud/call.ts';
import { publish } from './cloud/findings.ts';
import type { NetworkRow } from './cloud/internet.ts';
import { makePlan, type Plan } from './cloud/plan.ts';
import { recordOf } from './cloud/record.ts';
import { Calendar, dayLength } from './logins/clock.ts';

type Json = Record<string, unknown>;

export interface CloudOptions {
  /** The same seed gives the same records. */
  readonly seed: number;
  /** Whole days, at least 21. @default 45 */
  readonly days?: number;
  /** At least 20. @default 25 */
  readonly people?: number;
  /** 0 for none; all kinds from 10 on. @default 14 */
  readonly attacks?: number;
  /** The first day's midnight (UTC), epoch milliseconds. @default 2026-03-02, a Monday */
  readonly start?: number;
}

/** What a finding really is. */
export interface FindingTruth {
  /** Of the finding; its versions share it. */
  readonly id: string;
  readonly label: 'attack' | 'benign';
  readonly scenario: string;
  /** The attack that it is of; '' where it is of none. */
  readonly incident: string;
  /** 3 an attack itself, 2 a weak trace of one, 1 something that was allowed and is worth knowing, 0 nothing. */
  readonly relevance: 0 | 1 | 2 | 3;
}

/** An attack, and the records of it that are in the trail. */
interface AttackTruth {
  readonly incident: string;
  readonly scenario: string;
  readonly variant: string;
  /** Epoch milliseconds of the first and the last call, whether the trail has them or not. */
  readonly start: number;
  readonly end: number;
  readonly eventIDs: readonly string[];
}

export interface SimulatedCloud {
  /** CloudTrail's records in order of time; made as they are asked for, the same each time. */
  readonly records: Iterable<Json>;
  /** GuardDuty's findings as exported, in order of `updatedAt`; one that grew comes again with the same id. */
  readonly findings: readonly Json[];
  readonly truth: { readonly findings: readonly FindingTruth[]; readonly attacks: readonly AttackTruth[] };
  /** Whose the networks are that anybody calls from. */
  readonly networks: readonly NetworkRow[];
}

function check(name: string, value: number, fine: boolean, wanted: string): void {
  if (!fine) throw new ScopsError('USAGE', `Cannot simulate with ${name} ${value}: give ${wanted}.`);
}

/** All calls in order of time; about two days are held in memory. */
function* callsOf(plan: Plan): Generator<Call> {
  const { company, cast, extra } = plan;
  const { calendar } = company;
  let waiting: Call[] = [];
  let next = 0;
  // People's local days begin up to a day before or after UTC's.
  for (let day = -1; day < calendar.days; day++) {
    for (const actor of cast.all) waiting.push(...actor.day(day + 1));
    if (day < 0) continue;
    const ends = calendar.start + (day + 1) * dayLength;
    for (; next < extra.length && extra[next]!.time < ends; next++) waiting.push(extra[next]!);
    const due = waiting.filter((call) => call.time < ends && isKept(plan, call)).sort((a, b) => a.time - b.time);
    waiting = waiting.filter(({ time }) => time >= ends);
    yield* due;
  }
}

/** Whether the trail has a call: it is within the days, and nobody had stopped the trail. */
const isKept = ({ company, outages }: Plan, { time, account, api }: Call): boolean =>
  time >= company.calendar.start &&
  time < company.calendar.end &&
  !outages.some(
    (gap) =>
      gap.account === account &&
      time >= gap.from &&
      time < gap.until &&
      (gap.what === 'all' || (gap.what === 'data' && apiOf(api).data)),
  );

/**
 * A company in AWS as CloudTrail and GuardDuty see it, and what each finding really is.
 *
 * People come in by single sign-on, by users of IAM with keys, and with passwords; from offices, homes, phones, a VPN
 * whose way out changes, hotels, rented computers. Instances, functions, tasks, pods, a supplier's pipelines, a runner
 * that takes on roles from account to account, a scanner, a monitor and AWS' own services do most of the calling. All
 * that happens to them (`oddities`, and what changes from a day on) is in each seed, and so are all attacks where there
 * are ten or more. GuardDuty reports both under the same types with the same severities: 10 to 20 % of the findings are
 * of attacks. Half the intruders have their victim's programs; each kind of network and program that they use is used by
 * honest people too. A trail that an intruder stopped has nothing until somebody starts it again; a detector that was
 * deleted finds nothing for as long.
 *
 * What it is not: GuardDuty's models are unknown, so which innocent call becomes a finding is drawn, not computed, and
 * the parts that explain an anomaly are empty. Rates, shares and the mix of attacks are invented, not measured at any
 * company; intruders do not adapt to what is learnt of the company, attacks do not build on one another, and there is
 * no malware and no network traffic. Requests have few parameters and responses none.
 * Bots that guess passwords, root's keys, and Insight events are left out. The order of calls in a burst is random.
 *
 * Everything is invented: addresses are from ranges never assigned (240.0.0.0/4) or kept for documentation (3fff::/20),
 * numbers of networks are for private use (RFC 6996), of accounts those of AWS' documentation, and ids end in EXAMPLE.
 * Throws ScopsError USAGE on a senseless option.
 */
export function simulateCloud(options: CloudOptions): SimulatedCloud {
  const { seed, days = 45, people = 25, attacks = 14, start = Date.UTC(2026, 2, 2) } = options;
  const whole = Number.isInteger;
  check('seed', seed, whole(seed) && seed >= 0 && seed < 2 ** 32, 'a whole number from 0 to 4294967295');
  check('days', days, whole(days) && days >= 21 && days <= 1000, 'a whole number from 21 to 1000');
  check('people', people, whole(people) && people >= 20 && people <= 1000, 'a whole number from 20 to 1000');
  check('attacks', attacks, whole(attacks) && attacks >= 0 && attacks <= 100, 'a whole number from 0 to 100');
  check('start', start, whole(start) && start >= 0 && start < 2e14, 'milliseconds of this era');
  const plan = makePlan({ seed, people, attacks, calendar: new Calendar(start, days) });
  const published = plan.sightings.map((sighting, number) => ({
    sighting,
    ...publish(plan.company, number, sighting),
  }));
  const updated = ({ updatedAt }: Json): string => String(updatedAt);
  return {
    records: {
      *[Symbol.iterator]() {
        for (const call of callsOf(plan)) yield recordOf(call);
      },
    },
    findings: published
      .flatMap(({ versions }) => versions)
      .sort((a, b) => (updated(a) < updated(b) ? -1 : updated(a) > updated(b) ? 1 : 0)),
    truth: {
      findings: published.map(({ id, sighting: { scenario, incident, relevance } }) => ({
        id,
        label: incident === '' ? 'benign' : 'attack',
        scenario,
        incident,
        relevance,
      })),
      attacks: plan.attacks.map(({ calls, ...about }) => ({
        ...about,
        start: Math.min(...calls.map(({ time }) => time)),
        end: Math.max(...calls.map(({ time }) => time)),
        eventIDs: calls.filter((call) => isKept(plan, call)).map(({ id }) => id),
      })),
    },
    networks: plan.company.internet.rows(),
  };
}
