import { refuse } from '../config.ts';

/** A number at the beginning of a text, as a C++ stream reads it: what follows is not looked at. CONFIG_INVALID for none. */
export function numberFrom(text: string, path: string): number {
  const [, digits = ''] = /^[ \t\n\v\f\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d*)?)/.exec(text) ?? [];
  const number = digits === '' ? Number.NaN : Number(digits);
  if (!Number.isFinite(number)) refuse(path, `"${text}" is not a number.`);
  return number;
}

/** The same for a whole number of 32 bits, at least `least`. */
export function integerFrom(text: string, least: number, path: string): number {
  const [, digits = ''] = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text) ?? [];
  const number = digits === '' ? Number.NaN : Number(digits);
  if (!(number >= least && number < 2 ** 31)) refuse(path, `"${text}" is not a whole number of at least ${least}.`);
  return number;
}
