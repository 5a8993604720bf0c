import type { Random } from '../../algorithms/random.ts';
import type { Country } from '../logins/places.ts';
import { shuffled } from '../logins/world.ts';
import { type Agents, agentsOf } from './agents.ts';
import type { Habit } from './apis.ts';
import { type Company, weekday } from './company.ts';
import { type User, uniqueId } from './identity.ts';
import { anywhere, type Block, type Network } from './internet.ts';

/** A line at home: its addresses are leased out of a block. */
export interface Line {
  readonly network: Network;
  readonly block: Block;
  /** Days that an address is kept. */
  readonly lease: number;
  readonly site: number;
}

interface Trip {
  readonly from: number;
  readonly to: number;
  readonly country: Country;
  readonly networks: readonly Network[];
}

/** Someone with an account, their habits and what happens to them. */
export interface Person {
  readonly index: number;
  readonly handle: string;
  readonly email: string;
  /** In IAM Identity Center. */
  readonly portalId: string;
  readonly team: Habit;
  readonly country: Country;
  readonly zone: string;
  readonly home: Line;
  /** Another provider from a day on. */
  readonly moves: { readonly day: number; readonly home: Line } | undefined;
  readonly mobile: Network;
  readonly office: number;
  /** How often they are at the office, in the VPN when at home, on the phone's network. */
  readonly shares: { readonly office: number; readonly vpn: number; readonly mobile: number };
  /** A VPN of their own, which they sometimes forget to switch off. */
  readonly privacy: Network | undefined;
  /** A rented computer that they work on from a day on, on some days. */
  readonly desk: { readonly day: number; readonly network: Network; readonly ip: string } | undefined;
  readonly trips: readonly Trip[];
  /** First day. */
  readonly starts: number;
  readonly hours: { readonly from: number; readonly to: number };
  /** Calls a day. */
  readonly rate: number;
  readonly agents: Agents;
  /** Works on the command line, in the console, or both: the share of the command line. */
  readonly shell: number;
  /** Beside single sign-on: a user with a key, renewed on a day, or one for the console alone. */
  readonly user: { readonly user: User; readonly kind: 'key' | 'console'; readonly renewed: number } | undefined;
  /** Does work in the region of the rollout from its day on. */
  readonly pioneer: boolean;
}

const first =
  'ada amir ana ben bo cara chen dana dev eli emma eva finn gita hal ida ines ivan jan joy kai kim lara leo lin maja max mei mila nia noor olga omar pia raj remy rosa sam sara tom una vera wei yara zoe'.split(
    ' ',
  );
const last =
  'adler bauer costa dunn eriksen fuchs garcia haas ito jensen klein lopez meyer novak okafor patel quinn rossi santos tanaka ueda varga weber young zeman'.split(
    ' ',
  );
const teams: readonly Habit[] = [
  'developer',
  'developer',
  'platform',
  'developer',
  'analyst',
  'developer',
  'office',
  'developer',
  'platform',
  'security',
  'developer',
  'analyst',
  'office',
];

/** The people of a company; some abroad, some with trips, a new provider, a new key, or a first day. */
export function hire(company: Company, count: number, random: Random): readonly Person[] {
  const { internet, calendar } = company;
  const names = shuffled(
    first.flatMap((a) => last.map((b) => `${a}.${b}`)),
    random,
  );
  const line = (country: Country): Line => {
    const network = random.pick(internet.of('home', country));
    return { network, block: random.pick(network.blocks), lease: 1 + random.integer(40), site: random.integer(65_536) };
  };
  const special = shuffled(
    Array.from({ length: count }, (_, i) => i),
    random,
  );
  const is = (index: number, from: number, to: number): boolean =>
    special.indexOf(index) >= from && special.indexOf(index) < to;
  const later = (from: number, to: number): number =>
    weekday(calendar, Math.floor(calendar.days * (from + random.next() * (to - from))));
  return Array.from({ length: count }, (_, index) => {
    const handle = names[index] as string;
    const team = teams[index % teams.length] as Habit;
    const country = is(index, 0, 2) ? random.pick(internet.abroad) : internet.country;
    const city = random.pick(country.cities);
    const home = line(country);
    const begins = 7 + random.integer(4);
    const trips = is(index, 2, 7) ? [trip(company, later(0.25, 0.85), random)] : [];
    return {
      index,
      handle,
      email: `${handle}@${company.domain}`,
      portalId: `${random
        .integer(2 ** 32)
        .toString(16)
        .padStart(10, '9')}-user-${index}`,
      team,
      country,
      zone: city.zone,
      home,
      moves: is(index, 7, 10) ? { day: later(0.25, 0.9), home: line(country) } : undefined,
      mobile: random.pick(internet.of('mobile', country)),
      office: random.integer(2),
      shares: {
        office: country === internet.country ? random.next() * 0.9 : 0,
        vpn: random.next() < 0.5 ? 0.7 * random.next() + 0.3 : 0.1,
        mobile: 0.1 * random.next(),
      },
      privacy: is(index, 10, 12) ? random.pick(internet.of('vpn')) : undefined,
      desk: is(index, 17, 20) ? deskOf(company, later(0, 0.6), random) : undefined,
      trips,
      starts: is(index, 12, 14) ? later(0.3, 0.8) : -1,
      hours: { from: begins, to: begins + 8 + random.integer(3) },
      rate: 25 + 70 * random.next(),
      agents: agentsOf(random, calendar.days),
      shell: team === 'office' ? 0 : random.pick([0.15, 0.5, 0.85]),
      user: userOf(company, handle, index, random),
      pioneer: team === 'platform' || (team === 'developer' && is(index, 14, 17)),
    };
  });
}

function trip(company: Company, from: number, random: Random): Trip {
  const { internet } = company;
  const country = random.pick(internet.abroad);
  const networks = [...internet.of('guest', country), ...internet.of('mobile', country)];
  return { from, to: Math.min(company.calendar.days - 1, from + 2 + random.integer(6)), country, networks };
}

function deskOf({ internet }: Company, day: number, random: Random): Person['desk'] {
  const network = random.pick(internet.of('hosting'));
  return { day, network, ip: anywhere(network, random) };
}

/** From before single sign-on: every fourth has a key, every twelfth a password for the console. */
function userOf(company: Company, handle: string, index: number, random: Random): Person['user'] {
  if (index % 4 !== 1 && index % 12 !== 6) return undefined;
  const account = index % 8 === 1 ? company.accounts.prod : company.accounts.dev;
  const kind = index % 4 === 1 ? 'key' : 'console';
  return {
    user: company.user(account, handle),
    kind,
    renewed: weekday(company.calendar, Math.floor(company.calendar.days * (0.2 + 0.7 * random.next()))),
  };
}

/** The key that a person's user has on a day. */
export const keyOn = (company: Company, { handle, user }: Person, day: number): string =>
  uniqueId('AKIA', company.random(`key/${handle}/${user !== undefined && day >= user.renewed ? 1 : 0}`));
