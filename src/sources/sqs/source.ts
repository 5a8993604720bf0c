import {
  type Committable,
  type Context,
  type Coverage,
  type Covering,
  type Event,
  type Resumable,
  ScopsError,
  type Source,
} from '../../event/index.ts';
import { type BucketSettings, type Buckets, openBuckets } from '../../io/aws/bucket.ts';
import { type AwsFault, faultOf, mayPass } from '../../io/aws/error.ts';
import { ObjectReading, type Placed } from '../../io/aws/object.ts';
import { openQueue, type Queue, regionOf } from '../../io/aws/queue.ts';
import { keptBytes } from '../../io/lines.ts';
import { flat } from '../../io/streams.ts';
import { AwsReader } from '../../text/aws/reader.ts';
import { Tally, type Tallying } from '../../text/aws/tally.ts';
import { type Held, Inbox, type InboxSettings } from './inbox.ts';
import { QueuePlace } from './place.ts';
import { type Brought, broughtBy, type Unit, type UnitSettings } from './units.ts';

export interface SqsOptions extends BucketSettings, InboxSettings, UnitSettings {
  /** Its URL. */
  readonly queue: string;
  /** Seconds until a message that was left comes again. */
  readonly retryAfter: number;
  readonly samples: boolean;
  readonly concurrency: number;
  readonly maxObjectBytes: number;
  readonly maxRecordBytes: number;
}

interface Work extends Brought {
  readonly body: string;
}

/** What is wrong with every request, not with one object. */
const toAll: ReadonlySet<AwsFault> = new Set<AwsFault>(['credentials', 'clock', 'region']);

type ObjectUnit = Extract<Unit, { type: 'object' }>;

/** What a queue brings: objects of S3 by their notifications, and records by themselves. At least once. */
export class SqsSource implements Source, Committable, Resumable, Covering, Tallying {
  readonly name = 'sqs';
  readonly live: boolean;
  readonly #options: SqsOptions;
  readonly #context: Context;
  readonly #reader: AwsReader;
  readonly #place: QueuePlace;
  readonly #passed = new Tally();
  /** Faults that the log has been told of. */
  readonly #told = new Set<string>();
  #queue: Queue | undefined;
  #inbox: Inbox<Work> | undefined;
  #buckets: Promise<Buckets> | undefined;
  #bytes = 0;

  constructor(options: SqsOptions, context: Context) {
    this.#options = options;
    this.#context = context;
    this.live = options.until === 'forever';
    this.#reader = new AwsReader(options);
    this.#place = new QueuePlace(options.queue);
  }

  checkpoint(): string {
    return this.#place.encode();
  }

  resume(from: string): void {
    if (from !== '') this.#place.restore(from);
  }

  /** Throws ScopsError INPUT_INVALID for what is no checkpoint, SOURCE_UNREADABLE when the queue refuses. */
  async commit(checkpoint: string): Promise<void> {
    await this.#inbox?.commit(this.#place.messageOf(checkpoint));
  }

  coverage(): Coverage {
    return this.#reader.coverage();
  }

  /** Records by type; and under `object: …`, `removed object`, `test`, `unknown` and `again` what had nothing to read. */
  tally(): ReturnType<Tallying['tally']> {
    return [...this.#reader.tally(), ...this.#passed.tally()];
  }

  events(signal?: AbortSignal): AsyncIterable<Event> {
    return flat(this.#messages(signal ?? new AbortController().signal));
  }

  async *#messages(signal: AbortSignal): AsyncGenerator<Iterable<Event>, void> {
    const { queue: url, region, retries } = this.#options;
    this.#queue ??= await openQueue('Source "sqs"', { url, region, retries }, this.#context);
    const queue = this.#queue;
    this.#inbox ??= new Inbox(queue, this.#options, this.#context, ({ body }) => this.#prepare(body));
    if ((await queue.hasDeadLetters(signal)) === false) {
      this.#context.log.warn(
        `The queue "${queue.name}" has no dead-letter queue: a message that cannot be read comes again until it expires.`,
      );
    }
    try {
      for await (const held of this.#inbox.messages(signal)) {
        const trouble = yield* this.#read(held, signal);
        if (signal.aborted) return;
        if (trouble === undefined) this.#inbox.finish(held);
        else await this.#leave(held, trouble);
        this.#place.passMessage(held.number);
      }
    } finally {
      const buckets = this.#buckets;
      this.#buckets = undefined;
      await buckets?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    }
  }

