import { colon, isDigit, isFrom, wordEnd } from '../syslog/scan.ts';
import { type Draft, putText, refused, type Told } from './draft.ts';
import { peer, putPeer, readPeer, readPeerBefore } from './peer.ts';

/** What stands after a peer: nothing of that message; the line's end; ` ssh2` and the end; ` ssh2: ` and more. */
type Tail = 'none' | 'bare' | 'whole' | 'extra';

function tailAt(text: string, at: number, end: number): Tail {
  if (at === end) return 'bare';
  if (!text.startsWith(' ssh', at) || !isDigit(text.charCodeAt(at + 4))) return 'none';
  if (at + 5 === end) return 'whole';
  return text.charCodeAt(at + 5) === colon ? 'extra' : 'none';
}

/**
 * Finds the ` from ADDRESS port N ssh2` of OpenSSH's auth_log and leaves its peer in `peer`; -1 when there is none. The
 * name before it is the attacker's where the user is invalid, so the last one counts; where the account exists, what
 * follows ` ssh2: ` may be somebody else's words, so the first. Hostbased lines have such words on both sides: where
 * two addresses could be meant, `ambiguous` is given and the line names none.
 */
function findFrom(text: string, user: number, end: number, exists: boolean, hostbased: boolean): number {
  // Nearly every line: ` ssh2` at its end.
  if (text.startsWith(' ssh', end - 5) && isDigit(text.charCodeAt(end - 1)) && readPeerBefore(text, user, end - 5)) {
    const from = peer.at - 6;
    if (from >= user && isFrom(text, from)) {
      peer.next = end;
      return from;
    }
  }
  let found = -1;
  let count = 0;
  let bare = -1;
  for (let from = text.lastIndexOf(' from ', end); from >= user; from = text.lastIndexOf(' from ', from - 1)) {
    const tail = readPeer(text, from + 6, end) ? tailAt(text, peer.next, end) : 'none';
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
  if (found >= 0) readPeer(text, found + 6, end);
  return found;
}

const ambiguous = -2;

/**
 * OpenSSH's auth_log after its first word, in auth.c:
 * `METHOD[/SUBMETHOD] for [invalid user ]USER from ADDRESS port N ssh2[: EXTRA]`.
 */
export function readAuth(text: string, at: number, end: number, draft: Draft): boolean {
  const methodEnd = wordEnd(text, at, end);
  if (methodEnd === at || !text.startsWith(' for ', methodEnd)) return false;
  let user = methodEnd + 5;
  let exists = true;
  if (
    text.charCodeAt(user) === 105 &&
    (text.startsWith('invalid user ', user) || text.startsWith('illegal user ', user))
  ) {
    exists = false;
    user += 13;
  }
  const method = methodOf(text, at, methodEnd);
  const from = findFrom(text, user, end, exists, method === 'hostbased');
  if (from === -1) return false;
  draft['login.method'] = method;
  if (from === ambiguous) {
    if (!exists) draft['login.unknown_user'] = true;
    draft['event.reason'] = 'two addresses could be meant';
    return true;
  }
  const name = text.slice(user, from);
  if (name === '<invalid username>') exists = false;
  else if (name !== '') draft['user.name'] = name;
  if (!exists) draft['login.unknown_user'] = true;
  putPeer(text, draft);
  // After ` ssh2: `
  if (peer.next + 7 < end) readExtra(text, peer.next + 7, end, draft);
  return true;
}

function methodOf(text: string, at: number, end: number): string {
  if (end - at === 8 && text.startsWith('password', at)) return 'password';
  if (end - at === 9 && text.startsWith('publickey', at)) return 'publickey';
  return text.slice(at, end);
}

/** `TYPE FINGERPRINT`, with ` ID KEYID (serial N) CA TYPE FINGERPRINT` for a certificate, then `, ` and more. */
function readExtra(text: string, at: number, end: number, draft: Draft): void {
  const typeEnd = wordEnd(text, at, end);
  if (typeEnd === at || typeEnd >= end) return;
  const next = typeEnd + 1;
  let fingerprintEnd = typeEnd;
  if (!text.startsWith('ID ', next)) {
    fingerprintEnd = wordEnd(text, next, end);
    const fingerprint = fingerprintOf(text.slice(next, fingerprintEnd));
    if (fingerprint === undefined) return;
    draft['login.key.fingerprint'] = fingerprint;
  }
  const type = text.slice(at, typeEnd);
  draft['login.key.type'] = type.endsWith('-CERT') ? type.slice(0, -5) : type;
  if (text.startsWith(' ID ', fingerprintEnd)) readCertificate(text, fingerprintEnd + 4, end, draft);
}

/** The key id is the certificate authority's own words: what follows it is anchored at the end. */
function readCertificate(text: string, at: number, end: number, draft: Draft): void {
  const serial = text.lastIndexOf(' (serial ', end);
  if (serial < at) return;
  putText(draft, 'login.certificate.id', text.slice(at, serial));
  const close = text.indexOf(') CA ', serial);
  if (close < 0 || close > serial + 30) return;
  putText(draft, 'login.certificate.serial', text.slice(serial + 9, close));
  const authorityType = wordEnd(text, close + 5, end);
  const authority = fingerprintOf(text.slice(authorityType + 1, wordEnd(text, authorityType + 1, end)));
  if (authority !== undefined) draft['login.certificate.authority'] = authority;
}

/** `SHA256:…`, `MD5:aa:bb…` or, before OpenSSH 6.8, `aa:bb…`, which is MD5; undefined for other words. */
function fingerprintOf(word: string): string | undefined {
  const text = word.endsWith(',') ? word.slice(0, -1) : word;
  if (text.length < 8 || text.length > 200 || !text.includes(':')) return undefined;
  return text.charCodeAt(2) === colon ? `MD5:${text}` : text;
}

/** `Accepted`, `Failed`, `Postponed` and `Partial`: the first two are outcomes of a login. */
export const accepted = (text: string, at: number, end: number, draft: Draft): Told => {
  if (!readAuth(text, at, end, draft)) return undefined;
  draft['event.action'] = 'ssh';
  draft['event.outcome'] = 'success';
  return 'login';
};

export const failed = (text: string, at: number, end: number, draft: Draft): Told =>
  readAuth(text, at, end, draft) ? refused(draft) : undefined;
