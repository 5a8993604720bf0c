import type { Consumer, MessagesStream } from '@platformatic/kafka';
import type { Context } from '../event/index.ts';
import { Bell } from './bell.ts';
import { clientOptions, type KafkaLibrary, type KafkaSettings } from './kafka-client.ts';
import { isRefusedLogin, kafkaError, kafkaReasons } from './kafka-error.ts';
import { type Assignment, keyOf, Ledger, type Offsets, type Partition, partitionOf } from './kafka-ledger.ts';

export interface GroupSettings extends KafkaSettings {
  /** Where to begin in a partition that the group never read. */
  readonly from: 'earliest' | 'latest';
  /** 'end': up to what the partitions held when reading began. */
  readonly until: 'forever' | 'end';
  /** Milliseconds. */
  readonly sessionTimeout: number;
}

export interface KafkaRecord extends Partition {
  readonly offset: bigint;
  /** Absent for a tombstone. */
  readonly value?: Buffer | null | undefined;
}

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;
type Sending = { offsets: { topic: string; partition: number; offset: bigint; leaderEpoch: number }[] };

/** How long the membership outlives `records`, so that what was read last can still be committed. */
const lingerMs = 5_000;
const closeMs = 5_000;
/** What is held at most: this many records, and one answer of each broker (counted as it travels, compressed). */
const heldRecords = 16;
const answerBytes = 4 * 2 ** 20;
const partitionBytes = 2 ** 19;

/**
 * One membership in a consumer group, from joining to leaving; use it once. Offsets are committed only by `commit`,
 * with one exception: where the group begins at 'latest', that place is kept, so that no record falls between two
 * members that begin at different times.
 */
export class KafkaGroup {
  readonly #settings: GroupSettings;
  readonly #library: KafkaLibrary;
  readonly #context: Pick<Context, 'log' | 'sleep'>;
  readonly #consumer: Consumer;
  readonly #ledger = new Ledger();
  readonly #bell = new Bell();
  readonly #stop = Promise.withResolvers<never>();
  readonly #lingering = new AbortController();
  /** Commits under way. */
  readonly #sending = new Set<Sending>();
  /** How many partitions each topic had at first, and has now. */
  readonly #partitions = new Map<string, { readonly first: number; readonly now: number }>();
  /** Partitions where Kafka no longer had the offset that we asked for. */
  readonly #jumped = new Set<string>();
  #failed = false;
  #troubled = false;
  #ended = false;
  #left: Promise<void> | undefined;

