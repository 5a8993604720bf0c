import type { Fields, FieldValue } from '../../event/index.ts';
import type { Draft } from './draft.ts';

/** The fields that are known. Those of most lines are made at once, which takes a third of the time. */
export function fieldsOf(draft: Draft): Fields {
  return (hasRare(draft) ? undefined : atOnce(draft)) ?? oneByOne(draft);
}

/** What only few lines tell, besides what `atOnce` looks at. */
const hasRare = (draft: Draft): boolean =>
  draft['event.provider'] !== undefined ||
  draft['user.id'] !== undefined ||
  draft['user.target.name'] !== undefined ||
  draft['user.target.id'] !== undefined ||
  draft['source.address'] !== undefined ||
  draft['login.count'] !== undefined ||
  draft['login.key.type'] !== undefined ||
  draft['login.key.fingerprint'] !== undefined;

/** Of sshd's most frequent lines: an attempt with or without a method, and what became of a connection. */
function atOnce(draft: Draft): Fields | undefined {
  const host = draft['host.name'];
  const program = draft['process.name'];
  const pid = draft['process.pid'];
  const action = draft['event.action'];
  const outcome = draft['event.outcome'];
  const reason = draft['event.reason'];
  const name = draft['user.name'];
  const ip = draft['source.ip'];
  const port = draft['source.port'];
  const method = draft['login.method'];
  const unknown = draft['login.unknown_user'];
  if (host === undefined || program === undefined || pid === undefined || action === undefined || ip === undefined)
    return undefined;
  if (action === 'su' || action === 'sudo') return undefined;
  if (outcome !== undefined && name !== undefined && port !== undefined) {
    if (reason === undefined && method !== undefined) {
      if (unknown === undefined)
        return {
          'host.name': host,
          'process.name': program,
          'process.pid': pid,
          'event.action': action,
          'event.outcome': outcome,
          'user.name': name,
          'source.ip': ip,
          'source.port': port,
          'login.method': method,
        };
      return {
        'host.name': host,
        'process.name': program,
        'process.pid': pid,
        'event.action': action,
        'event.outcome': outcome,
        'user.name': name,
        'source.ip': ip,
        'source.port': port,
        'login.method': method,
        'login.unknown_user': unknown,
      };
    }
    if (reason !== undefined && method === undefined && unknown !== undefined)
      return {
        'host.name': host,
        'process.name': program,
        'process.pid': pid,
        'event.action': action,
        'event.outcome': outcome,
        'event.reason': reason,
        'user.name': name,
        'source.ip': ip,
        'source.port': port,
        'login.unknown_user': unknown,
      };
    return undefined;
  }
  if (outcome !== undefined || name !== undefined || unknown !== undefined || method !== undefined) return undefined;
  if (reason !== undefined && port === undefined)
    return {
      'host.name': host,
      'process.name': program,
      'process.pid': pid,
      'event.action': action,
      'event.reason': reason,
      'source.ip': ip,
    };
  if (reason !== undefined && port !== undefined)
    return {
      'host.name': host,
      'process.name': program,
      'process.pid': pid,
      'event.action': action,
      'event.reason': reason,
      'source.ip': ip,
      'source.port': port,
    };
  return undefined;
}

function oneByOne(draft: Draft): Fields {
  const fields: Record<string, FieldValue> = {};
  if (draft['host.name'] !== undefined) fields['host.name'] = draft['host.name'];
  if (draft['process.name'] !== undefined) fields['process.name'] = draft['process.name'];
  if (draft['process.pid'] !== undefined) fields['process.pid'] = draft['process.pid'];
  if (draft['event.action'] !== undefined) fields['event.action'] = draft['event.action'];
  if (draft['event.outcome'] !== undefined) fields['event.outcome'] = draft['event.outcome'];
  if (draft['event.reason'] !== undefined) fields['event.reason'] = draft['event.reason'];
  if (draft['event.provider'] !== undefined) fields['event.provider'] = draft['event.provider'];
  if (draft['user.name'] !== undefined) fields['user.name'] = draft['user.name'];
  if (draft['user.id'] !== undefined) fields['user.id'] = draft['user.id'];
  if (draft['user.target.name'] !== undefined) fields['user.target.name'] = draft['user.target.name'];
  if (draft['user.target.id'] !== undefined) fields['user.target.id'] = draft['user.target.id'];
  if (draft['source.ip'] !== undefined) fields['source.ip'] = draft['source.ip'];
  if (draft['source.address'] !== undefined) fields['source.address'] = draft['source.address'];
  if (draft['source.port'] !== undefined) fields['source.port'] = draft['source.port'];
  if (draft['login.method'] !== undefined) fields['login.method'] = draft['login.method'];
  if (draft['login.unknown_user'] !== undefined) fields['login.unknown_user'] = draft['login.unknown_user'];
  if (draft['login.count'] !== undefined) fields['login.count'] = draft['login.count'];
  if (draft['login.key.type'] !== undefined || draft['login.key.fingerprint'] !== undefined) putKey(draft, fields);
  if (draft['event.action'] === 'sudo' || draft['event.action'] === 'su') putProcess(draft, fields);
  return fields;
}

function putKey(draft: Draft, fields: Record<string, FieldValue>): void {
  if (draft['login.key.type'] !== undefined) fields['login.key.type'] = draft['login.key.type'];
  if (draft['login.key.fingerprint'] !== undefined) fields['login.key.fingerprint'] = draft['login.key.fingerprint'];
  if (draft['login.certificate.id'] !== undefined) fields['login.certificate.id'] = draft['login.certificate.id'];
  if (draft['login.certificate.serial'] !== undefined)
    fields['login.certificate.serial'] = draft['login.certificate.serial'];
  if (draft['login.certificate.authority'] !== undefined)
    fields['login.certificate.authority'] = draft['login.certificate.authority'];
}

function putProcess(draft: Draft, fields: Record<string, FieldValue>): void {
  if (draft['process.tty'] !== undefined) fields['process.tty'] = draft['process.tty'];
  if (draft['process.working_directory'] !== undefined)
    fields['process.working_directory'] = draft['process.working_directory'];
  if (draft['process.command_line'] !== undefined) fields['process.command_line'] = draft['process.command_line'];
}
