import type { Event } from '../../event/index.ts';
import { type Line, wordOf } from '../syslog/line.ts';
import { skipSpaces, wholeNumber } from '../syslog/scan.ts';
import { clear, type Draft, type MessageReader, newDraft, type Told } from './draft.ts';
import { readDropbear } from './dropbear.ts';
import { fieldsOf } from './fields.ts';
import { fingerprintOf } from './identity.ts';
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
  /** The end of the event's id, in which no two records agree. */
  readonly print?: string;
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
const readUnnamed: MessageReader = (line, at, end, draft) =>
  readSshd(line, at, end, draft) ?? readDropbear(line, at, end, draft);

/** The program of the record before, and its reader. */
let knownProgram: string | undefined;
let knownReader: MessageReader | undefined = readUnnamed;

export const nothing: LoginLine = { events: [], understood: true };

/** The fields of the record in hand: made once, filled again and again. */
const draft = newDraft();

/** A draft with what the record says. */
export function start({ host, program, pid }: LoginRecord): Draft {
  clear(draft);
  draft['host.name'] = host;
  draft['process.name'] = program;
  draft['process.pid'] = pid;
  return draft;
}

/** The fingerprint in the id of the event that was made last. */
let print = '';

/** The event of the draft; its id comes of the whole line. */
export function eventOf(record: LoginRecord, kind: Event['kind'], line: Line, raw: string, source: string): Event {
  print = fingerprintOf(line, record.time);
  return { id: beginningOf(record, source) + print, time: record.time, source, kind, fields: fieldsOf(draft), raw };
}

/** The events of the message in `line` from `at`. */
export function readRecord(record: LoginRecord, line: Line, at: number, raw: string, source: string): LoginLine {
  const { program } = record;
  let end = line.text.length;
  while (end > at && isSpace(line.codes[end - 1] as number)) end--;
  if (program !== knownProgram) {
    knownProgram = program;
    knownReader = program === undefined ? readUnnamed : readers.get(program);
  }
  const reader = knownReader;
  if (reader === undefined && !maybePam(line.text, at, record)) return nothing;
  const kind = readMessage(line, at, end, start(record), record, reader);
  if (kind !== undefined)
    return { events: [eventOf(record, kind, line, raw, source)], program: program ?? 'sshd', understood: true, print };
  if (reader === undefined || program === undefined || reader === readLogind) return nothing;
  start(record);
  const event = eventOf(record, 'log', line, raw, source);
  return { events: [event], program, understood: false, message: line.text.slice(at, end), print };
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

let beginningHost: string | undefined;
let beginningSource = '';
let beginning = '';

/** `SOURCE/HOST/`, before the fingerprint of text and time. It is remembered: most lines are of one host. */
function beginningOf({ host }: LoginRecord, source: string): string {
  if (host !== beginningHost || source !== beginningSource) {
    beginning = `${source}/${host ?? ''}/`;
    beginningHost = host;
    beginningSource = source;
  }
  return beginning;
}

function maybePam(text: string, at: number, { module, program }: LoginRecord): boolean {
  if (module === undefined && !text.startsWith('pam_', at) && !text.startsWith('(pam_', at)) return false;
  return program !== undefined && !isMachine(program);
}

const repeated = wordOf('message repeated ');

function readMessage(
  line: Line,
  at: number,
  end: number,
  draft: Draft,
  record: LoginRecord,
  reader: MessageReader | undefined,
): Told {
  if (line.has(repeated, at)) return readRepeated(line, at + 17, end, draft, record, reader);
  return readOnce(line, at, end, draft, record, reader);
}

function readOnce(
  line: Line,
  at: number,
  end: number,
  draft: Draft,
  { program = 'sshd', module }: LoginRecord,
  reader: MessageReader | undefined,
): Told {
  const stop = reader === readSshd || reader === readUnnamed ? stageAt(line, at, end) : end;
  const first = line.codes[at];
  if (module !== undefined || first === 112 || first === 40 || first === 80) {
    const told = readPam(line, at, stop, draft, program, module);
    if (told !== undefined) return told;
  }
  return reader?.(line, at, stop, draft);
}

/** rsyslog's `message repeated N times: [ MESSAGE]`: one event that counts N. */
function readRepeated(
  line: Line,
  at: number,
  end: number,
  draft: Draft,
  record: LoginRecord,
  reader: MessageReader | undefined,
): Told {
  const { text, codes } = line;
  const count = wholeNumber(codes, at, end);
  const open = text.indexOf(': [', at);
  if (count < 1 || open < 0 || open > at + 20) return undefined;
  const close = codes[end - 1] === 93 && !text.endsWith('[preauth]', end) ? end - 1 : end;
  const told = readOnce(line, skipSpaces(codes, open + 3), close, draft, record, reader);
  if (told === 'login') {
    const inner = draft['login.count'];
    const total = count * (inner ?? 1);
    if (total > 1) draft['login.count'] = total;
  }
  return told;
}
