import { type MessageReader, putText, refused, told } from './draft.ts';
import { lastFrom, peer, putAddress, putPeer, readPeer } from './peer.ts';
import { readAccount } from './sshd-auth.ts';
import { because, isStaged } from './sshd-lines.ts';

/** `NAME from ADDRESS[ port N]` */
export const invalidUser: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const from = lastFrom(line, at, end);
  if (from < 0) return undefined;
  putText(draft, 'user.name', text.slice(at, from));
  draft['login.unknown_user'] = true;
  putPeer(line, draft);
  return refused(draft, 'invalid user');
};

/** `[invalid user ]NAME from ADDRESS port N ssh2`, as auth_log has it. */
export const tooMany: MessageReader = (line, at, end, draft) => {
  if (!readAccount(line, at, end, draft, false)) return undefined;
  return refused(draft, 'maximum authentication attempts exceeded');
};

/** `ADDRESS port N`: said by the unprivileged child and by its monitor, whose word counts (auth.c, monitor.c). */
export const rootRefused: MessageReader = (line, at, end, draft) => {
  if (!readPeer(line, at, end)) return undefined;
  draft['user.name'] = 'root';
  putPeer(line, draft);
  if (isStaged(line, end)) return told(draft, 'refused');
  return refused(draft, 'root login refused');
};

/** `User NAME[ from HOST] not allowed because REASON`, `User NAME password has expired …`. */
export const userRefused: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const because = text.lastIndexOf(' not allowed because ', end);
  if (because < at) {
    const expired = text.indexOf(' password has expired', at);
    if (expired < 0 || expired >= end) return undefined;
    putText(draft, 'user.name', text.slice(at, expired));
    return refused(draft, 'password has expired');
  }
  const from = lastFrom(line, at, because);
  putText(draft, 'user.name', text.slice(at, from < 0 ? because : from));
  if (from >= 0) putPeer(line, draft);
  return refused(draft, text.slice(because + 21, end));
};

/** `error: PAM: REASON for [illegal user ]NAME from HOST[ via ADDRESS]`, after `PAM: `. */
export const pamRefused: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  let stop = end;
  const via = text.lastIndexOf(' via ', end);
  let from = lastFrom(line, at, stop);
  if (from < 0 && via > at) {
    stop = via;
    from = lastFrom(line, at, stop);
  }
  const reason = text.indexOf(' for ', at);
  if (from < 0 || reason < 0 || reason + 5 > from) return because('pam')(line, at, end, draft);
  let user = reason + 5;
  if (text.startsWith('illegal user ', user) || text.startsWith('invalid user ', user)) {
    user += 13;
    draft['login.unknown_user'] = true;
  }
  putText(draft, 'user.name', text.slice(user, from));
  putPeer(line, draft);
  return refused(draft, text.slice(at, reason).toLowerCase());
};

/** `Authentication tried for NAME with correct key but not from a permitted host (host=NAME, ip=ADDRESS…).` */
export const notPermitted: MessageReader = ({ text }, at, end, draft) => {
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

/** `NAME by PAM account configuration` */
export const accessDenied: MessageReader = ({ text }, at, end, draft) => {
  const by = text.lastIndexOf(' by PAM account', end);
  if (by <= at) return undefined;
  putText(draft, 'user.name', text.slice(at, by));
  return refused(draft, 'denied by PAM account configuration');
};

/** `[invalid user ]NAME from ADDRESS port N` and words of the configuration. */
export const prohibited: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const unknown = text.startsWith('invalid user ', at);
  const user = unknown ? at + 13 : at;
  const from = text.lastIndexOf(' from ', end);
  if (from < user || !readPeer(line, from + 6, end) || peer.port < 0) return undefined;
  putText(draft, 'user.name', text.slice(user, from));
  if (unknown) draft['login.unknown_user'] = true;
  putPeer(line, draft);
  return refused(draft, 'administratively prohibited');
};

/** `Account NAME has expired` */
export const expired: MessageReader = ({ text }, at, end, draft) => {
  const stop = text.lastIndexOf(' has expired', end);
  if (stop <= at) return undefined;
  putText(draft, 'user.name', text.slice(at, stop));
  return refused(draft, 'account has expired');
};
