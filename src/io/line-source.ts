import * as v from 'valibot';
import {
  type Context,
  type Coverage,
  type Event,
  type Resumable,
  ScopsError,
  type Source,
  type Unreadable,
} from '../event/index.ts';
import { type Batch, readFiles } from './files.ts';
import { keptBytes, type Line } from './lines.ts';
import { type InputFile, listFiles, modifiedOf } from './list.ts';
import { beginning, locate, type Place } from './place.ts';
import { tail } from './tail.ts';

export interface OpenedFile {
  readonly path: string;
  /** When it was last written, in epoch milliseconds; absent for a pipe. */
  readonly modified?: number;
}

/** Turns the lines of one source into events. It may keep state between lines. */
export interface LineReader {
  /** Before the first line of each file. */
  open?(file: OpenedFile): void;
  /** Instead of `open`, where reading goes on in the middle of a file after `restore`. */
  reopen?(file: OpenedFile): void;
  /** The events in a line: none when it is of no interest, or why it cannot be read. */
  read(line: string): readonly Event[] | Unreadable;
  /** At the end of each file: events that waited for more lines. */
  flush?(): readonly Event[] | Unreadable;
  /** What a checkpoint keeps beside the place, such as the year of the last line. */
  state?(): string;
  /** Called before `open` or `reopen`. Throws when `state` is not one of its own. */
  restore?(state: string): void;
  coverage?(): Coverage;
}

/** The options that every source of lines has; `files` says what the paths are. */
export const lineOptions = (files: string) => ({
  paths: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((paths) => (typeof paths === 'string' ? [paths] : paths)),
    v.minLength(1, 'Name at least one'),
    v.description(files),
  ),
  follow: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Read the last path, a file, on and on as it grows, through its rotations; the paths before it first.',
      ),
    ),
    false,
  ),
  from: v.optional(
    v.pipe(
      v.picklist(['start', 'end']),
      v.description('Where a followed file is read from the first time; later, from where reading stopped.'),
    ),
    'start',
  ),
  maxLineBytes: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('Longer lines are rejected, not read.')),
    1_048_576,
  ),
});

interface LineSourceSettings {
  readonly name: string;
  readonly options: {
    readonly paths: readonly string[];
    readonly follow: boolean;
    readonly from: 'start' | 'end';
    readonly maxLineBytes: number;
    readonly archives?: string | undefined;
  };
  readonly context: Context;
  /** Which files of a folder are taken. */
  readonly takes: (name: string) => boolean;
  /** The order to read in, when not that of the paths. */
  readonly order?: (files: readonly InputFile[]) => readonly InputFile[] | Promise<readonly InputFile[]>;
  readonly reader: LineReader;
}

const checkpointSchema = v.strictObject({
  version: v.literal(1),
  path: v.string(),
  inode: v.string(),
  print: v.string(),
  offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  line: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  done: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  half: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  state: v.optional(v.string()),
});

/** A line and the file that it is of. */
interface Read {
  readonly file: Omit<Batch, 'lines'>;
  readonly line: Line;
}

/** Where the line ends without its line feed. */
const textEnd = ({ end, complete }: Line): number => (complete ? end - 1 : end);

/**
 * A source of lines: files, gzip, folders, standard input, or a file that grows. Resumes exactly where its reader has
 * no state, or when a checkpoint was asked for before the first event.
 */
export class LineSource implements Source, Resumable {
  readonly name: string;
  readonly live: boolean;
  readonly #settings: LineSourceSettings;
  #place: Place | undefined;
  /** How many events of the line after the place are done. */
  #done = 0;
  /** Where that line ended when it had no line break yet: if it has grown since, all its events are new. */
  #half: number | undefined;
  #opened: string | undefined;
  /** The reader's state at the place; kept up to date once somebody has asked for a checkpoint. */
  #state: string | undefined;
  #watched = false;

  constructor(settings: LineSourceSettings) {
    this.#settings = settings;
    this.name = settings.name;
    this.live = settings.options.follow;
  }

