import { parseTime } from '../wazuh/time.ts';

/**
 * Epoch milliseconds of a time as AWS and those who pass its records on write it: `2023-07-10T12:32:49Z`, also with a
 * fraction, an offset, or a space for the T; seconds or milliseconds as a number. Undefined when it is not one.
 */
export function awsTime(value: unknown): number | undefined {
  if (typeof value === 'string') return utcSeconds(value) ?? parseTime(value);
  if (typeof value !== 'number' || !(value > 0)) return undefined;
  const time = Math.round(value < 1e11 ? value * 1000 : value);
  return time <= 8.64e15 ? time : undefined;
}

/** The form of nearly all records, read without a regular expression. */
function utcSeconds(text: string): number | undefined {
  if (text.length !== 20 || text[10] !== 'T' || text[19] !== 'Z' || text[4] !== '-' || text[7] !== '-')
    return undefined;
  if (text[13] !== ':' || text[16] !== ':') return undefined;
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const century = two(text, 0);
  const year = two(text, 2);
  if (Math.min(month, day, hour, minute, second, century, year) < 0) return undefined;
  // The unusual, such as the 29th of February and leap seconds, is left to the thorough reader.
  if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59 || century < 1)
    return undefined;
  return Date.UTC(century * 100 + year, month - 1, day, hour, minute, second);
}

/** Two digits as a number, -1 when they are none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1;
}
