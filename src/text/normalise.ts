/** Longer texts are cut before they are compared: time per event stays bounded. */
const longest = 4096;

/**
 * Replace what changes from run to run by its shape: hexadecimal runs (UUIDs, digests, container names) and
 * mixed-up words by `*`, and digits by one `0` each run. What differs only in those is the same text.
 * Lower case is kept apart from upper: `-x` is not `-X`. Linear time.
 */
export function normalise(text: string): string {
  return text
    .slice(0, longest)
    .replace(/[\p{L}\p{N}]+/gu, shape)
    .replace(/\*(?:[-.:]?\*)+/g, '*');
}

function shape(word: string): string {
  if (!/[0-9]/.test(word)) return isScrambled(word) ? mask(word) : word;
  if (/^[0-9]+$/.test(word)) return '0';
  if (word.length >= 6 && (isHex(word) || changes(word) >= 3)) return mask(word);
  return word.replace(/[0-9]+/g, '0');
}

const mask = (word: string): string => (word.length > 64 ? '*long*' : '*');
const isHex = (word: string): boolean => /^[0-9a-fA-F]+$/.test(word);

/** A name made by mktemp and the like: capitals inside a word, as nobody writes them. */
const isScrambled = (word: string): boolean =>
  word.length >= 6 && word.length <= 64 && changes(word) >= 4 && /^[A-Za-z]+$/.test(word);

/** How often a word changes between lower case, upper case and digits. */
function changes(word: string): number {
  let count = 0;
  let before = kindOf(word.charCodeAt(0));
  for (let i = 1; i < word.length; i++) {
    const kind = kindOf(word.charCodeAt(i));
    if (kind !== before) count++;
    before = kind;
  }
  return count;
}

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 0;
  return code >= 65 && code <= 90 ? 1 : 2;
}
