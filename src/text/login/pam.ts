import type { Line } from '../syslog/line.ts';
import { skipSpaces, wholeNumber, wordEnd } from '../syslog/scan.ts';
import { type Draft, putText, type Told, told } from './draft.ts';
import { preparesSession, readOther } from './pam-modules.ts';
import { putAddress } from './peer.ts';

/** Services whose sessions are not somebody's login. */
const machines: ReadonlySet<string> = new Set([
  ...['cron', 'crond', 'anacron', 'atd', 'at', 'systemd-user', 'runuser', 'runuser-l', 'crontab'],
]);

/** Where a PAM message begins in a line, and the service it is for: made once, filled again and again. */
const found = { service: '', next: 0 };

/**
 * Whether a message is PAM's: `pam_unix(sshd:auth): `, `(pam_unix) `, `pam_unix: `, or any message of a program written
 * as `sshd(pam_unix)`. Leaves service and place in `found`.
 */
function findPam(line: Line, at: number, end: number, program: string, module: string | undefined): boolean {
  const { text, codes } = line;
  found.service = program;
  found.next = at;
  if (module !== undefined) return module.startsWith('pam_');
  if (text.startsWith('(pam_', at)) {
    const close = text.indexOf(')', at);
    found.next = skipSpaces(codes, close + 1);
    return close > 0 && close < at + 40;
  }
  if (!text.startsWith('pam_', at)) return text.startsWith('PAM ', at);
  const stop = wordEnd(codes, at, Math.min(end, at + 200));
  if (text.charCodeAt(stop - 1) !== 58) return false;
  found.next = skipSpaces(codes, stop);
  const open = text.indexOf('(', at);
  if (open > 0 && open < stop) {
    const colon = text.indexOf(':', open);
    const service = colon < stop - 1 ? text.slice(open + 1, colon) : '';
    if (service !== '') found.service = service;
  }
  return true;
}

/** The action that a service's logins have. */
export function actionOf(service: string): string {
  if (service === 'sshd' || service === 'ssh' || service === 'dropbear') return 'ssh';
  if (service === 'su' || service === 'su-l') return 'su';
  return service === 'sudo' || service === 'sudo-i' ? 'sudo' : 'login';
}

/** Whether PAM of a program that is no login's speaks, such as cron's. */
export const isMachine = (program: string): boolean => machines.has(program.toLowerCase());

/**
 * PAM in any program. A failure is counted by the program too, and a session is the login's second record: so
 * `event.provider` is 'pam' and a session's action is 'session'. Undefined for other messages.
 * https://github.com/linux-pam/linux-pam: modules/pam_unix/support.c, pam_unix_sess.c
 */
export function readPam(
  line: Line,
  at: number,
  end: number,
  draft: Draft,
  program: string,
  module?: string | undefined,
): Told {
  if (!findPam(line, at, end, program, module) || isMachine(found.service)) return undefined;
  const { service, next } = found;
  const kind = preparesSession(line, at, next)
    ? told(draft, 'session')
    : readMessage(line, next, end, draft, actionOf(service));
  if (kind !== undefined) draft['event.provider'] = 'pam';
  return kind;
}

function readMessage(line: Line, at: number, end: number, draft: Draft, action: string): Told {
  const { text } = line;
  if (text.startsWith('authentication failure; ', at)) return readFailure(line, at + 24, end, draft, action);
  if (text.startsWith('PAM ', at)) return readMore(line, at + 4, end, draft, action);
  if (text.startsWith('session opened for user ', at)) return readOpened(line, at + 24, end, draft, action);
  if (text.startsWith('session closed for user ', at)) {
    draft['event.action'] = 'logout';
    putAccount(draft, action === 'su' || action === 'sudo' ? 'target' : 'user', text.slice(at + 24, end));
    return 'login';
  }
  if (text.startsWith('check pass; user unknown', at)) return told(draft, 'unknown-user');
  if (text.startsWith('could not identify user', at)) return told(draft, 'unknown-user');
  if (text.startsWith('authentication success; ', at)) return readSuccess(line, at + 24, end, draft);
  return readOther(line, at, end, draft);
}

