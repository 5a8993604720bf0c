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

const victims: Readonly<Record<Takeover, (person: Person) => boolean>> = {
  'stolen-key': (person) => atWork(person) && byKey(person),
  'same-country-proxy': (person) => atWork(person) && byKey(person) && person.role !== 'consultant',
  'password-spray': byPassword,
  'slow-brute-force': byPassword,
  'dormant-account': (person) => atWork(person) && person.auth !== 'certificate',
  'impossible-travel': (person) => atWork(person) && person.auth !== 'certificate',
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
    const far = (block: Block): boolean => {
      const city = cityOf(block);
      return city !== undefined && (!beside || distance(city, home) > 150);
    };
    const local = strange(networksOf(world, 'home', home.country)).filter((block) => !abroad(block) && far(block));
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

/** Accounts taken over, all kinds in turn, from the day `first` on; and the last day at work of those who left. */
export function draftIncidents(
  base: Base,
  bookings: Bookings,
  options: { readonly first: number; readonly attacks: number },
  random: Random,
): { readonly incidents: readonly Incident[]; readonly quits: ReadonlyMap<Person, number> } {
  const { people, calendar } = base;
  const quits = new Map<Person, number>();
  const incidents: Incident[] = [];
  const order = shuffled(takeovers, random);
  // Who leaves is settled first: nothing else may happen to them afterwards.
  const queue = Array.from({ length: options.attacks }, (_, i) => order[i % order.length] as Takeover).sort(
    (a, b) => Number(b === 'dormant-account') - Number(a === 'dormant-account'),
  );
  for (const [index, scenario] of queue.entries()) {
    const dice = random.fork(`${scenario} ${index}`);
    const works = (person: Person, day: number): boolean =>
      person.rhythm.days.includes(calendar.weekday(day)) && person.rhythm.days.includes(calendar.weekday(day - 1));
    const last = calendar.days - 2;
    const quiet = dormancy(calendar.days);
    const dormant = scenario === 'dormant-account';
    const found = dormant
      ? bookings.find(
          people.filter((person) => victims[scenario](person) && !quits.has(person)),
          { earliest: Math.max(options.first, quiet + 8), latest: last, length: calendar.days, before: quiet },
          dice,
        )
      : bookings.find(
          people.filter(victims[scenario]),
          { earliest: options.first, latest: last, length: 3, before: 2 },
          dice,
          works,
        );
    if (found === undefined) continue;
    const { person: victim, day } = found;
    if (dormant) quits.set(victim, day - quiet - 1 - dice.integer(Math.min(6, day - quiet - 7)));
    const beside = scenario === 'impossible-travel' || (scenario === 'same-country-proxy' && dice.next() < 0.6);
    const blocks = sources(base, scenario, victim, beside, dice);
    const time = startOf(base, victim, day, beside, dice);
    incidents.push({ scenario, incident: `${scenario}-${index + 1}`, victim, day, time, beside, blocks, random: dice });
  }
  return { incidents: incidents.sort((a, b) => a.time - b.time), quits };
}

/** Beside the victim's work, or mostly when the victim sleeps. */
function startOf(
  { calendar }: Base,
  { city, rhythm, role }: Person,
  day: number,
  beside: boolean,
  random: Random,
): number {
  const midnight = calendar.midnight(city.zone, day);
  const working = beside || random.next() < 0.3;
  const from = working ? rhythm.from + 1 : role === 'ci' || role === 'backup' ? 0 : rhythm.from + 14;
  const at = midnight + (from + random.next() * (working ? rhythm.hours - 3 : 5)) * hour;
  return Math.round(Math.min(at, calendar.end - dayLength / 2));
}
