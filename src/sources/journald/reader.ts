import type { Coverage, Event, Unreadable } from '../../event/index.ts';
import type { LineReader } from '../../io/line-reader.ts';
import { type JournalEntry, readJournalLine } from '../../text/journald.ts';
import { readLoginMessage } from '../../text/login/read.ts';
import { CoverageCount } from '../../text/shape.ts';

/** More messages in one entry are nobody's but an attacker's. */
const mostMessages = 16;

const servers: ReadonlySet<string> = new Set(['sshd', 'sshd-session', 'sshd-auth', 'dropbear']);

/** Reads logins from lines of `journalctl -o json`. With `anySender`, whoever wrote them. */
export class JournalReader implements LineReader {
  readonly #anySender: boolean;
  readonly #count = new CoverageCount();
  #cursor: string | undefined;

  constructor(anySender: boolean) {
    this.#anySender = anySender;
  }

  /** Of the last entry that was read. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  read(line: string): readonly Event[] | Unreadable {
    // What journalctl says of its own, such as `-- No entries --`.
    if (line.startsWith('-- ')) return [];
    const entry = readJournalLine(line);
    if ('reason' in entry) return entry;
    this.#cursor = entry.cursor ?? this.#cursor;
    const program = entry.identifier ?? entry.command;
    if (program === undefined) return [];
    if (entry.messages.length === 0 && entry.oversized && servers.has(program)) {
      return this.#refuse(`a message of ${program} too long for journalctl: give it --all`, program);
    }
    const events: Event[] = [];
    for (const message of entry.messages.slice(0, mostMessages)) {
      const told = readLoginMessage({ ...entry, program }, message, line, 'journald');
      if (!this.#anySender && told.events.some((event) => isForged(event, entry, program))) {
        return this.#refuse(`claims to be ${program}, but user ${entry.uid} wrote it`, message);
      }
      if (told.program !== undefined) {
        if (told.understood) this.#count.understood();
        else this.#count.unknown(message);
      }
      for (const event of told.events) events.push(named(event, entry.cursor, events.length));
    }
    return events;
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  #refuse(reason: string, shape: string): Unreadable {
    this.#count.unknown(shape);
    return { reason };
  }
}

/** The cursor names the entry; what is more than one event of it is counted. */
const named = (event: Event, cursor: string | undefined, index: number): Event =>
  cursor === undefined ? event : { ...event, id: `journald/${cursor}${index === 0 ? '' : `/${index}`}` };

/**
 * Any user may write to the journal under any name, but not under any number. A server's line is forged when neither
 * root nor a program of such a name sent it; that a login succeeded, only root's part of a server tells.
 */
function isForged({ kind, fields }: Event, { uid, command }: JournalEntry, program: string): boolean {
  if (uid === undefined || uid === 0) return false;
  if (kind === 'login' && fields['event.action'] === 'ssh' && fields['event.outcome'] === 'success') return true;
  return servers.has(program) && command !== undefined && !servers.has(command);
}
