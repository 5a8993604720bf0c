import type { FieldValue } from '../../event/index.ts';

/** A parsed JSON object of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** Fields being filled in. */
export type Draft = Record<string, FieldValue>;

const maxList = 1024;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own property as an object; an empty one when it is anything else. */
export function child(parent: Json, key: string): Json {
  const value = own(parent, key);
  return isObject(value) ? value : nothing;
}

const nothing: Json = Object.freeze({});

/** The property only if it is the object's own, so that `constructor` and its like are never met. */
export const own = (parent: Json, key: string): unknown => (Object.hasOwn(parent, key) ? parent[key] : undefined);

/** A non-empty string, or a finite number as text. */
export function string(parent: Json, key: string): string | undefined {
  const value = own(parent, key);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** A finite number, or a string of digits (Wazuh writes most numbers as strings) that a double holds exactly. */
export function number(parent: Json, key: string): number | undefined {
  const value = own(parent, key);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' ? wholeNumber(value) : undefined;
}

/** Digits as a number when a double holds it exactly. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && text.length <= 15 && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The non-empty strings of a list, at most 1024; a lone string counts as a list of one. */
export function strings(parent: Json, key: string): readonly string[] | undefined {
  const value = own(parent, key);
  if (typeof value === 'string') return value === '' ? undefined : [value];
  if (!Array.isArray(value)) return undefined;
  const list: string[] = [];
  for (const item of value) {
    if (list.length === maxList) break;
    if (typeof item === 'string' && item !== '') list.push(item);
  }
  return list.length > 0 ? list : undefined;
}

/** Set a field unless its value is not known. */
export function put(draft: Draft, name: string, value: FieldValue | undefined): void {
  if (value !== undefined) draft[name] = value;
}
