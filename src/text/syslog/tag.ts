import { readKnownTag, rememberTag } from './known-tags.ts';
import type { Line } from './line.ts';
import { closeBracket, colon, isDigit, openBracket, skipSpaces, space, wholeNumber, wordEnd } from './scan.ts';

/** Host, program and process of a line: made once, filled again and again. */
export interface Tag {
  host: string | undefined;
  program: string | undefined;
  module: string | undefined;
  pid: number | undefined;
  /** Where the message begins. */
  next: number;
}

/** A program's name is no longer. */
const longest = 128;

/**
 * Fills `tag` from what follows the date: `host program[pid]: `. There may be no host (`sshd[42]: `, `[sshd] `), a
 * facility (`authpriv.info`, `<auth.info>`, AIX's `auth|security:info`), a relay (`Message forwarded from host: `) or a
 * container's stream (`stderr F `).
 */
export function readTag(line: Line, from: number, noHost: boolean, tag: Tag): void {
  if (!noHost && readKnownTag(line, from, tag)) return;
  readUnknownTag(line, from, noHost, tag);
  if (!noHost) rememberTag(line, from, tag);
}

function readUnknownTag(line: Line, from: number, noHost: boolean, tag: Tag): void {
  const { text, codes } = line;
  const end = text.length;
  let at = from;
  tag.host = undefined;
  if (!noHost && codes[at] !== openBracket) {
    const hostEnd = wordEnd(codes, at, end);
    const last = codes[hostEnd - 1];
    if (isStream(line, at, hostEnd)) {
      bare(tag, skipSpaces(codes, hostEnd + 2));
      return;
    }
    if (last !== colon && !(last === closeBracket && pidAt(codes, at, hostEnd) > 0) && hostEnd < end) {
      tag.host = text.slice(at, hostEnd);
      at = skipSpaces(codes, hostEnd);
    }
  }
  readProgram(line, forwarded(line, at, tag), end, tag);
}

function bare(tag: Tag, next: number): void {
  tag.program = undefined;
  tag.module = undefined;
  tag.pid = undefined;
  tag.next = next;
}

/** Kubernetes' CRI: `stdout F message`. */
function isStream({ text, codes }: Line, at: number, end: number): boolean {
  if (end - at !== 6 || codes[at] !== 115 || codes[end + 2] !== space) return false;
  return text.startsWith('stdout ', at) || text.startsWith('stderr ', at);
}

/** AIX: the host that a line was forwarded from is the one it is about. */
function forwarded({ text, codes }: Line, at: number, tag: Tag): number {
  if (codes[at] !== 77 || !text.startsWith('Message forwarded from ', at)) return at;
  const end = text.indexOf(': ', at + 23);
  if (end < 0 || end > at + 23 + longest) return at;
  tag.host = text.slice(at + 23, end);
  return skipSpaces(codes, end + 1);
}

function readProgram({ text, codes }: Line, from: number, end: number, tag: Tag): void {
  let at = from;
  if (codes[at] === openBracket) {
    const close = text.indexOf(']', at);
    if (close > at + 1 && close <= at + longest) {
      bare(tag, messageAt(codes, close + 1));
      tag.program = text.slice(at + 1, close);
      return;
    }
  }
  for (let words = 0; words < 2; words++) {
    const limit = Math.min(end, at + longest);
    let next = at;
    let slash = at;
    let open = -1;
    for (; next < limit; next++) {
      const code = codes[next] as number;
      if (code === space || code === openBracket) break;
      if (code === colon && (next + 1 >= end || codes[next + 1] === space)) break;
      if (code === 47) slash = next + 1;
      else if (code === 40 && open < 0 && next > slash) open = next;
    }
    const stop = next < limit ? (codes[next] as number) : next === end ? space : 0;
    if (next === at || stop === 0) break;
    if (stop === space && words === 0 && isFacility(codes, at, next) && isTagged(codes, skipSpaces(codes, next), end)) {
      at = skipSpaces(codes, next);
      continue;
    }
    const hasModule = open >= 0 && codes[next - 1] === 41;
    tag.program = text.slice(slash, hasModule ? open : next);
    tag.module = hasModule ? text.slice(open + 1, next - 1) : undefined;
    tag.pid = undefined;
    if (stop === openBracket) {
      const pid = wholeNumber(codes, next + 1, end);
      const close = text.indexOf(']', next);
      if (close < 0 || close > next + 64) tag.next = skipSpaces(codes, next);
      else {
        if (pid >= 0) tag.pid = pid;
        tag.next = messageAt(codes, close + 1);
      }
    } else tag.next = messageAt(codes, next);
    return;
  }
  bare(tag, at);
}

/** Past the colon, which some write and some do not, and spaces. */
const messageAt = (codes: Uint8Array, at: number): number => skipSpaces(codes, codes[at] === colon ? at + 1 : at);

/** `auth.info`, `<auth.info>`, `auth|security:info`. */
function isFacility(codes: Uint8Array, at: number, end: number): boolean {
  for (let next = at; next < end; next++) {
    const code = codes[next] as number;
    if (code === 46 || code === 124) return true;
  }
  return false;
}

/** Whether a word such as `sshd[42]:` stands here. */
function isTagged(codes: Uint8Array, at: number, end: number): boolean {
  const wordAt = wordEnd(codes, at, Math.min(end, at + longest));
  return codes[wordAt - 1] === colon && pidAt(codes, at, wordAt - 1) > 0;
}

/** The place of `[digits]` at the end of a word that has something before it; -1 when there is none. */
function pidAt(codes: Uint8Array, at: number, end: number): number {
  if (codes[end - 1] !== closeBracket) return -1;
  let next = end - 2;
  while (next > at && isDigit(codes[next] as number)) next--;
  return next > at && next < end - 2 && codes[next] === openBracket ? next : -1;
}
