import { createRandom, type Random } from '../../../src/algorithms/index.ts';
import type { Event, Fields } from '../../../src/event/index.ts';
import { blocks, cityOf, dotted, geoFacts, providerOf, providers, publicBlocks } from './reference-world.ts';

const [users, logins, stolen, warmUp] = [25, 800, 8, 250];
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const start = Date.UTC(2025, 0, 6);

export interface ReferenceLogin {
  readonly time: number;
  readonly user: string;
  readonly address: number;
  readonly listed: boolean;
  readonly attack: boolean;
  /** After the first logins of its user. */
  readonly counted: boolean;
}

/** What is known of a login beside moment, address and user. */
export const shapes: Readonly<Record<string, (login: ReferenceLogin) => Fields>> = {
  'addresses alone': () => ({}),
  places: ({ address }) => geoFacts(address),
  'places and providers': ({ address }) => ({ ...geoFacts(address), 'source.as.number': providerOf(address).asn }),
  'places, providers and block lists': (login) => ({
    ...geoFacts(login.address),
    'source.as.number': providerOf(login.address).asn,
    'source.reputation.score': login.listed ? 0.9 : 0,
    ...(login.listed && { 'source.reputation.lists': ['zen:XBL'] }),
  }),
};

export const referenceEvent = (login: ReferenceLogin, at: number, facts: (login: ReferenceLogin) => Fields): Event => ({
  id: String(at),
  time: login.time,
  source: 'login-csv',
  kind: 'login',
  fields: {
    'event.action': 'login',
    'event.outcome': 'success',
    'user.name': login.user,
    'source.ip': dotted(login.address),
    ...facts(login),
  },
  raw: '',
});

const addressIn = (block: number, random: Random): number => block * 65_536 + random.integer(65_536);

/** The addresses that one user has at home: of one city, in one or two networks of one provider, renewed now and then. */
function home(random: Random): () => number {
  const provider = random.integer(providers.length);
  const held = Array.from({ length: 1 + random.integer(2) }, () => random.pick(blocks(provider)));
  const city = cityOf(addressIn(held[0] as number, random));
  return () => {
    for (let tries = 0; tries < 1000; tries++) {
      const address = addressIn(random.pick(held), random);
      if (cityOf(address) === city) return address;
    }
    return addressIn(held[0] as number, random);
  };
}

/** Where a journey leads: as a rule in the country, at times anywhere. */
function abroad(from: number, random: Random): number {
  const { country } = providerOf(from);
  const there = random.next() < 0.5 ? providers.flatMap((each, at) => (each.country === country ? [at] : [])) : [];
  return addressIn(random.pick(there.length > 0 ? blocks(random.pick(there)) : publicBlocks), random);
}

/** The own logins of a user: working days, bursts, an address that is renewed every other week, four journeys a year or so. */
function ordinary(user: string, random: Random): ReferenceLogin[] {
  const list: ReferenceLogin[] = [];
  const [renew, begins, travels] = [home(random), 7 + 3 * random.next(), 0.008 + 0.012 * random.next()];
  let [here, address, away] = [renew(), 0, 0];
  for (let today = start; list.length < logins; today += day) {
    const weekend = new Date(today).getUTCDay() % 6 === 0;
    if (random.next() < 1 / 14) here = renew();
    if (away > 0) away--;
    else if (random.next() < travels) {
      away = 2 + random.integer(8);
      address = abroad(here, random);
    }
    for (let sessions = random.integer(weekend ? 2 : 5); sessions > 0; sessions--) {
      let time = today + (begins + 5 * random.next() + 5 * random.next()) * hour;
      const burst = random.next() < 0.15 ? 3 + random.integer(10) : 1;
      for (let login = 0; login < burst; login++) {
        list.push({ time, user, address: away > 0 ? address : here, listed: false, attack: false, counted: false });
        time += (0.2 + 6 * random.next()) * minute;
      }
    }
  }
  return list
    .slice(0, logins)
    .toSorted((a, b) => a.time - b.time)
    .map((login, at) => ({ ...login, listed: random.next() < 0.002, counted: at >= warmUp }));
}

/** The logins of who has stolen the user's key: at any time after the first `warmUp`, each from anywhere. */
function thefts(own: readonly ReferenceLogin[], random: Random): ReferenceLogin[] {
  const [{ user, time: from }, { time: to }] = [own[warmUp], own.at(-1)] as [ReferenceLogin, ReferenceLogin];
  return Array.from({ length: stolen }, () => ({
    time: from + (to - from) * random.next(),
    user,
    address: addressIn(random.pick(publicBlocks), random),
    listed: random.next() < 0.5,
    attack: true,
    counted: true,
  }));
}

/**
 * Logins as of the article's users: 25 of them with 800 logins each, of which the first 250 do not count, and 8 with a
 * stolen key, from anywhere, half of them on a block list.
 */
export function referenceStream(seed: number): ReferenceLogin[] {
  const random = createRandom(seed).fork('reference streams');
  return Array.from({ length: users }, (_, at) => {
    const own = ordinary(`user${at}`, random);
    return [...own, ...thefts(own, random)];
  })
    .flat()
    .toSorted((a, b) => a.time - b.time);
}
