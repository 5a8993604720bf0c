import type { Random } from '../../algorithms/random.ts';
import type { Bookings } from './bookings.ts';
import type { Host } from './fleet.ts';
import { Line, type LineHabit } from './line.ts';
import type { Network } from './networks.ts';
import { isBot, makeKey, type Person } from './people.ts';
import { type City, countries, distance } from './places.ts';
import type { Episode, Oddity, Plan } from './plan.ts';
import { networksOf, shuffled } from './world.ts';

type Base = Pick<Plan, 'calendar' | 'world' | 'fleet' | 'people' | 'office'>;

interface Recipe {
  /** Of the staff, how many it happens to; at least one. */
  readonly share: number;
  /** Days it keeps somebody busy. */
  readonly length: (random: Random) => number;
  readonly takes: (person: Person) => boolean;
  /** It lasts to the end. */
  readonly lasting?: boolean;
}

const fixed = (days: number) => () => days;
const present = (person: Person): boolean => !isBot(person) && person.role !== 'consultant';

const recipes: Readonly<Record<Exclude<Oddity, 'ci-bot' | 'office-move' | 'new-host' | 'new-user'>, Recipe>> = {
  'holiday-trip': { share: 0.16, length: (random) => 7 + random.integer(8), takes: present },
  'long-absence': { share: 0.06, length: (random) => 14 + random.integer(5), takes: present },
  'business-trip': {
    share: 0.1,
    length: (random) => 2 + random.integer(3),
    takes: (p) => present(p) && p.role !== 'night',
  },
  'vpn-flap': {
    share: 0.1,
    length: (random) => 8 + random.integer(8),
    takes: (p) => present(p) && p.vpn === undefined,
  },
  'provider-change': { share: 0.12, length: fixed(6), takes: (p) => present(p) && p.vpn === undefined, lasting: true },
  'new-laptop': { share: 0.14, length: fixed(6), takes: (p) => present(p) && p.auth === 'publickey', lasting: true },
  'mobile-tethering': { share: 0.14, length: fixed(1), takes: (p) => present(p) && p.roaming === 0 },
  'night-emergency': { share: 0.16, length: fixed(1), takes: (p) => /admin|developer/.test(p.role) },
};

/** How long a change counts as news. */
export const newsDays = 5;

const habits: Readonly<Record<string, LineHabit>> = {
  hotel: { daily: 0.3, each: 0, dual: false },
  home: { daily: 0.5, each: 0, dual: true },
  egress: { daily: 1, each: 0.5, dual: false },
};

class Draft {
  readonly episodes: Episode[] = [];
  readonly #base: Base;
  readonly #bookings: Bookings;
  readonly #random: Random;
  #count = 0;

  constructor(base: Base, bookings: Bookings, random: Random) {
    this.#base = base;
    this.#bookings = bookings;
    this.#random = random;
  }

  /** Between a tenth and nine tenths of the way, so that there is a before and an after. */
  get range(): { readonly earliest: number; readonly latest: number } {
    const { days } = this.#base.calendar;
    return { earliest: Math.ceil(days * 0.15), latest: Math.floor(days * 0.92) };
  }

