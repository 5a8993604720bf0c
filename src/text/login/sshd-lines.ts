import { parseIp } from '../ip.ts';
import { isDigit, skipSpaces, wordEnd } from '../syslog/scan.ts';
import { type Draft, type MessageReader, putText, refused, told } from './draft.ts';
import { peer, putAddress, putPeer, readPeer, readPeerBefore } from './peer.ts';
import { readAuth } from './sshd-auth.ts';

/** The longest reason that is kept. */
const longestReason = 300;

const putReason = (draft: Draft, text: string): void =>
  putText(draft, 'event.reason', text.length > longestReason ? text.slice(0, longestReason) : text);

/** A fixed message with nothing in it that is wanted. */
export const plain =
  (action: string): MessageReader =>
  (_text, _at, _end, draft) =>
    told(draft, action);

/** The whole rest is the reason. */
export const because =
  (action: string): MessageReader =>
  (text, at, end, draft) => {
    putReason(draft, text.slice(at, end));
    return told(draft, action);
  };

/** `ADDRESS[ port N]`, then perhaps `: ` and a reason. The peer stands first, so nobody's words come before it. */
export const fromPeer =
  (action: string): MessageReader =>
  (text, at, end, draft) => {
    if (!readPeer(text, at, end)) return undefined;
    // Before ports were logged: `ADDRESS: reason`, `ADDRESS.`, `ADDRESS,`
    const last = text.charCodeAt(peer.end - 1);
    if (peer.port < 0 && (last === 58 || last === 46 || last === 44) && peer.end - peer.at > 2) peer.end--;
    putPeer(text, draft);
    putReason(draft, text.slice(reasonAt(text, peer.next, end), end));
    return told(draft, action);
  };

/** Past `: `, and a number such as `11: `, of what follows a peer. */
function reasonAt(text: string, at: number, end: number): number {
  let next = at;
  const code = text.charCodeAt(next);
  if (next < end && (code === 58 || code === 44 || code === 46)) next++;
  next = skipSpaces(text, next);
  let digits = next;
  while (digits < end && digits < next + 4 && isDigit(text.charCodeAt(digits))) digits++;
  return digits > next && text.charCodeAt(digits) === 58 ? skipSpaces(text, digits + 1) : next;
}

/** `[authenticating |invalid ]user NAME ADDRESS port N`: the name is anybody's, so the address is read from the end. */
const ofUser =
  (action: string): MessageReader =>
  (text, at, end, draft) => {
    if (!readUser(text, at, end, draft)) return undefined;
    return told(draft, action);
  };

const userWords = ['authenticating user ', 'invalid user ', 'user '];

function readUser(text: string, at: number, end: number, draft: Draft): boolean {
  const word = userWords.find((start) => text.startsWith(start, at));
  const user = word === undefined ? at : at + word.length;
  if (!readPeerBefore(text, at, end)) {
    // Before ports were logged.
    if (word !== undefined || !readPeer(text, at, end) || peer.next !== end) return false;
    putPeer(text, draft);
    return true;
  }
  if (word === undefined && peer.at !== at) {
    // Patched servers have other words before `user`.
    const other = text.indexOf(' user ', at);
    if (other < 0 || other >= peer.at || other > at + 40) return false;
    putText(draft, 'user.name', text.slice(other + 6, peer.at - 1));
  } else if (word !== undefined) {
    putText(draft, 'user.name', text.slice(user, peer.at - 1));
    if (word === 'invalid user ') draft['login.unknown_user'] = true;
  }
  putPeer(text, draft);
  return true;
}

/** `USER ADDRESS port N: reason`; a name and a reason that both hold an address name none. */
export const disconnecting: MessageReader = (text, at, end, draft) => {
  let split = -1;
  let count = 0;
  for (let next = text.indexOf(': ', at); next >= 0 && next < end; next = text.indexOf(': ', next + 2)) {
    if (!readPeerBefore(text, at, next)) continue;
    split = next;
    count++;
  }
  if (count === 1 && readUser(text, at, split, draft)) {
    putReason(draft, text.slice(split + 2, end));
    return told(draft, 'disconnect');
  }
  putReason(draft, text.slice(text.startsWith(': ', at) ? at + 2 : at, end));
  return told(draft, 'disconnect');
};

