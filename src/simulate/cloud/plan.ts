import { dayLength, minute } from '../logins/clock.ts';
import { shuffled } from '../logins/world.ts';
import { attacks } from './attacks.ts';
import { elsewhere, routesChange } from './benign/elsewhere.ts';
import { oddities } from './benign/episodes.ts';
import { everyday } from './benign/everyday.ts';
import { peopleChange } from './benign/people.ts';
import { type Call, Diary } from './call.ts';
import { Cast } from './cast.ts';
import { Company, type CompanyOptions } from './company.ts';
import type { Episode, Outage, Stage } from './episode.ts';
import type { Sighting } from './findings.ts';
import { roleSession, uniqueId } from './identity.ts';
import { within } from './internet.ts';

/** An attack as it happened: what of it is in the trail. */
interface Attack {
  readonly incident: string;
  readonly scenario: string;
  readonly variant: string;
  readonly calls: readonly Call[];
}

/** All that is settled before the first record. */
export interface Plan {
  readonly company: Company;
  readonly cast: Cast;
  readonly attacks: readonly Attack[];
  /** Calls of attacks and of oddities, by time. */
  readonly extra: readonly Call[];
  readonly sightings: readonly Sighting[];
  readonly outages: readonly Outage[];
}

/** Actors' days have the numbers below. */
const firstIncident = 2 ** 24;

export function makePlan(options: CompanyOptions & { readonly attacks: number }): Plan {
  const company = new Company(options);
  const cast = new Cast(company);
  const { days } = company.calendar;
  const random = company.random('plan');
  const disguised = shuffled(
    Array.from({ length: options.attacks }, (_, i) => i % 2 === 0),
    random,
  );
  let number = 0;
  const stage = (name: string, turn: number, mimic = false): Stage => {
    const draws = company.random(`incident/${name}/${turn}`);
    const day = Math.floor(days * (0.2 + 0.73 * draws.next()));
    return {
      company,
      cast,
      diary: new Diary(company.seed, firstIncident + number++, draws),
      random: draws,
      day,
      mimic,
      turn,
    };
  };
  const extra: Call[] = [];
  const sightings: Sighting[] = [];
  const outages: (Outage & { readonly own: ReadonlySet<Call> })[] = [];
  const made: Attack[] = [];
  const settle = (scenario: string, incident: string, { diary }: Stage, episode: Episode): void => {
    extra.push(...diary.calls);
    for (const outage of episode.outages ?? []) outages.push({ ...outage, own: new Set(diary.calls) });
    for (const sighting of episode.sightings) sightings.push({ ...sighting, scenario, incident });
  };
  const names = Object.keys(attacks) as (keyof typeof attacks)[];
  const order = shuffled(names, random);
  const offset = random.integer(12);
  for (let i = 0; i < options.attacks; i++) {
    const scenario = order[i % order.length]!;
    const turn = offset + Math.floor(i / order.length);
    const on = stage(scenario, turn, disguised[i]);
    const incident = `${scenario}-${1 + Math.floor(i / order.length)}`;
    const episode = attacks[scenario](on);
    settle(scenario, incident, on, episode);
    made.push({ incident, scenario, variant: episode.variant, calls: on.diary.calls });
  }
  for (const [scenario, happen] of Object.entries(oddities)) {
    const on = stage(scenario, 0);
    settle(scenario, '', on, happen(on));
  }
  for (const make of [peopleChange, everyday, routesChange, elsewhere])
    for (const odd of make(stage(make.name, 0))) sightings.push({ ...odd, incident: '' });
  extra.sort((a, b) => a.time - b.time);
  const gaps = outages.map((outage) => trimmed(outage, extra));
  for (const gap of gaps)
    extra.push(
      repaired(company, gap, new Diary(company.seed, firstIncident + number++, random.fork(`repair ${gap.until}`))),
    );
  extra.sort((a, b) => a.time - b.time);
  const archived = random.fork('archived');
  const fine = sightings
    .filter(({ calls, traffic }) => calls.length > 0 || traffic !== undefined)
    .filter((sighting) => !isUnseen(sighting, gaps))
    .map((sighting) => ({
      ...sighting,
      calls: sighting.calls.toSorted((a, b) => a.time - b.time),
      archived: archived.next() < (sighting.relevance === 3 ? 0.04 : 0.1),
    }));
  return {
    company,
    cast,
    attacks: made,
    extra,
    sightings: fine.sort((a, b) => startOf(a) - startOf(b)),
    outages: gaps,
  };
}

const startOf = ({ calls, traffic }: Sighting): number => calls[0]?.time ?? traffic?.time ?? minute;

/** Whether GuardDuty was off when it would have begun to see this. */
const isUnseen = (sighting: Sighting, outages: readonly Outage[]): boolean =>
  outages.some(
    ({ what, account, from, until }) =>
      what === 'findings' &&
      account === (sighting.calls[0]?.account ?? sighting.traffic?.account) &&
      startOf(sighting) >= from &&
      startOf(sighting) < until,
  );

/** An outage that ends before anything else that is meant to be seen: other attacks, and oddities. */
function trimmed({ own, ...outage }: Outage & { readonly own: ReadonlySet<Call> }, extra: readonly Call[]): Outage {
  const next = extra.find((call) => call.time > outage.from && !own.has(call))?.time ?? outage.until;
  return { ...outage, until: Math.min(outage.until, next) };
}

const repairs = {
  all: 'cloudtrail:StartLogging',
  data: 'cloudtrail:PutEventSelectors',
  findings: 'guardduty:CreateDetector',
} as const;

/** An administrator ends an outage, through the VPN. */
function repaired(company: Company, { account, until, what }: Outage, diary: Diary): Call {
  const { random } = diary;
  const { email, agents } = random.pick(company.people.filter(({ team, starts }) => team === 'platform' && starts < 0));
  const day = Math.floor((until - company.calendar.start) / dayLength);
  const session = { created: until - 9 * minute, key: uniqueId('ASIA', random) };
  return diary.add({
    time: until,
    account,
    region: company.region,
    by: roleSession(company.ssoRole(account, 'AdministratorAccess'), email, session),
    api: repairs[what],
    from: { ip: within(company.vpnBlock(day), random) },
    agent: agents.cli(day),
  });
}
