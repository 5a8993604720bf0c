import type { Random } from '../../algorithms/random.ts';
import { dotted } from '../logins/networks.ts';
import { type Country, countries, homeCountries } from '../logins/places.ts';
import { firstOf, shuffled } from '../logins/world.ts';

/** What is behind a network; the records do not say it. */
type NetworkKind = 'home' | 'mobile' | 'office' | 'guest' | 'hosting' | 'vpn' | 'tor' | 'access' | 'cloud' | 'runners';

/** Addresses in a row: the first, and the length of the prefix. */
export interface Block {
  readonly base: number;
  readonly bits: number;
}

/** An autonomous system of the invented world. */
export interface Network {
  readonly asn: number;
  readonly name: string;
  readonly kind: NetworkKind;
  readonly country: Country;
  readonly blocks: readonly Block[];
  /** The 16 bits that its `3fff:xxxx::/32` has of its own, where it has IPv6. */
  readonly six: number | undefined;
}

/** A row of a list of networks, such as databases of autonomous systems hold. */
export interface NetworkRow {
  readonly cidr: string;
  /** The first and the last address. */
  readonly first: string;
  readonly last: string;
  readonly asn: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

const heads = 'Al Bel Cor Dal Er Fen Gal Hal Iv Jor Kel Lor Mar Nor Or Pel Quin Ros Sil Tor Ul Ver Wex Yar Zel'.split(
  ' ',
);
const tails = 'aden bridge cast dane ford grove holm line mere nova port quay ridge stead tide vale wick'.split(' ');
const endings: Readonly<Record<NetworkKind, readonly string[]>> = {
  home: ['Telecom', 'Broadband', 'Cable', 'Fibre'],
  mobile: ['Mobile', 'Wireless'],
  office: ['Business', 'Networks'],
  guest: ['Hospitality', 'Public WiFi', 'Airports'],
  hosting: ['Hosting', 'Cloud', 'Servers', 'Compute'],
  vpn: ['Privacy', 'VPN'],
  tor: ['Relay Association'],
  access: ['Secure Access', 'Edge'],
  cloud: ['Elastic Cloud'],
  runners: ['Platform Cloud'],
};
const smallest = 20;
const wholes: ReadonlySet<NetworkKind> = new Set(['home', 'cloud', 'runners']);

/** The networks that the company, its people, its suppliers and strangers call from. */
export class Internet {
  readonly country: Country;
  /** Where people travel to and strangers are. */
  readonly abroad: readonly Country[];
  readonly networks: Network[] = [];
  readonly #random: Random;
  readonly #names: string[];
  readonly #free: number[];
  readonly #shared: number[] = [];
  readonly #asns: number[];

