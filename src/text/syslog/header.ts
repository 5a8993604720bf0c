import type { DateOptions } from './date.ts';
import { createStamp, readIsoDate, readShortDate } from './date.ts';
import { closeBracket, colon, isDigit, monthOf, openBracket, skipSpaces, space, wholeNumber, wordEnd } from './scan.ts';
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

const header = (): SyslogHeader => ({
  time: stamp.time,
  hasYear: stamp.hasYear,
  host: tag.host,
  program: tag.program,
  module: tag.module,
  pid: tag.pid,
  message: tag.next,
});

/**
 * The header of a log line: RFC 3164 (also with a year, a weekday, a fraction), RFC 5424, RFC 3339 as rsyslog writes it,
 * macOS, journalctl's short forms, OpenWrt's logread, Kubernetes' CRI, Dropbear in the foreground. Undefined for anything else. Linear time.
 */
export function readHeader(line: string, options: DateOptions): SyslogHeader | undefined {
  let at = 0;
  const first = line.charCodeAt(0);
  if (first === 60) {
    at = priorityEnd(line);
    if (at < 0) return undefined;
    if (line.charCodeAt(at) === 49 && line.charCodeAt(at + 1) === space) return readStructured(line, at + 2, options);
    at = skipSpaces(line, at);
  }
  return first === openBracket ? readOwn(line, options) : readDated(line, at, options);
}

/** Dropbear's own, to standard error: `[825] Jul 10 23:53:52 `. */
function readOwn(line: string, options: DateOptions): SyslogHeader | undefined {
  const close = line.indexOf(']');
  const pid = wholeNumber(line, 1, close);
  if (pid < 0 || close > 10 || `${pid}`.length !== close - 1) return undefined;
  if (!readShortDate(line, skipSpaces(line, close + 1), options, stamp)) return undefined;
  tag.host = undefined;
  tag.program = 'dropbear';
  tag.module = undefined;
  tag.pid = pid;
  tag.next = stamp.next;
  return header();
}

/** Just after `<PRI>`, -1 when there is none. */
function priorityEnd(line: string): number {
  let at = 1;
  while (at <= 3 && isDigit(line.charCodeAt(at))) at++;
  return at > 1 && line.charCodeAt(at) === 62 ? at + 1 : -1;
}

function readDated(line: string, from: number, options: DateOptions): SyslogHeader | undefined {
  let at = from;
  const first = line.charCodeAt(at);
  if (isDigit(first)) {
    if (readIsoDate(line, at, options, stamp)) return tagged(line);
    return readEpoch(line, at) ? tagged(line) : undefined;
  }
  if (monthOf(line, at) === 0 || line.charCodeAt(at + 3) !== space) {
    // A weekday, with or without a comma.
    const after = line.charCodeAt(at + 3) === 44 ? at + 4 : at + 3;
    if (!isLetter(first) || line.charCodeAt(after) !== space) return undefined;
    at = skipSpaces(line, after);
    if (isDigit(line.charCodeAt(at)) && readIsoDate(line, at, options, stamp)) {
      stamp.next = zoneNameEnd(line, stamp.next);
      return tagged(line);
    }
  }
  return readShortDate(line, at, options, stamp) ? tagged(line) : undefined;
}

function tagged(line: string): SyslogHeader {
  readTag(line, stamp.next, stamp.yearLast, tag);
  const inner = innerDate(line);
  if (inner >= 0) readTag(line, inner + 16, false, tag);
  tag.next = innerMessage(line, tag.next);
  return header();
}

/**
 * Where a relay put its date and name before the header that was there: in the program's place. Never in the message's:
 * there a program may write what somebody else says.
 */
function innerDate(line: string): number {
  if (tag.program?.length !== 3 || tag.pid !== undefined) return -1;
  const at = line.lastIndexOf(tag.program, tag.next);
  return isShortDate(line, at) ? at : -1;
}

/** journalctl's short-full has the zone's name, such as `UTC` or `CEST`, which is not unambiguous and goes unread. */
function zoneNameEnd(line: string, at: number): number {
  let next = at;
  while (line.charCodeAt(next) >= 65 && line.charCodeAt(next) <= 90) next++;
  const length = next - at;
  return length >= 1 && length <= 5 && line.charCodeAt(next) === space ? skipSpaces(line, next) : at;
}

