import { sourceAddress } from '../../text/aws/address.ts';
import { addressWords } from '../../text/entity-ip.ts';
import { prefix } from '../../text/ip.ts';

/** Where a call came from: the internet, an address of the user's own or a VPC, a service of AWS, or none of these. */
export type Origin = 'public' | 'inside' | 'service' | 'other' | '';

/** What is only known by the address. */
export interface Whence {
  readonly origin: Origin;
  readonly spot: string;
  readonly high: number;
  readonly low: number;
}

/** Reads what stands where a call's address does. */
export function whenceOf(from: string): Whence {
  const { type, ip, address } = sourceAddress(from);
  if (type === 'public' && ip !== undefined) {
    const [high, low] = addressWords(ip) ?? [-1];
    return { origin: 'public', spot: '', high, low: low ?? -1 };
  }
  const none = { high: -1, low: -1 };
  if (ip !== undefined) return { origin: 'inside', spot: prefix(ip, ip.includes(':') ? 64 : 24), ...none };
  if (type === 'absent') return { origin: '', spot: '', ...none };
  return { origin: type === 'service' || type === 'internal' ? 'service' : 'other', spot: address ?? '', ...none };
}
