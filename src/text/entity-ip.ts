import ipaddr from 'ipaddr.js';
import type { Unreadable } from '../event/index.ts';
import { splitCsv } from './csv.ts';
import { epochTime } from './epoch.ts';
import { parseIp } from './ip.ts';

/** Who used which address: a line of what Amazon's IP Insights is trained on. */
export interface EntityIp {
  readonly entity: string;
  /** In canonical form. */
  readonly ip: string;
  /** Epoch milliseconds. */
  readonly time?: number;
}

const longestEntity = 256;
const longestLine = 4096;

/**
 * A line `entity,ip` without heading, such as `alice,192.0.2.7`; the entity may be quoted as in RFC 4180. Beyond Amazon's,
 * IPv6 is read, and a third field that says when: epoch seconds or milliseconds, or RFC 3339.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/ip-insights-training-data-formats.html
 */
export function parseEntityIp(line: string): EntityIp | Unreadable {
  if (line.length > longestLine) return { reason: `a line of more than ${longestLine} characters` };
  const fields = splitCsv(line.endsWith('\r') ? line.slice(0, -1) : line);
  if (fields === undefined) return { reason: 'a quoted field that does not end, or goes on after its end' };
  const [entity = '', address = '', when = ''] = fields;
  if (fields.length < 2 || fields.length > 3) return { reason: `${fields.length} fields, not entity,ip` };
  if (entity === '' || entity.length > longestEntity) return { reason: 'no entity, or one longer than 256 characters' };
  const ip = parseIp(address.trim());
  if (ip === undefined) return { reason: 'the second field is no IP address' };
  if (when.trim() === '') return { entity, ip };
  const time = epochTime(when.trim());
  return time === undefined ? { reason: 'the third field is no time' } : { entity, ip, time };
}

/** The line of a pair, without its time. */
export const formatEntityIp = ({ entity, ip }: EntityIp): string =>
  `${/[",\r\n]/.test(entity) ? `"${entity.replaceAll('"', '""')}"` : entity},${ip}`;

/** A canonical address as 32-bit words: one of IPv4, the first two of IPv6. Undefined for a text that is no address. */
export function addressWords(ip: string): readonly [high: number, low?: number] | undefined {
  if (!ip.includes(':')) return ipaddr.IPv4.isValidFourPartDecimal(ip) ? [dotted(ip)] : undefined;
  if (!ipaddr.IPv6.isValid(ip)) return undefined;
  const [a, b, c, d] = ipaddr.IPv6.parse(ip).parts as [number, number, number, number];
  return [a * 65_536 + b, c * 65_536 + d];
}

function dotted(ip: string): number {
  let [word, part] = [0, 0];
  for (let i = 0; i < ip.length; i++) {
    const code = ip.charCodeAt(i);
    if (code === 46) {
      word = word * 256 + part;
      part = 0;
    } else part = part * 10 + code - 48;
  }
  return word * 256 + part;
}

/** The text of an address of one word, or of the network of the first 64 bits of two. */
export function wordsAddress(high: number, low?: number): string {
  if (low === undefined) return `${high >>> 24}.${(high >>> 16) & 255}.${(high >>> 8) & 255}.${high & 255}`;
  return new ipaddr.IPv6([high >>> 16, high & 0xffff, low >>> 16, low & 0xffff, 0, 0, 0, 0]).toString();
}