  constructor(library: KafkaLibrary, settings: GroupSettings, context: Pick<Context, 'log' | 'sleep'>) {
    this.#library = library;
    this.#settings = settings;
    this.#context = context;
    this.#stop.promise.catch(() => undefined);
    this.#consumer = new library.Consumer({
      ...clientOptions(settings, (error, attempt) => this.#hearTrouble(error, attempt)),
      groupId: settings.group,
      autocommit: false,
      sessionTimeout: settings.sessionTimeout,
      rebalanceTimeout: Math.max(30_000, settings.sessionTimeout),
      heartbeatInterval: Math.min(3000, settings.sessionTimeout / 3),
    });
    this.#consumer.on('consumer:group:join', ({ assignments }) => this.#take(assignments ?? []));
    this.#consumer.on('consumer:heartbeat:end', () => this.#hearAnswer());
    this.#consumer.on('consumer:heartbeat:stalled', ({ lastError }) =>
      this.#fail(lastError ?? new Error('The group did not answer heartbeats.')),
    );
    this.#consumer.on('client:metadata', (metadata) => this.#hearTopics(metadata.topics));
    this.#consumer.on('error', (error: Error) => this.#fail(error));
  }

  /** Just after the last record that is done. */
  get done(): Offsets {
    return this.#ledger.done;
  }

  /**
   * Join the group and yield records until `signal` aborts or, reading until the end, the end is reached. A record is
   * done when the next one is asked for. Throws ScopsError SOURCE_UNREADABLE when Kafka refuses, or when the retries
   * are used up.
   */
  async *records(signal?: AbortSignal): AsyncGenerator<KafkaRecord, void, undefined> {
    const abort = () => {
      this.#stop.reject(signal?.reason);
      this.#bell.ring();
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    let stream: Stream | undefined;
    let unread = new Set<string>();
    try {
      const ends = await this.#unlessStopped(this.#join());
      for (let reading = 0; !signal?.aborted; ) {
        if (this.#failed) await this.#stop.promise;
        if (this.#ledger.generation !== reading) {
          reading = this.#ledger.generation;
          await this.#settle(stream?.close());
          stream = await this.#unlessStopped(this.#open());
          if (ends)
            unread = new Set([...this.#ledger.done].filter(([key, next]) => next < endOf(ends, key)).map(first));
        }
        if (ends && unread.size === 0) return;
        const record: KafkaRecord | null = stream?.read() ?? null;
        if (record === null) {
          if (ends) for (const key of unread) if (fetched(stream, key) >= endOf(ends, key)) unread.delete(key);
          if (!ends || unread.size > 0) await this.#bell.wait();
          continue;
        }
        const key = keyOf(record);
        const next = record.offset + 1n;
        if (ends && next >= endOf(ends, key)) unread.delete(key);
        if (ends && next > endOf(ends, key)) continue;
        if (this.#jumped.size > 0) this.#noteLoss(key, record.offset);
        yield record;
        this.#ledger.finish(key, next);
      }
    } catch (error) {
      if (signal?.aborted) return;
      this.#failed = true;
      throw kafkaError(error, this.#settings);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#ended = true;
      await this.#settle(stream?.close());
      if (this.#failed || !this.#ledger.pending) await this.leave();
      else void this.#context.sleep(lingerMs, this.#lingering.signal).then(() => this.leave());
    }
  }

  /** Commit what of `offsets` is still ours. After the membership has ended, only a group without members takes it. */
  async commit(offsets: Offsets): Promise<void> {
    const due = this.#ledger.uncommitted(offsets);
    try {
      if (this.#left === undefined) await this.#send(due.filter(([key]) => this.#ledger.owns(key)));
      else if (due.length > 0) await this.#sendFromOutside(due);
    } catch (error) {
      throw kafkaError(error, this.#settings);
    }
    if (this.#ended && !this.#ledger.pending) await this.leave();
  }

  /** Leave the group and close the connections. Never throws, and takes at most five seconds. */
  leave(): Promise<void> {
    this.#lingering.abort();
    this.#left ??= this.#settle(this.#consumer.close(true));
    return this.#left;
  }

  async #join(): Promise<Offsets | undefined> {
    const { topics, until, retries } = this.#settings;
    await this.#consumer.metadata({ topics: [] });
    const known = await this.#consumer.metadata({ topics: [...topics], retries: Math.min(2, retries) });
    for (const [topic, { partitionsCount: now }] of known.topics) this.#partitions.set(topic, { first: now, now });
    const ends = until === 'end' ? await this.#list('latest') : undefined;
    for (const topic of topics) this.#consumer.topics.track(topic);
    await this.#consumer.joinGroup({});
    return ends;
  }

  /** Read on from where we are, or the group is; in a new partition from where it begins. */
  async #open(): Promise<Stream | undefined> {
    const { topics, from, group } = this.#settings;
    const { owned, generation } = this.#ledger;
    const named = owned.map(keyOf).join(', ');
    this.#context.log.info(`Kafka group "${group}": this member reads ${named || 'no partition for now'}.`);
    if (owned.length === 0) return undefined;

    const kept = await this.#consumer.listCommittedOffsets({
      topics: [...Map.groupBy(owned, ({ topic }) => topic)].map(([topic, mine]) => ({
        topic,
        partitions: mine.map(({ partition }) => partition),
      })),
    });
    const keptAt = ({ topic, partition }: Partition): bigint | undefined => {
      const offset = kept.get(topic)?.[partition] ?? -1n;
      return offset < 0n ? undefined : offset;
    };
    const fresh = owned.filter((one) => keptAt(one) === undefined && this.#ledger.next(keyOf(one)) === undefined);
    const begin = fresh.length > 0 ? await this.#beginnings(fresh) : new Map<string, bigint>();
    if (from === 'latest') await this.#send([...begin]);

    const stream = await this.#consumer.consume({
      topics: [...topics],
      mode: 'manual',
      offsets: owned.map((one) => ({
        ...one,
        offset: this.#ledger.open(keyOf(one), keptAt(one), begin.get(keyOf(one)) ?? 0n),
      })),
      fallbackMode: 'earliest', // where Kafka has deleted what comes next, go on with the oldest that is left
      autocommit: false,
      highWaterMark: heldRecords,
      maxBytes: answerBytes,
      maxBytesPerPartition: partitionBytes,
      maxWaitTime: 2000,
    });
    this.#jumped.clear();
    const jump = () => {
      for (const one of owned) this.#jumped.add(keyOf(one));
    };
    stream.once('offsets', () => stream.on('offsets', jump));
    stream.on('readable', this.#bell.ring);
    stream.on('fetch', this.#bell.ring);
    stream.on('error', (error) => {
      if (generation === this.#ledger.generation) this.#fail(error);
    });
    return stream;
  }

  /** Where to begin: as the settings say, but a partition that came into being while we read is read from its start. */
  async #beginnings(fresh: readonly Partition[]): Promise<Map<string, bigint>> {
    const earliest = await this.#list('earliest');
    const chosen = this.#settings.from === 'earliest' ? earliest : await this.#list('latest');
    return new Map(
      fresh.map((one) => {
        const isNew = one.partition >= (this.#partitions.get(one.topic)?.first ?? 0);
        return [keyOf(one), endOf(isNew ? earliest : chosen, keyOf(one))];
      }),
    );
  }

  async #list(which: 'earliest' | 'latest'): Promise<Offsets> {
    const { EARLIEST, LATEST } = this.#library.ListOffsetTimestamps;
    const timestamp = which === 'earliest' ? EARLIEST : LATEST;
    const found = await this.#consumer.listOffsets({ topics: [...this.#settings.topics], timestamp });
    return new Map(
      [...found].flatMap(([topic, offsets]) =>
        offsets.map((offset, partition) => [keyOf({ topic, partition }), offset] as const),
      ),
    );
  }

  /** The group gave out its partitions anew. The client calls this before it sends a commit again that failed. */
  #take(assignments: readonly Assignment[]): void {
    this.#ledger.take(assignments);
    for (const sending of this.#sending) {
      sending.offsets = sending.offsets.filter((one) => this.#ledger.owns(keyOf(one)));
    }
    this.#bell.ring();
  }

  async #send(due: readonly (readonly [string, bigint])[]): Promise<void> {
    if (due.length === 0) return;
    const sending: Sending = {
      offsets: due.map(([key, offset]) => ({ ...partitionOf(key), offset, leaderEpoch: -1 })),
    };
    this.#sending.add(sending);
    try {
      await this.#consumer.commit(sending);
      for (const one of sending.offsets) this.#ledger.commit(keyOf(one), one.offset);
    } finally {
      this.#sending.delete(sending);
    }
  }

  async #sendFromOutside(due: readonly (readonly [string, bigint])[]): Promise<void> {
    const admin = new this.#library.Admin(clientOptions(this.#settings, () => undefined));
    try {
      await admin.alterConsumerGroupOffsets({
        groupId: this.#settings.group,
        topics: due.map(([key, offset]) => {
          const { topic, partition } = partitionOf(key);
          return { name: topic, partitionOffsets: [{ partition, offset }] };
        }),
      });
    } catch (error) {
      const reason = kafkaReasons(error);
      this.#context.log.warn(`This member has left the Kafka group; what it read last comes again. ${reason}`);
    } finally {
      await this.#settle(admin.close());
    }
  }

  /** Not every gap is a loss: compaction and transactions leave some. So only where the client had to jump. */
  #noteLoss(key: string, offset: bigint): void {
    const next = this.#ledger.next(key);
    if (next === undefined || offset <= next || !this.#jumped.delete(key)) return;
    this.#context.log.error(`Kafka had deleted ${offset - next} records of ${key} before they were read.`);
  }

  /** A topic got more partitions: only a new round of the group gives them to somebody. */
  #hearTopics(topics: ReadonlyMap<string, { readonly partitionsCount: number } | undefined>): void {
    let grown = false;
    for (const [topic, { first, now }] of this.#partitions) {
      const count = topics.get(topic)?.partitionsCount ?? 0;
      if (count <= now) continue;
      this.#partitions.set(topic, { first, now: count });
      grown = true;
    }
    if (grown && this.#left === undefined) this.#consumer.joinGroup({}).catch((error: unknown) => this.#fail(error));
  }

  #hearTrouble(error: Error, attempt: number): void {
    if (isRefusedLogin(error)) this.#fail(error); // asking again with the same password locks accounts
    if (this.#failed || this.#troubled || attempt === 1) return;
    this.#troubled = true;
    this.#context.log.warn(`Kafka does not answer; trying again. ${kafkaReasons(error)}`);
  }

  #hearAnswer(): void {
    if (this.#troubled) this.#context.log.info('Kafka answers again.');
    this.#troubled = false;
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#stop.reject(error);
    this.#bell.ring();
  }

  #unlessStopped<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#stop.promise]);
  }

  /** Wait for something that only tidies up: not for long, and not for its errors. */
  async #settle(work: Promise<unknown> | undefined): Promise<void> {
    const enough = new AbortController();
    await Promise.race([Promise.resolve(work).catch(() => undefined), this.#context.sleep(closeMs, enough.signal)]);
    enough.abort();
  }
}

const first = <Value>([value]: readonly [Value, ...unknown[]]): Value => value;
const endOf = (ends: Offsets, key: string): bigint => ends.get(key) ?? 0n;

/** How far the client has fetched: past the last record where a transaction's marker ends the partition. */
function fetched(stream: Stream | undefined, key: string): bigint {
  const { topic, partition } = partitionOf(key);
  return stream?.offsetsToFetch.get(`${topic}:${partition}`) ?? -1n;
}