  constructor(random: Random) {
    this.#random = random;
    this.country = random.pick(homeCountries);
    this.abroad = shuffled(
      countries.filter((each) => each !== this.country),
      random,
    ).slice(0, 10);
    this.#names = shuffled(
      heads.flatMap((head) => tails.map((tail) => head + tail)),
      random,
    );
    this.#free = shuffled(
      Array.from({ length: 3800 }, (_, i) => i + 128),
      random,
    );
    this.#asns = shuffled(
      Array.from({ length: 1000 }, (_, i) => 64_512 + i),
      random,
    );
    this.#build();
  }

  #build(): void {
    const { country, abroad } = this;
    for (let i = 0; i < 5; i++) this.#add('home', country, 3, 19, i % 2 === 0);
    for (let i = 0; i < 3; i++) this.#add('mobile', country, 2, 22, i === 0);
    for (let i = 0; i < 2; i++) this.#add('office', country, 1, 20, i === 0);
    for (let i = 0; i < 4; i++) this.#add('hosting', country, 2, 21, false);
    for (let i = 0; i < 2; i++) this.#add('guest', country, 1, 22, false);
    for (const other of abroad) {
      for (let i = 0; i < 2; i++) this.#add('home', other, 2, 20, i === 0);
      this.#add('mobile', other, 1, 22, false);
      for (let i = 0; i < 2; i++) this.#add('guest', other, 1, 22, false);
      this.#add('hosting', other, 2, 22, false);
    }
    for (let i = 0; i < 2; i++) this.#add('access', firstOf(abroad), 2, 22, false);
    for (let i = 0; i < 2; i++) this.#add('vpn', this.#random.pick(abroad), 3, 24, false);
    this.#add('tor', this.#random.pick(abroad), 3, 25, false);
    this.#add('cloud', firstOf(abroad), 10, 17, false);
    this.#add('runners', this.#random.pick(abroad), 6, 16, false);
  }

  /** Providers of lines and clouds have wide ranges for themselves; the others are side by side in shared ones. */
  #add(kind: NetworkKind, country: Country, count: number, bits: number, six: boolean): void {
    const random = this.#random;
    const blocks = Array.from({ length: count }, () => {
      const whole = wholes.has(kind);
      const start = whole ? this.#free.pop()! * 65_536 : this.#slot();
      const room = 2 ** (bits - (whole ? 16 : smallest));
      return { base: 0xf0000000 + start + (room > 1 ? random.integer(room) * 2 ** (32 - bits) : 0), bits };
    });
    const name = `${this.#names.pop()} ${random.pick(endings[kind])}`;
    const asn = this.#asns.pop()!;
    this.networks.push({ asn, name, kind, country, blocks, six: six ? 16 + this.networks.length * 9 : undefined });
  }

  #slot(): number {
    if (this.#shared.length === 0) {
      const bases = Array.from({ length: 4 }, () => this.#free.pop()! * 65_536);
      const slots = bases.flatMap((base) => Array.from({ length: 16 }, (_, i) => base + i * 4096));
      this.#shared.push(...shuffled(slots, this.#random));
    }
    return this.#shared.pop()!;
  }

  /** Networks of a kind, in a country where one is given. */
  of(kind: NetworkKind, country?: Country): readonly Network[] {
    return this.networks.filter((each) => each.kind === kind && (country === undefined || each.country === country));
  }

  /** The network that an address is in. */
  find(ip: string): Network | undefined {
    if (ip.includes(':')) {
      const six = Number.parseInt(ip.split(':')[1] ?? '', 16);
      return this.networks.find((each) => each.six === six);
    }
    const value = numberOf(ip);
    return this.networks.find(({ blocks }) => blocks.some((block) => holds(block, value)));
  }

  rows(): NetworkRow[] {
    return this.networks.flatMap(({ asn, name, country, blocks, six }) => {
      const about = { asn, name, country: country.code };
      const rows: NetworkRow[] = blocks.map(({ base, bits }) => ({
        cidr: `${dotted(base)}/${bits}`,
        first: dotted(base),
        last: dotted(base + 2 ** (32 - bits) - 1),
        ...about,
      }));
      const head = six === undefined ? undefined : `3fff:${six.toString(16)}`;
      if (head !== undefined)
        rows.push({ cidr: `${head}::/32`, first: `${head}::`, last: `${head}${':ffff'.repeat(6)}`, ...about });
      return rows;
    });
  }
}

const numberOf = (ip: string): number => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
const holds = ({ base, bits }: Block, value: number): boolean => value >= base && value < base + 2 ** (32 - bits);

/** Whether a block has an IPv4 address; never so of what is none. */
export const contains = (block: Block, ip: string): boolean => holds(block, numberOf(ip));

/** Any address of a block but its first and its last. */
export const within = ({ base, bits }: Block, random: Random): string =>
  dotted(base + 1 + random.integer(2 ** (32 - bits) - 2));

/** Any address of a network. */
export const anywhere = (network: Network, random: Random): string => within(random.pick(network.blocks), random);

/** A smaller block of a block. */
export const part = ({ base, bits }: Block, wanted: number, random: Random): Block => ({
  base: base + random.integer(2 ** (wanted - bits)) * 2 ** (32 - wanted),
  bits: wanted,
});

const group = (random: Random): string => (1 + random.integer(0xffff)).toString(16);

/** A privacy address (RFC 8981) in the /64 of a site, a whole number below 65,536. */
export const sixth = (six: number, site: number, random: Random): string =>
  `3fff:${six.toString(16)}:${site.toString(16)}:1:${group(random)}:${group(random)}:${group(random)}:${group(random)}`;
