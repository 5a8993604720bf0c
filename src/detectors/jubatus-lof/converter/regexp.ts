import { refuse } from '../config.ts';
import { perlToUnicode } from './perl.ts';

/**
 * How much of a text an expression of the configuration sees, in UTF-16 units. The expression is the user's and the text may
 * be an attacker's: JavaScript's engine backtracks, so an expression such as `(a+)+$` stays slow; a simple one does not.
 */
const longest = 4096;

const cut = (text: string): string => (text.length > longest ? text.slice(0, longest) : text);

/** An expression that is tried at a place of a text, not searched for. */
export interface Pattern {
  readonly expression: RegExp;
  /** How many groups it has. */
  readonly groups: number;
}

/** Throws ScopsError CONFIG_INVALID, naming `path`, for what is no JavaScript expression; most of Oniguruma's are. */
export function compilePattern(pattern: string, path: string): Pattern {
  try {
    const translated = perlToUnicode(pattern);
    const groups = (new RegExp(`${translated}|`, 'u').exec('')?.length ?? 1) - 1;
    return { expression: new RegExp(translated, 'uy'), groups };
  } catch (cause) {
    refuse(path, `no regular expression here: ${(cause as Error).message}.`);
  }
}

function matchAt({ expression }: Pattern, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

/** Whether a text begins with a match: Jubatus, as built with Oniguruma, does not search. */
export const begins = (pattern: Pattern, text: string): boolean => matchAt(pattern, cut(text), 0) !== null;

const codeUnits = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/**
 * The text of `group` wherever there is a match, one after the other; the search goes on by the length of the group, as in
 * Jubatus. Where an expression finds nothing in nothing, Jubatus gives an empty term for each byte, and so does this. Groups
 * that took no part are left out; Jubatus refuses the datum.
 */
export function* found(pattern: Pattern, text: string, group: number): Generator<string> {
  const given = cut(text);
  let at = 0;
  while (at < given.length) {
    const match = matchAt(pattern, given, at);
    const term = match?.[group];
    if (term) {
      yield term;
      at = afterBytes(given, at, Buffer.byteLength(term));
      continue;
    }
    const units = codeUnits(given, at);
    if (term === '') {
      for (let bytes = Buffer.byteLength(given.slice(at, at + units)); bytes > 0; bytes--) yield '';
    }
    at += units;
  }
}

function afterBytes(text: string, from: number, bytes: number): number {
  let at = from;
  for (let left = bytes; left > 0 && at < text.length; ) {
    const units = codeUnits(text, at);
    left -= Buffer.byteLength(text.slice(at, at + units));
    at += units;
  }
  return at;
}

/** Every match replaced; `\1` to `\9` in the replacement are groups and `\0` is the whole match. */
export function replaced(pattern: Pattern, text: string, replacement: string): string {
  const given = cut(text);
  let out = '';
  let at = 0;
  while (at <= given.length) {
    const match = matchAt(pattern, given, at);
    if (match !== null) {
      out += replacement.replace(/\\([0-9\\])/g, (_, which: string) =>
        which === '\\' ? which : (match[Number(which)] ?? ''),
      );
    }
    if (match?.[0]) {
      at += match[0].length;
      continue;
    }
    const units = codeUnits(given, at);
    out += given.slice(at, at + units);
    at += units;
  }
  return out;
}