  add(scenario: Oddity, person: Person, from: number, to: number, more: Partial<Episode> = {}): void {
    this.#count++;
    const incident = `${scenario}-${this.#count}`;
    this.episodes.push({ scenario, incident, person, from, to, lines: this.#lines(scenario, person), ...more });
  }

  draft(scenario: keyof typeof recipes): void {
    const { share, length, takes, lasting } = recipes[scenario];
    const { people, calendar } = this.#base;
    const staff = people.filter((person) => !isBot(person));
    const count = Math.max(1, Math.round(staff.length * share));
    for (let i = 0; i < count; i++) {
      const random = this.#random.fork(`${scenario} ${i}`);
      const found = this.#place(length(random), i === 0 ? [takes, present] : [takes], random);
      if (found === undefined) continue;
      const { person, day, days } = found;
      const key = scenario === 'new-laptop' ? { key: makeKey('ED25519', random) } : {};
      this.add(scenario, person, day, lasting ? calendar.days + 1 : day + days - 1, key);
    }
  }

  /** Who has so many days free; where the oddity is promised, others or fewer days will do. */
  #place(
    length: number,
    choices: readonly ((person: Person) => boolean)[],
    random: Random,
  ): { readonly person: Person; readonly day: number; readonly days: number } | undefined {
    const { people, calendar } = this.#base;
    const { earliest, latest } = this.range;
    const works = ({ rhythm }: Person, day: number) => rhythm.days.includes(calendar.weekday(day));
    for (const takes of choices) {
      for (let days = length; days >= Math.min(length, 5); days = choices.length > 1 ? days - 1 : 0) {
        const range = { earliest, latest: latest - days + 1, length: days };
        const found = this.#bookings.find(people.filter(takes), range, random, works);
        if (found !== undefined) return { ...found, days };
      }
    }
    return undefined;
  }

  #lines(scenario: Oddity, person: Person): readonly Line[] {
    const random = this.#random.fork(`lines ${this.#count}`);
    const { world } = this.#base;
    const line = (network: Network, city: City, habit: string): Line =>
      new Line(network, city, habits[habit] as LineHabit, random.fork(`${network.asn} ${city.name}`));
    if (scenario === 'holiday-trip') {
      const away = random.pick(countries.filter((each) => each !== person.city.country));
      const city = random.pick(away.cities.slice(0, 2));
      return [line(random.pick(networksOf(world, 'home', away)), city, 'hotel')];
    }
    if (scenario === 'business-trip') {
      const city = random.pick(person.city.country.cities.filter((each) => distance(each, person.city) > 100));
      return [line(random.pick(networksOf(world, 'home', city.country)), city, 'hotel')];
    }
    if (scenario === 'provider-change') {
      const others = networksOf(world, 'home', person.city.country).filter((each) => each !== person.home.network);
      return [line(random.pick(others), person.city, 'home')];
    }
    if (scenario === 'vpn-flap') {
      const network = random.pick(networksOf(world, 'vpn'));
      const cities = shuffled([...new Set(network.blocks.map(({ city }) => city))], random).slice(0, 3);
      return cities.map((city) => line(network, city, 'egress'));
    }
    return [];
  }
}

/** Those who join during the simulation, chosen before anything else happens to them. */
export function draftArrivals(base: Base, bookings: Bookings, random: Random): readonly Episode[] {
  const { people, calendar } = base;
  const draft = new Draft(base, bookings, random);
  const developers = shuffled(
    people.filter(({ role }) => role === 'developer'),
    random,
  );
  for (const person of developers.slice(0, Math.max(1, Math.round(people.length * 0.08)))) {
    const day = Math.floor(calendar.days * (0.3 + random.next() * 0.4));
    bookings.take(person, 0, day + newsDays + 1);
    draft.add('new-user', person, day, day + newsDays);
  }
  return draft.episodes;
}

/** What happens to honest people: every oddity at least once. */
export function draftEpisodes(base: Base, bookings: Bookings, newHost: Host, random: Random): readonly Episode[] {
  const { people, calendar, world, office } = base;
  const draft = new Draft(base, bookings, random);
  for (const scenario of Object.keys(recipes) as (keyof typeof recipes)[]) draft.draft(scenario);
  const middle = Math.floor(calendar.days * (0.35 + random.next() * 0.4));
  const next = networksOf(world, 'office')[1] as Network;
  const moved = new Line(next, office.city, { daily: 0, each: 0, dual: false }, random.fork('moved'));
  for (const person of people) {
    if (person.officeDays.length > 0) draft.add('office-move', person, middle, calendar.days + 1, { lines: [moved] });
  }
  const last = calendar.days - 1;
  const opens = Math.floor(calendar.days * (0.35 + random.next() * 0.4));
  const users = shuffled(
    people.filter((person) => /admin|developer/.test(person.role) && bookings.isFree(person, last, last)),
    random.fork('new host'),
  );
  for (const person of users.slice(0, Math.max(2, Math.round(users.length * 0.4))))
    draft.add('new-host', person, opens + random.integer(4), calendar.days + 1, { host: newHost });
  return draft.episodes;
}
