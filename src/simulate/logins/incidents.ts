import type { Random } from '../../algorithms/random.ts';
import type { Bookings } from './bookings.ts';
import { dayLength, hour } from './clock.ts';
import type { Block, Network } from './networks.ts';
import { isBot, type Person } from './people.ts';
import { type City, distance } from './places.ts';
import { type Incident, type Plan, type Takeover, takeovers, usedNetworks } from './plan.ts';
import { firstOf, networksOf, shuffled } from './world.ts';

type Base = Omit<Plan, 'incidents' | 'quits' | 'noise' | 'random'>;

const byKey = ({ auth }: Person): boolean => auth === 'publickey';
const byPassword = ({ auth }: Person): boolean => auth === 'password' || auth === 'keyboard-interactive/pam';
const atWork = (person: Person): boolean => !isBot(person);
/** They are seen where they are. */
const atPlace = ({ vpn }: Person): boolean => vpn === undefined;

const victims: Readonly<Record<Takeover, (person: Person) => boolean>> = {
  'stolen-key': (person) => atWork(person) && byKey(person),
  'same-country-proxy': (person) => atWork(person) && byKey(person) && person.role !== 'consultant' && atPlace(person),
  'password-spray': byPassword,
  'slow-brute-force': byPassword,
  'dormant-account': (person) => atWork(person) && byKey(person),
  'impossible-travel': (person) => atWork(person) && person.auth !== 'certificate' && atPlace(person),
  'lateral-movement': atWork,
  'bot-key': isBot,
};

/** Where the geo database puts a block: its city where that is known. */
const cityOf = ({ located }: Block): City | undefined => ('cities' in located ? undefined : located);
const countryOf = ({ located }: Block) => ('cities' in located ? located : located.country);

/** Blocks to attack from: of networks where the victim is never online, and not where the victim lives. */
function sources(base: Base, scenario: Takeover, victim: Person, beside: boolean, random: Random): readonly Block[] {
  if (scenario === 'lateral-movement') return [];
  const { world } = base;
  const used = usedNetworks(base, victim);
  const strange = (networks: readonly Network[]): readonly Block[] =>
    shuffled(
      networks.filter((network) => !used.has(network)).flatMap(({ blocks }) => blocks),
      random,
    ).filter(({ version }) => version === 4);
  const home = victim.city;
  const abroad = (block: Block): boolean => countryOf(block) !== home.country;
  const kind = random.next();
  if (scenario === 'same-country-proxy') {
    const away = (block: Block): number => {
      const city = cityOf(block);
      return city === undefined ? -1 : distance(city, home);
    };
    const nearby = strange(networksOf(world, 'home', home.country)).filter((block) => !abroad(block));
    // Beside the victim's own work it is from another part of the country.
    const far = nearby.filter((block) => away(block) >= (beside ? 250 : 0));
    const local = far.length > 0 ? far : nearby.sort((a, b) => away(b) - away(a));
    const first = firstOf(local);
    return local.filter((block) => block.network === first.network).slice(0, 4);
  }
  if (scenario === 'impossible-travel') {
    const other = (block: Block): boolean => {
      const city = cityOf(block);
      return city !== undefined && city.country.continent !== home.country.continent && distance(city, home) > 2500;
    };
    const networks = [...networksOf(world, kind < 0.5 ? 'home' : 'hosting'), ...networksOf(world, 'mobile')];
    return strange(networks).filter(other).slice(0, 1);
  }
  if (scenario === 'stolen-key' || scenario === 'bot-key') {
    const networks = networksOf(world, kind < 0.85 || scenario === 'bot-key' ? 'hosting' : 'vpn');
    const blocks = strange(networks);
    return (scenario === 'bot-key' ? blocks : blocks.filter(abroad)).slice(0, 1);
  }
  const networks = networksOf(world, kind < 0.5 ? 'hosting' : kind < 0.8 ? 'home' : kind < 0.9 ? 'vpn' : 'tor');
  return strange(networks).filter(abroad).slice(0, 1);
}

