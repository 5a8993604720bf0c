import ipaddr from 'ipaddr.js';
import { ScopsError } from '../event/index.ts';

/** What an address is for, after the special-purpose registries of IANA. */
export type IpKind =
  | 'global'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'cgnat'
  | 'multicast'
  | 'documentation'
  | 'reserved'
  | 'unspecified';

/** The longest IPv6 address, with IPv4 at its end. */
const longest = 45;

/** An IPv4 address in dotted decimal as a number, -1 for anything else. No part has a leading zero (RFC 6943 §3.1.1). */
function ipv4(text: string): number {
  const { length } = text;
  if (length < 7 || length > 15) return -1;
  let address = 0;
  let part = -1;
  let dots = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (part < 0) return -1;
      address = address * 256 + part;
      part = -1;
      dots++;
    } else {
      if (code < 48 || code > 57 || part === 0) return -1;
      part = part < 0 ? code - 48 : part * 10 + code - 48;
      if (part > 255) return -1;
    }
  }
  return dots === 3 && part >= 0 ? address * 256 + part : -1;
}

const dotted = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** The eight groups of an IPv6 address, without brackets and zone. */
function ipv6(text: string): number[] | undefined {
  if (text.length < 2 || text.length > longest) return undefined;
  let colons = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 58) colons++;
    else if (!((code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102) || code === 46))
      return undefined;
  }
  if (colons < 2) return undefined;
  let hex = text;
  if (text.includes('.')) {
    const tail = text.lastIndexOf(':') + 1;
    const v4 = ipv4(text.slice(tail));
    if (v4 < 0) return undefined;
    hex = `${text.slice(0, tail)}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  }
  try {
    return ipaddr.IPv6.parse(hex).parts;
  } catch {
    return undefined;
  }
}

/** The IPv4 address in ::ffff:0:0/96, else -1. */
function mapped(groups: readonly number[]): number {
  for (let i = 0; i < 5; i++) if (groups[i] !== 0) return -1;
  return groups[5] === 0xffff ? (groups[6] as number) * 65_536 + (groups[7] as number) : -1;
}

const compressed = (groups: number[]): string => new ipaddr.IPv6(groups).toString();

/**
 * An address in canonical form (IPv6 as in RFC 5952), or undefined when the text is none, such as a host name. IPv4 in
 * IPv6 (::ffff:192.0.2.1) becomes IPv4; brackets and a zone (`%eth0`) are dropped.
 */
export function parseIp(text: string): string | undefined {
  if (ipv4(text) >= 0) return text;
  let bare = text;
  if (bare.charCodeAt(0) === 91 && bare.endsWith(']')) bare = bare.slice(1, -1);
  const zone = bare.indexOf('%');
  if (zone >= 0) bare = bare.slice(0, zone);
  if (ipv4(bare) >= 0) return bare;
  const groups = ipv6(bare);
  if (groups === undefined) return undefined;
  const v4 = mapped(groups);
  return v4 >= 0 ? dotted(v4) : compressed(groups);
}

const mask = (address: number, bits: number): number => (bits === 0 ? 0 : (address & (-1 << (32 - bits))) >>> 0);

const maskGroups = (groups: readonly number[], bits: number): number[] =>
  groups.map((group, at) => {
    const kept = Math.min(16, Math.max(0, bits - 16 * at));
    return group & (0xffff << (16 - kept)) & 0xffff;
  });

/**
 * The network of `bits` that an address is in: '203.0.113.0/24', '2001:db8::/48'. More bits than the address has are
 * cut to its length; a text that is no address comes back as it is.
 */
export function prefix(ip: string, bits: number): string {
  const v4 = ipv4(ip);
  if (v4 >= 0) {
    const length = Math.min(32, Math.max(0, bits));
    return `${dotted(mask(v4, length))}/${length}`;
  }
  const groups = ipv6(ip);
  if (groups === undefined) return ip;
  const length = Math.min(128, Math.max(0, bits));
  return `${compressed(maskGroups(groups, length))}/${length}`;
}

/** Labels of networks, IPv4 and IPv6, and the label of the longest that holds an address. */
export interface CidrSet<Label> {
  readonly size: number;
  /** Undefined when no network holds it, or when it is no address. */
  find(ip: string): Label | undefined;
}

interface Length<Key, Label> {
  readonly bits: number;
  readonly labels: Map<Key, Label>;
}

/**
 * A set of networks such as '203.0.113.0/24' or '2001:db8::/32'; a lone address is a network of its own. Of two equal
 * ones the last counts. Throws ScopsError CONFIG_INVALID that names a network which is none.
 */
export function createCidrSet<Label>(networks: Iterable<readonly [cidr: string, label: Label]>): CidrSet<Label> {
  const v4: Length<number, Label>[] = [];
  const v6: Length<string, Label>[] = [];
  let size = 0;
  for (const [cidr, label] of networks) {
    const { address, bits } = network(cidr);
    if (typeof address === 'number') ofLength(v4, bits).set(mask(address, bits), label);
    else ofLength(v6, bits).set(String.fromCharCode(...maskGroups(address, bits)), label);
    size++;
  }
  const find = (ip: string): Label | undefined => {
    let address = ipv4(ip);
    const groups = address < 0 ? ipv6(ip) : undefined;
    if (groups !== undefined) address = mapped(groups);
    if (address >= 0) {
      for (const { bits, labels } of v4) {
        const label = labels.get(mask(address, bits));
        if (label !== undefined) return label;
      }
    } else if (groups !== undefined) {
      for (const { bits, labels } of v6) {
        const label = labels.get(String.fromCharCode(...maskGroups(groups, bits)));
        if (label !== undefined) return label;
      }
    }
    return undefined;
  };
  return { size, find };
}

/** The labels of the networks of one length; longer ones stand first. */
function ofLength<Key, Label>(lengths: Length<Key, Label>[], bits: number): Map<Key, Label> {
  const known = lengths.find((length) => length.bits === bits);
  if (known !== undefined) return known.labels;
  const labels = new Map<Key, Label>();
  lengths.push({ bits, labels });
  lengths.sort((a, b) => b.bits - a.bits);
  return labels;
}

function network(cidr: string): { readonly address: number | readonly number[]; readonly bits: number } {
  const slash = cidr.lastIndexOf('/');
  const text = slash < 0 ? cidr : cidr.slice(0, slash);
  const given = slash < 0 ? undefined : cidr.slice(slash + 1);
  const bits = given === undefined ? undefined : /^(?:0|[1-9]\d{0,2})$/.test(given) ? Number(given) : -1;
  const v4 = ipv4(text);
  if (v4 >= 0 && (bits === undefined || (bits >= 0 && bits <= 32))) return { address: v4, bits: bits ?? 32 };
  const groups = ipv6(text);
  if (groups !== undefined && (bits === undefined || (bits >= 0 && bits <= 128))) {
    const inner = mapped(groups);
    if (inner >= 0 && (bits ?? 128) >= 96) return { address: inner, bits: (bits ?? 128) - 96 };
    return { address: groups, bits: bits ?? 128 };
  }
  throw new ScopsError(
    'CONFIG_INVALID',
    `"${cidr.slice(0, 100)}" is not a network such as 203.0.113.0/24 or 2001:db8::/32.`,
  );
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry */
const special = createCidrSet<IpKind>([
  ['0.0.0.0/0', 'global'],
  ['0.0.0.0/8', 'reserved'],
  ['0.0.0.0/32', 'unspecified'],
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'].map(
    (cidr) => [cidr, 'private'] as const,
  ),
  ['100.64.0.0/10', 'cgnat'],
  ...['127.0.0.0/8', '::1'].map((cidr) => [cidr, 'loopback'] as const),
  ...['169.254.0.0/16', 'fe80::/10'].map((cidr) => [cidr, 'link-local'] as const),
  ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '233.252.0.0/24', '2001:db8::/32', '3fff::/20'].map(
    (cidr) => [cidr, 'documentation'] as const,
  ),
  ...['224.0.0.0/4', 'ff00::/8'].map((cidr) => [cidr, 'multicast'] as const),
  ...['192.0.0.0/24', '198.18.0.0/15', '240.0.0.0/4', '::/0', '2001::/23'].map((cidr) => [cidr, 'reserved'] as const),
  ...['2000::/3', '64:ff9b::/96', '2001::/32', '2001:3::/32', '2001:4:112::/48', '2001:20::/28'].map(
    (cidr) => [cidr, 'global'] as const,
  ),
  ['::', 'unspecified'],
]);

/** What an address is for; 'reserved' for a text that is no address. */
export const ipKind = (ip: string): IpKind => special.find(ip) ?? 'reserved';

/** Whether an address can be met on the open internet. */
export const isGlobal = (ip: string): boolean => ipKind(ip) === 'global';
