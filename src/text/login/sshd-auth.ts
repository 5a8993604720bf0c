import { type Line, wordOf } from '../syslog/line.ts';
import { colon, isDigit, isFrom, wordEnd } from '../syslog/scan.ts';
import { type Draft, putText, refused, type Told } from './draft.ts';
import { peer, putPeer, readPeer, readPeerBefore } from './peer.ts';

const ssh = wordOf(' ssh');
const forWord = wordOf(' for ');
const invalidUser = wordOf('invalid user ');
const illegalUser = wordOf('illegal user ');
const password = wordOf('password');
const publickey = wordOf('publickey');

/** What stands after a peer: nothing of that message; the line's end; ` ssh2` and the end; ` ssh2: ` and more. */
type Tail = 'none' | 'bare' | 'whole' | 'extra';

function tailAt({ text, codes }: Line, at: number, end: number): Tail {
  if (at === end) return 'bare';
  if (!text.startsWith(' ssh', at) || !isDigit(codes[at + 4] as number)) return 'none';
  if (at + 5 === end) return 'whole';
  return codes[at + 5] === colon ? 'extra' : 'none';
}

/**
 * Finds the ` from ADDRESS port N ssh2` of OpenSSH's auth_log and leaves its peer in `peer`; -1 when there is none. The
 * name before it is the attacker's where the user is invalid, so the last one counts; where the account exists, what
 * follows ` ssh2: ` may be somebody else's words, so the first. Hostbased lines have such words on both sides: where
 * two addresses could be meant, `ambiguous` is given and the line names none.
 */
function findFrom(line: Line, user: number, end: number, exists: boolean, hostbased: boolean): number {
  const { text, codes } = line;
  // Nearly every line: ` ssh2` at its end.
  if (line.has(ssh, end - 5) && isDigit(codes[end - 1] as number) && readPeerBefore(line, user, end - 5)) {
    const from = peer.at - 6;
    if (from >= user && isFrom(codes, from)) {
      peer.next = end;
      return from;
    }
  }
  if (exists && !hostbased) {
    const from = firstExtra(line, user, end);
    if (from >= 0) return from;
  }
  let found = -1;
  let count = 0;
  let bare = -1;
  for (let from = text.lastIndexOf(' from ', end); from >= user; from = text.lastIndexOf(' from ', from - 1)) {
    const tail = readPeer(line, from + 6, end) ? tailAt(line, peer.next, end) : 'none';
    if (tail === 'whole') return from;
    if (tail === 'bare') bare = from;
    if (tail === 'extra') {
      count++;
      if (found < 0 || exists) found = from;
      if (!exists && !hostbased) break;
    }
    if (from === 0) break;
  }
  if (hostbased && count > 1) return ambiguous;
  if (found < 0) found = bare;
  if (found >= 0) readPeer(line, found + 6, end);
  return found;
}

/** The first with more after ` ssh2: `, where the line does not end in ` ssh2`. */
function firstExtra(line: Line, user: number, end: number): number {
  if (line.has(ssh, end - 5)) return -1;
  for (
    let from = line.text.indexOf(' from ', user);
    from >= 0 && from < end;
    from = line.text.indexOf(' from ', from + 1)
  )
    if (readPeer(line, from + 6, end) && tailAt(line, peer.next, end) === 'extra') return from;
  return -1;
}

const ambiguous = -2;

/**
 * OpenSSH's auth_log after its first word, in auth.c:
 * `METHOD[/SUBMETHOD] for [invalid user ]USER from ADDRESS port N ssh2[: EXTRA]`.
 */
export function readAuth(line: Line, at: number, end: number, draft: Draft): boolean {
  const methodEnd = wordEnd(line.codes, at, end);
  if (methodEnd === at || !line.has(forWord, methodEnd)) return false;
  const method = methodOf(line, at, methodEnd);
  const found = readAccount(line, methodEnd + 5, end, draft, method === 'hostbased');
  if (found) draft['login.method'] = method;
  return found;
}

