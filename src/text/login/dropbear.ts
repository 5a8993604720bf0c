import type { Line } from '../syslog/line.ts';
import { type Draft, type MessageReader, putText, refused, type Told, told } from './draft.ts';
import { putPeer, readPeerColon } from './peer.ts';

/** The peer after the last ` from `: `ADDRESS:PORT` or `<ADDRESS:PORT>`, up to `end`. */
function putFrom(line: Line, from: number, end: number, draft: Draft): boolean {
  const { text } = line;
  const open = text.charCodeAt(from + 6) === 60;
  const at = open ? from + 7 : from + 6;
  const close = open ? text.indexOf('>', at) : end;
  if (close < 0 || close > end || !readPeerColon(line, at, close)) return false;
  putPeer(line, draft);
  return true;
}

/** The name in the quotes that open at `at` and close last before `end`. */
function putQuoted(text: string, at: number, end: number, draft: Draft): void {
  const close = text.lastIndexOf("'", end - 1);
  if (text.charCodeAt(at) === 39 && close > at) putText(draft, 'user.name', text.slice(at + 1, close));
}

const succeeded =
  (method: string): MessageReader =>
  (line, at, end, draft) => {
    const { text } = line;
    const from = text.lastIndexOf(' from ', end);
    if (from < at || !putFrom(line, from, end, draft)) return undefined;
    const key = method === 'publickey' ? text.lastIndexOf("' with ", from) : -1;
    putQuoted(text, at, key > at ? key + 1 : from, draft);
    if (key > at) readKey(text.slice(key + 7, from), draft);
    draft['event.action'] = 'ssh';
    draft['event.outcome'] = 'success';
    draft['login.method'] = method;
    return 'login';
  };

/** `ssh-ed25519 key SHA256:…`, before 2020 `key md5 aa:bb…`. */
function readKey(text: string, draft: Draft): void {
  const words = text.split(' ', 4);
  const at = words.indexOf('key');
  if (at === 1) draft['login.key.type'] = keyType(words[0] as string);
  const [first = '', second = ''] = words.slice(at + 1);
  if (first === 'md5' && second !== '') draft['login.key.fingerprint'] = `MD5:${second}`;
  else if (first.includes(':')) draft['login.key.fingerprint'] = first;
}

/** As OpenSSH calls them. */
function keyType(algorithm: string): string {
  if (algorithm.includes('ed25519')) return 'ED25519';
  if (algorithm.startsWith('ecdsa')) return 'ECDSA';
  return algorithm.includes('rsa') ? 'RSA' : algorithm;
}

const wrongPassword =
  (method: string): MessageReader =>
  (line, at, end, draft) => {
    const { text } = line;
    const from = text.lastIndexOf(' from ', end);
    if (from < at || !putFrom(line, from, end, draft)) return undefined;
    putQuoted(text, at, from, draft);
    draft['login.method'] = method;
    return refused(draft);
  };

const nonexistent: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const from = text.lastIndexOf(' from ', end);
  if (from < at || !putFrom(line, from, end, draft)) return undefined;
  putQuoted(text, at + 1, from, draft);
  draft['login.unknown_user'] = true;
  return refused(draft, 'invalid user');
};

/** ` from <ADDRESS:PORT>: REASON`, ` (user 'NAME', N fails): REASON[ - user 'NAME' from ADDRESS:PORT]`. */
const exitBefore: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  let reason = text.indexOf(': ', at);
  if (text.startsWith(' from <', at)) {
    putFrom(line, at, end, draft);
    reason = text.indexOf('>: ', at) + 1;
  } else {
    const from = text.lastIndexOf(' from ', end);
    if (from > at) putFrom(line, from, end, draft);
  }
  const user = text.indexOf("(user '", at);
  const fails = text.lastIndexOf(' fails)', end);
  if (user > 0 && fails > user && user < at + 120) {
    putQuoted(text, user + 6, fails, draft);
    reason = fails + 7;
  }
  if (reason > 0)
    putText(
      draft,
      'event.reason',
      text
        .slice(reason, end)
        .replace(/^[:\s]{1,3}/, '')
        .slice(0, 300),
    );
  return told(draft, 'disconnect');
};

/** ` (NAME)[ from <ADDRESS:PORT>]: REASON`: the name is of an account. */
const exit: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const close = text.indexOf(')', at);
  if (close < 0 || close >= end) return undefined;
  putText(draft, 'user.name', text.slice(at, close));
  if (text.startsWith(' from <', close + 1)) putFrom(line, close + 1, end, draft);
  draft['event.action'] = 'logout';
  return 'login';
};

const child: MessageReader = (line, at, end, draft) => {
  if (!readPeerColon(line, at, end)) return undefined;
  putPeer(line, draft);
  return told(draft, 'connect');
};

const plain =
  (action: string): MessageReader =>
  (_line, _at, _end, draft) =>
    told(draft, action);

const messages: readonly (readonly [start: string, read: MessageReader])[] = [
  ['assword auth succeeded for ', succeeded('password')],
  ['AM password auth succeeded for ', succeeded('keyboard-interactive/pam')],
  ['ubkey auth succeeded for ', succeeded('publickey')],
  ['ad password attempt for ', wrongPassword('password')],
  ['ad PAM password attempt for ', wrongPassword('keyboard-interactive/pam')],
  ['ogin attempt for nonexistent user', nonexistent],
  ['xit before auth', exitBefore],
  ['xit (', exit],
  ['hild connection from ', child],
  ['unning in background', plain('listening')],
  ['ot backgrounding', plain('listening')],
  ['arly exit: ', plain('stop')],
  ['erminated by signal', plain('stop')],
];

/** Dropbear's server (svr-auth*.c, svr-session.c). Its first letters changed case between versions. */
export const readDropbear: MessageReader = (line, at, end, draft): Told => {
  const { text } = line;
  for (const [start, read] of messages) {
    if (text.startsWith(start, at + 1)) {
      const told = read(line, at + 1 + start.length, end, draft);
      if (told !== undefined) return told;
    }
  }
  return undefined;
};
