import { begins, compilePattern } from './regexp.ts';

export type KeyMatcher = (key: string) => boolean;

/**
 * Which keys a rule is for: `` or `*` all, `*x` those that end in x, `x*` those that begin with x, `/re/` those that begin with a
 * match of the regular expression, else the key itself. http://jubat.us/en/fv_convert.html
 */
function single(pattern: string, path: string): KeyMatcher {
  if (pattern === '' || pattern === '*') return () => true;
  if (pattern.startsWith('*')) return (key) => key.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return (key) => key.startsWith(pattern.slice(0, -1));
  if (pattern.length > 1 && pattern.startsWith('/') && pattern.endsWith('/')) {
    const expression = compilePattern(pattern.slice(1, -1), path);
    return (key) => begins(expression, key);
  }
  return (key) => key === pattern;
}

/** As the rule's `key` says, without those that its `except` names. `path` is where the rule stands, for errors. */
export function keyMatcher(key: string, except: string | null | undefined, path: string): KeyMatcher {
  const wanted = single(key, `${path}.key`);
  if (except === undefined || except === null) return wanted;
  const unwanted = single(except, `${path}.except`);
  return (name) => wanted(name) && !unwanted(name);
}
