const word = String.raw`\p{L}\p{M}\p{N}\p{Pc}`;
const boundary = `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;

/** What Oniguruma means by an escape, outside of brackets. */
const escapes: Readonly<Record<string, string>> = {
  w: `[${word}]`,
  W: `[^${word}]`,
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  s: String.raw`[\t-\r\x85\p{Z}]`,
  S: String.raw`[^\t-\r\x85\p{Z}]`,
  b: boundary,
  B: `(?!${boundary})`,
  A: '(?<![^])',
  z: '(?![^])',
  Z: String.raw`(?=\n?(?![^]))`,
  h: '[0-9a-fA-F]',
  H: '[^0-9a-fA-F]',
  a: String.raw`\x07`,
  e: String.raw`\x1b`,
};
/** The same inside of brackets. */
const escapesInside: Readonly<Record<string, string>> = {
  w: word,
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  s: String.raw`\t-\r\x85\p{Z}`,
  h: '0-9a-fA-F',
  a: String.raw`\x07`,
  e: String.raw`\x1b`,
};
const posix: Readonly<Record<string, string>> = {
  alpha: String.raw`\p{L}\p{M}`,
  digit: String.raw`\p{Nd}`,
  alnum: String.raw`\p{L}\p{M}\p{N}`,
  space: String.raw`\t-\r\x85\p{Z}`,
  upper: String.raw`\p{Lu}`,
  lower: String.raw`\p{Ll}`,
  xdigit: '0-9a-fA-F',
  word,
};
const plain: Readonly<Record<string, string>> = { '.': String.raw`[^\n]`, $: String.raw`(?=\n?(?![^]))` };
const syntax = /[\^$\\.*+?()[\]{}|/]/;

/** An expression in the Perl syntax of Oniguruma over UTF-8, for JavaScript with the flag `u`. */
export function perlToUnicode(pattern: string): string {
  let out = '';
  let inside = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (character === '\\') {
      const next = pattern[++at] ?? '';
      out += (inside ? escapesInside : escapes)[next] ?? escaped(next, inside);
      continue;
    }
    if (!inside) {
      inside = character === '[';
      out += plain[character] ?? character;
      if (inside && pattern[at + 1] === '^') out += pattern[++at];
      continue;
    }
    const named = character === '[' ? /^\[:(\w+):\]/.exec(pattern.slice(at, at + 12)) : null;
    if (named !== null && Object.hasOwn(posix, named[1] as string)) {
      out += posix[named[1] as string];
      at += named[0].length - 1;
      continue;
    }
    if (character === ']') inside = false;
    out += inside && character === '[' ? '\\[' : character;
  }
  return out;
}

/** An escape that means the same, or a character that needs none here. */
function escaped(character: string, inside: boolean): string {
  if (/[0-9A-Za-z]/.test(character) || character === '' || syntax.test(character)) return `\\${character}`;
  return inside && character === '-' ? '\\-' : character;
}
