import { murmur3 } from '../../text/hashing.ts';
import { type IpKind, ipKind, parseIp } from '../../text/ip.ts';

/**
 * From where a login comes, coarse to fine. `block` is IPv6 /32, `wide` is /16 (IPv6 /48), `narrow` is /24 (IPv6 /64:
 * what one household has, in which privacy addresses change daily, RFC 8981).
 */
export const levels = ['country', 'region', 'provider', 'block', 'wide', 'narrow', 'address'] as const;
export const [country, , provider, block, wide, narrow, address] = [0, 1, 2, 3, 4, 5, 6] as const;
/** What a level has where it is not known. */
export const absent = -1;
/** What a level has where its word was never learnt. */
export const unheard = -2;

/** Names and IPv6 prefixes as numbers of 53 bits, above those of IPv4. */
const numberOf = (text: string): number => 2 ** 52 + (murmur3(text, 1) >>> 0) * 2 ** 20 + (murmur3(text, 2) >>> 12);

/** IPv4 as a number; NaN for anything else. Text is canonical where a source made it `source.ip`. */
function ipv4(text: string): number {
  const { length } = text;
  if (length < 7 || length > 15) return Number.NaN;
  let number = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 && digits > 0) {
      number = number * 256 + part;
      part = 0;
      digits = 0;
      dots++;
    } else if (code >= 48 && code <= 57 && digits < 3) {
      part = part * 10 + code - 48;
      digits++;
    } else return Number.NaN;
    if (part > 255) return Number.NaN;
  }
  return dots === 3 && digits > 0 ? number * 256 + part : Number.NaN;
}

const remembered = 8192;

/** The first four groups of a canonical IPv6 address (RFC 5952). */
function firstGroups(ip: string): readonly string[] {
  const gap = ip.indexOf('::');
  if (gap < 0) return ip.split(':', 4);
  const left = gap === 0 ? [] : ip.slice(0, gap).split(':');
  const right = gap + 2 === ip.length ? [] : ip.slice(gap + 2).split(':');
  while (left.length + right.length < 8) left.push('0');
  return [...left, ...right].slice(0, 4);
}

/** The network of so many groups, as `prefix` writes it, which reads the address anew each time. */
function networkText(groups: readonly string[], length: number): string {
  let end = length;
  while (end > 0 && groups[end - 1] === '0') end--;
  return `${groups.slice(0, end).join(':')}::/${16 * length}`;
}

/** An IPv4 address in words again; undefined for what was hashed. */
export const addressText = (number: number): string | undefined =>
  number >= 0 && number < 2 ** 32
    ? [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.')
    : undefined;

/** RFC 1918, loopback and link-local. */
const isInsideV4 = (number: number): boolean =>
  number >>> 24 === 10 ||
  number >>> 24 === 127 ||
  number >>> 20 === 0xac1 ||
  number >>> 16 === 0xc0a8 ||
  number >>> 16 === 0xa9fe;

const insideKinds: ReadonlySet<IpKind> = new Set(['private', 'loopback', 'link-local']);

/** Whether an address is of a network of the user's own rather than of the internet. */
export function isInside(text: string, levels: readonly number[]): boolean {
  const number = levels[address] as number;
  if (number >= 0 && number < 2 ** 32) return isInsideV4(number);
  return (levels[wide] as number) >= 0 && /^f[cde]|^::1$/.test(text) && insideKinds.has(ipKind(text));
}

/** Reads addresses. The latest IPv6 ones are remembered, because reading one takes a while. */
export class Networks {
  readonly #latest = new Map<string, readonly number[]>();

  /** The address and its prefixes in their places of `levels`; a host's name is an address without prefixes. */
  levelsOf(text: string): number[] {
    const found: number[] = [absent, absent, absent, absent, absent, absent, absent];
    if (text === '') return found;
    const number = ipv4(text);
    if (number >= 0) {
      found[wide] = Math.floor(number / 65_536);
      found[narrow] = Math.floor(number / 256);
      found[address] = number;
      return found;
    }
    const known = this.#latest.get(text);
    if (known !== undefined) return known.slice();
    const ip = text.includes(':') ? parseIp(text) : undefined;
    if (ip !== undefined && !ip.includes(':')) return this.levelsOf(ip);
    if (ip !== undefined) {
      const groups = firstGroups(ip);
      for (let at = 0; at < 3; at++) found[block + at] = numberOf(networkText(groups, at + 2));
    }
    found[address] = numberOf(ip ?? text);
    if (this.#latest.size >= remembered) this.#latest.clear();
    this.#latest.set(text, found.slice());
    return found;
  }
}
