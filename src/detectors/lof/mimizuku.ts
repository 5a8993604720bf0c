import type { Event } from '../../event/index.ts';
import type { Lists } from './lists.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * What mimizuku 0.2.34 compares of an alert, or undefined when it does not look at it: `FsNotify` for file events,
 * `AuditCommand` for commands, from the alert's own JSON. https://github.com/pyama86/mimizuku
 */
export function mimizukuText({ kind, raw }: Event, lists: Lists): string | undefined {
  if (kind !== 'file' && kind !== 'process') return undefined;
  const filter = kind === 'file' ? /"id":\s*"55[0-9]"/ : /"id":\s*"80792"/;
  if (!filter.test(raw)) return undefined;
  const alert = parse(raw);
  return kind === 'file' ? fsNotify(alert, lists) : auditCommand(alert, lists);
}

function fsNotify(alert: Json, { ignoreFiles, ignoreUsers }: Lists): string | undefined {
  const rule = child(alert, 'rule');
  const check = child(alert, 'syscheck');
  const path = check.path;
  if (typeof path !== 'string' || !/^55[0-9]/.test(String(rule.id)) || !(Number(rule.level) > 0)) return undefined;
  if (ignoreFiles.some((beginning) => path.startsWith(beginning))) return undefined;
  const user = child(child(check, 'audit'), 'effective_user').name ?? check.uname_after;
  if (typeof user === 'string' && ignoreUsers.includes(user)) return undefined;
  return path
    .replace(/[a-f0-9]{7,40}/g, '')
    .replace(/\p{Nd}+/gu, '')
    .replace(/[.\-_/]/g, ' ');
}

function auditCommand(alert: Json, { ignoreUsers, ignoreUserIds }: Lists): string | undefined {
  if (String(child(alert, 'rule').id) !== '80792') return undefined;
  const log = String(alert.full_log ?? '');
  if (ignoreUsers.some((user) => log.includes(` UID="${user}"`))) return undefined;
  if (ignoreUserIds.some((id) => log.includes(` uid="${id}"`))) return undefined;
  return Object.values(child(child(child(alert, 'data'), 'audit'), 'execve')).join(' ');
}

function parse(raw: string): Json {
  try {
    return object(JSON.parse(raw));
  } catch {
    return {};
  }
}

const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const child = (parent: Json, key: string): Json => object(parent[key]);
