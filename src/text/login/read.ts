import type { Event, Unreadable } from '../../event/index.ts';
import { unwrap } from '../syslog/container.ts';
import type { DateOptions } from '../syslog/date.ts';
import { readHeader } from '../syslog/header.ts';
import { skipSpaces, wholeNumber } from '../syslog/scan.ts';
import { readAudit, readAuditHead } from './audit.ts';
import { type Draft, fieldsOf, type MessageReader, newDraft, type Told } from './draft.ts';
import { readDropbear } from './dropbear.ts';
import { fingerprint } from './identity.ts';
import { readLogind } from './logind.ts';
import { isMachine, readPam } from './pam.ts';
import { readSshd, stageAt } from './sshd.ts';
import { readSu } from './su.ts';
import { readSudo } from './sudo.ts';

export interface LoginLine {
  /** None for a line of a program that is no matter of logins. */
  readonly events: readonly Event[];
  /** The program, where its lines count for coverage: one that logs logins, or whose PAM does. */
  readonly program?: string;
  readonly understood: boolean;
  /** The message, where it was not understood. */
  readonly message?: string;
}

/** What a journal or a header says of a message. */
export interface LoginRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly host?: string | undefined;
  readonly program?: string | undefined;
  /** A word in brackets after the program, such as `pam_unix`. */
  readonly module?: string | undefined;
  readonly pid?: number | undefined;
}

const readers: ReadonlyMap<string, MessageReader> = new Map([
  ['sshd', readSshd],
  ['sshd-session', readSshd],
  ['sshd-auth', readSshd],
  ['dropbear', readDropbear],
  ['sudo', readSudo],
  ['su', readSu],
  ['systemd-logind', readLogind],
]);

/** A server in a container says no name: what it says tells. */
const readUnnamed: MessageReader = (text, at, end, draft) =>
  readSshd(text, at, end, draft) ?? readDropbear(text, at, end, draft);

/** The program of the record before, and its reader. */
let knownProgram: string | undefined;
let knownReader: MessageReader | undefined = readUnnamed;

const nothing: LoginLine = { events: [], understood: true };

/**
 * The events in a line of an authentication log, whatever its header (see `readHeader`) and even inside a container's
 * JSON: logins through OpenSSH and Dropbear, sudo, su, sessions of systemd-logind, PAM in any program, and logins in
 * Linux' audit log. A line of
 * another program gives no event. Never throws; linear time, whatever an attacker made of it.
 */
export function readLoginLine(line: string, options: DateOptions): LoginLine | Unreadable {
  const first = line.charCodeAt(0);
  if (first === 123) return readContained(line, options);
  if (first === 116 || first === 110) {
    const audited = readAuditLine(line);
    if (audited !== undefined) return audited;
  }
  const header = readHeader(line, options);
  if (header === undefined) return line.trim() === '' ? nothing : { reason: 'It has no header of a system log.' };
  return readRecord(header, line, header.message, line, 'sshd');
}

/** A container's log driver: the line is in the JSON, with its time where it has no header of its own. */
function readContained(line: string, options: DateOptions): LoginLine | Unreadable {
  const inner = unwrap(line, options);
  if ('reason' in inner) return inner;
  const header = readHeader(inner.text, options);
  if (header !== undefined) return readRecord(header, inner.text, header.message, line, 'sshd');
  if (inner.time === undefined) return { reason: 'It has no time.' };
  return readRecord({ time: inner.time }, inner.text, 0, line, 'sshd');
}

/** A line of Linux' audit log. */
function readAuditLine(line: string): LoginLine | undefined {
  const head = readAuditHead(line);
  if (head === undefined) return undefined;
  if (head === 'other' || isMachine(head.program)) return nothing;
  const draft = start(head);
  const kind = readAudit(line, head, draft);
  if (kind === undefined) return nothing;
  const id = identity(head, line, 'sshd');
  const event = { id, time: head.time, source: 'sshd', kind, fields: fieldsOf(draft), raw: line };
  return { events: [event], program: head.program, understood: true };
}