/** journalctl's short-unix: seconds since 1970 with a fraction. */
function readEpoch(line: string, at: number): boolean {
  const end = wordEnd(line, at, Math.min(line.length, at + 24));
  const dot = line.indexOf('.', at);
  if (line.charCodeAt(end) !== space || dot < at + 9 || dot > at + 10) return false;
  for (let next = at; next < end; next++) if (next !== dot && !isDigit(line.charCodeAt(next))) return false;
  stamp.time = Math.round(Number(line.slice(at, end)) * 1000);
  stamp.hasYear = true;
  stamp.yearLast = false;
  stamp.next = skipSpaces(line, end);
  return true;
}

/** RFC 5424 after its version: time, host, program, process, message's type, structured data. */
function readStructured(line: string, at: number, options: DateOptions): SyslogHeader | undefined {
  if (!readIsoDate(line, at, options, stamp)) return undefined;
  const end = line.length;
  const hostEnd = wordEnd(line, stamp.next, end);
  const programAt = skipSpaces(line, hostEnd);
  const programEnd = wordEnd(line, programAt, end);
  const pidAt = skipSpaces(line, programEnd);
  const pidEnd = wordEnd(line, pidAt, end);
  const typeAt = skipSpaces(line, pidEnd);
  const dataAt = skipSpaces(line, wordEnd(line, typeAt, end));
  const known = (from: number, to: number): string | undefined => {
    const word = line.slice(from, to);
    return word === '' || word === '-' ? undefined : word;
  };
  tag.host = known(stamp.next, hostEnd);
  tag.program = known(
    line.lastIndexOf('/', programEnd - 1) >= programAt ? line.lastIndexOf('/', programEnd - 1) + 1 : programAt,
    programEnd,
  );
  tag.module = undefined;
  const pid = wholeNumber(line, pidAt, pidEnd);
  tag.pid = pid < 0 ? undefined : pid;
  let next = skipSpaces(line, dataEnd(line, dataAt));
  if (line.charCodeAt(next) === 0xfeff) next++;
  tag.next = innerMessage(line, next);
  return header();
}

/** Just after `-` or the elements of structured data, in whose quoted values `\` guards `"`, `\` and `]`. */
function dataEnd(line: string, at: number): number {
  if (line.charCodeAt(at) !== openBracket) return line.charCodeAt(at) === 45 ? at + 1 : at;
  let quoted = false;
  for (let next = at; next < line.length; next++) {
    const code = line.charCodeAt(next);
    if (code === 92 && quoted) next++;
    else if (code === 34) quoted = !quoted;
    else if (code === closeBracket && !quoted && line.charCodeAt(next + 1) !== openBracket) return next + 1;
  }
  return line.length;
}

/** The message's beginning past what relays, kernels and services put before it: at most three such prefixes. */
function innerMessage(line: string, from: number): number {
  let at = from;
  for (let depth = 0; depth < 3; depth++) {
    const next = prefixEnd(line, at);
    if (next === at) return at;
    at = next;
  }
  return at;
}

function prefixEnd(line: string, at: number): number {
  const first = line.charCodeAt(at);
  // Solaris: [ID 800047 auth.info]; Dropbear's own: [825] Jul 10 23:53:52
  if (first === openBracket) {
    const end = line.indexOf(']', at);
    if (end < 0 || end > at + 64) return at;
    if (line.startsWith('ID ', at + 1)) return skipSpaces(line, end + 1);
    const date = skipSpaces(line, end + 1);
    return isDigit(line.charCodeAt(at + 1)) && isShortDate(line, date) ? date + 16 : at;
  }
  if (first !== 107 || !line.startsWith('kernel:', at)) return at;
  const bracket = skipSpaces(line, at + 7);
  const end = line.charCodeAt(bracket) === openBracket ? line.indexOf(']', bracket) : -1;
  if (end < 0 || end > bracket + 32) return at;
  return skipSpaces(line, line.charCodeAt(end + 1) === colon ? end + 2 : end + 1);
}

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;

const isShortDate = (line: string, at: number): boolean =>
  monthOf(line, at) > 0 &&
  line.charCodeAt(at + 9) === colon &&
  line.charCodeAt(at + 12) === colon &&
  line.charCodeAt(at + 15) === space;