  #prepare(body: string): Work {
    return { ...broughtBy(body, this.#options), body: body.slice(0, keptBytes) };
  }

  /** Gives why the message must stay in the queue, if so; everything else that it brings is read all the same. */
  async *#read(held: Held<Work>, signal: AbortSignal): AsyncGenerator<Iterable<Event>, string | undefined> {
    const { units, passed } = held.work;
    let { trouble } = held.work;
    for (const what of passed) this.#passed.add(what);
    for (const [at, unit] of units.entries()) {
      this.#openAhead(units.slice(at), signal);
      if (this.#place.has(unit.name)) {
        this.#passed.add('again');
        continue;
      }
      const found = unit.type === 'object' ? yield* this.#readObject(unit, signal) : yield* this.#readRecord(unit);
      if (signal.aborted) return undefined;
      if (found === undefined) this.#place.finishUnit(unit.name);
      else trouble ??= found;
    }
    return trouble;
  }

  /** Ask for what is read next, within what may be held. */
  #openAhead(current: readonly Unit[], signal: AbortSignal): void {
    const waiting = (this.#inbox?.waiting ?? []).flatMap(({ work }) => work.units);
    const next = [...current, ...waiting].filter((unit) => unit.type === 'object' && !this.#place.has(unit.name));
    for (const unit of next.slice(0, this.#options.concurrency) as ObjectUnit[]) {
      unit.opened ??= this.#open(unit, signal);
      unit.opened.catch(() => undefined); // It is seen when its turn comes.
    }
  }

  async #open({ notice }: ObjectUnit, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { region, queue } = this.#options;
    this.#buckets ??= openBuckets(
      'Source "sqs"',
      { ...this.#options, region: region ?? regionOf(queue) },
      this.#context,
    );
    return (await this.#buckets).open(notice, signal);
  }

  async *#readObject(unit: ObjectUnit, signal: AbortSignal): AsyncGenerator<Iterable<Event>, string | undefined> {
    const { maxObjectBytes, maxRecordBytes } = this.#options;
    const reading = new ObjectReading(unit.notice, {
      reader: this.#reader,
      context: this.#context,
      source: this.name,
      maxObjectBytes,
      maxRecordBytes,
      signal,
      from: this.#place.placeIn(unit.name),
    });
    try {
      const bytes = await (unit.opened ?? this.#open(unit, signal));
      for await (const batch of reading.batches(bytes)) yield this.#eventsOf(unit.name, batch);
    } catch (error) {
      return signal.aborted ? undefined : this.#troubleOf(error);
    } finally {
      delete unit.opened;
    }
    this.#bytes += reading.bytes;
    this.#context.progress({ bytes: this.#bytes });
    if (reading.damage !== undefined) return `"${unit.notice.key}": ${reading.damage}`;
    const nothing = reading.understood === 0 && reading.refused > 0;
    return nothing ? `"${unit.notice.key}" has no record of CloudTrail or GuardDuty` : undefined;
  }

  *#eventsOf(unit: string, batch: Iterable<Placed>): Generator<Event> {
    for (const { event, after } of batch) {
      yield event;
      this.#place.within(unit, after);
    }
  }

  async *#readRecord({
    record,
    name,
  }: Extract<Unit, { type: 'record' }>): AsyncGenerator<Iterable<Event>, string | undefined> {
    const read = this.#reader.read(JSON.stringify(record));
    const events = read.filter((item): item is Event => !('reason' in item));
    const done = this.#place.placeIn(name)?.done ?? 0;
    yield this.#eventsOf(
      name,
      events.flatMap((event, index) => (index < done ? [] : [{ event, after: { record: 0, done: index + 1 } }])),
    );
    const refused = read.find((item) => 'reason' in item);
    if (refused === undefined || !('reason' in refused)) return undefined;
    if (this.#options.unknown === 'leave') return refused.reason;
    this.#passed.add('unknown');
    return undefined;
  }

  /** Why one object could not be read. Throws what is wrong with all of them. */
  #troubleOf(error: unknown): string {
    const fault = faultOf(error);
    if (!(error instanceof ScopsError) || toAll.has(fault) || error.cause === undefined) throw error;
    if (error.code === 'DEPENDENCY_MISSING') throw error;
    if (!this.#told.has(fault)) {
      this.#told.add(fault);
      const level = mayPass(fault) ? 'warn' : 'error';
      this.#context.log[level](`An object of a notification cannot be read. ${error.message}`);
    }
    return error.message;
  }

  async #leave(held: Held<Work>, trouble: string): Promise<void> {
    const { id, received, work } = held;
    const times = received === 1 ? 'once' : `${received} times`;
    const reason = `${trouble} (received ${times}; left in the queue)`;
    this.#context.reject({ source: this.name, file: `${this.#queue?.name}/${id}`, line: 1, reason, raw: work.body });
    await this.#inbox?.leave(held, this.#options.retryAfter);
  }
}
