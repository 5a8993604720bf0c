import * as v from 'valibot';
import { type Context, type Covering, type Event, type Resumable, ScopsError, type Source } from '../event/index.ts';
import { type JsonBatch, readJsonFiles } from './json-files.ts';
import type { JsonRecord } from './json-splitter.ts';
import type { Fault, LineReader } from './line-reader.ts';
import { keptBytes } from './lines.ts';
import { type InputFile, listFiles } from './list.ts';
import { locate } from './place.ts';
import { flat } from './streams.ts';

/** The options that every source of whole JSON has; `files` says what the paths are. */
export const jsonOptions = (files: string) => ({
  paths: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((paths) => (typeof paths === 'string' ? [paths] : paths)),
    v.minLength(1, 'Name at least one'),
    v.description(files),
  ),
  maxRecordBytes: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(268_435_456),
      v.description('Longer records are rejected, not read. Lists of records may be of any length.'),
    ),
    1_048_576,
  ),
});

interface JsonSourceSettings {
  readonly name: string;
  readonly options: { readonly paths: readonly string[]; readonly maxRecordBytes: number };
  readonly context: Context;
  /** Which files of a folder are taken. */
  readonly takes: (name: string) => boolean;
  /** The members of an outermost object whose lists hold the records. */
  readonly lists: ReadonlySet<string>;
  /** Reads a record where a source of lines reads a line. Its state is not kept in checkpoints. */
  readonly reader: Pick<LineReader, 'read' | 'coverage'>;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** The file's last record that is done, and how many events of the one after it are. */
const checkpoint = v.strictObject({
  version: v.literal(1),
  path: v.string(),
  inode: v.string(),
  print: v.string(),
  record: count,
  done: count,
});

type Place = Omit<v.InferOutput<typeof checkpoint>, 'version'>;

/** The files that the settings name, in the order to read them in. Throws ScopsError SOURCE_UNREADABLE. */
export function jsonFiles({
  options,
  context,
  takes,
}: Pick<JsonSourceSettings, 'options' | 'context' | 'takes'>): Promise<InputFile[]> {
  const onSkip = (path: string): void => context.log.warn(`"${path}" cannot be read and was left out.`);
  return listFiles(options.paths, { takes, onSkip });
}

/** A source of records in files of whole JSON. Resumes exactly: at a file, a record in it, and an event of that. */
export class JsonSource implements Source, Resumable, Partial<Covering> {
  readonly name: string;
  declare readonly coverage?: Covering['coverage'];
  readonly #settings: JsonSourceSettings;
  #place: Place | undefined;

  constructor(settings: JsonSourceSettings) {
    this.#settings = settings;
    this.name = settings.name;
    const { reader } = settings;
    if (reader.coverage !== undefined) this.coverage = reader.coverage.bind(reader);
  }

  checkpoint(): string {
    return this.#place === undefined ? '' : JSON.stringify({ version: 1, ...this.#place });
  }

  resume(from: string): void {
    if (from === '') return;
    try {
      const { version: _, ...place } = v.parse(checkpoint, JSON.parse(from));
      this.#place = place;
    } catch (cause) {
      const message = `Not a checkpoint of source "${this.name}": ${from.slice(0, 200)}`;
      throw new ScopsError('INPUT_INVALID', message, { cause });
    }
  }

  events(signal?: AbortSignal): AsyncIterable<Event> {
    return flat(this.#batches(signal));
  }

  async *#batches(signal: AbortSignal | undefined): AsyncGenerator<Iterable<Event>> {
    const { context, lists, options } = this.#settings;
    const from = this.#place;
    const files = await jsonFiles(this.#settings);
    const first = from === undefined ? 0 : await locate(files, { ...from, offset: 0, line: from.record });
    if (first < 0)
      context.log.warn(`"${from?.path}" is not there any more, where reading stopped. Reading everything.`);
    const rest = files.slice(Math.max(0, first));
    const { maxRecordBytes } = options;
    for await (const batch of readJsonFiles(rest, { maxRecordBytes, lists, context, signal })) {
      // Files of one trail may begin alike: only the one that was found is begun in the middle.
      yield this.#read(batch, first >= 0 && batch.path === rest[0]?.path ? from : undefined, signal);
      if (signal?.aborted) return;
    }
  }

  *#read(
    { path, inode, print, records }: JsonBatch,
    from: Place | undefined,
    signal: AbortSignal | undefined,
  ): Generator<Event> {
    for (const record of records) {
      if (signal?.aborted) return;
      if (from !== undefined && record.number <= from.record) continue;
      const skip = from !== undefined && record.number === from.record + 1 ? from.done : 0;
      const read = record.fault === undefined ? this.#settings.reader.read(record.text) : { reason: record.fault };
      const place = { path, inode, print };
      if ('reason' in read) this.#reject(path, record, read);
      else {
        for (let index = skip; index < read.length; index++) {
          const item = read[index] as Event | Fault;
          if ('reason' in item) this.#reject(path, record, item);
          else yield item;
          this.#place = { ...place, record: record.number - 1, done: index + 1 };
        }
      }
      this.#place = { ...place, record: record.number, done: 0 };
    }
  }

  #reject(file: string, { number, text }: JsonRecord, { reason, raw = text }: Fault): void {
    const { context } = this.#settings;
    context.reject({ source: this.name, file, line: number, reason, raw: raw.slice(0, keptBytes) });
  }
}