/** Days without a login before a dormant account is used. */
export const dormancy = (days: number): number => (days >= 45 ? 21 : 14);

/** Whose account it will be and on which day; settled before honest people's oddities, which must leave room. */
export interface Booked {
  readonly scenario: Takeover;
  readonly incident: string;
  readonly victim: Person;
  readonly day: number;
  readonly random: Random;
}

/** Those with few possible victims first. */
const scarcity: readonly Takeover[] = ['dormant-account', 'bot-key', 'password-spray', 'slow-brute-force'];
const rank = (scenario: Takeover): number => (scarcity.includes(scenario) ? scarcity.indexOf(scenario) : 9);

/** All kinds in turn, from the day `first` on; fewer than asked for when there is no room for more. */
export function bookIncidents(
  { people, calendar }: Pick<Base, 'people' | 'calendar'>,
  bookings: Bookings,
  { first, attacks }: { readonly first: number; readonly attacks: number },
  random: Random,
): readonly Booked[] {
  const order = shuffled(takeovers, random);
  const queue = Array.from({ length: attacks }, (_, i) => order[i % order.length] as Takeover);
  const booked: Booked[] = [];
  const quiet = dormancy(calendar.days);
  const may = new Map(takeovers.map((scenario) => [scenario, people.filter(victims[scenario])]));
  const dormant = { earliest: Math.max(first, quiet + 13), length: calendar.days, before: quiet + 5 };
  const other = { earliest: first, length: 3, before: 2 };
  const works = ({ rhythm }: Person, day: number): boolean =>
    [day - 1, day].every((each) => rhythm.days.includes(calendar.weekday(each)));
  for (const [index, scenario] of queue.sort((a, b) => rank(a) - rank(b)).entries()) {
    const dice = random.fork(`${scenario} ${index}`);
    const sleeps = scenario === 'dormant-account';
    const range = { ...(sleeps ? dormant : other), latest: calendar.days - 2 };
    const found = bookings.find(may.get(scenario) ?? [], range, dice, sleeps ? undefined : works);
    if (found === undefined) continue;
    booked.push({ scenario, incident: `${scenario}-${index + 1}`, victim: found.person, day: found.day, random: dice });
  }
  return booked;
}

/** The last day at work of those who leave an account behind. */
export const quitting = (booked: readonly Booked[], days: number): ReadonlyMap<Person, number> =>
  new Map(
    booked
      .filter(({ scenario }) => scenario === 'dormant-account')
      .map(({ victim, day, random }) => [victim, day - dormancy(days) - 1 - random.fork('quits').integer(5)]),
  );

/** When exactly and from where, now that it is known where the victims are ever online. */
export function draftIncidents(base: Base, booked: readonly Booked[]): readonly Incident[] {
  const incidents = booked.map((each) => {
    const { scenario, victim } = each;
    const random = each.random.fork('draft');
    const beside = scenario === 'impossible-travel' || (scenario === 'same-country-proxy' && random.next() < 0.6);
    const blocks = sources(base, scenario, victim, beside, random);
    return { ...each, beside, blocks, time: startOf(base, each, beside, random) };
  });
  return incidents.sort((a, b) => a.time - b.time);
}

/** Beside the victim's work, or mostly when the victim sleeps; through a neighbour's line always one of both. */
function startOf({ calendar }: Base, { scenario, victim, day }: Booked, beside: boolean, random: Random): number {
  const { city, rhythm } = victim;
  const midnight = calendar.midnight(city.zone, day);
  const working = beside || (scenario !== 'same-country-proxy' && random.next() < 0.3);
  const from = working ? rhythm.from + 1 : isBot(victim) ? 0 : rhythm.from + 14;
  const at = midnight + (from + random.next() * (working ? rhythm.hours - 3 : 5)) * hour;
  return Math.round(Math.min(at, calendar.end - dayLength / 2));
}
