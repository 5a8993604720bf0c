import { epochTime } from '../epoch.ts';
import { parseTime } from '../wazuh/time.ts';

/** As a browser set to American English shows a time, in UTC: `7/19/2023, 9:02:19.922 AM`. */
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,7}))? ?(AM|PM)$/;

/**
 * Epoch milliseconds of a time as some program wrote it: ISO 8601, without a zone in UTC; `/Date(1650000000000)/` of older
 * PowerShell; Azure's exports; seconds or milliseconds since 1970. Undefined when it is none.
 */
export function timeOf(written: unknown): number | undefined {
  if (typeof written === 'number') return epochTime(String(written));
  if (typeof written !== 'string' || written.length > 64) return undefined;
  const text = written.trim();
  const time = windowsTime(text) ?? parseTime(text);
  if (time !== undefined) return time;
  const ticks = /^\/Date\((-?\d{1,15})\)\/$/.exec(text);
  if (ticks !== null) return Number(ticks[1]);
  const parts = american.exec(text);
  return parts === null ? epochTime(text) : fromAmerican(parts);
}

function fromAmerican(parts: RegExpExecArray): number | undefined {
  const [, month, day, year, hour, minute, second, fraction = '', half] = parts as unknown as string[];
  const two = (text: string | undefined): string => (text ?? '').padStart(2, '0');
  const clock = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return parseTime(`${year}-${two(month)}-${two(day)}T${two(String(clock))}:${minute}:${second}.${fraction || '0'}Z`);
}

/** What Windows itself writes: `2026-01-02T03:04:05.6789012Z`. */
function windowsTime(text: string): number | undefined {
  const end = text.length - 1;
  const isTime = end > 22 && end < 30 && text[end] === 'Z' && text[4] === '-' && text[10] === 'T' && text[19] === '.';
  if (!isTime || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  // A day that not every month has, a leap second and what is no time are left to the general way.
  if (
    Number.isNaN(digits(text, 23, end)) ||
    year < 1000 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > 28 ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, digits(text, 20, 23));
  return Number.isNaN(time) ? undefined : time;
}

/** The number in a part of a text; NaN when it holds anything but digits. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
