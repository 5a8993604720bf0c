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
function fraction(text: string, at: number, stamp: Stamp): number {
  stamp.next = at;
  const code = text.charCodeAt(at);
  if ((code !== 46 && code !== 44) || !isDigit(text.charCodeAt(at + 1))) return 0;
  let milliseconds = 0;
  let unit = 100;
  let next = at + 1;
  for (; isDigit(text.charCodeAt(next)); next++) {
    milliseconds += (text.charCodeAt(next) - 48) * unit;
    unit = unit === 100 ? 10 : unit === 10 ? 1 : 0;
  }
  stamp.next = next;
  return milliseconds;
}

/** The last short date up to its seconds, as text and as numbers; year -1 for none. */
const minute = { text: '', month: 0, date: 0, year: -1, time: 0 };

/** Seconds after the minute of the line before, as most lines have them. */
function readSameMinute(text: string, at: number, options: DateOptions, stamp: Stamp): boolean {
  const seconds = at + minute.text.length;
  // A digit after it may be a fraction or a year.
  if (text.charCodeAt(seconds + 2) !== space || text.charCodeAt(seconds + 3) < 58) return false;
  const second = pair(text, seconds);
  if (second < 0 || second > 60 || minute.text === '' || !text.startsWith(minute.text, at)) return false;
  const { year, month, date } = minute;
  const day = year < 0 ? options.yearClock.day(month, date) : dayOf(year, month, date);
  if (Number.isNaN(day)) return false;
  stamp.time = day + minute.time + second * 1000 - (options.offset ?? 0) * 60_000;
  stamp.hasYear = year >= 0;
  stamp.yearLast = false;
  stamp.next = seconds + 3;
  return true;
}

/** `Mmm [d]d [YYYY ]HH:MM:SS[.fff][ YYYY]`: RFC 3164 §4.1.2 and what is written in its place. */
export function readShortDate(text: string, at: number, options: DateOptions, stamp: Stamp): boolean {
  if (readSameMinute(text, at, options, stamp)) return true;
  const month = monthOf(text, at);
  if (month === 0 || text.charCodeAt(at + 3) !== space) return false;
  let next = skipSpaces(text, at + 4);
  let date = text.charCodeAt(next) - 48;
  if (!(date >= 0 && date <= 9)) return false;
  next++;
  if (isDigit(text.charCodeAt(next))) {
    date = date * 10 + text.charCodeAt(next) - 48;
    next++;
  }
  if (text.charCodeAt(next) !== space) return false;
  next = skipSpaces(text, next);
  let year = -1;
  if (text.charCodeAt(next + 2) !== colon) {
    year = fourDigits(text, next);
    if (year < 0 || text.charCodeAt(next + 4) !== space) return false;
    next = skipSpaces(text, next + 4);
  }
  const clock = timeOfDay(text, next);
  if (clock < 0) return false;
  minute.text = text.slice(at, next + 6);
  minute.month = month;
  minute.date = date;
  minute.year = year;
  minute.time = clock - pair(text, next + 6) * 1000;
  const milliseconds = fraction(text, next + 8, stamp);
  next = stamp.next;
  stamp.yearLast = false;
  if (year < 0 && text.charCodeAt(next) === space && isYearLast(text, next + 1)) {
    year = fourDigits(text, next + 1);
    next += 5;
    stamp.yearLast = true;
  }
  const day = year < 0 ? options.yearClock.day(month, date) : dayOf(year, month, date);
  if (Number.isNaN(day)) return false;
  stamp.time = day + clock + milliseconds - (options.offset ?? 0) * 60_000;
  stamp.hasYear = year >= 0;
  stamp.next = skipSpaces(text, next);
  return true;
}

/** Four digits, then a word with a dot such as `authpriv.info`: a host that is a number has no such neighbour. */
function isYearLast(text: string, at: number): boolean {
  if (!isDigit(text.charCodeAt(at)) || fourDigits(text, at) < 1970 || text.charCodeAt(at + 4) !== space) return false;
  for (let next = at + 5; next < at + 25; next++) {
    const code = text.charCodeAt(next);
    if (code === 46) return next > at + 5;
    if (code < 97 || code > 122) return false;
  }
  return false;
}

/** `YYYY-MM-DD[T ]HH:MM:SS[.f…][Z|±hh[:]mm]`: RFC 3339, ISO 8601, macOS, journalctl's short-iso. */
export function readIsoDate(text: string, at: number, options: DateOptions, stamp: Stamp): boolean {
  const year = fourDigits(text, at);
  if (year < 0 || text.charCodeAt(at + 4) !== 45 || text.charCodeAt(at + 7) !== 45) return false;
  const between = text.charCodeAt(at + 10);
  if (between !== 84 && between !== space && between !== 116) return false;
  const day = dayOf(year, pair(text, at + 5), pair(text, at + 8));
  const clock = timeOfDay(text, at + 11);
  if (Number.isNaN(day) || clock < 0) return false;
  const milliseconds = fraction(text, at + 19, stamp);
  let next = stamp.next;
  let offset = (options.offset ?? 0) * 60_000;
  const sign = text.charCodeAt(next);
  if (sign === 90 || sign === 122) {
    offset = 0;
    next++;
  } else if (sign === 43 || sign === 45) {
    const hours = pair(text, next + 1);
    if (hours < 0) return false;
    next += text.charCodeAt(next + 3) === colon ? 4 : 3;
    const minutes = pair(text, next);
    if (minutes >= 0) next += 2;
    offset = (hours * 60 + Math.max(0, minutes)) * (sign === 43 ? 60_000 : -60_000);
  }
  stamp.time = day + clock + milliseconds - offset;
  stamp.hasYear = true;
  stamp.yearLast = false;
  stamp.next = skipSpaces(text, next);
  return true;
}
