import type { FieldValue } from '../../event/index.ts';

/** The fields of an event while a message is read. */
export type Draft = Record<string, FieldValue>;

/** What an event is about, or undefined for a message that is not known. */
export type Told = 'login' | 'log' | undefined;

/** Reads the message in `text` from `at` to `end` into `draft`. Never throws; linear time. */
export type MessageReader = (text: string, at: number, end: number, draft: Draft) => Told;

/** Sets a field, unless the text is empty. */
export function putText(draft: Draft, field: string, text: string): void {
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
  if (reason !== undefined) putText(draft, 'event.reason', reason);
  return 'login';
}