/** The peer after the last ` from `, at the end: what stands before is anybody's. */
function lastFrom(text: string, at: number, end: number): number {
  const from = text.lastIndexOf(' from ', end);
  return from >= at && readPeer(text, from + 6, end) && peer.next === end ? from : -1;
}

export const invalidUser: MessageReader = (text, at, end, draft) => {
  const from = lastFrom(text, at, end);
  if (from < 0) return undefined;
  putText(draft, 'user.name', text.slice(at, from));
  draft['login.unknown_user'] = true;
  putPeer(text, draft);
  return refused(draft, 'invalid user');
};

/** `[invalid user ]NAME from ADDRESS port N ssh2`, as auth_log has it. */
export const tooMany: MessageReader = (text, at, end, draft) => {
  if (!readAuth(`- for ${text.slice(at, end)}`, 0, end - at + 6, draft)) return undefined;
  draft['login.method'] = undefined;
  return refused(draft, 'maximum authentication attempts exceeded');
};

export const rootRefused: MessageReader = (text, at, end, draft) => {
  if (!readPeer(text, at, end)) return undefined;
  draft['user.name'] = 'root';
  putPeer(text, draft);
  return refused(draft, 'root login refused');
};

/** `User NAME[ from HOST] not allowed because REASON`, `User NAME password has expired …`. */
export const userRefused: MessageReader = (text, at, end, draft) => {
  const because = text.lastIndexOf(' not allowed because ', end);
  if (because < at) {
    const expired = text.indexOf(' password has expired', at);
    if (expired < 0 || expired >= end) return undefined;
    putText(draft, 'user.name', text.slice(at, expired));
    return refused(draft, 'password has expired');
  }
  const from = lastFrom(text, at, because);
  putText(draft, 'user.name', text.slice(at, from < 0 ? because : from));
  if (from >= 0) putPeer(text, draft);
  return refused(draft, text.slice(because + 21, end));
};

/** `error: PAM: REASON for [illegal user ]NAME from HOST[ via ADDRESS]`, after `PAM: `. */
export const pamRefused: MessageReader = (text, at, end, draft) => {
  let stop = end;
  const via = text.lastIndexOf(' via ', end);
  let from = lastFrom(text, at, stop);
  if (from < 0 && via > at) {
    stop = via;
    from = lastFrom(text, at, stop);
  }
  const reason = text.indexOf(' for ', at);
  if (from < 0 || reason < 0 || reason + 5 > from) return because('pam')(text, at, end, draft);
  let user = reason + 5;
  if (text.startsWith('illegal user ', user) || text.startsWith('invalid user ', user)) {
    user += 13;
    draft['login.unknown_user'] = true;
  }
  putText(draft, 'user.name', text.slice(user, from));
  putPeer(text, draft);
  return refused(draft, text.slice(at, reason).toLowerCase());
};

/** `refused connect from NAME (ADDRESS)` of TCP wrappers. */
export const wrapped: MessageReader = (text, at, end, draft) => {
  const open = text.lastIndexOf('(', end);
  if (open > at && text.charCodeAt(end - 1) === 41) putAddress(text.slice(open + 1, end - 1), draft);
  else if (readPeer(text, at, end)) putPeer(text, draft);
  else return undefined;
  return told(draft, 'refused');
};

/** `'TEXT' from ADDRESS port N`: the text is the other side's. */
export const quotedFrom =
  (action: string): MessageReader =>
  (text, at, end, draft) => {
    if (lastFrom(text, at, end) < 0) return undefined;
    putPeer(text, draft);
    return told(draft, action);
  };

/** `reverse mapping checking getaddrinfo for NAME [ADDRESS] failed`: the name is whoever's the zone is. */
export const reverseMapping: MessageReader = (text, at, end, draft) => {
  const close = text.lastIndexOf('] failed', end);
  const open = text.lastIndexOf('[', close);
  if (open >= at && close > open) putAddress(text.slice(open + 1, close), draft);
  return told(draft, 'reverse-mapping');
};

/** `SESSION for NAME from ADDRESS port N id N`, `user NAME from ADDRESS port N id N`. */
export const session =
  (action: string, word: string): MessageReader =>
  (text, at, end, draft) => {
    const from = text.lastIndexOf(' from ', end);
    if (from < at || !readPeer(text, from + 6, end)) return undefined;
    const user = text.lastIndexOf(word, from);
    if (user >= at) putText(draft, 'user.name', text.slice(user + word.length, from));
    putPeer(text, draft);
    return told(draft, action);
  };

