import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import * as v from 'valibot';
import {
  type Context,
  type Coverage,
  type Covering,
  type Event,
  type Resumable,
  ScopsError,
  type Source,
} from '../../event/index.ts';
import { keptBytes, type Line, LineSplitter } from '../../io/lines.ts';
import { abortable } from '../../io/streams.ts';
import { visible } from '../../text/escape.ts';
import { cursorPattern } from '../../text/journald.ts';
import { type ChildOptions, journalArguments, type Manner } from './arguments.ts';
import type { JournalReader } from './reader.ts';

type Journalctl = ChildProcessByStdio<null, Readable, Readable>;

const firstWait = 1000;
const longestWait = 60_000;
/** So many starts in a row that fail and read nothing: it will not work the next time either. */
const mostFailures = 5;
/** What it says on standard error, each time it is started. */
const mostSaid = 20;
const longestSaid = 4096;

/** How a child ended. */
interface Ending {
  readonly code: number | null;
  readonly killed: boolean;
  readonly words: string;
}

const checkpointSchema = v.strictObject({
  version: v.literal(1),
  cursor: v.optional(v.pipe(v.string(), v.regex(cursorPattern))),
  done: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
});

/**
 * The journal of this computer, or of a folder, as it grows: from a child `journalctl` that reads what is there, then
 * from one that follows. It goes on after the last entry when the child ends, with waits of 1 s to 1 min; it gives up
 * when journalctl is not there, or fails five times without an entry.
 */
export class JournalChild implements Source, Resumable, Covering {
  readonly name = 'journald';
  readonly live = true;
  readonly #options: ChildOptions;
  readonly #context: Context;
  readonly #reader: JournalReader;
  /** Of the last entry whose events are all done, and how many of the next are. */
  #cursor: string | undefined;
  #done = 0;
  #entries = 0;
  #bytes = 0;
  #said = '';

  constructor(options: ChildOptions, context: Context, reader: JournalReader) {
    this.#options = options;
    this.#context = context;
    this.#reader = reader;
  }

  checkpoint(): string {
    if (this.#cursor === undefined && this.#done === 0) return '';
    return JSON.stringify({ version: 1, cursor: this.#cursor, ...(this.#done > 0 && { done: this.#done }) });
  }

  resume(from: string): void {
    if (from === '') return;
    try {
      const { cursor, done } = v.parse(checkpointSchema, JSON.parse(from));
      this.#cursor = cursor;
      this.#done = done;
    } catch (cause) {
      throw new ScopsError('INPUT_INVALID', `Not a checkpoint of source "journald": ${from.slice(0, 200)}`, { cause });
    }
  }

  coverage(): Coverage {
    return this.#reader.coverage();
  }

  async *events(signal?: AbortSignal): AsyncGenerator<Event> {
    const { command, from } = this.#options;
    const began = this.#context.now();
    let manner: Manner = from === 'end' && this.#cursor === undefined ? 'follow' : 'read';
    let wait = 0;
    let failures = 0;
    while (!signal?.aborted) {
      const before = this.#entries;
      const place = this.#cursor ?? (wait === 0 ? undefined : began);
      const how = yield* this.#run(journalArguments(this.#options, place, manner), signal);
      if (signal?.aborted) return;
      if (manner === 'read' && how.code === 0) {
        manner = 'follow';
        continue;
      }
      const idle = this.#entries === before;
      wait = idle && wait > 0 ? Math.min(longestWait, wait * 2) : firstWait;
      failures = idle && how.code !== 0 && !how.killed ? failures + 1 : 0;
      if (failures === mostFailures) throw this.#failure(`${how.words} ${mostFailures} times in a row`);
      this.#context.log.warn(`"${command}" ${how.words}. Starting it again in ${wait / 1000} s.`);
      await this.#context.sleep(wait, signal);
    }
  }

  /** One life of the child, and how it ended. */
  async *#run(args: readonly string[], signal: AbortSignal | undefined): AsyncGenerator<Event, Ending> {
    const child = spawn(this.#options.command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close').catch(() => []);
    const stop = (): void => {
      child.kill('SIGKILL');
      // What the child itself started may hold the other ends open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    child.on('error', () => undefined);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await once(child, 'spawn').catch((cause: unknown) => {
        throw this.#failure('cannot be started', cause);
      });
      this.#listen(child);
      const splitter = new LineSplitter({ maxLineBytes: this.#options.maxLineBytes });
      for await (const piece of abortable(child.stdout, signal)) {
        this.#bytes += piece.length;
        this.#context.progress({ bytes: this.#bytes });
        for (const line of splitter.push(piece)) {
          if (signal?.aborted) break;
          yield* this.#read(line);
        }
      }
      const [code, killed] = await ended;
      return { code, killed: Boolean(killed), words: killed ? `was ended by ${killed}` : `ended with code ${code}` };
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
      await ended;
    }
  }

  *#read(line: Line): Generator<Event> {
    if (this.#isDone(line)) return;
    this.#entries++;
    const read = line.fault === undefined ? this.#reader.read(line.text) : { reason: line.fault };
    if ('reason' in read) {
      const raw = line.text.slice(0, keptBytes);
      this.#context.reject({ source: this.name, file: 'journal', line: this.#entries, reason: read.reason, raw });
    } else {
      for (let index = read.length > 0 ? this.#done : 0; index < read.length; index++) {
        yield read[index] as Event;
        this.#done = index + 1;
      }
    }
    this.#cursor = this.#reader.cursor ?? this.#cursor;
    this.#done = 0;
  }

  /** The entry of the cursor itself, with which a child begins: no text in a JSON string can look like this field. */
  #isDone({ text }: Line): boolean {
    return this.#cursor !== undefined && text.includes(`"__CURSOR":"${this.#cursor}"`);
  }

  #listen(child: Journalctl): void {
    const splitter = new LineSplitter({ maxLineBytes: longestSaid });
    let left = mostSaid;
    const say = (lines: readonly Line[]): void => {
      for (const { text } of lines.slice(0, left)) {
        left--;
        this.#said = visible(text);
        this.#context.log.warn(`"${this.#options.command}" says: ${this.#said}`);
      }
    };
    child.stderr.on('data', (piece: Uint8Array) => say(splitter.push(piece)));
    child.stderr.on('end', () => say(splitter.end()));
  }

  #failure(what: string, cause?: unknown): ScopsError {
    const { command } = this.#options;
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    const why = code === 'ENOENT' ? ': no such program' : code === 'EACCES' ? ': permission denied' : '';
    const said = this.#said === '' ? '' : ` It says: ${this.#said}`;
    const message = `Cannot read the journal: "${command}" ${what}${why}.${said}`;
    return new ScopsError('SOURCE_UNREADABLE', message, cause === undefined ? undefined : { cause });
  }
}
