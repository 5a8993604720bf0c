import type { Unreadable } from '../event/index.ts';
import { isObject, type Json, own, string, wholeNumber } from './wazuh/values.ts';

/** One entry of the systemd journal. */
export interface JournalEntry {
  /** Its place in the journal, for `journalctl --after-cursor`; unique and stable. */
  readonly cursor?: string;
  /** When the journal received it, in epoch milliseconds. */
  readonly time: number;
  readonly host?: string;
  /** What the sender says it is; any user may say any name. */
  readonly identifier?: string;
  /** What the kernel says of the sender: name of the program and number of the user. */
  readonly command?: string;
  readonly uid?: number;
  readonly pid?: number;
  /** Mostly one; an entry may hold a field several times. */
  readonly messages: readonly string[];
  /** journalctl leaves out a message of more than 4096 bytes unless it is given `--all`. */
  readonly oversized: boolean;
}

/** A cursor as systemd makes them: `s=…;i=…;b=…;m=…;t=…;x=…`. */
export const cursorPattern: RegExp = /^[\w;=+-]{1,512}$/;
/** Microseconds that a date can hold. */
const maxMicroseconds = 8.64e18;

const decoder = new TextDecoder();

/**
 * One line of `journalctl -o json`. A field is text, a list of bytes where the text has control characters or is not
 * UTF-8, null where it is too long, or a list of those where it is there several times. Never throws; linear time.
 * https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format
 */
export function readJournalLine(line: string): JournalEntry | Unreadable {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return { reason: 'not JSON: cut short or not a JSON object' };
  }
  if (!isObject(entry)) return { reason: 'not a JSON object' };
  const received = string(entry, '__REALTIME_TIMESTAMP') ?? '';
  const microseconds = /^\d{1,19}$/.test(received) ? Number(received) : Number.NaN;
  if (!(microseconds <= maxMicroseconds)) return { reason: 'no readable __REALTIME_TIMESTAMP' };
  const cursor = string(entry, '__CURSOR');
  const identifier = textOf(entry, 'SYSLOG_IDENTIFIER');
  const command = textOf(entry, '_COMM');
  const host = textOf(entry, '_HOSTNAME');
  const uid = wholeNumber(textOf(entry, '_UID'));
  const pid = wholeNumber(textOf(entry, '_PID'));
  const message = own(entry, 'MESSAGE');
  return {
    ...(cursor !== undefined && cursorPattern.test(cursor) && { cursor }),
    time: Math.floor(microseconds / 1000),
    ...(host !== undefined && { host }),
    ...(identifier !== undefined && { identifier }),
    ...(command !== undefined && { command }),
    ...(uid !== undefined && { uid }),
    ...(pid !== undefined && { pid }),
    messages: textsOf(message),
    oversized: message === null || (Array.isArray(message) && message.includes(null)),
  };
}

/** The field's first text that is not empty. */
const textOf = (entry: Json, name: string): string | undefined => textsOf(own(entry, name)).find((text) => text !== '');

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [];
  const bytes = fromBytes(value);
  if (bytes !== undefined) return [bytes];
  const texts: string[] = [];
  for (const item of value) {
    const text = Array.isArray(item) ? fromBytes(item) : item;
    if (typeof text === 'string') texts.push(text);
  }
  return texts;
}

/** Bytes as text, with U+FFFD where they are not UTF-8; undefined when the list is not of bytes. */
function fromBytes(list: readonly unknown[]): string | undefined {
  const isByte = (item: unknown): boolean => Number.isInteger(item) && (item as number) >= 0 && (item as number) <= 255;
  return list.length > 0 && list.every(isByte) ? decoder.decode(Uint8Array.from(list as number[])) : undefined;
}