/** A message with its facts apart, as the systemd journal has it. `raw` is the whole record. */
export function readLoginMessage(record: LoginRecord, message: string, raw: string, source: string): LoginLine {
  return readRecord(record, message, 0, raw, source);
}

function readRecord(record: LoginRecord, text: string, at: number, raw: string, source: string): LoginLine {
  const { program } = record;
  let end = text.length;
  while (end > at && isSpace(text.charCodeAt(end - 1))) end--;
  if (program !== knownProgram) {
    knownProgram = program;
    knownReader = program === undefined ? readUnnamed : readers.get(program);
  }
  const reader = knownReader;
  if (reader === undefined && !maybePam(text, at, record)) return nothing;
  const draft = start(record);
  const kind = readMessage(text, at, end, draft, record, reader);
  if (kind !== undefined) {
    const event = { id: identity(record, text, source), time: record.time, source, kind, fields: fieldsOf(draft), raw };
    return { events: [event], program: program ?? 'sshd', understood: true };
  }
  if (reader === undefined || program === undefined || reader === readLogind) return nothing;
  const fields = fieldsOf(start(record));
  const event: Event = { id: identity(record, text, source), time: record.time, source, kind: 'log', fields, raw };
  return { events: [event], program, understood: false, message: text.slice(at, end) };
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

function start(record: LoginRecord): Draft {
  const draft = newDraft();
  draft['host.name'] = record.host;
  draft['process.name'] = record.program;
  draft['process.pid'] = record.pid;
  return draft;
}

let beginningHost: string | undefined;
let beginningSource = '';
let beginning = '';

/** `SOURCE/HOST/FINGERPRINT` of the text and its time. The beginning is remembered: most lines are of one host. */
function identity({ host, time }: LoginRecord, text: string, source: string): string {
  if (host !== beginningHost || source !== beginningSource) {
    beginning = `${source}/${host ?? ''}/`;
    beginningHost = host;
    beginningSource = source;
  }
  return beginning + fingerprint(text, time);
}

function maybePam(text: string, at: number, { module, program }: LoginRecord): boolean {
  if (module === undefined && !text.startsWith('pam_', at) && !text.startsWith('(pam_', at)) return false;
  return program !== undefined && !isMachine(program);
}

function readMessage(
  text: string,
  at: number,
  end: number,
  draft: Draft,
  record: LoginRecord,
  reader: MessageReader | undefined,
): Told {
  if (text.charCodeAt(at) === 109 && text.startsWith('message repeated ', at))
    return readRepeated(text, at + 17, end, draft, record, reader);
  return readOnce(text, at, end, draft, record, reader);
}

function readOnce(
  text: string,
  at: number,
  end: number,
  draft: Draft,
  { program = 'sshd', module }: LoginRecord,
  reader: MessageReader | undefined,
): Told {
  const stop = reader === readSshd || reader === readUnnamed ? stageAt(text, at, end) : end;
  const first = text.charCodeAt(at);
  if (module !== undefined || first === 112 || first === 40 || first === 80) {
    const told = readPam(text, at, stop, draft, program, module);
    if (told !== undefined) return told;
  }
  return reader?.(text, at, stop, draft);
}

/** rsyslog's `message repeated N times: [ MESSAGE]`: one event that counts N. */
function readRepeated(
  text: string,
  at: number,
  end: number,
  draft: Draft,
  record: LoginRecord,
  reader: MessageReader | undefined,
): Told {
  const count = wholeNumber(text, at, end);
  const open = text.indexOf(': [', at);
  if (count < 1 || open < 0 || open > at + 20) return undefined;
  const close = text.charCodeAt(end - 1) === 93 && !text.endsWith('[preauth]', end) ? end - 1 : end;
  const told = readOnce(text, skipSpaces(text, open + 3), close, draft, record, reader);
  if (told === 'login') {
    const inner = draft['login.count'];
    const total = count * (inner ?? 1);
    if (total > 1) draft['login.count'] = total;
  }
  return told;
}
