import { ipKind, parseIp } from '../ip.ts';

/** Where a call to AWS came from. */
type AddressType = 'public' | 'private' | 'vpc-endpoint' | 'service' | 'internal' | 'other' | 'absent';

export interface SourceAddress {
  readonly type: AddressType;
  /** Canonical; absent when the call did not come from an address. */
  readonly ip?: string;
  /** What stands in an address's place: a service's domain in lower case, `AWS Internal`, or the text as logged. */
  readonly address?: string;
}

const absent: SourceAddress = { type: 'absent' };
const internal: SourceAddress = { type: 'internal', address: 'AWS Internal' };
const longest = 253;

/**
 * CloudTrail's sourceIPAddress by what it is: IPv4 or IPv6, public or private (never on the internet, carrier-grade
 * included), or a private one that came through `vpcEndpoint`; a service's domain where a service called; `AWS Internal`;
 * and what is none of these as it stands. Nothing is dropped. Linear time.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function sourceAddress(logged: string | undefined, vpcEndpoint?: string): SourceAddress {
  const text = logged?.trim();
  if (text === undefined || text === '') return absent;
  const ip = parseIp(text);
  if (ip !== undefined) return { type: vpcEndpoint === undefined ? ofIp(ip) : 'vpc-endpoint', ip };
  const address = text.slice(0, longest);
  const lower = address.toLowerCase();
  if (lower === 'aws internal') return internal;
  return isService(lower) ? { type: 'service', address: lower } : { type: 'other', address };
}

function ofIp(ip: string): AddressType {
  switch (ipKind(ip)) {
    case 'private':
    case 'cgnat':
    case 'loopback':
    case 'link-local':
      return 'private';
    default:
      return 'public';
  }
}

/** Whether a domain is one of AWS' services: `ec2.amazonaws.com`, in any partition. */
const isService = (domain: string): boolean => /^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/.test(domain);
