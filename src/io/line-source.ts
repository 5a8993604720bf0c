import { type Covering, type Event, type Resumable, ScopsError, type Source } from '../event/index.ts';
import type { Batch } from './files.ts';
import { type LineInput, lineBatches } from './line-batches.ts';
import { readCheckpoint, writeCheckpoint } from './line-checkpoint.ts';
import type { Fault, LineReader } from './line-reader.ts';
import { finishedLines } from './line-unfinished.ts';
import { keptBytes, type Line } from './lines.ts';
import { modifiedOf } from './list.ts';
import { begins } from './place.ts';
import { flat } from './streams.ts';

interface LineSourceSettings extends LineInput {
  readonly name: string;
  readonly reader: LineReader;
}

type OfFile = Omit<Batch, 'lines'>;
type Records = readonly (Event | Fault)[];

/** Where the line ends without its line feed. */
const textEnd = ({ end, complete }: Line): number => (complete ? end - 1 : end);

/**
 * A source of lines: files, gzip, folders, standard input, or a file that grows. Resumes exactly where its reader has
 * no state, or when a checkpoint was asked for before the first event: then a last line that may still be in writing is
 * left for the next time. Tells its coverage where its reader does.
 */
export class LineSource implements Source, Resumable, Partial<Covering> {
  readonly name: string;
  readonly live: boolean;
  declare readonly coverage?: Covering['coverage'];
  readonly #settings: LineSourceSettings;
  /** The last line that is done, with all before it: its file, its end in bytes, and its number. */
  #file: OfFile | undefined;
  #offset = 0;
  #number = 0;
  /** How many events and faults of the line after it are done. */
  #done = 0;
  /** Where that line ended when it had no line break yet: if it has grown since, all its events are new. */
  #half: number | undefined;
  #opened: string | undefined;
  /** The reader's state at the place; kept up to date once somebody has asked for a checkpoint. */
  #state: string | undefined;
  /** Somebody keeps the place, and comes again for what is not whole yet. */
  #watched = false;

  constructor(settings: LineSourceSettings) {
    this.#settings = settings;
    this.name = settings.name;
    this.live = settings.options.follow;
    const { reader } = settings;
    if (reader.coverage !== undefined) this.coverage = reader.coverage.bind(reader);
  }

  checkpoint(): string {
    if (!this.#watched) this.#state = this.#settings.reader.state?.();
    this.#watched = true;
    const place = this.#place;
    return place === undefined
      ? ''
      : writeCheckpoint({ place, done: this.#done, half: this.#half, state: this.#state });
  }

  resume(from: string): void {
    if (from === '') return;
    try {
      const { place, done, half, state } = readCheckpoint(from);
      if (state !== undefined) this.#settings.reader.restore?.(state);
      const { offset, line, ...file } = place;
      this.#file = file;
      this.#offset = offset;
      this.#number = line;
      this.#done = done;
      this.#half = half;
      this.#state = state;
    } catch (cause) {
      throw new ScopsError('INPUT_INVALID', `Not a checkpoint of source "${this.name}": ${from.slice(0, 200)}`, {
        cause,
      });
    }
  }

  events(signal?: AbortSignal): AsyncIterable<Event> {
    return flat(this.#batches(signal));
  }

  get #place() {
    return this.#file && { ...this.#file, offset: this.#offset, line: this.#number };
  }

  async *#batches(signal: AbortSignal | undefined): AsyncGenerator<Iterable<Event>> {
    await this.#settings.reader.prepare?.();
    let before: Batch | undefined;
    const all = lineBatches(this.#settings, this.#place, signal);
    const { context, options } = this.#settings;
    for await (const batch of this.#watched && !options.follow ? finishedLines(all, context) : all) {
      if (batch.inode !== this.#opened) {
        if (before !== undefined) this.#end(before);
        const on = before === undefined && (await this.#goesOn(batch));
        if (before === undefined && !on) this.#forget();
        await this.#open(batch, on && this.#number > 0);
      }
      yield this.#read(batch, signal);
      if (signal?.aborted) return;
      before = batch;
    }
    if (before !== undefined && !signal?.aborted) this.#finish(before);
  }

  /** The events of the lines, each done when the next is asked for. By hand: a generator takes twice the time. */
  #read({ lines, ...file }: Batch, signal: AbortSignal | undefined): IterableIterator<Event> {
    let index = 0;
    let line: Line | undefined;
    let records: Records = [];
    let given = false;
    const next = (): IteratorResult<Event, undefined> => {
      for (;;) {
        if (given) this.#settle(file);
        given = false;
        while (this.#done < records.length) {
          const record = records[this.#done] as Event | Fault;
          if (!('reason' in record)) {
            given = true;
            return { done: false, value: record };
          }
          this.#reject(file.path, line as Line, record.reason, record.raw);
          this.#settle(file);
        }
        // A last line without an end may be whole the next time.
        if (line?.complete) this.#pass(file, line);
        line = signal?.aborted ? undefined : lines[index++];
        if (line === undefined) return { done: true, value: undefined };
        records = this.#recordsOf(file.path, line);
      }
    };
    return { next, [Symbol.iterator]: () => ({ next }) as IterableIterator<Event> };
  }

  #recordsOf(path: string, line: Line): Records {
    if (this.#half !== undefined && this.#half !== textEnd(line)) this.#done = 0;
    const read = line.fault === undefined ? this.#settings.reader.read(line.text) : { reason: line.fault };
    if ('reason' in read) {
      this.#reject(path, line, read.reason);
      return [];
    }
    this.#half = line.complete ? undefined : textEnd(line);
    return read;
  }

  /** One more event or fault of the line is done. */
  #settle(file: OfFile): void {
    const done = this.#done;
    if (this.#file?.inode !== file.inode) this.#begin(file);
    this.#done = done + 1;
  }

  /** No line of this file is done. */
  #begin(file: OfFile): void {
    this.#file = file;
    this.#offset = 0;
    this.#number = 0;
  }

  /** The line and all before it are done. */
  #pass(file: OfFile, { end, number }: Line): void {
    this.#file = file;
    this.#offset = end;
    this.#number = number;
    this.#forget();
    if (this.#watched) this.#state = this.#settings.reader.state?.();
  }

  /** Whether these first lines follow the place, in its file. */
  async #goesOn({ path, inode, lines }: Batch): Promise<boolean> {
    if (this.#file === undefined || inode === '' || (lines[0] as Line).number <= this.#number) return false;
    return inode === this.#file.inode || (await begins(path, this.#file.print));
  }

  /** The line after the place is gone. */
  #forget(): void {
    this.#done = 0;
    this.#half = undefined;
  }

  async #open({ path, inode }: OfFile, within: boolean): Promise<void> {
    this.#opened = inode;
    const modified = inode === '' ? undefined : await modifiedOf(path);
    const file = { path, ...(modified === undefined ? {} : { modified }) };
    if (within) this.#settings.reader.reopen?.(file);
    else this.#settings.reader.open?.(file);
  }

  /** Another file follows, so nobody will end a last line that has no end. */
  #end(last: Batch): void {
    this.#finish(last);
    const { lines, ...file } = last;
    if (this.#half !== undefined) this.#pass(file, lines.at(-1) as Line);
  }

  #finish({ path, lines }: Batch): void {
    const fault = this.#settings.reader.finish?.();
    if (fault !== undefined) this.#reject(path, lines.at(-1) as Line, fault.reason);
  }

  #reject(file: string, { number, text }: Line, reason: string, raw = text): void {
    this.#settings.context.reject({ source: this.name, file, line: number, reason, raw: raw.slice(0, keptBytes) });
  }
}
