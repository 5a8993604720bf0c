import { type Draft, isObject, type Json } from './values.ts';

const maxDepth = 8;
const maxFields = 256;
const maxName = 256;
const maxList = 1024;

/**
 * Copy the scalars and lists of `value` to `draft` under dotted names that begin with `prefix`, leaving out the names
 * in `skip` and those already set. At most 8 levels, 256 fields, names of 256 characters and lists
 * of 1024; the rest is left out.
 */
export function flatten(draft: Draft, prefix: string, value: Json, skip?: ReadonlySet<string>): void {
  let left = maxFields;
  const walk = (name: string, at: unknown, depth: number): void => {
    if (left <= 0 || name.length > maxName || skip?.has(name)) return;
    if (Array.isArray(at)) {
      if (at.length > 0 && at.every(isScalar)) set(name, at.slice(0, maxList).map(String));
      else if (depth < maxDepth) for (let i = 0; i < at.length && left > 0; i++) walk(`${name}.${i}`, at[i], depth + 1);
    } else if (isObject(at)) {
      if (depth >= maxDepth) return;
      for (const key in at) {
        if (left <= 0) return;
        if (Object.hasOwn(at, key)) walk(name === '' ? key : `${name}.${key}`, at[key], depth + 1);
      }
    } else if (isScalar(at) && at !== '') set(name, at);
  };
  const set = (name: string, scalar: string | number | boolean | string[]): void => {
    if (name === '' || Object.hasOwn(draft, name)) return;
    define(draft, name, scalar);
    left--;
  };
  walk(prefix, value, 0);
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/** A plain assignment to `__proto__` would change the object's prototype instead. */
function define(draft: Draft, name: string, value: Draft[string]): void {
  if (name === '__proto__') Object.defineProperty(draft, name, { value, enumerable: true, configurable: true });
  else draft[name] = value;
}
