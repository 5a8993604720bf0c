import {
  type Context,
  type Coverage,
  type Covering,
  type Event,
  type Resumable,
  ScopsError,
  type Source,
} from '../../event/index.ts';
import { type BucketSettings, type Buckets, openBuckets } from '../../io/aws/bucket.ts';
import { faultOf, mayPass } from '../../io/aws/error.ts';
import { ObjectReading, type Placed } from '../../io/aws/object.ts';
import { flat } from '../../io/streams.ts';
import { AwsReader } from '../../text/aws/reader.ts';
import type { Tallying } from '../../text/aws/tally.ts';
import { type ListingSettings, LogListing, type LogObject } from './listing.ts';
import { dayOf, Progress } from './progress.ts';

export interface S3Options extends BucketSettings, ListingSettings {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly live: boolean;
  /** Seconds. */
  readonly poll: number;
  readonly samples: boolean;
  readonly concurrency: number;
  readonly maxObjectBytes: number;
  readonly maxRecordBytes: number;
}

const mostFailures = 10;

/** Records of a log bucket in the order of days. Resumes exactly: at an object, a record in it, and an event of that. */
export class S3Source implements Source, Resumable, Covering, Tallying {
  readonly name = 's3';
  readonly live: boolean;
  readonly #options: S3Options;
  readonly #context: Context;
  readonly #reader: AwsReader;
  readonly #progress: Progress;
  #listing: LogListing | undefined;
  #bytes = 0;
  #anyRead = false;

  constructor(options: S3Options, context: Context) {
    this.#options = options;
    this.#context = context;
    this.live = options.live;
    this.#reader = new AwsReader(options);
    this.#progress = new Progress(`s3://${options.bucket}/${options.prefix}`);
  }

  checkpoint(): string {
    return this.#progress.encode();
  }

  resume(from: string): void {
    if (from !== '') this.#progress.restore(from);
  }

  coverage(): Coverage {
    return this.#reader.coverage();
  }

  /** Records by type; and objects of the bucket that were passed over, under `object: …`, as the last pass met them. */
  tally(): ReturnType<Tallying['tally']> {
    const passed = (this.#listing?.passed.tally() ?? []).map(({ type, count }) => ({ type: `object: ${type}`, count }));
    return [...this.#reader.tally(), ...passed];
  }

  events(signal?: AbortSignal): AsyncIterable<Event> {
    return flat(this.#passes(signal));
  }

  async *#passes(signal: AbortSignal | undefined): AsyncGenerator<Iterable<Event>, void> {
    const { live, poll } = this.#options;
    const buckets = await openBuckets('Source "s3"', this.#options, this.#context);
    this.#listing = new LogListing(buckets, this.#options, this.#context.now);
    try {
      for (let failures = 0; !signal?.aborted; ) {
        try {
          yield* this.#pass(buckets, this.#listing, signal);
          failures = 0;
        } catch (error) {
          if (signal?.aborted) return;
          if (!live || !mayPass(faultOf(error)) || ++failures > mostFailures) throw error;
          this.#context.log.warn(`${(error as Error).message} Trying again in ${poll} s.`);
        }
        if (!live) return;
        await this.#context.sleep(poll * 1000, signal);
      }
    } finally {
      buckets.close();
    }
  }

  /** Everything that is new. Keys of a day come in any order, so the day that was reached and the one before are gone through again. */
  async *#pass(
    buckets: Buckets,
    listing: LogListing,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Iterable<Event>, void> {
    const { since, until, concurrency, bucket } = this.#options;
    const from = latest(this.#progress.from, since);
    for await (const objects of listing.days(from, until, signal)) {
      // A day that is yet to come would end the days before it.
      const day = earliest((objects[0] as LogObject).day, dayOf(this.#context.now()));
      if (this.#progress.reach(day)) {
        this.#context.log.error(
          `Too many objects a day in "${bucket}": those of before ${day} that come now are not read.`,
        );
      }
      const fresh = objects.filter((object) => !this.#progress.has(object));
      const open = ({ key, size }: LogObject) => buckets.open({ bucket, key, size }, signal);
      for (const [object, opened] of ahead(fresh, concurrency, open)) {
        yield* this.#read(object, opened, signal);
        if (signal?.aborted) return;
      }
    }
  }

  async *#read(
    object: LogObject,
    opened: Promise<AsyncIterable<Uint8Array>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Iterable<Event>, void> {
    const { bucket, maxObjectBytes, maxRecordBytes } = this.#options;
    const reading = new ObjectReading(
      { bucket, key: object.key },
      {
        reader: this.#reader,
        context: this.#context,
        source: this.name,
        maxObjectBytes,
        maxRecordBytes,
        signal,
        from: this.#progress.placeIn(object),
      },
    );
    try {
      const bytes = await opened;
      this.#anyRead = true;
      const within = this.#progress.within(object);
      for await (const batch of reading.batches(bytes)) yield eventsOf(batch, within);
    } catch (error) {
      if (signal?.aborted) return;
      this.#leaveOut(object, error);
    }
    if (signal?.aborted) return;
    this.#progress.finish(object);
    this.#bytes += reading.bytes;
    this.#context.progress({ bytes: this.#bytes });
  }

  /** One object that cannot be read does not hold the others; but when none can, something else is wrong. */
  #leaveOut({ key }: LogObject, error: unknown): void {
    const fault = faultOf(error);
    const denied = fault === 'denied' || fault === 'kms';
    const single = fault === 'no-object' || fault === 'archived' || fault === 'changed' || (denied && this.#anyRead);
    if (!(error instanceof ScopsError) || !single) throw error;
    const file = `s3://${this.#options.bucket}/${key}`;
    if (denied) this.#context.log.error(`An object was left out. ${error.message}`);
    this.#context.reject({ source: this.name, file, line: 1, reason: error.message, raw: '' });
  }
}

function* eventsOf(batch: Iterable<Placed>, within: (place: Placed['after']) => void): Generator<Event> {
  for (const { event, after } of batch) {
    yield event;
    within(after);
  }
}

/** The items in their order, each with its work, which is begun for at most so many before their turn. */
function* ahead<Item, Result>(
  items: readonly Item[],
  most: number,
  begin: (item: Item) => Promise<Result>,
): Generator<[Item, Promise<Result>]> {
  const begun: Promise<Result>[] = [];
  for (const [at, item] of items.entries()) {
    for (const next of items.slice(at + begun.length, at + most)) {
      const work = begin(next);
      work.catch(() => undefined); // It is seen when its turn comes.
      begun.push(work);
    }
    yield [item, begun.shift() as Promise<Result>];
  }
}

const latest = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
const earliest = (a: string, b: string): string => (a < b ? a : b);
