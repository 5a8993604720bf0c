import type { Line } from '../syslog/line.ts';

/** What an event is about, or undefined for a message that is not known. */
export type Told = 'login' | 'log' | undefined;

/** Reads the message in `line` from `at` to `end` into `draft`. Never throws; linear time. */
export type MessageReader = (line: Line, at: number, end: number, draft: Draft) => Told;

/** All fields of a login, of one shape whatever is known: that is what makes a million lines a second possible. */
export const newDraft = () => ({
  'host.name': undefined as string | undefined,
  'process.name': undefined as string | undefined,
  'process.pid': undefined as number | undefined,
  'event.action': undefined as string | undefined,
  'event.outcome': undefined as 'success' | 'failure' | undefined,
  'event.reason': undefined as string | undefined,
  'event.provider': undefined as string | undefined,
  'user.name': undefined as string | undefined,
  'user.id': undefined as string | undefined,
  'user.target.name': undefined as string | undefined,
  'user.target.id': undefined as string | undefined,
  'source.ip': undefined as string | undefined,
  'source.address': undefined as string | undefined,
  'source.port': undefined as number | undefined,
  'login.method': undefined as string | undefined,
  'login.unknown_user': undefined as boolean | undefined,
  'login.count': undefined as number | undefined,
  'login.key.type': undefined as string | undefined,
  'login.key.fingerprint': undefined as string | undefined,
  'login.certificate.id': undefined as string | undefined,
  'login.certificate.serial': undefined as string | undefined,
  'login.certificate.authority': undefined as string | undefined,
  'process.tty': undefined as string | undefined,
  'process.working_directory': undefined as string | undefined,
  'process.command_line': undefined as string | undefined,
});

/** The fields of an event while a message is read. */
export type Draft = ReturnType<typeof newDraft>;

/** As new. */
export function clear(draft: Draft): void {
  draft['host.name'] = undefined;
  draft['process.name'] = undefined;
  draft['process.pid'] = undefined;
  draft['event.action'] = undefined;
  draft['event.outcome'] = undefined;
  draft['event.reason'] = undefined;
  draft['event.provider'] = undefined;
  draft['user.name'] = undefined;
  draft['user.id'] = undefined;
  draft['user.target.name'] = undefined;
  draft['user.target.id'] = undefined;
  draft['source.ip'] = undefined;
  draft['source.address'] = undefined;
  draft['source.port'] = undefined;
  draft['login.method'] = undefined;
  draft['login.unknown_user'] = undefined;
  draft['login.count'] = undefined;
  draft['login.key.type'] = undefined;
  draft['login.key.fingerprint'] = undefined;
  draft['login.certificate.id'] = undefined;
  draft['login.certificate.serial'] = undefined;
  draft['login.certificate.authority'] = undefined;
  draft['process.tty'] = undefined;
  draft['process.working_directory'] = undefined;
  draft['process.command_line'] = undefined;
}

type TextField = { [Name in keyof Draft]: string extends Draft[Name] ? Name : never }[keyof Draft];

/** Sets a field, unless the text is empty. */
export function putText(draft: Draft, field: TextField, text: string): void {
  if (text !== '') draft[field] = text;
}

/** A line that is no login itself. */
export function told(draft: Draft, action: string): 'log' {
  draft['event.action'] = action;
  return 'log';
}

/** Somebody tried to log in through SSH and could not. */
export function refused(draft: Draft, reason?: string): 'login' {
  draft['event.action'] = 'ssh';
  draft['event.outcome'] = 'failure';
  if (reason !== undefined && reason !== '') draft['event.reason'] = reason;
  return 'login';
}