/** `drop connection #N from [ADDRESS]:PORT on [ADDRESS]:PORT REASON` */
export const dropped: MessageReader = (text, at, end, draft) => {
  const open = text.indexOf('[', at);
  const close = text.indexOf(']:', open);
  if (open < 0 || close < 0 || close >= end) return undefined;
  putAddress(text.slice(open + 1, close), draft);
  const local = text.indexOf(']:', close + 2);
  const reason = local < 0 ? -1 : text.indexOf(' ', local);
  if (reason > 0) putReason(draft, text.slice(reason + 1, end));
  return told(draft, 'drop');
};

/** `… penalty of N seconds for REASON`, with the network before it: named where it is a single address. */
export const penalty: MessageReader = (text, at, end, draft) => {
  for (let next = at; next < end; next = wordEnd(text, next, end) + 1) {
    const word = text.slice(next, Math.min(wordEnd(text, next, end), next + 60));
    const slash = word.indexOf('/');
    const ip = slash < 0 ? undefined : parseIp(word.slice(0, slash));
    if (ip === undefined) continue;
    if (Number.parseInt(word.slice(slash + 1), 10) === (ip.includes(':') ? 128 : 32)) draft['source.ip'] = ip;
    break;
  }
  const reason = text.indexOf(' seconds for ', at);
  if (reason > 0 && reason < end) putReason(draft, text.slice(reason + 13, end));
  return told(draft, 'penalty');
};

/** `Authentication tried for NAME with correct key but not from a permitted host (host=NAME, ip=ADDRESS…).` */
export const notPermitted: MessageReader = (text, at, end, draft) => {
  const start = text.indexOf('Authentication tried for ', at);
  const because = text.indexOf(' with ', start);
  if (start < 0 || because < 0 || because >= end) return undefined;
  putText(draft, 'user.name', text.slice(start + 25, because));
  const ip = text.lastIndexOf('ip=', end);
  const open = ip > because ? ip + 3 : text.lastIndexOf('(', end) + 1;
  let close = open;
  while (close < end && !',) '.includes(text.charAt(close))) close++;
  if (open > because) putAddress(text.slice(open, close), draft);
  return refused(draft, 'not from a permitted address');
};

export const accessDenied: MessageReader = (text, at, end, draft) => {
  const by = text.lastIndexOf(' by PAM account', end);
  if (by <= at) return undefined;
  putText(draft, 'user.name', text.slice(at, by));
  return refused(draft, 'denied by PAM account configuration');
};

export const named =
  (action: string): MessageReader =>
  (text, at, end, draft) => {
    putText(draft, 'user.name', text.slice(at, end));
    return told(draft, action);
  };

export const ended: MessageReader = (text, at, end, draft) =>
  ofUser('disconnect')(text, at, end, draft) ?? fromPeer('disconnect')(text, at, end, draft);

export const connection: MessageReader = (text, at, end, draft) => {
  const named = text.startsWith('connection from ', at) ? at + 16 : at;
  if (!readPeer(text, named, end)) return undefined;
  if (peer.port < 0 && text.charCodeAt(peer.end - 1) === 44) peer.end--;
  putPeer(text, draft);
  return told(draft, 'timeout');
};

/** `[invalid user ]NAME from ADDRESS port N` and words of the configuration. */
export const prohibited: MessageReader = (text, at, end, draft) => {
  const unknown = text.startsWith('invalid user ', at);
  const user = unknown ? at + 13 : at;
  const from = text.lastIndexOf(' from ', end);
  if (from < user || !readPeer(text, from + 6, end) || peer.port < 0) return undefined;
  putText(draft, 'user.name', text.slice(user, from));
  if (unknown) draft['login.unknown_user'] = true;
  putPeer(text, draft);
  return refused(draft, 'administratively prohibited');
};

/** `Account NAME has expired` */
export const expired: MessageReader = (text, at, end, draft) => {
  const stop = text.lastIndexOf(' has expired', end);
  if (stop <= at) return undefined;
  putText(draft, 'user.name', text.slice(at, stop));
  return refused(draft, 'account has expired');
};
