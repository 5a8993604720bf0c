import type { Random } from '../../algorithms/random.ts';
import { work, workplaces } from './admins.ts';
import * as logs from './logs.ts';
import { leave, minute, type Plan } from './plan.ts';
import { service } from './processes.ts';
import { syslogTime } from './render.ts';
import { type Entry, lookAround, type Scenario, scenarios } from './scenarios.ts';
import { byHand, type Session } from './session.ts';
import type { Step } from './step.ts';
import { registry } from './windows.ts';
import { accounts, type Host, people } from './world.ts';

const abroad = (random: Random): string => `203.0.113.${2 + random.integer(250)}`;

/** The service that an intruder from the web came through, by the machine's role. */
const throughService = (host: Host) =>
  host.role === 'web'
    ? service(accounts.web, '/usr/sbin/php-fpm8.2', 'php-fpm8.2')
    : service(accounts.portal, '/usr/bin/node', 'node');

function fromTheWeb(plan: Plan, scenario: Scenario, time: number, random: Random): Session {
  const host = random.pick(
    plan.hosts.filter(({ role }) => role === 'web' || (role === 'app' && scenario.name !== 'web-shell')),
  );
  const session = plan.open({
    host,
    activity: 'attack',
    time,
    random,
    shell: throughService(host),
    technique: scenario.technique,
    cwd: host.role === 'web' ? '/srv/shop/current/public' : '/srv/portal/current',
    pace: [400, 9000],
  });
  for (const line of lookAround(random)) session.inShell(line);
  return session.run(scenario.lines(random, 'web'));
}

/** Failed passwords, the composite that Wazuh makes of them, and one that fits. */
function guessing(session: Session, user: string, address: string): void {
  const earlier: string[] = [];
  for (let left = 9; left > 0; left--) {
    const record = logs.sshFailed(user, address, 30_000 + session.random.integer(30_000), session.pid());
    earlier.unshift(`${syslogTime(session.time)} ${session.host.name} ${record.fullLog}`);
    session.log(left === 1 ? logs.sshBruteForce(record, earlier.slice(1)) : record).wait([300, 2500]);
  }
}

function fromALogin(plan: Plan, scenario: Scenario, entry: Entry, time: number, random: Random): readonly Step[] {
  const able = people.filter((person) => workplaces(plan, person).length > 0);
  const person = random.pick(able);
  const host = random.pick(workplaces(plan, person));
  const address = entry === 'insider' ? person.address : abroad(random);
  const tty = `pts/${random.integer(4)}`;
  const before: Step[] = [];
  let begins = time;
  if (entry === 'guessed-password') {
    const tries = plan.open({
      host,
      activity: 'attack',
      time,
      random,
      shell: service(accounts.root, '/usr/sbin/sshd', 'sshd'),
      technique: 'T1110.001',
    });
    guessing(tries, person.account.name, address);
    before.push(...tries.steps);
    begins = tries.time + 1500;
  }
  const session = plan.enter({
    host,
    activity: 'attack',
    time: begins,
    random,
    user: person.account,
    address,
    tty,
    technique: scenario.technique,
    pace: byHand,
    password: entry === 'guessed-password',
  });
  if (entry === 'insider') {
    // A person's ordinary work with the attack in its midst: only the attack's own alerts are labelled so.
    const evil = session.purpose;
    const plain = { attack: false, activity: 'admin', session: evil.session } as const;
    for (const [index, step] of session.steps.entries()) session.steps[index] = { ...step, purpose: plain };
    session.purpose = plain;
    work(session, host);
    session.purpose = evil;
    session.run(scenario.lines(random, entry));
    session.purpose = plain;
    return leave(work(session, host), person.account);
  }
  session.run(lookAround(random)).run(scenario.lines(random, entry));
  return [...before, ...relabelled(leave(session, person.account), before)];
}

/** Both halves of a guessed login belong to one session. */
function relabelled(steps: readonly Step[], before: readonly Step[]): readonly Step[] {
  const session = before[0]?.purpose.session;
  return session === undefined ? steps : steps.map((step) => ({ ...step, purpose: { ...step.purpose, session } }));
}

/** A program that starts with every Windows logon, and a service of the intruder's. */
function onWindows(plan: Plan, host: Host, time: number, random: Random): readonly Step[] {
  const session = plan.open({
    host,
    activity: 'attack',
    time,
    random,
    shell: service(accounts.root, 'C:\\Windows\\explorer.exe', 'explorer.exe'),
    technique: 'T1547.001',
  });
  const name = random.pick(['OneDriveUpd', 'AdobeSync', 'WinDefendHelper', 'SvcHostMon']);
  const run = 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
  const unit = `HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\${name}`;
  return [
    registry(host, session.purpose, session.time, 'added', run, { name, type: 'REG_SZ' }),
    registry(host, session.purpose, session.time + 900, 'added', unit),
    registry(host, session.purpose, session.time + 920, 'added', unit, { name: 'ImagePath', type: 'REG_EXPAND_SZ' }),
    registry(host, session.purpose, session.time + 940, 'added', unit, { name: 'Start', type: 'REG_DWORD' }),
  ];
}

/** One attack session: the scenario in turn, by one of the ways that fit it. */
function attack(plan: Plan, turn: number, order: readonly Scenario[], time: number): readonly Step[] {
  const random = plan.random.fork(`attack/${turn}`);
  const office = plan.with('windows')[0];
  if (office && turn % (order.length + 1) === order.length) return onWindows(plan, office, time, random);
  const scenario = order[turn % order.length] as Scenario;
  const entry = random.pick(scenario.entries);
  return entry === 'web'
    ? fromTheWeb(plan, scenario, time, random).steps
    : fromALogin(plan, scenario, entry, time, random);
}

/** When each attack begins: `count` moments between two times, in order, long enough before the end. */
export function attackTimes(plan: Plan, count: number, from: number, to: number): readonly number[] {
  const random = plan.random.fork('attack times');
  const span = Math.max(1, to - from - 40 * minute);
  return Array.from({ length: count }, () => from + minute + random.integer(span)).sort((a, b) => a - b);
}

/** The attacks that begin within `[from, to)`. */
export function* attacks(plan: Plan, times: readonly number[], from: number, to: number): Generator<readonly Step[]> {
  const shuffle = plan.random.fork('attack order');
  const order = scenarios
    .map((scenario) => ({ scenario, key: shuffle.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ scenario }) => scenario);
  for (const [turn, time] of times.entries()) {
    if (time >= from && time < to) yield attack(plan, turn, order, time);
  }
}
