import type { Line } from '../syslog/line.ts';
import { type Draft, type MessageReader, putText, refused, told } from './draft.ts';
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

export const succeeded =
  (method: string): MessageReader =>
  (line, at, end, draft) => {
    const { text } = line;
    const more = text.endsWith(extra, end);
    const from = text.lastIndexOf(' from ', end);
    if (from < at || !putFrom(line, from, more ? end - extra.length : end, draft)) return undefined;
    const key = method === 'publickey' ? text.lastIndexOf("' with ", from) : -1;
    putQuoted(text, at, key > at ? key + 1 : from, draft);
    if (key > at) readKey(text.slice(key + 7, from), draft);
    draft['login.method'] = method;
    if (more) return told(draft, 'partial');
    draft['event.action'] = 'ssh';
    draft['event.outcome'] = 'success';
    return 'login';
  };

/** Another method has to succeed as well. */
const extra = ', extra auth required';

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

export const wrongPassword =
  (method: string): MessageReader =>
  (line, at, end, draft) => {
    const { text } = line;
    const from = text.lastIndexOf(' from ', end);
    if (from < at || !putFrom(line, from, end, draft)) return undefined;
    putQuoted(text, at, from, draft);
    draft['login.method'] = method;
    return refused(draft);
  };

/** `'NAME' with key FINGERPRINT from ADDRESS:PORT` */
export const badSignature: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const from = text.lastIndexOf(' from ', end);
  const key = text.lastIndexOf("' with key ", from);
  if (from < at || key < at || !putFrom(line, from, end, draft)) return undefined;
  putQuoted(text, at, key + 1, draft);
  readKey(text.slice(key + 7, from), draft);
  draft['login.method'] = 'publickey';
  return refused(draft, 'bad signature');
};

/** … `'NAME'` …, of an account that may not log in. */
export const barred =
  (reason: string): MessageReader =>
  ({ text }, at, end, draft) => {
    const stop = text.lastIndexOf("'", end - 1);
    if (stop > at) putText(draft, 'user.name', text.slice(text.indexOf("'", at) + 1, stop));
    return refused(draft, reason);
  };

export const rootRejected: MessageReader = (_line, _at, _end, draft) => {
  draft['user.name'] = 'root';
  return refused(draft, 'root login refused');
};

/** `NAME' has REASON, rejected` */
export const rejected: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const has = text.lastIndexOf("' has ", end);
  if (has <= at || !text.endsWith(', rejected', end)) return undefined;
  putText(draft, 'user.name', text.slice(at, has));
  return refused(draft, text.slice(has + 6, end - 10));
};

export const nonexistent: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  draft['login.unknown_user'] = true;
  // Distributions build it so that it names neither user nor address here.
  if (at === end) return refused(draft, 'invalid user');
  const from = text.lastIndexOf(' from ', end);
  if (from < at || !putFrom(line, from, end, draft)) return undefined;
  putQuoted(text, at + 1, from, draft);
  return refused(draft, 'invalid user');
};

/** ` from <ADDRESS:PORT>: REASON`, ` (user 'NAME', N fails): REASON[ - user 'NAME' from ADDRESS:PORT]`. */
export const exitBefore: MessageReader = (line, at, end, draft) => {
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
export const exit: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const close = text.indexOf(')', at);
  if (close < 0 || close >= end) return undefined;
  putText(draft, 'user.name', text.slice(at, close));
  if (text.startsWith(' from <', close + 1)) putFrom(line, close + 1, end, draft);
  draft['event.action'] = 'logout';
  return 'login';
};

export const child: MessageReader = (line, at, end, draft) => {
  if (!readPeerColon(line, at, end)) return undefined;
  putPeer(line, draft);
  return told(draft, 'connect');
};

export const plain =
  (action: string): MessageReader =>
  (_line, _at, _end, draft) =>
    told(draft, action);

/** `NAME from ADDRESS:PORT`, where only one account may log in. */
export const wrongUser: MessageReader = (line, at, end, draft) => {
  const from = line.text.lastIndexOf(' from ', end);
  if (from < at || !putFrom(line, from, end, draft)) return undefined;
  putText(draft, 'user.name', line.text.slice(at, from));
  return refused(draft, 'wrong user');
};

/** `NAME executing 'COMMAND'`, `NAME executing login shell`: the name is of an account. */
export const executing: MessageReader = ({ text }, at, end, draft) => {
  const stop = text.indexOf(' executing ', at);
  if (stop < at || stop >= end) return undefined;
  putText(draft, 'user.name', text.slice(at, stop));
  return told(draft, 'session');
};

/** `FUNCTION() failed, rc=N, REASON` */
export const pamFault: MessageReader = ({ text }, at, end, draft) => {
  const failed = text.indexOf(' failed', at);
  return failed > 0 && failed < end && failed < at + 60 ? told(draft, 'pam') : undefined;
};
