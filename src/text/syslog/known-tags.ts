import { Known } from './known.ts';
import type { Line } from './line.ts';
import { closeBracket, colon, isDigit, openBracket, skipSpaces, space } from './scan.ts';
import type { Tag } from './tag.ts';

const known = new Known<{ readonly host: string; readonly program: string }>();
const longest = 120;

/** The end of `HOST PROGRAM[` or of `HOST PROGRAM:` before a space; -1 when it is something else. */
function tagEnd(codes: Uint8Array, from: number): number {
  let at = from;
  while (at < from + longest && codes[at] !== space && codes[at] !== 0) at++;
  for (at++; at < from + longest; at++) {
    const code = codes[at];
    if (code === openBracket || (code === colon && codes[at + 1] === space)) return at + 1;
    if (code === space || code === 0) return -1;
  }
  return -1;
}

/** Fills `tag` where host and program are those of some line before; false when they are not. */
export function readKnownTag(line: Line, from: number, tag: Tag): boolean {
  const { codes } = line;
  let end = known.again(line, from);
  let names = known.last;
  if (end < 0 || (codes[end - 1] === colon && codes[end] !== space)) {
    end = tagEnd(codes, from);
    names = end < 0 ? undefined : known.find(line, from, end);
  }
  if (names === undefined) return false;
  let next = end;
  tag.pid = undefined;
  if (codes[end - 1] === openBracket) {
    let pid = 0;
    for (; isDigit(codes[next] as number); next++) pid = pid * 10 + (codes[next] as number) - 48;
    if (next === end || next > end + 9 || codes[next] !== closeBracket) return false;
    tag.pid = pid;
    next++;
    if (codes[next] === colon) next++;
  }
  tag.host = names.host;
  tag.program = names.program;
  tag.module = undefined;
  tag.next = skipSpaces(codes, next);
  return true;
}

/** Remembers the tag that was read at `from`, where `readKnownTag` would read it alike. */
export function rememberTag(line: Line, from: number, { host, program, module, pid }: Tag): void {
  if (host === undefined || program === undefined || module !== undefined) return;
  const end = tagEnd(line.codes, from);
  if (end < 0) return;
  // A month's name without a process id may be a relay's date.
  if (line.codes[end - 1] === openBracket ? pid === undefined : program.length === 3) return;
  if (line.text.slice(from, end - 1) === `${host} ${program}`) known.keep(line, from, end, { host, program });
}
