import * as v from 'valibot';
import type { Context, Event } from '../event/index.ts';
import { type JsonBatch, readJsonFiles } from './json-files.ts';
import type { JsonRecord } from './json-record.ts';
import type { Fault, LineReader } from './line-reader.ts';
import { keptBytes } from './lines.ts';
import { type InputFile, listFiles } from './list.ts';
import { locate } from './place.ts';

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

interface JsonInput {
  readonly options: { readonly paths: readonly string[] };
  readonly context: Context;
  /** Which files of a folder are taken. */
  readonly takes: (name: string) => boolean;
}

interface JsonEventsSettings {
  /** Of the source, for rejects. */
  readonly name: string;
  readonly maxRecordBytes: number;
  readonly context: Context;
  /** The members of an outermost object whose lists hold the records. */
  readonly lists: ReadonlySet<string>;
  /** Reads a record where a source of lines reads a line. Its state is not kept in places. */
  readonly reader: Pick<LineReader, 'read'>;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** The file's last record that is done, and how many events of the one after it are. */
export const jsonPlace = v.strictObject({
  path: v.string(),
  inode: v.string(),
  print: v.string(),
  record: count,
  done: count,
});

type Place = v.InferOutput<typeof jsonPlace>;

/** The files that the settings name, in the order to read them in. Throws ScopsError SOURCE_UNREADABLE. */
export function jsonFiles({ options, context, takes }: JsonInput): Promise<InputFile[]> {
  const onSkip = (path: string): void => context.log.warn(`"${path}" cannot be read and was left out.`);
  return listFiles(options.paths, { takes, onSkip });
}

/** Events of records in files of whole JSON, as they follow one another. Resumes exactly: at a file, a record in it, and an event of that. */
export class JsonEvents {
  /** Of the last event that is done; set it before `batches` to go on there. */
  place: Place | undefined;
  readonly #settings: JsonEventsSettings;

  constructor(settings: JsonEventsSettings) {
    this.#settings = settings;
  }

  /** The events of files, in batches that are read as they are asked for. */
  async *batches(files: readonly InputFile[], signal: AbortSignal | undefined): AsyncGenerator<Iterable<Event>, void> {
    const { context, lists, maxRecordBytes } = this.#settings;
    const from = this.place;
    const first = from === undefined ? 0 : await locate(files, { ...from, offset: 0, line: from.record });
    if (first < 0)
      context.log.warn(`"${from?.path}" is not there any more, where reading stopped. Reading everything.`);
    const rest = files.slice(Math.max(0, first));
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
          this.place = { ...place, record: record.number - 1, done: index + 1 };
        }
      }
      this.place = { ...place, record: record.number, done: 0 };
    }
  }

  #reject(file: string, { number, text }: JsonRecord, { reason, raw = text }: Fault): void {
    const { context, name } = this.#settings;
    context.reject({ source: name, file, line: number, reason, raw: raw.slice(0, keptBytes) });
  }
}
