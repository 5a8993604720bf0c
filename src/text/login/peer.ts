import { parseIp } from '../ip.ts';
import { Known } from '../syslog/known.ts';
import type { Line } from '../syslog/line.ts';
import { isDigit, isFrom, isPort, space, wordEnd } from '../syslog/scan.ts';
import type { Draft } from './draft.ts';

/** The longest name of a host (RFC 1035 §2.3.4), with room for a zone. */
const longest = 300;

/** The address that was read last, and where it stood: made once, filled again and again. */
export interface Peer {
  at: number;
  end: number;
  /** -1 where none was logged. */
  port: number;
  /** After the address and the port. */
  next: number;
}

/** Where the readers of this module put what they find. */
export const peer: Peer = { at: 0, end: 0, port: -1, next: 0 };

/** The digits from `at`, at most six; `peer.next` goes after them. -1 when there are none. */
function portAt(codes: Uint8Array, at: number, end: number): number {
  let port = 0;
  let next = at;
  while (next < end && next < at + 6 && isDigit(codes[next] as number)) {
    port = port * 10 + (codes[next] as number) - 48;
    next++;
  }
  if (next === at || port > 65_535) return -1;
  peer.next = next;
  return port;
}

/** Reads `ADDRESS[ port N]` at `at` into `peer`. */
export function readPeer({ codes }: Line, at: number, end: number): boolean {
  const stop = wordEnd(codes, at, Math.min(end, at + longest));
  if (stop === at || (stop < end && codes[stop] !== space)) return false;
  peer.at = at;
  peer.end = stop;
  peer.next = stop;
  peer.port = -1;
  if (isPort(codes, stop) && stop + 6 < end) peer.port = portAt(codes, stop + 6, end);
  return true;
}

/** Reads `ADDRESS port N` that ends at `end` into `peer`; `peer.at` is where it begins. Anchored at its end. */
export function readPeerBefore({ codes }: Line, from: number, end: number): boolean {
  let digits = end;
  while (digits > from && isDigit(codes[digits - 1] as number)) digits--;
  if (digits === end || digits - 6 <= from || !isPort(codes, digits - 6)) return false;
  const stop = digits - 6;
  let at = stop;
  const lowest = Math.max(from, stop - longest);
  while (at > lowest && codes[at - 1] !== space) at--;
  if (at === stop || (at > from && codes[at - 1] !== space)) return false;
  const port = portAt(codes, digits, end);
  if (peer.next !== end) return false;
  peer.at = at;
  peer.end = stop;
  peer.port = port;
  return port >= 0;
}

/** The last ` from ADDRESS[ port N]` that ends at `end`, with its peer in `peer`; -1 when there is none: what stands before is anybody's. */
export function lastFrom(line: Line, at: number, end: number): number {
  if (readPeerBefore(line, at, end) && peer.at - 6 >= at && isFrom(line.codes, peer.at - 6)) return peer.at - 6;
  const from = line.text.lastIndexOf(' from ', end);
  return from >= at && readPeer(line, from + 6, end) && peer.next === end ? from : -1;
}

/** Reads `ADDRESS:PORT`, the port after the last colon, `[ADDRESS]:PORT`, or an address alone, into `peer`. */
export function readPeerColon({ text, codes }: Line, at: number, end: number): boolean {
  if (end - at > longest || end <= at) return false;
  const colon = text.lastIndexOf(':', end - 1);
  peer.at = at;
  peer.end = end;
  peer.port = -1;
  if (colon > at && colon < end - 1) {
    const port = portAt(codes, colon + 1, end);
    if (port >= 0 && peer.next === end) {
      peer.end = colon;
      peer.port = port;
    }
  }
  peer.next = end;
  return true;
}

const known = new Known<string>();

/** The peer's address and port as fields: `source.ip`, or `source.address` for a name. `UNKNOWN` is none. */
export function putPeer(line: Line, draft: Draft): void {
  const ip = known.find(line, peer.at, peer.end);
  if (ip === undefined) {
    putAddress(line.text.slice(peer.at, peer.end), draft);
    if (draft['source.ip'] !== undefined) known.keep(line, peer.at, peer.end, draft['source.ip']);
  } else draft['source.ip'] = ip;
  if (peer.port > 0) draft['source.port'] = peer.port;
}

/** An address as logged, as the field for it. */
export function putAddress(address: string, draft: Draft): void {
  const ip = parseIp(address);
  if (ip !== undefined) draft['source.ip'] = ip;
  else if (address !== '' && address !== 'UNKNOWN' && address !== '?' && address !== '-' && address.length <= longest)
    draft['source.address'] = address;
}
