import type { Random } from '../random.ts';
import type { Octets } from './shape.ts';

/**
 * First 16 bits of what the five registries hand out of IPv6, each of a /12 or 2001::/16. Of all IPv6 hardly anything is
 * in use, so an address drawn from all of it would tell nothing.
 * https://www.iana.org/assignments/ipv6-unicast-address-assignments
 */
const registries = [0x2001, 0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00];

/** A random address: of IPv4 each octet alike, of IPv6 the first 64 bits within a registry's networks. */
export function madeUp(length: Octets, random: Random, to: Uint8Array, at: number): void {
  for (let octet = 0; octet < length; octet += 4) {
    const word = random.integer(2 ** 32);
    to[at + octet] = word >>> 24;
    to[at + octet + 1] = word >>> 16;
    to[at + octet + 2] = word >>> 8;
    to[at + octet + 3] = word;
  }
  if (length === 4) return;
  const registry = random.pick(registries);
  to[at] = registry >>> 8;
  to[at + 1] = registry === 0x2001 ? 1 : (to[at + 1]! & 15) | (registry & 0xf0);
}
