import ipaddr from 'ipaddr.js';
import { ScopsError } from '../event/index.ts';
import { splitCsv } from './csv.ts';
import { parseIp } from './ip.ts';

/** Whose range an address is in. */
interface AsRange {
  readonly asn: number;
  readonly name: string;
}

export interface AsRanges {
  readonly size: number;
  /** Of a canonical address; undefined when no range holds it. */
  get(ip: string): AsRange | undefined;
}

const mostLine = 4096;

/**
 * Ranges of addresses with their autonomous systems, from CSV lines `start,end,asn,name` such as those of ip-location-db;
 * addresses as text or as whole numbers, `AS` before the number, the name and a heading may be there or not. In any
 * order; no two overlap. Throws ScopsError INPUT_INVALID with the first line that is none.
 * https://github.com/sapics/ip-location-db
 */
export function readAsRanges(bytes: Uint8Array, path: string): AsRanges {
  const v4: Range<number>[] = [];
  const v6: Range<bigint>[] = [];
  const systems = new Map<string, AsRange>();
  const decoder = new TextDecoder();
  for (let from = 0, line = 1; from < bytes.length; line++) {
    const found = bytes.indexOf(10, from);
    const to = found < 0 ? bytes.length : found;
    const text = to - from > mostLine ? undefined : decoder.decode(bytes.subarray(from, to)).trim();
    from = to + 1;
    if (text === '') continue;
    const range = text === undefined ? undefined : readRange(text, systems);
    if (range !== undefined) {
      if (typeof range.start === 'number') v4.push(range as Range<number>);
      else v6.push(range as Range<bigint>);
    } else if (line > 1) {
      const what = `Line ${line} of "${path}" is not a range such as 192.0.2.0,192.0.2.255,64500,Example Net.`;
      throw new ScopsError('INPUT_INVALID', what);
    }
  }
  const size = v4.length + v6.length;
  if (size === 0) throw new ScopsError('INPUT_INVALID', `"${path}" holds no ranges of addresses.`);
  const find4 = finder(v4, (values) => Uint32Array.from(values));
  const find6 = finder(v6, (values) => values);
  return { size, get: (ip) => (ip.includes(':') ? find6(bits128(ip)) : find4(bits32(ip))) };
}

interface Range<Address extends number | bigint> {
  readonly start: Address;
  readonly end: Address;
  readonly system: AsRange;
}

function readRange(line: string, systems: Map<string, AsRange>): Range<number> | Range<bigint> | undefined {
  const [first, last, as, name = ''] = splitCsv(line) ?? [];
  if (first === undefined || last === undefined || as === undefined) return undefined;
  const asn = /^(?:AS)?\d{1,10}$/i.test(as) ? Number(as.replace(/^AS/i, '')) : undefined;
  const [start, end] = [address(first), address(last)];
  if (asn === undefined || start === undefined || end === undefined || start > end) return undefined;
  const key = `${asn},${name}`;
  const system = systems.get(key) ?? { asn, name };
  systems.set(key, system);
  if (typeof start === 'number' && typeof end === 'number') return { start, end, system };
  return typeof start === 'bigint' && typeof end === 'bigint' ? { start, end, system } : undefined;
}

/** An IPv4 address as a number, an IPv6 address as a bigint. */
function address(text: string): number | bigint | undefined {
  if (/^\d{1,39}$/.test(text)) {
    const value = BigInt(text);
    return value < 2n ** 32n ? Number(value) : value < 2n ** 128n ? value : undefined;
  }
  const ip = parseIp(text);
  return ip === undefined ? undefined : ip.includes(':') ? bits128(ip) : bits32(ip);
}

const bits32 = (ip: string): number => ip.split('.').reduce((value, part) => value * 256 + Number(part), 0);
const bits128 = (ip: string): bigint => BigInt(`0x${Buffer.from(ipaddr.parse(ip).toByteArray()).toString('hex')}`);

/** Finds the range that holds an address, by halves. */
function finder<Address extends number | bigint>(
  ranges: readonly Range<Address>[],
  column: (values: readonly Address[]) => ArrayLike<Address>,
): (address: Address) => AsRange | undefined {
  const rows = ranges.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const starts = column(rows.map(({ start }) => start));
  const ends = column(rows.map(({ end }) => end));
  const systems = rows.map(({ system }) => system);
  return (address) => {
    let from = 0;
    let to = systems.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((starts[middle] as Address) <= address) from = middle + 1;
      else to = middle;
    }
    const end = ends[from - 1];
    return end !== undefined && address <= end ? systems[from - 1] : undefined;
  };
}
