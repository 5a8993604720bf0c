import { refuse } from '../config.ts';
import { numberFrom } from './parameter.ts';
import { parameterOf, refuseMethod, type TypeConfig } from './text.ts';

/** How Jubatus prints numbers as categories: as it does, or without loss. */
export type Compat = '1.1.1' | 'fixed';

/** A 128-bit address does not fit a number; as a bigint it is still a category of its own. */
export type NumberValue = number | bigint;

export interface NumberFeature {
  readonly key: string;
  readonly value: number;
}

/** Throws ScopsError CONFIG_INVALID, naming `path`. */
export function numberFilter(type: TypeConfig, path: string): (value: number) => number {
  const given = (name: string): number => numberFrom(parameterOf(type, name, path), `${path}.${name}`);
  const givenOr = (name: string, fallback: number): number => (Object.hasOwn(type, name) ? given(name) : fallback);
  switch (type.method) {
    case 'add': {
      const added = given('value');
      return (value) => value + added;
    }
    case 'linear_normalization': {
      const [least, most] = [given('min'), given('max')];
      if (least >= most) refuse(`${path}.max`, 'must be greater than min.');
      const scaled = (value: number): number => (value - least) / (most - least);
      const truncates = (type.truncate ?? 'True') === 'True';
      return truncates ? (value) => scaled(Math.min(most, Math.max(least, value))) : scaled;
    }
    case 'gaussian_normalization': {
      const [average, deviation] = [given('average'), given('standard_deviation')];
      if (deviation < 0) refuse(`${path}.standard_deviation`, 'must not be less than 0.');
      return (value) => (value - average) / deviation;
    }
    case 'sigmoid_normalization': {
      const [gain, bias] = [givenOr('gain', 1), givenOr('bias', 0)];
      if (gain === 0) refuse(`${path}.gain`, 'must not be 0.');
      return (value) => 1 / (1 + Math.exp(-gain * (value - bias)));
    }
    default:
      return refuseMethod(type.method, path);
  }
}

/** A feature of a number; `name` is the rule's type, which the feature's key ends in. */
export type NumberRule = (key: string, value: NumberValue, name: string) => NumberFeature;

export function builtInNumbers(compat: Compat): Readonly<Record<string, NumberRule>> {
  const exact = compat === 'fixed';
  return {
    num: (key, value, name) => ({ key: `${key}@${name}`, value: Number(value) }),
    log: (key, value, name) => ({ key: `${key}@${name}`, value: Math.log(Math.max(1, Number(value))) }),
    str: (key, value, name) => ({ key: `${key}@${name}$${exact ? value : sixDigits(Number(value))}`, value: 1 }),
  };
}

/**
 * A number as C's `%g` prints it: six significant digits, halves to even, so `3.23224e+09` for 3232235777. More than 60
 * digits of an exact tie are not looked at; no double is that near to one without being one.
 */
export function sixDigits(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return Object.is(value, -0) ? '-0' : String(value);
  const [mantissa = '', power = '0'] = rounded(Math.abs(value)).split('e');
  const exponent = Number(power);
  const sign = value < 0 ? '-' : '';
  const text = mantissa.replace('.', '');
  if (exponent >= -4 && exponent < 6) {
    const whole = exponent < 0 ? '0' : text.slice(0, exponent + 1);
    const part = exponent < 0 ? '0'.repeat(-exponent - 1) + text : text.slice(exponent + 1);
    return sign + withPart(whole, part);
  }
  const tens = String(Math.abs(exponent)).padStart(2, '0');
  return `${sign}${withPart(text.slice(0, 1), text.slice(1))}e${exponent < 0 ? '-' : '+'}${tens}`;
}

/** As `toExponential` with six digits, which rounds halves up; here to even. */
function rounded(magnitude: number): string {
  const up = magnitude.toExponential(5);
  const seven = magnitude.toExponential(6);
  if (seven[7] !== '5' || Number(seven) !== magnitude || Number(seven[6]) % 2 === 1) return up;
  const all = magnitude.toExponential(60);
  const end = all.indexOf('e');
  return /^0*$/.test(all.slice(8, end)) ? all.slice(0, 7) + all.slice(end) : up;
}

function withPart(whole: string, part: string): string {
  const short = part.replace(/0+$/, '');
  return short === '' ? whole : `${whole}.${short}`;
}
