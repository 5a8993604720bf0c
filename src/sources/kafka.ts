import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { type Committable, type Context, defineSource, type Event, ScopsError, type Source } from '../event/index.ts';
import { type GroupSettings, KafkaGroup, type KafkaRecord } from '../io/kafka.ts';
import type { Offsets } from '../io/kafka-ledger.ts';
import { optional } from '../io/optional.ts';
import { readWazuh } from '../text/wazuh/read.ts';

const passwordVariable = 'SCOPS_KAFKA_PASSWORD';
const keptOfReject = 65_536;

const list = (value: string | string[]): string[] =>
  (typeof value === 'string' ? value.split(',') : value).map((item) => item.trim()).filter(Boolean);

const names = (format: RegExp, message: string, description: string) =>
  v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform(list),
    v.minLength(1, 'Name at least one'),
    v.check((items) => items.every((item) => format.test(item)), message),
    v.description(description),
  );

const options = v.strictObject({
  brokers: names(
    /^(\[[\da-f:.]+\]|[^\s:/,@]+)(:\d{1,5})?$/i,
    'A broker is HOST:PORT',
    'Brokers to ask first, as HOST:PORT; one that answers is enough to find the others.',
  ),
  topic: names(
    /^(?!\.{1,2}$)[\w.-]{1,249}$/,
    'A topic has letters, digits, ".", "_" and "-"',
    'The topic, or several.',
  ),
  group: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\S{1,255}$/, 'A group has no spaces'),
      v.description('The consumer group, which keeps how far it has read; its members share the partitions.'),
    ),
    'scops',
  ),
  from: v.optional(
    v.pipe(
      v.picklist(['earliest', 'latest']),
      v.description('Where to begin in a partition that the group has never read.'),
    ),
    'latest',
  ),
  until: v.optional(
    v.pipe(
      v.picklist(['forever', 'end']),
      v.description("With 'end', stop at what the topic held when reading began; 'forever' waits for more."),
    ),
    'forever',
  ),
  format: v.optional(
    v.pipe(v.picklist(['wazuh']), v.description("What a record holds; 'wazuh' takes the envelope of Filebeat too.")),
    'wazuh',
  ),
  tls: v.optional(
    v.pipe(
      v.union([
        v.boolean(),
        v.pipe(
          v.strictObject({
            ca: v.optional(v.string()),
            cert: v.optional(v.string()),
            key: v.optional(v.string()),
            rejectUnauthorized: v.optional(v.boolean(), true),
          }),
          v.check(({ cert, key }) => (cert === undefined) === (key === undefined), 'cert and key go together'),
        ),
      ]),
      v.description('TLS: true, or PEM files {ca, cert, key} and rejectUnauthorized.'),
    ),
    false,
  ),
  sasl: v.optional(
    v.pipe(
      v.strictObject({
        mechanism: v.picklist(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
        username: v.pipe(v.string(), v.nonEmpty()),
      }),
      v.description(`Account {mechanism, username}; its password is read from ${passwordVariable}.`),
    ),
  ),
  maxRecordBytes: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('Longer records are rejected, not read.')),
    2 ** 20,
  ),
  sessionTimeout: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1000),
      v.maxValue(1_800_000),
      v.description('Milliseconds without a sign of life after which the group gives our partitions to others.'),
    ),
    30_000,
  ),
  retries: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(100),
      v.description(
        'How often a failed request is sent again: after 0.25 s, then twice as long each time, up to 10 s.',
      ),
    ),
    6,
  ),
});

type Options = v.InferOutput<typeof options>;

const needs = { package: '@platformatic/kafka', version: '^2' };

/** Topics of Apache Kafka, as a member of a consumer group. At least once: what was not committed comes again. */
export const kafka = defineSource({
  name: 'kafka',
  summary: 'Alerts from Apache Kafka topics, as a consumer group; offsets are committed once every sink accepted.',
  options,
  examples: [
    'scops score --model hosts.scops --source kafka:broker1:9092,broker2:9092/wazuh-alerts --sink slack',
    "scops fit --source 'kafka:broker1:9092/wazuh-alerts?group=scops-fit&from=earliest&until=end' --model hosts.scops",
  ],
  needs,
  target: readTarget,
  create: (chosen, context) => new KafkaSource(chosen, context),
});

/**
 * `HOST:PORT[,HOST:PORT…]/TOPIC[,TOPIC…][?option=value&…]` with any option that is a text or a number, `tls=true`, and
 * `mechanism` and `username` of `sasl`.
 */
