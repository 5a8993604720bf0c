import type { DateOptions } from './date.ts';
import { createStamp, readIsoDate, readShortDate } from './date.ts';
import { innerDate, innerMessage } from './inner.ts';
import type { Line } from './line.ts';
import { isDigit, monthOf, openBracket, skipSpaces, space, wholeNumber, wordEnd } from './scan.ts';
import { readStructured } from './structured.ts';
import { readTag, type Tag } from './tag.ts';

/** What stands before the message of a log line. */
export interface SyslogHeader {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Whether the line itself has a year. */
  readonly hasYear: boolean;
  readonly host: string | undefined;
  /** The program without its path; undefined where the line names none. */
  readonly program: string | undefined;
  /** A word in brackets after the program, as in `sshd(pam_unix)[42]:`. */
  readonly module: string | undefined;
  readonly pid: number | undefined;
  /** Where the message begins. */
  readonly message: number;
}

const stamp = createStamp();
const tag: Tag = { host: undefined, program: undefined, module: undefined, pid: undefined, next: 0 };

const header = {
  time: 0,
  hasYear: false,
  host: undefined as string | undefined,
  program: undefined as string | undefined,
  module: undefined as string | undefined,
  pid: undefined as number | undefined,
  message: 0,
};

/** What `stamp` and `tag` say. */
function filled(): SyslogHeader {
  header.time = stamp.time;
  header.hasYear = stamp.hasYear;
  header.host = tag.host;
  header.program = tag.program;
  header.module = tag.module;
  header.pid = tag.pid;
  header.message = tag.next;
  return header;
}

/**
 * The header of a log line: RFC 3164 (also with a year, a weekday, a fraction), RFC 5424, RFC 3339 as rsyslog writes it,
 * macOS, journalctl's short forms, OpenWrt's logread, Kubernetes' CRI, Dropbear in the
 * Undefined for anything else. It is
 * the same object every time, filled again. Linear time.
 */
export function readHeader(line: Line, options: DateOptions): SyslogHeader | undefined {
  const { codes } = line;
  let at = 0;
  const first = codes[0];
  if (first === 60) {
    at = priorityEnd(codes);
    if (at < 0) return undefined;
    if (codes[at] === 49 && codes[at + 1] === space)
      return readStructured(line, at + 2, options, stamp, tag) ? filled() : undefined;
    at = skipSpaces(codes, at);
  }
  if (first === openBracket) return readOwn(line, options) ? filled() : undefined;
  return readDated(line, at, options) ? filled() : undefined;
}

/** Dropbear's own, to standard error: `[825] Jul 10 23:53:52 `. */
function readOwn({ text, codes }: Line, options: DateOptions): boolean {
  const close = text.indexOf(']');
  const pid = wholeNumber(codes, 1, close);
  if (pid < 0 || close > 10 || `${pid}`.length !== close - 1) return false;
  if (!readShortDate(codes, skipSpaces(codes, close + 1), options, stamp)) return false;
  tag.host = undefined;
  tag.program = 'dropbear';
  tag.module = undefined;
  tag.pid = pid;
  tag.next = stamp.next;
  return true;
}

/** Just after `<PRI>`, -1 when there is none. */
function priorityEnd(codes: Uint8Array): number {
  let at = 1;
  while (at <= 3 && isDigit(codes[at] as number)) at++;
  return at > 1 && codes[at] === 62 ? at + 1 : -1;
}

function readDated(line: Line, from: number, options: DateOptions): boolean {
  if (!readDate(line, from, options)) return false;
  readTag(line, stamp.next, stamp.yearLast, tag);
  const inner = innerDate(line, tag);
  if (inner >= 0) readTag(line, inner + 16, false, tag);
  tag.next = innerMessage(line, tag.next);
  return true;
}

function readDate(line: Line, from: number, options: DateOptions): boolean {
  const { codes } = line;
  let at = from;
  const first = codes[at] as number;
  if (isDigit(first)) return readIsoDate(codes, at, options, stamp) || readEpoch(line, at);
  if (monthOf(codes, at) === 0 || codes[at + 3] !== space) {
    // A weekday, with or without a comma.
    const after = codes[at + 3] === 44 ? at + 4 : at + 3;
    if (!isLetter(first) || codes[after] !== space) return false;
    at = skipSpaces(codes, after);
    if (isDigit(codes[at] as number) && readIsoDate(codes, at, options, stamp)) {
      stamp.next = zoneNameEnd(codes, stamp.next);
      return true;
    }
  }
  return readShortDate(codes, at, options, stamp);
}

/** journalctl's short-full has the zone's name, such as `UTC` or `CEST`, which is not unambiguous and goes unread. */
function zoneNameEnd(codes: Uint8Array, at: number): number {
  let next = at;
  while ((codes[next] as number) >= 65 && (codes[next] as number) <= 90) next++;
  const length = next - at;
  return length >= 1 && length <= 5 && codes[next] === space ? skipSpaces(codes, next) : at;
}

/** journalctl's short-unix: seconds since 1970 with a fraction. */
function readEpoch({ text, codes }: Line, at: number): boolean {
  const end = wordEnd(codes, at, Math.min(text.length, at + 24));
  const dot = text.indexOf('.', at);
  if (codes[end] !== space || dot < at + 9 || dot > at + 10) return false;
  for (let next = at; next < end; next++) if (next !== dot && !isDigit(codes[next] as number)) return false;
  stamp.time = Math.round(Number(text.slice(at, end)) * 1000);
  stamp.hasYear = true;
  stamp.yearLast = false;
  stamp.next = skipSpaces(codes, end);
  return true;
}

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;
