import { refuse } from '../config.ts';

/**
 * How much of a text an expression of the configuration sees, in UTF-16 units. The expression is the user's and the text may
 * be an attacker's: JavaScript's engine backtracks, so an expression such as `(a+)+$` stays slow; a simple one does not.
 */
const longest = 4096;

const cut = (text: string): string => (text.length > longest ? text.slice(0, longest) : text);

/** Throws ScopsError CONFIG_INVALID, naming `path`, for what is no JavaScript expression; most of Oniguruma's and RE2's are. */
export function compileRegExp(pattern: string, flags: 'u' | 'gu', path: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (cause) {
    refuse(path, `no regular expression here: ${(cause as Error).message}.`);
  }
}

export const matches = (expression: RegExp, text: string): boolean => expression.test(cut(text));

/** The text of `group` in every match; groups that took no part are left out. */
export function* found(expression: RegExp, text: string, group: number): Generator<string> {
  for (const match of cut(text).matchAll(expression)) if (match[group]) yield match[group];
}

/** Every match replaced; `\1` to `\9` in the replacement are groups and `\0` is the whole match, as in RE2. */
export function replaced(expression: RegExp, text: string, replacement: string): string {
  return cut(text).replace(expression, (...match: unknown[]) =>
    replacement.replace(/\\([0-9\\])/g, (_, which: string) =>
      which === '\\' ? which : typeof match[Number(which)] === 'string' ? (match[Number(which)] as string) : '',
    ),
  );
}
