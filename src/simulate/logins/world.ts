import type { Random } from '../../algorithms/random.ts';
import { scoreOf } from '../../text/dnsbl.ts';
import { asFields, geoFields } from '../../text/geo-record.ts';
import { asnRecord, type Block, cityRecord, dotted, type Listing, type Network, type NetworkKind } from './networks.ts';
import { type City, type Country, countries, homeCountries } from './places.ts';

/** The internet around one invented company; another seed gives another. */
export interface World {
  /** Where the company is. */
  readonly country: Country;
  readonly networks: readonly Network[];
}

const stems =
  'Alder Amberly Arcova Ashmere Basalt Belmora Birchline Boreal Brightfen Calder Callisto Cedarholm Cinder Cobaltine Corvane Dalmere Delvaux Driftwood Ebonridge Elmstead Everlane Falkora Farrow Fennwick Galewood Glenmora Graphite Halden Harrowgate Highmoor Ironwell Jasperine Juniper Kestrel Kingsmere Lakeshore Larkfield Lunden Mapleton Marlowe Meridan Mistralle Moorland Northgate Oakhaven Obsidian Ochre Orlanda Pebblestone Pinecrest Quarry Quillon Ravenholt Redfern Ridgeway Rowanberg Sablewood Saltmarsh Shoreline Silverbirch Solenta Sorrel Stonebridge Summerfield Tamarisk Tidewater Timberline Valemont Verdane Vesperine Wexcombe Whitmere Willowbrook Windermoor Yarrow Zephyrine'.split(
    ' ',
  );

const endings: Readonly<Record<NetworkKind, readonly string[]>> = {
  home: ['Telecom', 'Broadband', 'Cable', 'Fibre', 'Net'],
  mobile: ['Mobile', 'Wireless', 'Cellular'],
  office: ['Business Networks', 'Enterprise'],
  vpn: ['VPN', 'Privacy', 'Transit'],
  hosting: ['Cloud', 'Hosting', 'Compute', 'Servers', 'Data Centers'],
  tor: ['Relay Association'],
};

const zen = 'zen.spamhaus.org';

/** How an address is listed in such a network: the whole of it, or parts of a size with a frequency. */
const reputation: Readonly<
  Record<
    NetworkKind,
    { readonly whole?: string; readonly part?: string; readonly share: number; readonly bits: number }
  >
> = {
  home: { whole: 'PBL', part: 'XBL', share: 0.012, bits: 28 },
  mobile: { whole: 'PBL', part: 'XBL', share: 0.03, bits: 28 },
  office: { share: 0, bits: 28 },
  vpn: { part: 'CSS', share: 0.2, bits: 27 },
  hosting: { part: 'CSS', share: 0.07, bits: 26 },
  tor: { whole: 'XBL', share: 0, bits: 28 },
};

export const firstOf = <T>(list: readonly T[]): T => list[0] as T;

/** A shuffled copy. */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/** Numbers for private use (RFC 6996) and for documentation (RFC 5398). */
function* numbers(random: Random): Generator<number> {
  const documented = Array.from({ length: 32 }, (_, i) => (i < 16 ? 64_496 + i : 65_520 + i));
  yield* shuffled(documented, random);
  for (let asn = 4_200_000_000; ; asn += 1 + random.integer(9_000)) yield asn;
}

class Builder {
  readonly networks: Network[] = [];
  readonly #random: Random;
  readonly #numbers: Generator<number>;
  readonly #names: string[];
  /** The second byte onwards of 240.0.0.0/4, in /16s. */
  readonly #free: number[];
  #next6: number;