  checkpoint(): string {
    if (!this.#watched) this.#state = this.#settings.reader.state?.();
    this.#watched = true;
    if (this.#place === undefined) return '';
    const state = this.#state;
    return JSON.stringify({
      version: 1,
      ...this.#place,
      ...(this.#done > 0 ? { done: this.#done } : {}),
      ...(this.#half === undefined ? {} : { half: this.#half }),
      ...(state === undefined ? {} : { state }),
    });
  }

  resume(from: string): void {
    if (from === '') return;
    try {
      const { version: _, done, half, state, ...place } = v.parse(checkpointSchema, JSON.parse(from));
      if (state !== undefined) this.#settings.reader.restore?.(state);
      this.#place = place;
      this.#done = done;
      this.#half = half;
      this.#state = state;
    } catch (cause) {
      throw new ScopsError('INPUT_INVALID', `Not a checkpoint of source "${this.name}": ${from.slice(0, 200)}`, {
        cause,
      });
    }
  }

  coverage(): Coverage {
    return this.#settings.reader.coverage?.() ?? { records: 0, understood: 0, unknown: [] };
  }

  async *events(signal?: AbortSignal): AsyncGenerator<Event> {
    const { reader } = this.#settings;
    let skip = this.#done;
    let last: Read | undefined;
    for await (const { lines, ...file } of this.#batches(signal)) {
      if (file.inode !== this.#opened) {
        if (last !== undefined) {
          yield* this.#rest(last);
          // Nobody ends a line of a file that another one follows.
          if (this.#half !== undefined) this.#pass(last);
        }
        await this.#open(file, last === undefined && this.#isWithin(file, lines));
      }
      for (const line of lines) {
        if (signal?.aborted) return;
        last = { file, line };
        if (this.#half !== undefined && this.#half !== textEnd(line)) skip = this.#done = 0;
        const read = line.fault === undefined ? reader.read(line.text) : { reason: line.fault };
        if ('reason' in read) this.#reject(file.path, line, read.reason);
        else {
          this.#half = line.complete ? undefined : textEnd(line);
          if (!line.complete) this.#place ??= { ...file, offset: 0, line: 0 };
          for (let index = skip; index < read.length; index++) {
            yield read[index] as Event;
            this.#done = index + 1;
          }
        }
        // A last line without an end may be whole the next time.
        if (line.complete) this.#pass(last);
        skip = 0;
      }
    }
    if (last !== undefined && !signal?.aborted) yield* this.#rest(last);
  }

  /** The line and all before it are done. */
  #pass({ file, line }: Read): void {
    this.#place = { ...file, offset: line.end, line: line.number };
    this.#done = 0;
    this.#half = undefined;
    if (this.#watched) this.#state = this.#settings.reader.state?.();
  }

  /** Whether these first lines go on in the file of the place. */
  #isWithin({ inode, print }: Read['file'], lines: readonly Line[]): boolean {
    if (this.#place === undefined || (lines[0] as Line).number <= this.#place.line) return false;
    return this.#place.line > 0 && (inode === this.#place.inode || print === this.#place.print);
  }

  async #open({ path, inode }: Read['file'], within: boolean): Promise<void> {
    this.#opened = inode;
    const modified = inode === '' ? undefined : await modifiedOf(path);
    const file = { path, ...(modified === undefined ? {} : { modified }) };
    if (within) this.#settings.reader.reopen?.(file);
    else this.#settings.reader.open?.(file);
  }

  *#rest({ file, line }: Read): Generator<Event> {
    const rest = this.#settings.reader.flush?.() ?? [];
    if ('reason' in rest) this.#reject(file.path, line, rest.reason);
    else yield* rest;
  }

  async *#batches(signal: AbortSignal | undefined): AsyncGenerator<Batch> {
    const { options, context, takes, order = (files: readonly InputFile[]) => files } = this.#settings;
    const { paths, follow, maxLineBytes, from: start, archives } = options;
    const onSkip = (path: string): void => context.log.warn(`"${path}" cannot be read and was left out.`);
    const shared = { maxLineBytes, context, signal };
    const from = this.#place;
    const followed = paths.at(-1);
    if (!follow || followed === undefined || followed === '-') {
      const files = await order(await listFiles(paths, { takes, onSkip }));
      yield* readFiles(files, { ...shared, ...(from && { from }) });
      return;
    }
    const before = await listFiles([followed, ...paths.slice(0, -1)], { takes, onSkip });
    const history = await order(before.slice(1));
    const resumed = from !== undefined && (await locate(history, from)) < 0;
    const rotating = { ...shared, takes, start, archives };
    if (history.length === 0 || resumed) {
      yield* tail(followed, { ...rotating, ...(from && { from }) });
      return;
    }
    const begin = await beginning(followed);
    yield* readFiles(history, { ...shared, ...(from && { from }) });
    yield* tail(followed, { ...rotating, from: begin });
  }

  #reject(file: string, line: Line, reason: string): void {
    this.#settings.context.reject({
      source: this.name,
      file,
      line: line.number,
      reason,
      raw: line.text.slice(0, keptBytes),
    });
  }
}
