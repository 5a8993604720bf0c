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

let knownHost = '';
/** Never one with a path or a module: those are part of the word in the line. */
let knownProgram = '';

/** The host from the line, as the same string as in the line before where it is the same. */
function hostOf(line: string, at: number, end: number): string {
  if (end - at !== knownHost.length || !line.startsWith(knownHost, at)) knownHost = line.slice(at, end);
  return knownHost;
}

function programOf(line: string, at: number, end: number): string {
  if (end - at !== knownProgram.length || !line.startsWith(knownProgram, at)) knownProgram = line.slice(at, end);
  return knownProgram;
}

/**
 * Fills `tag` from what follows the date: `host program[pid]: `. There may be no host (`sshd[42]: `, `[sshd] `), a
 * facility (`authpriv.info`, `<auth.info>`, AIX's `auth|security:info`), a relay (`Message forwarded from host: `) or a
 * container's stream (`stderr F `).
 */
export function readTag(line: string, from: number, noHost: boolean, tag: Tag): void {
  const end = line.length;
  let at = from;
  if (!noHost && readAgain(line, at, end, tag)) return;
  tag.host = undefined;
  if (!noHost && line.charCodeAt(at) !== openBracket) {
    const hostEnd = wordEnd(line, at, end);
    const last = line.charCodeAt(hostEnd - 1);
    if (isStream(line, at, hostEnd)) {
      bare(tag, skipSpaces(line, hostEnd + 2));
      return;
    }
    if (last !== colon && !(last === closeBracket && pidAt(line, at, hostEnd) > 0) && hostEnd < end) {
      tag.host = hostOf(line, at, hostEnd);
      at = skipSpaces(line, hostEnd);
    }
  }
  readProgram(line, forwarded(line, at, tag), end, tag);
}

/** The host and the program of the line before with a process id, as most lines have: read without looking for ends. */
function readAgain(line: string, at: number, end: number, tag: Tag): boolean {
  const programAt = at + knownHost.length + 1;
  let next = programAt + knownProgram.length;
  if (line.charCodeAt(next) !== openBracket || line.charCodeAt(programAt - 1) !== space) return false;
  if (knownHost === '' || !line.startsWith(knownHost, at) || !line.startsWith(knownProgram, programAt)) return false;
  let pid = 0;
  const digits = ++next;
  for (; next < end && isDigit(line.charCodeAt(next)); next++) pid = pid * 10 + line.charCodeAt(next) - 48;
  if (next === digits || next > digits + 9 || line.charCodeAt(next) !== closeBracket) return false;
  tag.host = knownHost;
  tag.program = knownProgram;
  tag.module = undefined;
  tag.pid = pid;
  tag.next = messageAt(line, next + 1);
  return true;
}

function bare(tag: Tag, next: number): void {
  tag.program = undefined;
  tag.module = undefined;
  tag.pid = undefined;
  tag.next = next;
}

/** Kubernetes' CRI: `stdout F message`. */
function isStream(line: string, at: number, end: number): boolean {
  if (end - at !== 6 || line.charCodeAt(at) !== 115 || line.charCodeAt(end + 2) !== space) return false;
  return line.startsWith('stdout ', at) || line.startsWith('stderr ', at);
}

/** AIX: the host that a line was forwarded from is the one it is about. */
function forwarded(line: string, at: number, tag: Tag): number {
  if (line.charCodeAt(at) !== 77 || !line.startsWith('Message forwarded from ', at)) return at;
  const end = line.indexOf(': ', at + 23);
  if (end < 0 || end > at + 23 + longest) return at;
  tag.host = line.slice(at + 23, end);
  return skipSpaces(line, end + 1);
}

function readProgram(line: string, from: number, end: number, tag: Tag): void {
  let at = from;
  if (line.charCodeAt(at) === openBracket) {
    const close = line.indexOf(']', at);
    if (close > at + 1 && close <= at + longest) {
      bare(tag, messageAt(line, close + 1));
      tag.program = programOf(line, at + 1, close);
      return;
    }
  }
  for (let words = 0; words < 2; words++) {
    const limit = Math.min(end, at + longest);
    let next = at;
    let slash = at;
    let open = -1;
    for (; next < limit; next++) {
      const code = line.charCodeAt(next);
      if (code === space || code === openBracket) break;
      if (code === colon && (next + 1 >= end || line.charCodeAt(next + 1) === space)) break;
      if (code === 47) slash = next + 1;
      else if (code === 40 && open < 0 && next > slash) open = next;
    }
    const stop = next < limit ? line.charCodeAt(next) : next === end ? space : 0;
    if (next === at || stop === 0) break;
    if (stop === space && words === 0 && isFacility(line, at, next) && isTagged(line, skipSpaces(line, next), end)) {
      at = skipSpaces(line, next);
      continue;
    }
    tag.program = programOf(line, slash, open >= 0 && line.charCodeAt(next - 1) === 41 ? open : next);
    tag.module = open >= 0 && line.charCodeAt(next - 1) === 41 ? line.slice(open + 1, next - 1) : undefined;
    tag.pid = undefined;
    if (stop === openBracket) {
      const pid = wholeNumber(line, next + 1, end);
      const close = line.indexOf(']', next);
      if (close < 0 || close > next + 64) tag.next = skipSpaces(line, next);
      else {
        if (pid >= 0) tag.pid = pid;
        tag.next = messageAt(line, close + 1);
      }
    } else tag.next = messageAt(line, next);
    return;
  }
  bare(tag, at);
}

/** Past the colon, which some write and some do not, and spaces. */
const messageAt = (line: string, at: number): number => skipSpaces(line, line.charCodeAt(at) === colon ? at + 1 : at);

/** `auth.info`, `<auth.info>`, `auth|security:info`. */
function isFacility(line: string, at: number, end: number): boolean {
  for (let next = at; next < end; next++) {
    const code = line.charCodeAt(next);
    if (code === 46 || code === 124) return true;
  }
  return false;
}

/** Whether a word such as `sshd[42]:` stands here. */
function isTagged(line: string, at: number, end: number): boolean {
  const wordAt = wordEnd(line, at, Math.min(end, at + longest));
  return line.charCodeAt(wordAt - 1) === colon && pidAt(line, at, wordAt - 1) > 0;
}

/** The place of `[digits]` at the end of a word that has something before it; -1 when there is none. */
function pidAt(line: string, at: number, end: number): number {
  if (line.charCodeAt(end - 1) !== closeBracket) return -1;
  let next = end - 2;
  while (next > at && isDigit(line.charCodeAt(next))) next--;
  return next > at && next < end - 2 && line.charCodeAt(next) === openBracket ? next : -1;
}
