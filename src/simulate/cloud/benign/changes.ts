import { dayLength } from '../../logins/clock.ts';
import { shuffled } from '../../logins/world.ts';
import { apiOf } from '../apis.ts';
import type { Call } from '../call.ts';
import { findCall, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import type { Sighting } from '../findings.ts';

type Odd = Omit<Sighting, 'incident'>;

const isOwn = ({ by, from, api }: Call): boolean =>
  by.accessKeyId !== undefined &&
  by.json.invokedBy === undefined &&
  from.ip !== 'AWS Internal' &&
  !api.startsWith('sts:Assume');
const isLogin = ({ api, error }: Call): boolean => api === 'signin:ConsoleLogin' && error === undefined;

/** What GuardDuty may report of a call and of those after it that are alike. */
function anomaly(stage: Stage, scenario: string, calls: readonly Call[], first: Call): Odd {
  const type = anomalyOf(first.api);
  const rest = calls.filter(
    (call) => call.time > first.time && call.by.principalId === first.by.principalId && anomalyOf(call.api) === type,
  );
  return { type, scenario, relevance: 0, calls: [first, ...rest.slice(0, stage.random.integer(12))] };
}

/** The odd calls of somebody's day: of their first sign-in and of one or two others. */
function strangeDay(stage: Stage, scenario: string, calls: readonly Call[]): Odd[] {
  const { random } = stage;
  const odd: Odd[] = [];
  const login = calls.find(isLogin);
  if (login !== undefined && random.next() < 0.7)
    odd.push({ type: 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B', scenario, relevance: 0, calls: [login] });
  const own = shuffled(calls.filter(isOwn), random);
  // Writes and secrets are reported before the many reads.
  own.sort((a, b) => Number(apiOf(a.api).readOnly) - Number(apiOf(b.api).readOnly));
  if (own[0] !== undefined && (odd.length === 0 || random.next() < 0.5))
    odd.push(anomaly(stage, scenario, calls, own[0]));
  return odd;
}

/** Travels, new providers, new colleagues, new keys, the new egress of the VPN, and a VPN of one's own. */
export function* peopleChange(stage: Stage): Generator<Odd> {
  const { cast, company, random } = stage;
  let leavers = 6;
  for (const worker of shuffled(cast.workers, random)) {
    const { person } = worker;
    const days = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
    const first = (from: number, count: number): readonly Call[] =>
      days(Math.max(0, from), count)
        .map((day) => worker.day(day))
        .find((calls) => calls.length > 3) ?? [];
    for (const trip of person.trips) {
      yield* strangeDay(stage, 'travel', first(trip.from, trip.to - trip.from + 1));
      yield* strangeDay(stage, 'travel', first(trip.from + 2, Math.max(0, trip.to - trip.from - 1)));
    }
    if (person.moves !== undefined) yield* strangeDay(stage, 'new-provider', first(person.moves.day, 10));
    if (person.starts >= 0) {
      yield* strangeDay(stage, 'new-colleague', first(person.starts, 6));
      yield* strangeDay(stage, 'new-colleague', first(person.starts + 4, 6));
    }
    const made = days(0, company.calendar.days)
      .slice(person.user?.kind === 'key' ? person.user.renewed : company.calendar.days)
      .slice(0, 1)
      .flatMap((day) => worker.day(day))
      .find(({ api }) => api === 'iam:CreateAccessKey');
    if (made !== undefined) yield { type: anomalyOf(made.api), scenario: 'key-rotation', relevance: 0, calls: [made] };
    if (leavers > 0 && person.shares.vpn > 0.2) {
      const block = company.vpn.after;
      const calls = days(company.vpn.day, 6)
        .flatMap((day) => worker.day(day))
        .filter(({ from }) => inside(from.ip, block));
      if (calls.length > 0) {
        leavers--;
        yield* strangeDay(stage, 'vpn-egress', calls);
      }
    }
    if (person.privacy !== undefined) {
      const { privacy } = person;
      const calls = days(5, company.calendar.days - 6)
        .flatMap((day) => worker.day(day))
        .filter(({ from }) => company.internet.find(from.ip) === privacy);
      for (const call of shuffled(calls.filter(isOwn), random).slice(0, 2))
        yield anomaly(stage, 'own-vpn', calls, call);
      const listed = calls.find(isOwn);
      if (listed !== undefined)
        yield {
          type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
          scenario: 'listed-by-mistake',
          relevance: 0,
          calls: calls.filter(({ from }) => from.ip === listed.from.ip).slice(0, 12),
        };
    }
  }
}

function inside(ip: string, { base, bits }: { readonly base: number; readonly bits: number }): boolean {
  if (!/^\d/.test(ip) || ip.includes(':')) return false;
  const value = ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return value >= base && value < base + 2 ** (32 - bits);
}

/** Findings of nothing at all: ordinary days, shared addresses on lists, programs whose work is what is looked for. */
export function* everyday(stage: Stage): Generator<Odd> {
  const { cast, company, random } = stage;
  const { days } = company.calendar;
  const on = (): number => 2 + random.integer(days - 4);
  for (let i = 0; i < 14; i++) {
    const call = findCall({ ...stage, day: on() }, cast.workers, isOwn);
    yield anomaly(stage, 'ordinary-day', dayOf(stage, call), call);
  }
  for (const [name, times] of [
    ['CredentialAccess', 4],
    ['Impact', 2],
    ['PrivilegeEscalation', 3],
    ['InitialAccess', 3],
  ] as const) {
    for (let i = 0; i < times; i++) {
      const actors =
        name === 'CredentialAccess' || name === 'InitialAccess'
          ? [...cast.workers, cast.pipelines]
          : [...cast.team('platform'), cast.runner];
      const call = findCall(
        { ...stage, day: on() },
        actors,
        (each) => isOwn(each) && anomalyOf(each.api).startsWith(name),
      );
      yield anomaly(stage, 'ordinary-work', dayOf(stage, call), call);
    }
  }
  for (let i = 0; i < 5; i++) {
    const mobile = findCall(
      { ...stage, day: on() },
      cast.workers,
      (call) => isOwn(call) && company.internet.find(call.from.ip)?.kind === 'mobile',
    );
    yield {
      type: `${i % 2 === 0 ? 'UnauthorizedAccess' : 'Recon'}:IAMUser/MaliciousIPCaller`,
      scenario: 'listed-by-mistake',
      relevance: 0,
      calls: [mobile],
    };
  }
  for (let i = 0; i < 5; i++) {
    const call = findCall({ ...stage, day: on() }, [cast.pipelines], isOwn);
    const run = cast.pipelines
      .day(dayNumber(stage, call))
      .filter(({ by, time }) => by.accessKeyId === call.by.accessKeyId && time >= call.time);
    yield {
      type: i < 2 ? 'UnauthorizedAccess:IAMUser/TorIPCaller' : 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
      scenario: 'listed-by-mistake',
      relevance: 0,
      calls: run.slice(0, 10),
    };
  }
  for (let i = 0; i < 5; i++) {
    const call = findCall({ ...stage, day: on() }, cast.team('analyst'), ({ api }) => api === 's3:GetObject');
    yield anomaly(stage, 'bulk-analysis', dayOf(stage, call), call);
  }
  for (let i = 0; i < 3; i++) {
    const call = findCall(
      { ...stage, day: on() },
      [...cast.instances, ...cast.workloads],
      ({ api, by }) => api.startsWith('s3:') && by.accessKeyId !== undefined,
    );
    yield anomaly(stage, 'ordinary-work', [], call);
  }
  for (const api of ['ec2:GetPasswordData', undefined, undefined, undefined]) {
    const call = findCall(
      { ...stage, day: on() },
      [cast.scanner],
      (each) => isOwn(each) && (api === undefined || each.api === api),
    );
    yield api === undefined && random.next() < 0.3
      ? { type: 'Recon:IAMUser/MaliciousIPCaller.Custom', scenario: 'scanner', relevance: 0, calls: [call] }
      : anomaly(stage, 'scanner', dayOf(stage, call), call);
  }
}

const dayNumber = ({ company }: Stage, { time }: Call): number =>
  Math.floor((time - company.calendar.start) / dayLength);

/** What the same principal called on the day of a call. */
function dayOf(stage: Stage, call: Call): readonly Call[] {
  const number = dayNumber(stage, call);
  const { cast } = stage;
  for (const actor of [...cast.workers, cast.runner, cast.pipelines, cast.scanner])
    for (const day of [number, number + 1, number - 1]) {
      const calls = actor.day(day);
      if (calls.some(({ id }) => id === call.id)) return calls;
    }
  return [];
}

/** Instances whose way out has changed: over the data centre, or through the gateway of another account. */
export function* routesChange(stage: Stage): Generator<Odd> {
  const { cast, company, random } = stage;
  const type = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.';
  const take = (group: string, from: number, kind: string, count: number): Odd[] => {
    const made: Odd[] = [];
    for (let i = 0; i < count; i++) {
      const day = Math.min(company.calendar.days - 2, from + random.integer(8));
      const actors = cast.instances.filter((each) => each.group === group);
      const actor = random.pick(actors);
      const calls = actor
        .day(day)
        .filter((call) => isOwn(call) && call.from.endpoint === undefined && call.time >= company.at(from));
      if (calls.length > 0)
        made.push({
          type: type + kind,
          scenario: kind === 'OutsideAWS' ? 'through-data-centre' : 'new-gateway',
          relevance: 0,
          calls: calls.slice(0, 1 + random.integer(12)),
        });
    }
    return made;
  };
  yield* take('ledger', company.routedDay, 'OutsideAWS', 5);
  yield* take('web', company.nat.day, 'InsideAWS', 2);
  yield* take('worker', company.nat.day, 'InsideAWS', 2);
}

/** Findings about instances, which name no principal; and GuardDuty's own samples. */
export function* elsewhere(stage: Stage): Generator<Odd> {
  const { company, cast, random } = stage;
  const { prod, dev } = company.accounts;
  const types = [
    'Recon:EC2/PortProbeUnprotectedPort',
    'UnauthorizedAccess:EC2/SSHBruteForce',
    'UnauthorizedAccess:EC2/RDPBruteForce',
    'Behavior:EC2/NetworkPortUnusual',
    'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
    'CryptoCurrency:EC2/BitcoinTool.B!DNS',
  ];
  for (let i = 0; i < 13; i++) {
    const network = random.pick([...company.internet.of('hosting'), ...company.internet.of('home')]);
    const { base, bits } = random.pick(network.blocks);
    const value = base + 1 + random.integer(2 ** (32 - bits) - 2);
    const ip = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
    const time = company.at(0) + Math.floor(random.next() * (company.calendar.days - 3) * dayLength);
    const traffic = { account: random.pick([prod, dev]), time, ip, count: 1 + random.integer(20) };
    yield {
      type: i < 9 ? types[i % 3]! : random.pick(types),
      scenario: 'internet-noise',
      relevance: 0,
      calls: [],
      traffic,
    };
  }
  for (const type of [
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    'Exfiltration:S3/AnomalousBehavior',
    'UnauthorizedAccess:IAMUser/TorIPCaller',
    'Recon:IAMUser/MaliciousIPCaller.Custom',
  ]) {
    const call = findCall(stage, cast.team('security', 'platform'), isOwn);
    yield { type, scenario: 'sample', relevance: 0, calls: [call], sample: true };
  }
}
