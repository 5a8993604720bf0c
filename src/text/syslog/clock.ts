import { ScopsError } from '../../event/index.ts';

const dayLength = 86_400_000;
/** How far a line may stand behind one before it: late lines, a clock that was set. */
const tolerance = 7 * dayLength;
/** Zones, and a clock that runs fast. */
const slack = 2 * dayLength;

/** When an input ends in epoch milliseconds: a file's mtime, the date in its name, or the time now where it grows. */
export type End = number | (() => number);

/** Gives dates that lack it a year. One per input, asked in the order of the lines. */
export interface YearClock {
  /** Another file begins; what was learnt from the one before is forgotten. */
  open(end: End): void;
  /** The beginning of a day (month 1–12), as if it were UTC, in epoch milliseconds; NaN when no year has that day. */
  day(month: number, date: number): number;
  /** What `restore` takes back: where the clock stands, and the end of the file when it was given as a number. */
  state(): string;
  /** Throws ScopsError INPUT_INVALID. */
  restore(state: string): void;
}

/** The day in that year, NaN where it is not in the calendar. */
function dayIn(year: number, month: number, date: number): number {
  const day = Date.UTC(year, month - 1, date);
  return new Date(day).getUTCDate() === date ? day : Number.NaN;
}

/** The latest such day that is not after `limit`; a leap day is at most eight years away. */
function latest(month: number, date: number, limit: number): number {
  const year = new Date(limit).getUTCFullYear();
  for (let back = 0; back <= 8; back++) {
    const day = dayIn(year - back, month, date);
    if (day <= limit) return day;
  }
  return Number.NaN;
}

/** The earliest such day that is not before `limit`. */
function earliest(month: number, date: number, limit: number): number {
  const year = new Date(limit).getUTCFullYear();
  for (let on = 0; on <= 8; on++) {
    const day = dayIn(year + on, month, date);
    if (day >= limit) return day;
  }
  return Number.NaN;
}

/**
 * A clock for lines such as RFC 3164's, which have no year. The first line is in the last year that puts it before the
 * end; after it time runs forward, over New Year too, except for small steps back and for what would be after the end.
 * February 29 decides the year. A file longer than a year cannot be told from a shorter one.
 */
export function createYearClock(options: { readonly end: End }): YearClock {
  let end = options.end;
  /** The latest day so far. */
  let last = Number.NaN;
  let cachedKey = -1;
  let cached = Number.NaN;

  const resolve = (month: number, date: number): number => {
    if (!(month >= 1 && month <= 12 && date >= 1 && date <= 31)) return Number.NaN;
    const limit = (typeof end === 'function' ? end() : end) + slack;
    if (Number.isNaN(last)) {
      last = latest(month, date, limit);
      return last;
    }
    const forward = earliest(month, date, last - tolerance);
    if (Number.isNaN(forward) || forward <= limit) {
      if (forward > last) last = forward;
      return forward;
    }
    const back = latest(month, date, Math.min(limit, forward - 1));
    if (month === 2 && date === 29) last = back;
    return back;
  };

  return {
    open(given) {
      end = given;
      last = Number.NaN;
      cachedKey = -1;
    },
    day(month, date) {
      const key = month * 32 + date;
      if (key !== cachedKey) {
        cached = resolve(month, date);
        cachedKey = key;
      }
      return cached;
    },
    state: () => `${Number.isNaN(last) ? '' : last}/${typeof end === 'number' ? end : ''}`,
    restore(state) {
      const parts = /^(-?\d{1,16})?\/(-?\d{1,16}(?:\.\d{1,9})?)?$/.exec(state);
      if (parts === null)
        throw new ScopsError('INPUT_INVALID', `Not the state of a year clock: "${state.slice(0, 100)}".`);
      last = parts[1] === undefined ? Number.NaN : Number(parts[1]);
      if (parts[2] !== undefined) end = Number(parts[2]);
      cachedKey = -1;
    },
  };
}
