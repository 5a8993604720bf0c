import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { ScopsError } from '../../src/event/index.ts';
import { readWazuh } from '../../src/text/wazuh/read.ts';
import { alertLine, filebeatRecord } from '../support/alerts.ts';
import { accounts, type Broker, startBroker } from '../support/kafka-broker.ts';
import { eventually, openKafka, startReading } from '../support/kafka-reader.ts';
import { type Compression, createTopic, type Produced } from '../support/kafka-topic.ts';

const idOf = (line: string): string => {
  const read = readWazuh(line);
  assert.ok('id' in read);
  return read.id;
};
const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => alertLine(from + index));
const over = (partitions: number, values: readonly string[]): Produced[] =>
  values.map((value, index) => ({ value, partition: index % partitions }));
const sorted = (ids: Iterable<string>): string[] => [...ids].sort();

async function failure(work: Promise<unknown>): Promise<ScopsError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ScopsError, String(error));
    return error;
  }
  assert.fail('It did not fail.');
}

describe('source kafka and a real Apache Kafka', { timeout: 240_000 }, () => {
  let broker: Broker;
  before(async () => {
    broker = await startBroker();
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
  });
  const at = (topic: string, query = '') => `${broker.address.plaintext}/${topic}${query}`;

  test('2,000 alerts, plain and from Filebeat, in every compression, arrive once each; what is none is rejected', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'all', 5);
    const all = lines(0, 2000);
    const codecs: Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
    for (const [partition, codec] of codecs.entries()) {
      const mine = all.slice(partition * 400, (partition + 1) * 400);
      const values = mine.map((line, index) => (index % 2 === 0 ? line : filebeatRecord(line)));
      await topic.produce(
        values.map((value) => ({ value, partition })),
        codec,
      );
    }
    const bad = [
      undefined,
      '',
      'not JSON',
      Buffer.from([0x7b, 0xff, 0x7d]),
      '[1]',
      `"${'x'.repeat(70_000)}"`,
      '{"a":1',
    ];
    await topic.produce(bad.map((value) => ({ value, partition: 2 })));
    const { source, context } = openKafka(at('all', '?group=all&from=earliest&until=end'), { maxRecordBytes: 69_000 });
    assert.equal(source.live, false);

    await using reader = startReading(source);
    await reader.ended;
    assert.equal(reader.ids.length, 2000);
    assert.deepEqual(sorted(new Set(reader.ids)), sorted(all.map(idOf)));
    assert.deepEqual(
      context.rejects.map(({ source, file, line }) => `${source} ${file} ${line}`),
      bad.map((_, index) => `kafka all/2 ${400 + index}`),
    );
    const reasons = context.rejects.map(({ reason }) => reason);
    assert.deepEqual(reasons.slice(0, 2), ['no value (a tombstone)', 'empty']);
    assert.equal(reasons[3], 'not UTF-8');
    assert.equal(reasons[5], '70002 bytes, longer than maxRecordBytes (69000)');
    assert.ok(context.rejects.every(({ raw }) => raw.length <= 65_536));
    assert.ok((context.progressed.at(-1)?.bytes ?? 0) > 2000 * 300);

    assert.deepEqual(await topic.committed('all'), {}, 'nothing is committed before the pipeline says so');
    await source.commit(source.checkpoint());
    assert.deepEqual(await topic.committed('all'), { 0: 400, 1: 400, 2: 407, 3: 400, 4: 400 });
    assert.equal(await topic.members('all'), 0, 'all is committed, so the membership has ended');
  });

  test('what was not committed comes again, what was committed does not', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'again', 2);
    await topic.produce(over(2, lines(0, 40)));
    const { source } = openKafka(at('again', '?group=again&from=earliest'));
    assert.equal(source.live, true);

    await using first = startReading(source);
    await eventually('40 events', () => first.ids.length === 40);
    await first.stop();
    await using second = startReading(source);
    await eventually('40 events again', () => second.ids.length === 40);
    assert.deepEqual(sorted(second.ids), sorted(first.ids));
    await source.commit(source.checkpoint());
    await topic.produce(over(2, lines(40, 44)));
    await eventually('4 more', () => second.ids.length === 44);
    await second.stop();
    await using third = startReading(source);
    await eventually('the 4 that were not committed', () => third.ids.length >= 4);
    assert.deepEqual(sorted(third.ids), sorted(second.ids.slice(40)));
    await third.stop();
    await source.commit(source.checkpoint());
    assert.deepEqual(await topic.committed('again'), { 0: 22, 1: 22 }, 'the last commit comes after the end');
    assert.equal(await topic.members('again'), 0);
  });

  test('an event in flight is not in the checkpoint, and a membership whose commit does not come ends', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'flight');
    await topic.produce(over(1, lines(0, 3)));
    const { source } = openKafka(at('flight', '?group=flight&from=earliest'));
    const seen: string[] = [];
    for await (const _ of source.events()) {
      seen.push(source.checkpoint());
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, ['{"flight/0":"0"}', '{"flight/0":"1"}', '{"flight/0":"2"}']);
    assert.equal(await topic.members('flight'), 1);
    await eventually('the membership ends', async () => (await topic.members('flight')) === 0, 8000);
    await source.commit(source.checkpoint());
    assert.deepEqual(await topic.committed('flight'), { 0: 2 }, 'a group without members takes a late commit');
  });

  test('from the latest: what comes after the group began is read, also by a member that comes later', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'latest');
    await topic.produce(over(1, lines(0, 10)));
    const { source } = openKafka(at('latest', '?group=latest'));
    await using early = startReading(source);
    await eventually('the beginning is kept', async () => (await topic.committed('latest'))[0] === 10);
    await early.stop();
    assert.deepEqual(early.ids, []);
    await topic.produce(over(1, lines(10, 15)));
    const { source: later } = openKafka(at('latest', '?group=latest&until=end'));
    await using reader = startReading(later);
    await reader.ended;
    assert.deepEqual(reader.ids, lines(10, 15).map(idOf));
  });

  test('two members share the partitions; when one goes, nothing is lost and nothing foreign is committed', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'shared', 4);
    const { source: one } = openKafka(at('shared', '?group=shared&from=earliest'));
    const { source: two } = openKafka(at('shared', '?group=shared&from=earliest'));
    await using first = startReading(one);
    await topic.produce(over(4, lines(0, 400)));
    await eventually('the first reads all', () => first.ids.length === 400);
    const stale = one.checkpoint();

    await using second = startReading(two);
    const owned = (checkpoint: string) => Object.keys(JSON.parse(checkpoint));
    await eventually('the second has partitions', () => owned(two.checkpoint()).length === 2);
    await eventually('the first has the others', () => owned(one.checkpoint()).length === 2);
    assert.deepEqual(sorted([...owned(one.checkpoint()), ...owned(two.checkpoint())]), owned(stale));
    await one.commit(stale);
    const mine = owned(one.checkpoint()).map((key) => key.split('/')[1] as string);
    assert.deepEqual(Object.keys(await topic.committed('shared')), mine, 'only what is still its own');

    await topic.produce(over(4, lines(400, 800)));
    await eventually('both together have all', () => new Set([...first.ids, ...second.ids]).size === 800);
    assert.equal(new Set(first.ids).size, first.ids.length, 'a partition that stays is not read twice');
    await second.stop();
    await eventually('the first takes over', () => owned(one.checkpoint()).length === 4);
    await eventually('what the other had not committed', () => new Set(first.ids).size === 800);
    await topic.produce(over(4, lines(800, 804)));
    await eventually('and what comes now', () => new Set(first.ids).size === 804);
    await one.commit(one.checkpoint());
    assert.deepEqual(await topic.committed('shared'), { 0: 201, 1: 201, 2: 201, 3: 201 });
    await first.stop();
  });

  test('a partition that is added while we read is read from its start', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'growing');
    const { source } = openKafka(at('growing', '?group=growing'));
    await using reader = startReading(source);
    await eventually('joined', async () => (await topic.committed('growing'))[0] === 0);
    await topic.grow(3);
    await wait(500);
    await topic.produce(over(3, lines(0, 30)));
    await eventually('all partitions', () => new Set(reader.ids).size === 30);
    await reader.stop();
  });

  test('records that Kafka deleted before they were read are reported, and reading goes on', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'expired');
    await topic.produce(over(1, lines(0, 10)));
    const { source, context } = openKafka(at('expired', '?group=expired&from=earliest&until=end'));
    for await (const _ of source.events()) if (source.checkpoint() === '{"expired/0":"3"}') break;
    await source.commit(source.checkpoint());
    await topic.expire(0, 7);
    await using reader = startReading(source);
    await reader.ended;
    assert.deepEqual(reader.ids, lines(7, 10).map(idOf));
    const errors = context.logged.filter((line) => line.startsWith('error'));
    assert.deepEqual(errors, ['error: Kafka had deleted 4 records of expired/0 before they were read.']);
  });

  test('a slow reader holds little of a large topic', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'large');
    const filler = 'x'.repeat(900_000);
    for (let index = 0; index < 120; index += 10) {
      await topic.produce(
        over(
          1,
          Array.from({ length: 10 }, (_, i) => alertLine(index + i, { filler })),
        ),
      );
    }
    const { source } = openKafka(at('large', '?group=large&from=earliest'));
    const gate = Promise.withResolvers<void>();
    const before = process.memoryUsage();
    await using reader = startReading(source, () => gate.promise);
    await eventually('the first event', () => reader.ids.length === 1);
    await wait(2000);
    const held = (process.memoryUsage().arrayBuffers - before.arrayBuffers) / 2 ** 20;
    assert.ok(held < 56, `holds ${held.toFixed()} MiB of 103`);
    gate.resolve();
    await eventually('all', () => reader.ids.length === 120);
    await reader.stop();
  });

  test('SASL: PLAIN and SCRAM accounts are let in', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'sasl');
    await topic.produce(over(1, lines(0, 5)));
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
      const { username, password } = mechanism === 'PLAIN' ? accounts.plain : accounts.scram;
      const query = `?group=sasl-${mechanism}&from=earliest&until=end&mechanism=${mechanism}&username=${username}`;
      const { source, context } = openKafka(
        `${broker.address.sasl}/sasl${query}`,
        {},
        { SCOPS_KAFKA_PASSWORD: password },
      );
      await using reader = startReading(source);
      await reader.ended;
      assert.equal(reader.ids.length, 5);
      assert.ok(!context.logged.join('\n').includes(password));
      assert.equal(
        context.logged.filter((line) => line.includes('readable by anybody')).length,
        +(mechanism === 'PLAIN'),
      );
    }
  });

  test('SASL: a wrong password is refused at once, and told nowhere', async () => {
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-512']) {
      const password = 'wr0ng-and-secret';
      const query = `?mechanism=${mechanism}&username=${accounts.scram.username}`;
      const { source, context } = openKafka(
        `${broker.address.sasl}/sasl${query}`,
        {},
        { SCOPS_KAFKA_PASSWORD: password },
      );
      const began = performance.now();
      const error = await failure(startReading(source).ended);
      assert.ok(performance.now() - began < 3000, 'asking again and again would lock the account');
      assert.equal(error.code, 'SOURCE_UNREADABLE');
      assert.match(error.message, /^Kafka at 127\.0\.0\.1:\d+ refused the account "scram-reader": \S/);
      assert.ok(!`${inspect(error, { depth: 20, showHidden: true })}${context.logged}`.includes(password));
    }
  });

  test('SASL: a listener that wants an account refuses us without one', async () => {
    const { source } = openKafka(`${broker.address.sasl}/sasl`, { retries: 1 });
    assert.equal((await failure(startReading(source).ended)).code, 'SOURCE_UNREADABLE');
  });

  test('TLS: with its authority, with a client certificate, and not with a stranger', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'tls');
    await topic.produce(over(1, lines(0, 5)));
    const { ca, cert, key } = broker.tls;
    let group = 0;
    const read = async (address: string, tls: unknown) => {
      const query = `?group=tls-${group++}&from=earliest&until=end`;
      const { source } = openKafka(`${address}/tls${query}`, { tls, retries: 0 });
      await using reader = startReading(source);
      await reader.ended;
      return reader.ids.length;
    };
    assert.equal(await read(broker.address.tls, { ca }), 5);
    assert.equal(await read(broker.address.tls, { rejectUnauthorized: false }), 5);
    assert.equal(await read(broker.address.mutual, { ca, cert, key }), 5);
    assert.match((await failure(read(broker.address.tls, true))).message, /self-signed certificate/);
    assert.equal((await failure(read(broker.address.mutual, { ca }))).code, 'SOURCE_UNREADABLE');
    assert.equal((await failure(read(broker.address.plaintext, { ca }))).code, 'SOURCE_UNREADABLE');
    assert.match((await failure(read(broker.address.tls, { ca: '/no/such/file' }))).message, /"tls\.ca"/);
  });

  test('an unknown topic is named', async () => {
    const { source } = openKafka(at('nosuchtopic'));
    const error = await failure(startReading(source).ended);
    assert.match(error.message, /^Kafka at 127\.0\.0\.1:\d+ has no topic "nosuchtopic"/);
  });

  test('a broker that is killed and comes back is read on, and nothing is lost', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'restart', 2);
    await topic.produce(over(2, lines(0, 100)));
    const { source, context } = openKafka(at('restart', '?group=restart&from=earliest'));
    await using reader = startReading(source);
    await eventually('the first 100', () => reader.ids.length === 100);
    await source.commit(source.checkpoint());
    await broker.stop('SIGKILL');
    await wait(2000);
    await broker.start();
    await topic.produce(over(2, lines(100, 200)));
    await eventually('the rest', () => new Set(reader.ids).size === 200, 60_000);
    await source.commit(source.checkpoint());
    assert.deepEqual(await topic.committed('restart'), { 0: 100, 1: 100 });
    assert.ok(context.logged.some((line) => line.startsWith('warn: Kafka does not answer; trying again.')));
    await reader.stop();
  });

  test('a broker that stays away ends the reading, and an abort ends it at once', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'away');
    await topic.produce(over(1, lines(0, 10)));
    const query = '?from=earliest&group=';
    const { source } = openKafka(at('away', `${query}away`), { retries: 2 });
    const { source: other } = openKafka(at('away', `${query}away2`));
    await using reader = startReading(source);
    await using patient = startReading(other);
    await eventually('10 events each', () => reader.ids.length === 10 && patient.ids.length === 10);
    await broker.stop('SIGKILL');
    const error = await failure(reader.ended);
    assert.equal(error.code, 'SOURCE_UNREADABLE');
    assert.match(
      error.message,
      /^Cannot read topic "away" from Kafka at 127\.0\.0\.1:\d+ \(group "away"\): .*ECONNREFUSED/,
    );
    const began = performance.now();
    await patient.stop();
    assert.ok(performance.now() - began < 6000);
    assert.equal((await failure(other.commit(other.checkpoint()))).code, 'SOURCE_UNREADABLE');
  });
});
