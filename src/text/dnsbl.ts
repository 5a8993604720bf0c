import ipaddr from 'ipaddr.js';

/** What the addresses that a list answers with say. */
export type Listing =
  | { readonly kind: 'listed'; readonly classes: readonly string[] }
  /** The list refuses to answer: never a listing. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** An answer that no list gives, such as of a resolver that answers for names that are not there. */
  | { readonly kind: 'invalid'; readonly address: string };

/** The part of the name that stands for a canonical address: octets, or 32 nibbles, in reverse. RFC 5782, 2.1 and 2.4. */
export function reversed(ip: string): string {
  if (!ip.includes(':')) return ip.split('.').reverse().join('.');
  const hex = Buffer.from(ipaddr.parse(ip).toByteArray()).toString('hex');
  return hex.split('').reverse().join('.');
}

/** Classes of Spamhaus by the last octet of 127.0.0.x. https://www.spamhaus.org/faqs/dnsbl-usage/ */
const spamhaus: Readonly<Record<string, string>> = {
  ...{ 2: 'SBL', 3: 'CSS', 4: 'XBL', 5: 'XBL', 6: 'XBL', 7: 'XBL', 9: 'DROP' },
  ...{ 10: 'PBL', 11: 'PBL', 20: 'AuthBL', 30: 'BCL' },
};

const refusals: Readonly<Record<string, string>> = {
  '127.255.255.252': 'its name is mistyped',
  '127.255.255.254': 'it is asked through a public or open resolver; use a resolver of your own, or a key',
  '127.255.255.255': 'it was asked too often',
};

/** How much a class says against a login: addresses for home use (PBL) nothing, taken-over machines most. */
const scores: Readonly<Record<string, number>> = { XBL: 1, DROP: 1, AuthBL: 1, BCL: 0.9, PBL: 0 };

/** 0 to 1. */
export const scoreOf = (listed: string): number => scores[listed] ?? 0.6;

/**
 * Read a list's answer. A list answers within 127.0.0.0/8 and never with 127.0.0.1 (RFC 5782, 2.1); 127.255.255.0/24 is
 * how Spamhaus, and others after it, refuse. In other zones than Spamhaus' the class is 'listed'.
 */
export function readListing(zone: string, addresses: readonly string[]): Listing {
  const refused = addresses.find((address) => address.startsWith('127.255.255.'));
  if (refused !== undefined) return { kind: 'refused', reason: refusals[refused] ?? `it answers ${refused}` };
  const invalid = addresses.find((address) => !address.startsWith('127.') || address === '127.0.0.1');
  if (invalid !== undefined) return { kind: 'invalid', address: invalid };
  const named = /(?:^|\.)spamhaus\.(?:org|net)$/i.test(zone);
  const numbers = addresses.map((address) => (named && address.startsWith('127.0.0.') ? Number(address.slice(8)) : 0));
  return { kind: 'listed', classes: [...new Set(numbers.sort((a, b) => a - b).map((at) => spamhaus[at] ?? 'listed'))] };
}
