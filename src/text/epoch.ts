import { parseTime } from './wazuh/time.ts';

/** Seconds up to the year 5138 are too small a number for milliseconds after 1973, so the two are told apart. */
const leastMilliseconds = 1e11;

/** Epoch milliseconds of a time written as epoch seconds or milliseconds, also with a fraction, or as RFC 3339. */
export function epochTime(text: string): number | undefined {
  if (!/^\d{1,13}(?:\.\d{1,9})?$/.test(text)) return parseTime(text);
  const number = Number(text);
  return Math.round(number < leastMilliseconds ? number * 1000 : number);
}
