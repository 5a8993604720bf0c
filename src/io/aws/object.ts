import type { Context, Event } from '../../event/index.ts';
import type { AwsReader } from '../../text/aws/reader.ts';
import { Damaged, plain } from '../decompress.ts';
import type { JsonRecord } from '../json-record.ts';
import { JsonSplitter } from '../json-splitter.ts';
import { keptBytes } from '../lines.ts';
import { abortable, counting } from '../streams.ts';
import type { ObjectName } from './bucket.ts';

export interface ObjectOptions {
  readonly reader: Pick<AwsReader, 'read'>;
  readonly context: Pick<Context, 'reject'>;
  /** Who reads, for what is rejected. */
  readonly source: string;
  /** Decompressed. What comes after is not read. */
  readonly maxObjectBytes: number;
  readonly maxRecordBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** The last record that is done, and how many events of the one after it are. */
  readonly from?: Place | undefined;
}

export interface Place {
  readonly record: number;
  readonly done: number;
}

/** An event, and the place just after it. */
export interface Placed {
  readonly event: Event;
  readonly after: Place;
}

/** The members of an outermost object whose lists hold records. */
const lists: ReadonlySet<string> = new Set(['Records', 'Events', 'Findings', 'findings']);

class TooLong extends Error {}

/**
 * Reads one object of a log bucket: decompresses it where it is gzip, cuts it into records, and reads those. Streamed.
 * What cannot be read is rejected, under `s3://BUCKET/KEY` and the record's number.
 */
export class ObjectReading {
  readonly #object: ObjectName;
  readonly #options: ObjectOptions;
  /** Records that were read, and that were refused, among those not left out. */
  understood = 0;
  refused = 0;
  /** Compressed bytes so far. */
  bytes = 0;
  /** Why it ended before its end, if so. */
  damage: string | undefined;
  /** Whether that was for its length, not for what is wrong with it. */
  overlong = false;

  constructor(object: ObjectName, options: ObjectOptions) {
    this.#object = object;
    this.#options = options;
  }

  /** The events of the object's `bytes`, in batches to be gone through before the next is asked for. */
  async *batches(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Iterable<Placed>, void> {
    const { maxObjectBytes, maxRecordBytes, signal } = this.#options;
    const splitter = new JsonSplitter({ maxRecordBytes, lists });
    const compressed = counting(abortable(bytes, signal), (count) => {
      this.bytes = count;
    });
    const bounded = counting(plain(compressed), (count) => {
      if (count > maxObjectBytes) throw new TooLong(`more than maxObjectBytes (${maxObjectBytes}) decompressed`);
    });
    try {
      for await (const piece of bounded) {
        const records = splitter.push(piece);
        if (records.length > 0) yield this.#read(records);
      }
    } catch (error) {
      if (!(error instanceof Damaged || error instanceof TooLong)) throw error;
      this.damage = error.message;
      this.overlong = error instanceof TooLong;
    }
    if (!signal?.aborted) yield this.#read(splitter.end(this.damage));
  }

  *#read(records: readonly JsonRecord[]): Generator<Placed> {
    const { reader, from, signal } = this.#options;
    for (const record of records) {
      if (signal?.aborted) return;
      if (from !== undefined && record.number <= from.record) continue;
      const skip = from !== undefined && record.number === from.record + 1 ? from.done : 0;
      const items = record.fault === undefined ? reader.read(record.text) : [{ reason: record.fault }];
      let refused = false;
      for (const [index, item] of items.entries()) {
        if (index < skip) continue;
        if ('reason' in item) {
          refused = true;
          this.#reject(record, item.reason);
        } else yield { event: item, after: { record: record.number - 1, done: index + 1 } };
      }
      if (refused) this.refused++;
      else this.understood++;
    }
  }

  #reject({ number, text }: JsonRecord, reason: string): void {
    const { bucket, key } = this.#object;
    const { context, source } = this.#options;
    context.reject({ source, file: `s3://${bucket}/${key}`, line: number, reason, raw: text.slice(0, keptBytes) });
  }
}