/** `N more authentication failure[s]; logname=…` */
function readMore(line: Line, at: number, end: number, draft: Draft, action: string): Told {
  const { text, codes } = line;
  const count = wholeNumber(codes, at, end);
  const start = text.indexOf('; ', at);
  if (count < 1 || start < 0 || start > at + 50 || !text.includes('more authentication failure', at)) {
    return text.startsWith('service(', at) ? told(draft, 'max-retries') : undefined;
  }
  const kind = readFailure(line, start + 2, end, draft, action);
  if (kind !== undefined && count > 1) draft['login.count'] = count;
  return kind;
}

function readFailure(line: Line, at: number, end: number, draft: Draft, action: string): Told {
  if (!readArguments(line, at, end, draft, action)) return undefined;
  draft['event.action'] = action;
  draft['event.outcome'] = 'failure';
  return 'login';
}

/** SSSD tells of success too; the program's own record is the login. */
function readSuccess(line: Line, at: number, end: number, draft: Draft): Told {
  return readArguments(line, at, end, draft, 'login') ? told(draft, 'authenticated') : undefined;
}

/**
 * `logname=N uid=N euid=N tty=T ruser=R rhost=H[  user=U]`. R and U are anybody's words, H has no space. The `rhost=`
 * that counts is the first where R is empty; else the only one after which the line ends or `user=` follows: where two
 * are such, the line names none.
 */
function readArguments(line: Line, at: number, end: number, draft: Draft, action: string): boolean {
  const { text, codes } = line;
  const ruser = text.indexOf(' ruser=', at);
  if (ruser < 0 || ruser >= end) return false;
  const tty = text.indexOf(' tty=', at);
  let host = -1;
  let count = 0;
  for (
    let next = text.indexOf(' rhost=', ruser + 6);
    next >= 0 && next < end;
    next = text.indexOf(' rhost=', next + 6)
  ) {
    const stop = wordEnd(codes, next + 7, end);
    const after = skipSpaces(codes, stop);
    if (after < end && !text.startsWith('user=', after)) continue;
    if (host < 0) host = next;
    count++;
    if (host === ruser + 7) break;
  }
  if (host < 0) return false;
  const hostEnd = wordEnd(codes, host + 7, end);
  const user = skipSpaces(codes, hostEnd);
  if (count === 1) {
    putAddress(text.slice(host + 7, hostEnd), draft);
    putUsers(draft, text.slice(ruser + 7, host), user < end ? text.slice(user + 5, end) : '', action);
  }
  if (tty > 0 && tty < ruser && (action === 'su' || action === 'sudo'))
    putText(draft, 'process.tty', text.slice(tty + 5, ruser));
  return true;
}

function putUsers(draft: Draft, ruser: string, user: string, action: string): void {
  if (action === 'su' || action === 'sudo') {
    putText(draft, 'user.name', ruser === '' ? user : ruser);
    if (ruser !== '' && action === 'su') putText(draft, 'user.target.name', user);
  } else putText(draft, 'user.name', user === '' ? ruser : user);
}

/** `NAME[(uid=N)] by [NAME](uid=N)` */
function readOpened(line: Line, at: number, end: number, draft: Draft, action: string): Told {
  const { text } = line;
  const by = text.lastIndexOf(' by ', end);
  const target = text.slice(at, by < at ? end : by);
  draft['event.action'] = 'session';
  draft['event.outcome'] = 'success';
  if (action === 'su' || action === 'sudo') {
    putAccount(draft, 'target', target);
    const open = by < at ? -1 : text.lastIndexOf('(uid=', end);
    if (open > by + 4) putText(draft, 'user.name', text.slice(by + 4, open));
  } else putAccount(draft, 'user', target);
  return 'login';
}

/** `root(uid=0)` or `root`. */
function putAccount(draft: Draft, whose: 'user' | 'target', account: string): void {
  const text = account.trimEnd();
  const open = text.endsWith(')') ? text.lastIndexOf('(uid=') : -1;
  const prefix = whose === 'user' ? 'user' : 'user.target';
  putText(draft, `${prefix}.name`, open > 0 ? text.slice(0, open) : text);
  if (open > 0) putText(draft, `${prefix}.id`, text.slice(open + 5, -1));
}
