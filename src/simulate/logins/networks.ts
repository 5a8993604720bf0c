import type { Random } from '../../algorithms/random.ts';
import type { Fields } from '../../event/index.ts';
import type { MmdbValue } from '../../text/mmdb-section.ts';
import type { City, Country } from './places.ts';
import { continents } from './places.ts';

export type NetworkKind = 'home' | 'mobile' | 'office' | 'vpn' | 'hosting' | 'tor';

/** Addresses that a block list names. */
export interface Listing {
  readonly cidr: string;
  /** The first and the last IPv4 address as numbers; 0 and Infinity for a whole block. */
  readonly from: number;
  readonly to: number;
  /** `zone:class`, such as `zen.spamhaus.org:XBL`. */
  readonly list: string;
  /** How strong the class is, 0 to 1. */
  readonly score: number;
}

/** Addresses of one network that a geo database locates alike. */
export interface Block {
  readonly network: Network;
  readonly version: 4 | 6;
  /** IPv4: the first address. IPv6: the network's own 16 bits of `3fff:xxxx::/32`. */
  readonly base: number;
  /** IPv6: the 8 bits after `base`, 1 to 255. */
  readonly region: number;
  /** Prefix length. */
  readonly bits: number;
  readonly cidr: string;
  /** Where its users are. */
  readonly city: City;
  /** Where the geo database puts them: a city, or only a country. */
  readonly located: City | Country;
  readonly accuracy: number;
  readonly listings: readonly Listing[];
  /** What the enrichers `geo`, `asn` and, where it is not listed, `dnsbl` say of every address in it. */
  readonly fields: Fields;
}

/** An autonomous system of the invented world. */
export interface Network {
  readonly asn: number;
  readonly name: string;
  readonly kind: NetworkKind;
  readonly country: Country;
  readonly blocks: Block[];
}

/** An address in use, with everything that enrichers say of it. */
export interface Address {
  readonly ip: string;
  /** Absent for an address inside the company. */
  readonly block?: Block;
  readonly fields: Fields;
}

export const dotted = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** A record as MaxMind's City databases hold it. https://dev.maxmind.com/geoip/docs/databases/city-and-country */
export function cityRecord({ located, accuracy }: Pick<Block, 'located' | 'accuracy'>): MmdbValue {
  const country = 'cities' in located ? located : located.country;
  const continent = continents[country.continent] as { readonly name: string; readonly id: number };
  const nation = { geoname_id: country.id, iso_code: country.code, names: { en: country.name } };
  return {
    continent: { code: country.continent, geoname_id: continent.id, names: { en: continent.name } },
    country: nation,
    registered_country: nation,
    ...('cities' in located
      ? {}
      : {
          city: { geoname_id: located.id, names: { en: located.name } },
          location: {
            accuracy_radius: accuracy,
            latitude: located.latitude,
            longitude: located.longitude,
            time_zone: located.zone,
          },
          subdivisions: [{ iso_code: located.region, names: { en: located.regionName } }],
        }),
  };
}

/** A record as MaxMind's ASN databases hold it. */
export const asnRecord = ({ network }: Pick<Block, 'network'>): MmdbValue => ({
  autonomous_system_number: network.asn,
  autonomous_system_organization: network.name,
});

function addressIn(block: Block, ip: string, number: number): Address {
  const { fields } = block;
  const hits = block.listings.filter(({ from, to }) => number >= from && number <= to);
  if (hits.length === 0) return { ip, block, fields };
  const lists = hits.map(({ list }) => list);
  const score = Math.max(...hits.map((hit) => hit.score));
  return { ip, block, fields: { ...fields, 'source.reputation.lists': lists, 'source.reputation.score': score } };
}

/** Any IPv4 address of the block but the first and the last of a /24. */
export function address4(block: Block, random: Random): Address {
  const number = block.base + random.integer(2 ** (32 - block.bits - 8)) * 256 + 1 + random.integer(254);
  return addressIn(block, dotted(number), number);
}

const group = (random: Random): string => (1 + random.integer(0xffff)).toString(16);

/** The first /64 of the /56 that a customer got; `site` is a whole number below 65,536. */
export const site6 = ({ base, region }: Block, site: number): string =>
  `3fff:${base.toString(16)}:${((region << 8) | (site >>> 8)).toString(16)}:${(((site & 255) << 8) | 1).toString(16)}`;

/** A privacy address (RFC 8981) in a /64. */
export const address6 = (block: Block, site: string, random: Random): Address =>
  addressIn(block, `${site}:${group(random)}:${group(random)}:${group(random)}:${group(random)}`, 0);
