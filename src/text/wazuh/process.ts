import { type AuditEvent, parseAudit } from './auditd.ts';
import { child, type Draft, type Json, own, put, string, wholeNumber } from './values.ts';

const unset = '4294967295';

/**
 * The auditd event in an alert's `full_log`. Only where auditd's decoder or the line's own beginning says so: in the
 * middle of, say, a web server's line, somebody else may have written what looks like a record.
 */
export function auditOf(record: Json): AuditEvent | undefined {
  const log = own(record, 'full_log');
  if (typeof log !== 'string' || !log.includes('msg=audit(')) return undefined;
  const decoder = child(record, 'decoder');
  const isAudit = string(decoder, 'name') === 'auditd' || string(decoder, 'parent') === 'auditd';
  return isAudit || /^\s*(?:node=\S+ )?type=/.test(log) ? parseAudit(log) : undefined;
}

export const isCommand = (record: Json, audit: AuditEvent | undefined): boolean =>
  audit?.execve !== undefined ||
  Object.keys(child(auditData(record), 'execve')).length > 0 ||
  own(child(record, 'rule'), 'id') === '80792';

const auditData = (record: Json): Json => child(child(record, 'data'), 'audit');

/** Fields of the process behind an auditd alert. */
export function putProcess(draft: Draft, record: Json, audit: AuditEvent | undefined): void {
  const data = auditData(record);
  const syscall = audit?.syscall;
  const field = (name: string, dataName = name): string | undefined =>
    known(syscall?.get(name) ?? string(data, dataName));
  putArguments(draft, data, audit);
  put(draft, 'process.executable', field('exe'));
  put(draft, 'process.name', field('comm', 'command'));
  put(draft, 'process.working_directory', audit?.cwd ?? string(data, 'cwd'));
  put(draft, 'process.pid', wholeNumber(field('pid')));
  put(draft, 'process.parent.pid', wholeNumber(field('ppid')));
  put(draft, 'process.tty', field('tty'));
  const session = field('ses', 'session');
  put(draft, 'process.session', session === unset ? undefined : session);
  put(draft, 'user.id', field('uid'));
  put(draft, 'user.name', syscall?.get('UID'));
  put(draft, 'user.effective.id', field('euid'));
  put(draft, 'user.effective.name', syscall?.get('EUID'));
  put(draft, 'user.audit.id', field('auid'));
  const audited = syscall?.get('AUID');
  put(draft, 'user.audit.name', audited === 'unset' ? undefined : audited);
  const success = field('success');
  if (success === 'yes' || success === 'no') draft['event.outcome'] = success === 'yes' ? 'success' : 'failure';
  put(draft, 'wazuh.audit.key', field('key'));
  put(draft, 'wazuh.audit.id', audit?.serial ?? string(data, 'id'));
}

const known = (value: string | undefined): string | undefined =>
  value === '(null)' || value === '(none)' || value === '?' ? undefined : value;

/** Wazuh's own decoder keeps at most eight arguments and loses each that holds a space, so its fields come last. */
function putArguments(draft: Draft, data: Json, audit: AuditEvent | undefined): void {
  const [args, from] =
    audit?.execve !== undefined
      ? [audit.execve, 'execve']
      : audit?.proctitle !== undefined
        ? [audit.proctitle, 'proctitle']
        : [decodedArguments(child(data, 'execve')), 'data'];
  if (args.length === 0) return;
  draft['process.args'] = args;
  put(draft, 'process.command_line', args.join(' ') || undefined);
  draft['wazuh.args_from'] = from;
}

/** `a0`, `a1` and so on, without `argc`. */
const decodedArguments = (execve: Json): string[] =>
  Object.keys(execve)
    .filter((key) => /^a\d{1,5}$/.test(key))
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    .map((key) => string(execve, key) ?? '');
