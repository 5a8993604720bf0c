import type { Unreadable } from '../../event/index.ts';
import { unwrap } from '../syslog/container.ts';
import type { DateOptions } from '../syslog/date.ts';
import { readHeader } from '../syslog/header.ts';
import { Line } from '../syslog/line.ts';
import { readAudit, readAuditHead } from './audit.ts';
import { isMachine } from './pam.ts';
import { eventOf, type LoginLine, type LoginRecord, nothing, readRecord, start } from './record.ts';

export type { LoginLine, LoginRecord } from './record.ts';

/** The line in hand: loaded again and again. */
const loaded = new Line();

/**
 * The events in a line of an authentication log, whatever its header (see `readHeader`) and even inside a container's
 * JSON: logins through OpenSSH and Dropbear, sudo, su, sessions of systemd-logind, PAM in any program, and logins in
 * Linux' audit log. A line of another program gives no event. Never throws; linear time, whatever an attacker made of it.
 */
export function readLoginLine(line: string, options: DateOptions): LoginLine | Unreadable {
  const first = line.charCodeAt(0);
  if (first === 123) return readContained(line, options);
  if (first === 116 || first === 110) {
    const audited = readAuditLine(line);
    if (audited !== undefined) return audited;
  }
  const header = readHeader(loaded.load(line), options);
  if (header === undefined) return line.trim() === '' ? nothing : { reason: 'It has no header of a system log.' };
  return readRecord(header, loaded, header.message, line, 'sshd');
}

/** A container's log driver: the line is in the JSON, with its time where it has no header of its own. */
function readContained(line: string, options: DateOptions): LoginLine | Unreadable {
  const inner = unwrap(line, options);
  if ('reason' in inner) return inner;
  const header = readHeader(loaded.load(inner.text), options);
  if (header !== undefined) return readRecord(header, loaded, header.message, line, 'sshd');
  if (inner.time === undefined) return { reason: 'It has no time.' };
  return readRecord({ time: inner.time }, loaded, 0, line, 'sshd');
}

/** A line of Linux' audit log. */
function readAuditLine(line: string): LoginLine | undefined {
  const head = readAuditHead(line);
  if (head === undefined) return undefined;
  if (head === 'other' || isMachine(head.program)) return nothing;
  const draft = start(head);
  const kind = readAudit(line, head, draft);
  if (kind === undefined) return nothing;
  return { events: [eventOf(head, kind, loaded.load(line), line, 'sshd')], program: head.program, understood: true };
}

/** A message with its facts apart, as the systemd journal has it. `raw` is the whole record. */
export function readLoginMessage(record: LoginRecord, message: string, raw: string, source: string): LoginLine {
  return readRecord(record, loaded.load(message), 0, raw, source);
}