/** `[invalid user ]USER from ADDRESS port N ssh2[: EXTRA]` */
export function readAccount(line: Line, at: number, end: number, draft: Draft, hostbased: boolean): boolean {
  let user = at;
  let exists = true;
  if (line.has(invalidUser, user) || line.has(illegalUser, user)) {
    exists = false;
    user += 13;
  }
  const from = findFrom(line, user, end, exists, hostbased);
  if (from === -1) return false;
  if (from === ambiguous) {
    if (!exists) draft['login.unknown_user'] = true;
    draft['event.reason'] = 'two addresses could be meant';
    return true;
  }
  const name = line.text.slice(user, from);
  if (name === '<invalid username>') exists = false;
  else if (name !== '') draft['user.name'] = name;
  if (!exists) draft['login.unknown_user'] = true;
  putPeer(line, draft);
  // After ` ssh2: `
  if (peer.next + 7 < end) readExtra(line, peer.next + 7, end, draft);
  return true;
}

function methodOf(line: Line, at: number, end: number): string {
  if (end - at === 8 && line.has(password, at)) return 'password';
  if (end - at === 9 && line.has(publickey, at)) return 'publickey';
  return line.text.slice(at, end);
}

/** `TYPE FINGERPRINT`, with ` ID KEYID (serial N) CA TYPE FINGERPRINT` for a certificate, then `, ` and more. */
function readExtra(line: Line, at: number, end: number, draft: Draft): void {
  const { text, codes } = line;
  const typeEnd = wordEnd(codes, at, end);
  if (typeEnd === at || typeEnd >= end) return;
  const next = typeEnd + 1;
  let fingerprintEnd = typeEnd;
  if (!text.startsWith('ID ', next)) {
    fingerprintEnd = wordEnd(codes, next, end);
    const fingerprint = fingerprintOf(text.slice(next, fingerprintEnd));
    if (fingerprint === undefined) return;
    draft['login.key.fingerprint'] = fingerprint;
  }
  const type = text.slice(at, typeEnd);
  draft['login.key.type'] = type.endsWith('-CERT') ? type.slice(0, -5) : type;
  if (text.startsWith(' ID ', fingerprintEnd)) readCertificate(line, fingerprintEnd + 4, end, draft);
}

/** The key id is the certificate authority's own words: what follows it is anchored at the end. */
function readCertificate({ text, codes }: Line, at: number, end: number, draft: Draft): void {
  const serial = text.lastIndexOf(' (serial ', end);
  if (serial < at) return;
  putText(draft, 'login.certificate.id', text.slice(at, serial));
  const close = text.indexOf(') CA ', serial);
  if (close < 0 || close > serial + 30) return;
  putText(draft, 'login.certificate.serial', text.slice(serial + 9, close));
  const authorityType = wordEnd(codes, close + 5, end);
  const authority = fingerprintOf(text.slice(authorityType + 1, wordEnd(codes, authorityType + 1, end)));
  if (authority !== undefined) draft['login.certificate.authority'] = authority;
}

/** `SHA256:…`, `MD5:aa:bb…` or, before OpenSSH 6.8, `aa:bb…`, which is MD5; undefined for other words. */
function fingerprintOf(word: string): string | undefined {
  const text = word.endsWith(',') ? word.slice(0, -1) : word;
  if (text.length < 8 || text.length > 200 || !text.includes(':')) return undefined;
  return text.charCodeAt(2) === colon ? `MD5:${text}` : text;
}

/** `Accepted`, `Failed`, `Postponed` and `Partial`: the first two are outcomes of a login. */
export const accepted = (line: Line, at: number, end: number, draft: Draft): Told => {
  if (!readAuth(line, at, end, draft)) return undefined;
  draft['event.action'] = 'ssh';
  draft['event.outcome'] = 'success';
  return 'login';
};

export const failed = (line: Line, at: number, end: number, draft: Draft): Told =>
  readAuth(line, at, end, draft) ? refused(draft) : undefined;
