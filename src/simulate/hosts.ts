import { createRandom } from '../algorithms/random.ts';
import { ScopsError } from '../event/index.ts';
import { admins } from './hosts/admins.ts';
import { attacks, attackTimes } from './hosts/attacks.ts';
import { builds } from './hosts/builds.ts';
import { Deploys } from './hosts/deploys.ts';
import { iac } from './hosts/iac.ts';
import { noise } from './hosts/noise.ts';
import { type Day, dayLength, makeDay, Plan } from './hosts/plan.ts';
import { Renderer, type Simulated } from './hosts/render.ts';
import { routines } from './hosts/routines.ts';
import type { Step } from './hosts/step.ts';
import { upgrades } from './hosts/upgrades.ts';
import { windows } from './hosts/windows.ts';
import { makeHosts } from './hosts/world.ts';

export { articleCases } from './hosts/article.ts';
export { labelsCsv } from './hosts/labels.ts';
export type { Label, Simulated } from './hosts/render.ts';
export { activities } from './hosts/step.ts';

export interface HostsOptions {
  /** The same seed gives the same bytes. */
  readonly seed: number;
  /** Whole days, at least one. */
  readonly days: number;
  /** Machines, 3 to 99. @default 7 */
  readonly hosts?: number;
  /** The first day's midnight (UTC), epoch milliseconds. @default 2026-03-02, a Monday */
  readonly start?: number;
  /** Attack sessions; 0 for none. @default about three in two days of the attack period, at least one */
  readonly attacks?: number;
  /** How many days, counted from the end, may hold attacks. @default a third of `days` */
  readonly attackDays?: number;
  /** Share of the ordinary volume, such as 0.1. @default 1 */
  readonly scale?: number;
}

const firstMonday = Date.UTC(2026, 2, 2);
const year10000 = 253_402_300_800_000;

function check(name: string, value: number, fine: boolean, wanted: string): void {
  if (!fine) throw new ScopsError('USAGE', `Cannot simulate with ${name} ${value}: give ${wanted}.`);
}

/** The first millisecond at which an attack may happen. */
export function attacksFrom({ days, start = firstMonday, attackDays = days / 3 }: HostsOptions): number {
  return Math.ceil(start + (days - attackDays) * dayLength);
}

function* stepsOf(plan: Plan, day: Day, deploys: Deploys, promised: Promised): Generator<readonly Step[]> {
  yield* routines(plan, day);
  yield* noise(plan, day);
  yield* windows(plan, day);
  yield* admins(plan, day, promised.admin);
  yield* builds(plan, day, promised.build);
  yield* deploys.on(day);
  yield* iac(plan, day, promised.iac);
  yield* upgrades(plan, day, promised.upgrade);
}

interface Promised {
  readonly admin: number;
  readonly build: number;
  readonly deploy: number;
  readonly iac: number;
  readonly upgrade: number;
}

/**
 * A small company's Wazuh 4.x alerts, line by line as in alerts.json and in order of time, each with what it really is.
 * The machines mostly repeat themselves (timers, cron, backups, log rotation, certificates); admins work by day,
 * applications are deployed, configuration is applied, packages are upgraded, and in the last third of the days
 * somebody breaks in. Everything is invented; addresses are those reserved for documentation.
 *
 * Every activity of `activities` occurs, whatever the seed: `build` from four hosts on, `attack` unless `attacks` is 0.
 * One day is held in memory at a time. Throws ScopsError USAGE on a senseless option.
 */
export function* simulateHosts(options: HostsOptions): Generator<Simulated> {
  const { seed, days, hosts = 7, start = firstMonday, scale = 1, attackDays = days / 3 } = options;
  check('days', days, Number.isInteger(days) && days >= 1, 'a whole number of at least 1');
  check('seed', seed, Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32, 'a whole number from 0 to 4294967295');
  check(
    'start',
    start,
    Number.isInteger(start) && start >= 0 && start + days * dayLength <= year10000,
    'milliseconds of this era',
  );
  check('scale', scale, scale > 0 && scale <= 100, 'a number above 0, up to 100');
  check('attackDays', attackDays, attackDays > 0 && attackDays <= days, 'a number above 0, up to the number of days');
  const count = options.attacks ?? Math.max(1, Math.round(attackDays * 1.5));
  check('attacks', count, Number.isInteger(count) && count >= 0 && count <= 100_000, 'a whole number from 0 to 100000');

  const random = createRandom(seed).fork('hosts');
  const plan = new Plan(makeHosts(hosts), random, scale);
  const dice = random.fork('promised');
  const any = () => dice.integer(days);
  const promised = { admin: any(), build: any(), deploy: any(), iac: any(), upgrade: any() };
  const deploys = new Deploys(plan, promised.deploy);
  const times = attackTimes(plan, count, attacksFrom(options), start + days * dayLength);
  const renderer = new Renderer();
  let waiting: Step[] = [];
  for (let index = 0; index < days; index++) {
    const day = makeDay(start, index);
    const ends = day.start + dayLength;
    for (const steps of stepsOf(plan, day, deploys, promised)) for (const step of steps) waiting.push(step);
    for (const steps of attacks(plan, times, day.start, ends)) for (const step of steps) waiting.push(step);
    waiting.sort((a, b) => a.time - b.time);
    const later: Step[] = [];
    for (const step of waiting) {
      if (step.time < ends) yield renderer.render(step);
      else later.push(step);
    }
    waiting = later;
  }
}
