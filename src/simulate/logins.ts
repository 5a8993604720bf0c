import { createRandom } from '../algorithms/random.ts';
import { ScopsError } from '../event/index.ts';
import type { MmdbValue } from '../text/mmdb-section.ts';
import { attack } from './logins/attacks.ts';
import { dayLength } from './logins/clock.ts';
import { draftPlan } from './logins/draft.ts';
import { Habits } from './logins/habits.ts';
import { asnRecord, cityRecord } from './logins/networks.ts';
import { Noise } from './logins/noise.ts';
import type { Plan } from './logins/plan.ts';
import { Renderer, type SimulatedLogin } from './logins/render.ts';
import type { Step } from './logins/step.ts';
import { makeWorld } from './logins/world.ts';

export { type LoginLabel, loginLabelsCsv } from './logins/labels.ts';
export { oddities, takeovers } from './logins/plan.ts';
export type { SimulatedLogin } from './logins/render.ts';

export interface LoginsOptions {
  /** The same seed gives the same bytes. */
  readonly seed: number;
  /** Accounts, two of each 25 of them machines; at least 12. @default 25 */
  readonly users?: number;
  /** Whole days, at least 30. @default 60 */
  readonly days?: number;
  /** Accounts taken over; 0 for none, all kinds from 8 on. @default about one an account in two months, at least 8 */
  readonly attacks?: number;
  /** How many days, counted from the end, may hold attacks. @default two thirds of `days` */
  readonly attackDays?: number;
  /** The first day's midnight (UTC), epoch milliseconds. @default 2026-03-02, a Monday */
  readonly start?: number;
  /** How much guessing from all over the internet there is beside. @default 1 */
  readonly noise?: number;
}

const firstMonday = Date.UTC(2026, 2, 2);

function check(name: string, value: number, fine: boolean, wanted: string): void {
  if (!fine) throw new ScopsError('USAGE', `Cannot simulate with ${name} ${value}: give ${wanted}.`);
}

/** Everything that is decided before the first line: who there is, and what happens to whom and when. */
export function planLogins(options: LoginsOptions): Plan {
  const { seed, users = 25, days = 60, start = firstMonday, noise = 1 } = options;
  const { attackDays = (days * 2) / 3, attacks = Math.max(8, Math.round((users * days) / 62.5)) } = options;
  const whole = Number.isInteger;
  check('seed', seed, whole(seed) && seed >= 0 && seed < 2 ** 32, 'a whole number from 0 to 4294967295');
  check('users', users, whole(users) && users >= 12 && users <= 100_000, 'a whole number from 12 to 100000');
  check('days', days, whole(days) && days >= 30 && days <= 3650, 'a whole number from 30 to 3650');
  check('attacks', attacks, whole(attacks) && attacks >= 0 && attacks <= users * days, 'a whole number from 0');
  check('attackDays', attackDays, attackDays >= 3 && attackDays <= days, 'a number from 3 to the number of days');
  check('start', start, whole(start) && start >= 0 && start < 2e14, 'milliseconds of this era');
  check('noise', noise, noise >= 0 && noise <= 1000, 'a number from 0 to 1000');
  const plan = draftPlan({ users, days, start, noise, attacks, attackDays }, createRandom(seed).fork('logins'));
  const room = plan.incidents.length;
  check('attacks', attacks, attacks <= room, `at most ${room}, as there is room for among so many users and days`);
  return plan;
}

/** The steps of a plan in order of time; about two days are held in memory. */
function* stepsOf(plan: Plan): Generator<Step> {
  const { calendar } = plan;
  const habits = plan.people.map((person) => new Habits(plan, person));
  const noise = new Noise(plan);
  let waiting: Step[] = [];
  const add = (steps: Iterable<Step>): void => {
    for (const step of steps) if (step.time >= calendar.start && step.time < calendar.end) waiting.push(step);
  };
  let next = 0;
  // Local days begin up to a day before or after UTC's: people are one day ahead.
  for (let day = -1; day < calendar.days; day++) {
    const ends = calendar.start + (day + 1) * dayLength;
    for (const each of habits) add(each.day(day + 1));
    if (day < 0) continue;
    add(noise.day(day));
    // A slow guesser begins days before the first success.
    for (; next < plan.incidents.length && plan.incidents[next]!.time < ends + 6 * dayLength; next++)
      add(attack(plan, plan.incidents[next]!));
    const due = waiting.filter(({ time }) => time < ends).sort((a, b) => a.time - b.time);
    waiting = waiting.filter(({ time }) => time >= ends);
    yield* due;
  }
}

/**
 * A company's ssh logins, line by line as in auth.log with RFC 3339 times, in order of time, each with the event that
 * the sshd source and the enrichers make of it, and with what it really is. People have their lines at home, in an
 * office and in a pocket, their keys, hours and servers; guessing never ends; and accounts are taken over in the ways
 * of `takeovers`, while honest people do odd things in the ways of `oddities`. All of both occur, whatever the seed.
 * Everything is invented; addresses are from ranges never assigned (240.0.0.0/4) or kept for documentation (3fff::/20).
 * Throws ScopsError USAGE on a senseless option.
 */
export function* simulateLogins(options: LoginsOptions): Generator<SimulatedLogin> {
  const plan = planLogins(options);
  const renderer = new Renderer();
  for (const step of stepsOf(plan)) yield renderer.render(step);
}

type Entries = readonly (readonly [cidr: string, record: MmdbValue])[];

/** Geo databases of a seed's world: networks with records in MaxMind's schemas, ready for `encodeMmdb`. */
export function simulatedGeo(seed: number): { readonly city: Entries; readonly asn: Entries } {
  const blocks = blocksOf(seed);
  return {
    city: blocks.map((block) => [block.cidr, cityRecord(block)]),
    asn: blocks.map((block) => [block.cidr, asnRecord(block)]),
  };
}

/** The networks of a seed's world that block lists name, with `zone:class` and how strong the class is (0 to 1). */
export const simulatedReputation = (
  seed: number,
): readonly { readonly cidr: string; readonly list: string; readonly score: number }[] =>
  blocksOf(seed).flatMap(({ listings }) => listings.map(({ cidr, list, score }) => ({ cidr, list, score })));

const blocksOf = (seed: number) =>
  makeWorld(createRandom(seed).fork('logins').fork('world')).networks.flatMap(({ blocks }) => blocks);
