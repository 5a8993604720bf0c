import { type DateOptions, readIsoDate, type Stamp } from './date.ts';
import { innerMessage } from './inner.ts';
import type { Line } from './line.ts';
import { closeBracket, openBracket, skipSpaces, wholeNumber, wordEnd } from './scan.ts';
import type { Tag } from './tag.ts';

/** Fills `stamp` and `tag` from RFC 5424 after its version: time, host, program, process, message's type, structured data. */
export function readStructured(line: Line, at: number, options: DateOptions, stamp: Stamp, tag: Tag): boolean {
  const { text, codes } = line;
  if (!readIsoDate(codes, at, options, stamp)) return false;
  const end = text.length;
  const hostEnd = wordEnd(codes, stamp.next, end);
  const programAt = skipSpaces(codes, hostEnd);
  const programEnd = wordEnd(codes, programAt, end);
  const pidAt = skipSpaces(codes, programEnd);
  const pidEnd = wordEnd(codes, pidAt, end);
  const typeAt = skipSpaces(codes, pidEnd);
  const dataAt = skipSpaces(codes, wordEnd(codes, typeAt, end));
  const known = (from: number, to: number): string | undefined => {
    const word = text.slice(from, to);
    return word === '' || word === '-' ? undefined : word;
  };
  tag.host = known(stamp.next, hostEnd);
  tag.program = known(Math.max(programAt, text.lastIndexOf('/', programEnd - 1) + 1), programEnd);
  tag.module = undefined;
  const pid = wholeNumber(codes, pidAt, pidEnd);
  tag.pid = pid < 0 ? undefined : pid;
  let next = skipSpaces(codes, dataEnd(line, dataAt));
  if (text.charCodeAt(next) === 0xfeff) next++;
  tag.next = innerMessage(line, next);
  return true;
}

/** Just after `-` or the elements of structured data, in whose quoted values `\` guards `"`, `\` and `]`. */
function dataEnd({ text, codes }: Line, at: number): number {
  if (codes[at] !== openBracket) return codes[at] === 45 ? at + 1 : at;
  let quoted = false;
  for (let next = at; next < text.length; next++) {
    const code = codes[next];
    if (code === 92 && quoted) next++;
    else if (code === 34) quoted = !quoted;
    else if (code === closeBracket && !quoted && codes[next + 1] !== openBracket) return next + 1;
  }
  return text.length;
}
