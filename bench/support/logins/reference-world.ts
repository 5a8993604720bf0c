import { createRandom } from '../../../src/algorithms/index.ts';
import type { Fields } from '../../../src/event/index.ts';

/** A city as a geo database knows it. */
export interface City {
  readonly id: number;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** Who runs a network, in one country. */
export interface Provider {
  readonly asn: number;
  readonly country: number;
}

const random = createRandom(0x5eed);
const letter = (at: number): string => String.fromCharCode(65 + at);
const [countries, citiesEach, providersEach] = [40, 12, 6];

const cities: readonly City[] = Array.from({ length: countries }, (_, country) => {
  const [latitude, longitude] = [random.next() * 110 - 45, random.next() * 340 - 170];
  return Array.from({ length: citiesEach }, (_, city) => ({
    id: 100_000 + 250_000 * country + 1_009 * city + random.integer(1_000),
    country: `${letter(country % 26)}${letter((country * 7 + 3) % 26)}`,
    latitude: latitude + 3 * random.normal(),
    longitude: longitude + 4 * random.normal(),
  }));
}).flat();

export const providers: readonly Provider[] = Array.from({ length: countries * providersEach }, (_, at) => ({
  asn: 1_000 + 37 * at + random.integer(37),
  country: Math.floor(at / providersEach),
}));

/** The provider of each network of 16 bits; the countries with most addresses have a hundred times those with fewest. */
const owners = Uint16Array.from({ length: 65_536 }, () => {
  const country = Math.min(countries - 1, Math.floor(countries * random.next() ** 2.2));
  return country * providersEach + Math.floor(providersEach * random.next() ** 1.7);
});

const isPublic = (block: number): boolean => {
  const [a, b] = [block >> 8, block & 255];
  if (a === 0 || a === 10 || a === 127 || a > 223) return false;
  return !(
    (a === 100 && b > 63 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b > 15 && b < 32) ||
    (a === 192 && (b === 168 || b === 0 || b === 88)) ||
    (a === 198 && (b === 18 || b === 19 || b === 51)) ||
    (a === 203 && b === 0)
  );
};

const blocksOf = providers.map((_, provider) =>
  [...owners.keys()].filter((block) => owners[block] === provider && isPublic(block)),
);
export const publicBlocks: readonly number[] = blocksOf.flat();
/** The networks of a provider, as the first 16 bits of their addresses. */
export const blocks = (provider: number): readonly number[] => blocksOf[provider] as number[];

export const providerOf = (address: number): Provider => providers[owners[address >>> 16] as number] as Provider;

/** Networks of 20 bits are in one city. */
export function cityOf(address: number): City {
  const { country } = providerOf(address);
  const at = Math.floor(citiesEach * createRandom(address >>> 12).next() ** 1.6);
  return cities[country * citiesEach + at] as City;
}

export const dotted = (address: number): string => [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join('.');

/** What a database of places says of an address. */
export function geoFacts(address: number): Fields {
  const { id, country, latitude, longitude } = cityOf(address);
  return {
    'source.geo.country_iso_code': country,
    'source.geo.city_name': `City ${id}`,
    'source.geo.geoname_id': id,
    'source.geo.location.lat': latitude,
    'source.geo.location.lon': longitude,
  };
}
