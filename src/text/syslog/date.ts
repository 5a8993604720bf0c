import type { YearClock } from './clock.ts';
import { colon, fourDigits, isDigit, monthOf, pair, skipSpaces, space, timeOfDay } from './scan.ts';

/** How a line without a year, or without a zone, gets its time. */
export interface DateOptions {
  readonly yearClock: YearClock;
  /** Minutes east of UTC, for lines without a zone. Default 0. */
  readonly offset?: number;
}

/** What a date reader found: made once, filled again and again. */
export interface Stamp {
  /** Epoch milliseconds. */
  time: number;
  hasYear: boolean;
  /** Just after the date and its spaces. */
  next: number;
  /** The year stood after the time, as OpenWrt's logread writes it: a facility follows, not a host. */
  yearLast: boolean;
}

export const createStamp = (): Stamp => ({ time: 0, hasYear: false, next: 0, yearLast: false });

let knownYear = -1;
let knownMonth = -1;
let knownDate = -1;
let knownDay = Number.NaN;

/** The day's beginning in UTC, remembered from the call before; NaN when it is not in the calendar. */
function dayOf(year: number, month: number, date: number): number {
  if (date === knownDate && month === knownMonth && year === knownYear) return knownDay;
  const day = Date.UTC(year, month - 1, date);
  const real = month >= 1 && month <= 12 && new Date(day).getUTCDate() === date;
  knownYear = year;
  knownMonth = month;
  knownDate = date;
  knownDay = real && year >= 100 ? day : Number.NaN;
  return knownDay;
}

/** A fraction's milliseconds; `stamp.next` goes to its end. */
function fraction(codes: Uint8Array, at: number, stamp: Stamp): number {
  stamp.next = at;
  const code = codes[at];
  if ((code !== 46 && code !== 44) || !isDigit(codes[at + 1] as number)) return 0;
  let milliseconds = 0;
  let unit = 100;
  let next = at + 1;
  for (; isDigit(codes[next] as number); next++) {
    milliseconds += ((codes[next] as number) - 48) * unit;
    unit = unit === 100 ? 10 : unit === 10 ? 1 : 0;
  }
  stamp.next = next;
  return milliseconds;
}

/** `Mmm [d]d [YYYY ]HH:MM:SS[.fff][ YYYY]`: RFC 3164 §4.1.2 and what is written in its place. */
export function readShortDate(codes: Uint8Array, at: number, options: DateOptions, stamp: Stamp): boolean {
  const month = monthOf(codes, at);
  if (month === 0 || codes[at + 3] !== space) return false;
  let next = skipSpaces(codes, at + 4);
  let date = (codes[next] as number) - 48;
  if (!(date >= 0 && date <= 9)) return false;
  next++;
  if (isDigit(codes[next] as number)) {
    date = date * 10 + (codes[next] as number) - 48;
    next++;
  }
  if (codes[next] !== space) return false;
  next = skipSpaces(codes, next);
  let year = -1;
  if (codes[next + 2] !== colon) {
    year = fourDigits(codes, next);
    if (year < 0 || codes[next + 4] !== space) return false;
    next = skipSpaces(codes, next + 4);
  }
  const clock = timeOfDay(codes, next);
  if (clock < 0) return false;
  const milliseconds = fraction(codes, next + 8, stamp);
  next = stamp.next;
  stamp.yearLast = false;
  if (year < 0 && codes[next] === space && isYearLast(codes, next + 1)) {
    year = fourDigits(codes, next + 1);
    next += 5;
    stamp.yearLast = true;
  }
  const day = year < 0 ? options.yearClock.day(month, date) : dayOf(year, month, date);
  if (Number.isNaN(day)) return false;
  stamp.time = day + clock + milliseconds - (options.offset ?? 0) * 60_000;
  stamp.hasYear = year >= 0;
  stamp.next = skipSpaces(codes, next);
  return true;
}

/** Four digits, then a word with a dot such as `authpriv.info`: a host that is a number has no such neighbour. */
function isYearLast(codes: Uint8Array, at: number): boolean {
  if (!isDigit(codes[at] as number) || fourDigits(codes, at) < 1970 || codes[at + 4] !== space) return false;
  for (let next = at + 5; next < at + 25; next++) {
    const code = codes[next] as number;
    if (code === 46) return next > at + 5;
    if (code < 97 || code > 122) return false;
  }
  return false;
}

/** `YYYY-MM-DD[T ]HH:MM:SS[.f…][Z|±hh[:]mm]`: RFC 3339, ISO 8601, macOS, journalctl's short-iso. */
export function readIsoDate(codes: Uint8Array, at: number, options: DateOptions, stamp: Stamp): boolean {
  const year = fourDigits(codes, at);
  if (year < 0 || codes[at + 4] !== 45 || codes[at + 7] !== 45) return false;
  const between = codes[at + 10];
  if (between !== 84 && between !== space && between !== 116) return false;
  const day = dayOf(year, pair(codes, at + 5), pair(codes, at + 8));
  const clock = timeOfDay(codes, at + 11);
  if (Number.isNaN(day) || clock < 0) return false;
  const milliseconds = fraction(codes, at + 19, stamp);
  let next = stamp.next;
  let offset = (options.offset ?? 0) * 60_000;
  const sign = codes[next];
  if (sign === 90 || sign === 122) {
    offset = 0;
    next++;
  } else if (sign === 43 || sign === 45) {
    const hours = pair(codes, next + 1);
    if (hours < 0) return false;
    next += codes[next + 3] === colon ? 4 : 3;
    const minutes = pair(codes, next);
    if (minutes >= 0) next += 2;
    offset = (hours * 60 + Math.max(0, minutes)) * (sign === 43 ? 60_000 : -60_000);
  }
  stamp.time = day + clock + milliseconds - offset;
  stamp.hasYear = true;
  stamp.yearLast = false;
  stamp.next = skipSpaces(codes, next);
  return true;
}
