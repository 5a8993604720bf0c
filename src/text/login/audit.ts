import { type Draft, refused, type Told, told } from './draft.ts';
import { actionOf } from './pam.ts';
import { putAddress } from './peer.ts';

/** A record of Linux' audit log about somebody who logs in. */
export interface AuditRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly host: string | undefined;
  readonly program: string;
  readonly pid: number | undefined;
  readonly type: string;
  /** Where the program's own words begin. */
  readonly at: number;
}

const types: ReadonlySet<string> = new Set(['USER_LOGIN', 'USER_AUTH', 'USER_ERR', 'USER_ACCT']);

/**
 * The head of a line of /var/log/audit/audit.log: `[node=H ]type=T msg=audit(SECONDS:SERIAL): … msg='…'`. Undefined when
 * it is none, `'other'` when it is about no login. What users typed is in quotes or hexadecimal digits, so that no key can
 * be forged (`audit_log_untrustedstring` in Linux' kernel/audit.c).
 */
export function readAuditHead(line: string): AuditRecord | 'other' | undefined {
  const start = line.startsWith('node=') ? line.indexOf(' ') + 1 : 0;
  if (!line.startsWith('type=', start)) return undefined;
  const stamp = line.indexOf(' msg=audit(', start);
  const colon = line.indexOf(':', stamp);
  if (stamp < 0 || stamp > start + 60 || colon < 0 || colon > stamp + 40) return undefined;
  const seconds = Number(line.slice(stamp + 11, colon));
  if (!(seconds > 0 && seconds < 1e11)) return undefined;
  const type = line.slice(start + 5, stamp);
  const at = line.indexOf(" msg='", colon);
  const program = wordOf(line, at, ' exe=')?.split('/').at(-1);
  if (!types.has(type) || at < 0 || program === undefined) return 'other';
  const pid = Number(wordOf(line, colon, ' pid='));
  return {
    time: Math.round(seconds * 1000),
    host: start > 5 ? line.slice(5, start - 1) : undefined,
    program,
    pid: Number.isSafeInteger(pid) && pid > 0 ? pid : undefined,
    type,
    at,
  };
}

/**
 * USER_LOGIN is the login when it succeeded; when it did not, every attempt has its own USER_AUTH or USER_ERR before it.
 */
export function readAudit(line: string, { type, at, program }: AuditRecord, draft: Draft): Told {
  const action = actionOf(program);
  const result = wordOf(line, at, ' res=') ?? '';
  const success = result.startsWith('success') || result === '1';
  const name = wordOf(line, at, ' acct=') ?? wordOf(line, at, ' ID=');
  if (name?.startsWith('(') === true) draft['login.unknown_user'] = true;
  else if (name !== undefined && name !== '?' && name !== '') draft['user.name'] = name;
  const id = wordOf(line, at, ' id=');
  if (id !== undefined && /^\d{1,10}$/.test(id)) draft['user.id'] = id;
  const address = wordOf(line, at, ' addr=');
  if (address !== undefined) putAddress(address, draft);
  draft['event.provider'] = 'audit';
  if (type === 'USER_LOGIN' && success) {
    draft['event.action'] = action;
    draft['event.outcome'] = 'success';
    return 'login';
  }
  if (success || type === 'USER_LOGIN') return told(draft, success ? 'authenticated' : 'refused');
  const kind = refused(draft);
  draft['event.action'] = action;
  return kind;
}

/** The value after a key: in quotes, or up to a space or the closing quote; hexadecimal digits are decoded for `acct`. */
function wordOf(line: string, from: number, key: string): string | undefined {
  const found = from < 0 ? -1 : line.indexOf(key, from);
  if (found < 0) return undefined;
  const at = found + key.length;
  if (line.charCodeAt(at) === 34) {
    const close = line.indexOf('"', at + 1);
    return close < 0 ? undefined : line.slice(at + 1, close);
  }
  let end = at;
  while (end < line.length && !" '\u001d".includes(line.charAt(end))) end++;
  const value = line.slice(at, end);
  return key === ' acct=' ? decoded(value) : value;
}

function decoded(value: string): string {
  if (value.length % 2 === 1 || value.length > 1000 || !/^[\dA-Fa-f]+$/.test(value)) return value;
  const bytes = Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return new TextDecoder().decode(bytes);
}