  constructor(random: Random) {
    this.#random = random;
    this.#numbers = numbers(random);
    this.#names = shuffled(stems, random);
    this.#free = shuffled(
      Array.from({ length: 1500 }, (_, i) => i * 2 + 256),
      random,
    );
    this.#next6 = 16 + random.integer(512);
  }

  /** Blocks of `bits` in each city, from a few /16s that its cities share; one IPv6 /40 a city where it has IPv6. */
  add(kind: NetworkKind, country: Country, cities: readonly City[], bits: number, each: number, v6: boolean): Network {
    const random = this.#random;
    const count = this.networks.length;
    const stem = this.#names[count % this.#names.length] as string;
    const name = `${stem} ${random.pick(endings[kind])}${count < this.#names.length ? '' : ` ${country.name}`}`;
    const network: Network = { asn: this.#numbers.next().value as number, name, kind, country, blocks: [] };
    const wholes = Math.max(1, Math.ceil((cities.length * each) / 8));
    const slots = shuffled(
      Array.from({ length: wholes * 16 }, (_, i) => i),
      random,
    );
    const bases = Array.from({ length: wholes }, () => this.#free.pop() as number);
    for (const city of cities) {
      for (let i = 0; i < each; i++) {
        const slot = slots.pop() as number;
        const base = 0xf0000000 + (bases[slot >> 4] as number) * 65_536 + (slot & 15) * 4096;
        this.#block(network, city, { version: 4, base, region: 0, bits, cidr: `${dotted(base)}/${bits}` });
      }
    }
    if (v6) {
      const base = this.#next6;
      this.#next6 += 1 + random.integer(8);
      for (const [index, city] of cities.entries()) {
        const region = index + 1;
        const cidr = `3fff:${base.toString(16)}:${(region << 8).toString(16)}::/40`;
        this.#block(network, city, { version: 6, base, region, bits: 40, cidr });
      }
    }
    this.networks.push(network);
    return network;
  }

  #block(network: Network, city: City, range: Pick<Block, 'version' | 'base' | 'region' | 'bits' | 'cidr'>): void {
    const { located, accuracy } = this.#located(network.kind, city);
    const listings = [...this.#listings(network.kind, range)];
    network.blocks.push({
      ...range,
      network,
      city,
      located,
      accuracy,
      listings,
      fields: {
        ...geoFields(cityRecord({ located, accuracy })),
        ...asFields(asnRecord({ network })),
        'source.reputation.score': 0,
      },
    });
  }

  /** Geo databases are not always right about people's lines: another city of the country, or no city. */
  #located(kind: NetworkKind, city: City): { readonly located: City | Country; readonly accuracy: number } {
    const random = this.#random;
    const wrong = kind === 'home' ? random.next() : 1;
    if (wrong < 0.05) return { located: city.country, accuracy: 200 };
    if (wrong < 0.14) return { located: random.pick(city.country.cities), accuracy: 100 };
    return { located: city, accuracy: kind === 'mobile' ? 100 : random.pick([5, 10, 20, 20, 50]) };
  }

  *#listings(kind: NetworkKind, range: Pick<Block, 'version' | 'base' | 'bits' | 'cidr'>): Generator<Listing> {
    const { whole, part, share, bits } = reputation[kind];
    const listing = (name: string) => ({ list: `${zen}:${name}`, score: scoreOf(name) });
    const size = 2 ** (32 - bits);
    const parts = part === undefined || range.version === 6 ? 0 : 2 ** (bits - range.bits);
    for (let at = 0; at < parts; at++) {
      if (this.#random.next() >= share) continue;
      const from = range.base + at * size;
      yield { cidr: `${dotted(from)}/${bits}`, from, to: from + size - 1, ...listing(part as string) };
    }
    if (whole !== undefined) yield { cidr: range.cidr, from: 0, to: Number.POSITIVE_INFINITY, ...listing(whole) };
  }
}

/** Places where servers stand. */
const serverCities = new Set(
  'Frankfurt am Main|Paris|London|Madrid|Warsaw|Milan|Ashburn|Seattle|Chicago|São Paulo|Mumbai|Tokyo|Amsterdam|Zurich|Stockholm|Bucharest|Kyiv|Toronto|Singapore|Hanoi|Seoul|Sydney|Johannesburg|Istanbul'.split(
    '|',
  ),
);

/** Access providers, carriers, business lines, hosting, VPN providers and Tor relays, with the company's country in detail. */
export function makeWorld(random: Random): World {
  const country = random.pick(homeCountries);
  const builder = new Builder(random);
  const { cities } = country;
  for (let i = 0; i < 6; i++) builder.add('home', country, cities, 20, 4, i !== 2 && i !== 4);
  for (let i = 0; i < 3; i++) builder.add('mobile', country, shuffled(cities, random).slice(0, 2), 22, 3, i !== 1);
  for (let i = 0; i < 2; i++) builder.add('office', country, cities, 22, 1, i === 0);
  for (const abroad of countries) {
    if (abroad === country) continue;
    for (let i = 0; i < 2; i++) builder.add('home', abroad, abroad.cities, 20, 2, random.next() < 0.5);
    builder.add('mobile', abroad, abroad.cities.slice(0, 1), 22, 2, false);
  }
  const sites = countries.flatMap((each) => each.cities).filter(({ name }) => serverCities.has(name));
  for (let i = 0; i < 10; i++) {
    const chosen = shuffled(sites, random).slice(0, 2 + random.integer(5));
    builder.add('hosting', firstOf(chosen).country, chosen, 22, 3, i % 3 === 0);
  }
  for (let i = 0; i < 3; i++) {
    const chosen = shuffled(sites, random).slice(0, 8);
    builder.add('vpn', firstOf(chosen).country, chosen, 24, 2, false);
  }
  const relays = shuffled(sites, random).slice(0, 8);
  builder.add('tor', firstOf(relays).country, relays, 25, 1, false);
  return { country, networks: builder.networks };
}

/** The networks of a kind, in a country where one is given. */
export const networksOf = (world: World, kind: NetworkKind, country?: Country): readonly Network[] =>
  world.networks.filter((each) => each.kind === kind && (country === undefined || each.country === country));