function readTarget(target: string): Record<string, unknown> {
  const [, brokers = '', topic = '', query = ''] = /^([^/?]*)\/?([^?]*)\??(.*)$/s.exec(target) ?? [];
  const { tls, mechanism, username, password, ...rest } = Object.fromEntries(new URLSearchParams(query));
  if (password !== undefined) {
    throw new ScopsError('USAGE', `A password does not belong on a command line: put it into ${passwordVariable}.`);
  }
  const sasl = { ...(mechanism === undefined ? {} : { mechanism }), ...(username === undefined ? {} : { username }) };
  const numbers = ['maxRecordBytes', 'sessionTimeout', 'retries'].filter((name) => /^\d{1,15}$/.test(rest[name] ?? ''));
  return {
    ...rest,
    ...Object.fromEntries(numbers.map((name) => [name, Number(rest[name])])),
    brokers: list(brokers),
    topic: list(topic),
    ...(tls === undefined ? {} : { tls: tls === 'true' ? true : tls === 'false' ? false : tls }),
    ...(Object.keys(sasl).length > 0 ? { sasl } : {}),
  };
}

class KafkaSource implements Source, Committable {
  readonly name = 'kafka';
  readonly live: boolean;
  readonly #options: Options;
  readonly #context: Context;
  #group: KafkaGroup | undefined;

  constructor(chosen: Options, context: Context) {
    this.#options = chosen;
    this.#context = context;
    this.live = chosen.until === 'forever';
  }

  async *events(signal?: AbortSignal): AsyncGenerator<Event, void, undefined> {
    const library = await optional('Source "kafka"', needs, () => import('@platformatic/kafka'));
    const settings = await this.#settings();
    await this.#group?.leave();
    const group = new KafkaGroup(library, settings, this.#context);
    this.#group = group;
    let bytes = 0;
    let count = 0;
    for await (const record of group.records(signal)) {
      const read = this.#read(record);
      if ('reason' in read) this.#reject(record, read.reason);
      else yield read;
      bytes += record.value?.length ?? 0;
      if (++count % 256 === 0) this.#context.progress({ bytes });
    }
    this.#context.progress({ bytes });
  }

  checkpoint(): string {
    const done = [...(this.#group?.done ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(Object.fromEntries(done.map(([key, offset]) => [key, String(offset)])));
  }

  /** Throws ScopsError INPUT_INVALID for what is no checkpoint, SOURCE_UNREADABLE when Kafka does not take it. */
  async commit(checkpoint: string): Promise<void> {
    const offsets = readCheckpoint(checkpoint);
    await this.#group?.commit(offsets);
  }

  #read({ value }: KafkaRecord): Event | { readonly reason: string } {
    const { maxRecordBytes } = this.#options;
    if (value === undefined || value === null) return { reason: 'no value (a tombstone)' };
    if (value.length === 0) return { reason: 'empty' };
    if (value.length > maxRecordBytes) {
      return { reason: `${value.length} bytes, longer than maxRecordBytes (${maxRecordBytes})` };
    }
    const text = decode(value);
    return text === undefined ? { reason: 'not UTF-8' } : readWazuh(text);
  }

  #reject({ topic, partition, offset, value }: KafkaRecord, reason: string): void {
    const raw = value?.subarray(0, keptOfReject).toString('utf8') ?? '';
    this.#context.reject({ source: this.name, file: `${topic}/${partition}`, line: Number(offset), reason, raw });
  }

  async #settings(): Promise<GroupSettings> {
    const { brokers, topic, group, from, until, tls, sasl, sessionTimeout, retries } = this.#options;
    const password = this.#context.env[passwordVariable];
    if (sasl !== undefined && !password) {
      throw new ScopsError(
        'CONFIG_INVALID',
        `Source "kafka" needs the password of "${sasl.username}" in ${passwordVariable}.`,
      );
    }
    if (sasl?.mechanism === 'PLAIN' && tls === false) {
      this.#context.log.warn('Kafka: SASL PLAIN without TLS sends the password readable by anybody on the way.');
    }
    return {
      brokers,
      topics: topic,
      group,
      from,
      until,
      sessionTimeout,
      retries,
      ...(tls === false ? {} : { tls: tls === true ? {} : await readTls(tls) }),
      ...(sasl && password ? { account: sasl.username, sasl: { ...sasl, password } } : {}),
    };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

async function readTls(files: Exclude<Options['tls'], boolean>): Promise<NonNullable<GroupSettings['tls']>> {
  const material: Record<string, Buffer> = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = files[name];
    if (path === undefined) continue;
    material[name] = await readFile(path).catch((cause) => {
      throw new ScopsError('SOURCE_UNREADABLE', `Cannot read "${path}" (option "tls.${name}" of source "kafka").`, {
        cause,
      });
    });
  }
  return { ...material, rejectUnauthorized: files.rejectUnauthorized };
}

const checkpointSchema = v.record(
  v.pipe(v.string(), v.regex(/^[\w.-]{1,249}\/\d{1,10}$/)),
  v.pipe(v.string(), v.regex(/^\d{1,19}$/)),
);

function readCheckpoint(checkpoint: string): Offsets {
  try {
    return new Map(Object.entries(v.parse(checkpointSchema, JSON.parse(checkpoint))).map(([k, o]) => [k, BigInt(o)]));
  } catch (cause) {
    throw new ScopsError('INPUT_INVALID', 'This is not a checkpoint of source "kafka".', { cause });
  }
}
