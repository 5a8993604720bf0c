import type { Line } from './line.ts';
import { colon, isDigit, monthOf, openBracket, skipSpaces, space } from './scan.ts';
import type { Tag } from './tag.ts';

/** The message's beginning past what relays, kernels and services put before it: at most three such prefixes. */
export function innerMessage(line: Line, from: number): number {
  let at = from;
  for (let depth = 0; depth < 3; depth++) {
    const next = prefixEnd(line, at);
    if (next === at) return at;
    at = next;
  }
  return at;
}

function prefixEnd({ text, codes }: Line, at: number): number {
  const first = codes[at] as number;
  // Solaris: [ID 800047 auth.info]; Dropbear's own: [825] Jul 10 23:53:52
  if (first === openBracket) {
    const end = text.indexOf(']', at);
    if (end < 0 || end > at + 64) return at;
    if (text.startsWith('ID ', at + 1)) return skipSpaces(codes, end + 1);
    const date = skipSpaces(codes, end + 1);
    return isDigit(codes[at + 1] as number) && isShortDate(codes, date) ? date + 16 : at;
  }
  if (first !== 107 || !text.startsWith('kernel:', at)) return at;
  const bracket = skipSpaces(codes, at + 7);
  const end = codes[bracket] === openBracket ? text.indexOf(']', bracket) : -1;
  if (end < 0 || end > bracket + 32) return at;
  return skipSpaces(codes, codes[end + 1] === colon ? end + 2 : end + 1);
}

/**
 * Where a relay put its date and name before the header that was there: in the program's place. Never in the message's:
 * there a program may write what somebody else says.
 */
export function innerDate({ text, codes }: Line, { program, pid, next }: Tag): number {
  if (program?.length !== 3 || pid !== undefined) return -1;
  const at = text.lastIndexOf(program, next);
  return isShortDate(codes, at) ? at : -1;
}

const isShortDate = (codes: Uint8Array, at: number): boolean =>
  monthOf(codes, at) > 0 && codes[at + 9] === colon && codes[at + 12] === colon && codes[at + 15] === space;
