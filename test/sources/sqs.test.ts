import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ScopsError } from '../../src/event/index.ts';
import { sqs } from '../../src/sources/sqs.ts';
import { type FakeS3, startFakeS3 } from '../support/aws/fake-s3.ts';
import * as logs from '../support/aws/logs.ts';
import { bridged, encodedKey, type Queues, startQueues, throughTopic } from '../support/aws/queues.ts';
import { ids, openSqs } from '../support/aws/sources.ts';
import { eventually, startReading } from '../support/kafka-reader.ts';

const { callId, calls, finding, findingId, trailFile, trailKey } = logs;
const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => callId(from + index));
const sorted = (items: readonly string[]): string[] => [...items].sort();

let store: FakeS3;
let queues: Queues;
before(async () => {
  store = await startFakeS3();
  queues = await startQueues();
});
after(async () => {
  await store[Symbol.asyncDispose]();
  await queues[Symbol.asyncDispose]();
});

const record = (key: string, more: Readonly<Record<string, unknown>> = {}) => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: 'eu-west-1',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'logs' }, object: { key: encodedKey(key) } },
  ...more,
});
const created = (...keys: string[]) => ({ Records: keys.map((key) => record(key)) });

/** A file of a trail with calls of these numbers, in a place of its own. */
function file(minute: number, from: number, to: number, prefix = ''): string {
  const key = `${prefix}${trailKey('2026-01-02', minute)}`;
  store.put(key, trailFile(calls(from, to)));
  return key;
}

const once = '?until=empty&retryAfter=20';

test('objects and records are read from every envelope, and all is deleted once it is accepted', async () => {
  const url = queues.create('envelopes');
  const odd = file(1, 0, 2, 'team a+b=c/ü/');
  queues.send('envelopes', created(odd));
  queues.send('envelopes', throughTopic(created(file(2, 2, 4), file(3, 4, 6))));
  queues.send(
    'envelopes',
    bridged('aws.s3', 'Object Created', {
      bucket: { name: 'logs' },
      object: { key: file(4, 6, 8, 'a+b c/'), size: 9 },
    }),
  );
  queues.send('envelopes', throughTopic({ s3Bucket: 'logs', s3ObjectKey: [file(5, 8, 9)] }));
  queues.send('envelopes', bridged('aws.guardduty', 'GuardDuty Finding', finding(1)));
  queues.send('envelopes', throughTopic(bridged('aws.guardduty', 'GuardDuty Finding', finding(2))));
  queues.send('envelopes', finding(3));
  queues.send('envelopes', bridged('aws.ec2', 'AWS API Call via CloudTrail', logs.call(9)));
  const { source, context } = openSqs(store.endpoint, url + once);
  assert.equal(source.live, false);
  const found = await ids(source);
  assert.deepEqual(sorted(found), sorted([...range(0, 10), findingId(1), findingId(2), findingId(3)]));
  assert.deepEqual(context.rejects, []);
  assert.deepEqual(queues.count('envelopes'), { ready: 0, inFlight: 8, dead: 0 }, 'nothing is deleted yet');
  await source.commit(source.checkpoint());
  assert.deepEqual(queues.count('envelopes'), { ready: 0, inFlight: 0, dead: 0 });
});

test('what there is nothing to read of is deleted and counted', async () => {
  const url = queues.create('passed');
  const dir = 'AWSLogs/123456789012/Config/eu-west-1/2026/1/2/ConfigHistory/x.json.gz';
  queues.send('passed', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' });
  queues.send('passed', { Records: [record(file(1, 0, 1), { eventName: 'ObjectRemoved:Delete' })] });
  queues.send('passed', created(trailKey('2026-01-02', 1, 'CloudTrail-Digest'), dir, 'AWSLogs/', 'image.png'));
  const { source, context } = openSqs(store.endpoint, url + once);
  assert.deepEqual(await ids(source), []);
  await source.commit(source.checkpoint());
  assert.deepEqual(queues.count('passed'), { ready: 0, inFlight: 0, dead: 0 });
  const counts = Object.fromEntries(source.tally().map(({ type, count }) => [type, count]));
  assert.deepEqual(counts, {
    test: 1,
    'removed object': 1,
    'object: digest': 1,
    'object: config': 1,
    'object: other': 2,
  });
  assert.deepEqual(context.rejects, []);
});

test('one bad message of ten does not hold the others; it is left, with the reason, until the queue puts it aside', async () => {
  const url = queues.create('poison');
  for (let minute = 0; minute < 4; minute++) queues.send('poison', created(file(minute, minute * 2, minute * 2 + 2)));
  queues.send('poison', 'rubbish');
  queues.send('poison', created('AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/02/missing.json.gz'));
  queues.send('poison', { Records: [{ ...record('x'), eventName: 'ObjectTagging:Put' }] });
  queues.send('poison', {
    Records: [record(file(10, 20, 21)), { ...record('x'), s3: { bucket: { name: 'logs' }, object: { key: '%zz' } } }],
  });
  const broken = trailKey('2026-01-02', 11);
  store.put(broken, Buffer.from(trailFile(calls(30, 31))).subarray(0, -12));
  queues.send('poison', created(broken));
  const foreign = trailKey('2026-01-02', 12);
  store.put(foreign, '{"a":1}');
  queues.send('poison', created(foreign));
  const { source, context } = openSqs(store.endpoint, `${url}?retryAfter=0&wait=1`);
  await using reader = startReading(source);
  await eventually('the good are read', () => reader.ids.length >= 9);
  await eventually('the bad are put aside', async () => {
    await source.commit(source.checkpoint());
    const { dead, inFlight, ready } = queues.count('poison');
    return dead === 6 && inFlight === 0 && ready === 0;
  });
  await reader.stop();
  assert.deepEqual(sorted(reader.ids), sorted([...range(0, 8), callId(20)]), 'and no event twice');
  const reasons = context.rejects.filter(({ file }) => file.startsWith('poison/')).map(({ reason }) => reason);
  for (const [what, times] of [
    [/^not a JSON object/, 3],
    [/^Cannot read "s3:\/\/logs\/AWSLogs.*missing\.json\.gz": there is no such object/, 3],
    [/^ObjectTagging:Put/, 3],
    [/^an object whose key is not URL-encoded/, 3],
    [/gzip data cut short/, 3],
    [/has no record of CloudTrail or GuardDuty/, 3],
  ] as const) {
    const found = reasons.filter((reason) => what.test(reason));
    assert.equal(found.length, times, String(what));
    assert.match(found[0] as string, /\(received once; left in the queue\)$/);
    assert.match(found[2] as string, /\(received 3 times; left in the queue\)$/);
  }
});

test('unknown messages are deleted where that is wished, and other objects read', async () => {
  const url = queues.create('options');
  queues.send('options', 'rubbish');
  queues.send('options', bridged('aws.events', 'Scheduled Event', {}));
  store.put('firehose/2026/01/02/part-1', `${JSON.stringify(finding(1))}${JSON.stringify(finding(2))}`);
  queues.send('options', created('firehose/2026/01/02/part-1'));
  queues.send('options', {
    Records: [record(file(1, 0, 1)), record('x', { s3: { bucket: { name: 'other' }, object: { key: 'k.json' } } })],
  });
  const { source, context } = openSqs(store.endpoint, `${url}${once}&unknown=delete&others=read&buckets=logs`);
  assert.deepEqual(sorted(await ids(source)), sorted([findingId(1), findingId(2), callId(0)]));
  await source.commit(source.checkpoint());
  assert.deepEqual(
    context.rejects.map(({ reason }) => reason),
    ['an object of the bucket "other", which is not among "buckets" (received once; left in the queue)'],
  );
  assert.equal(source.tally().find(({ type }) => type === 'unknown')?.count, 2);
  assert.equal(queues.count('options').inFlight, 1);
});

test('what is notified of twice is read once, and an update of a finding is a new event', async () => {
  const url = queues.create('twice');
  const key = file(1, 0, 3);
  for (let times = 0; times < 3; times++) queues.send('twice', created(key));
  queues.send('twice', created(file(2, 0, 4)));
  for (const count of [1, 1, 2])
    queues.send('twice', bridged('aws.guardduty', 'GuardDuty Finding', finding(1, { count })));
  const { source } = openSqs(store.endpoint, url + once);
  const found = await ids(source);
  assert.deepEqual(sorted(found), sorted([...range(0, 4), findingId(1), findingId(1)]));
  assert.equal(source.tally().find(({ type }) => type === 'again')?.count, 3);
  await source.commit(source.checkpoint());
  assert.deepEqual(queues.count('twice'), { ready: 0, inFlight: 0, dead: 0 });
});

test('a message is deleted only when all before the checkpoint is done, and comes again otherwise', async () => {
  const url = queues.create('flight');
  queues.send('flight', created(file(1, 0, 2)));
  queues.send('flight', created(file(2, 2, 4)));
  const { source } = openSqs(store.endpoint, url + once);
  const seen: string[] = [];
  for await (const { id } of source.events()) {
    seen.push(id);
    await source.commit(source.checkpoint());
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen, range(0, 3));
  assert.deepEqual(queues.count('flight'), { ready: 1, inFlight: 0, dead: 0 }, 'the second is given back at once');
  const { source: next } = openSqs(store.endpoint, url + once);
  assert.deepEqual(await ids(next), range(2, 4));
  const { source: knowing } = openSqs(store.endpoint, url + once);
  queues.send('flight', created(trailKey('2026-01-02', 2)));
  knowing.resume(next.checkpoint());
  assert.deepEqual(await ids(knowing), [], 'a checkpoint tells what came before');
});

test('after a crash within an object, reading goes on within it', async () => {
  const url = queues.create('within');
  queues.send('within', created(file(1, 0, 5)));
  const { source } = openSqs(store.endpoint, `${url}${once}&visibility=2`);
  let place = '';
  for await (const { id } of source.events()) {
    place = source.checkpoint();
    if (id === callId(3)) break;
  }
  const { source: next } = openSqs(store.endpoint, url + once);
  next.resume(place);
  assert.deepEqual(await ids(next), range(3, 5));
  await next.commit(next.checkpoint());
  assert.deepEqual(queues.count('within'), { ready: 0, inFlight: 0, dead: 0 });
});

test('messages are held as long as they are worked on, and others do not see them', async () => {
  const url = queues.create('slow');
  queues.send('slow', created(file(1, 0, 2)));
  const { source } = openSqs(store.endpoint, `${url}?visibility=2&wait=1`);
  const gate = Promise.withResolvers<void>();
  await using reader = startReading(source, () => gate.promise);
  await eventually('the first', () => reader.ids.length === 1);
  const { source: other } = openSqs(store.endpoint, `${url}?until=empty&wait=4`);
  assert.deepEqual(await ids(other), [], 'for twice its time');
  gate.resolve();
  await eventually('the rest', () => reader.ids.length === 2);
  await wait(2500);
  assert.equal(queues.count('slow').inFlight, 1, 'also until it is committed');
  await eventually('it is done', async () => {
    await source.commit(source.checkpoint());
    return queues.count('slow').inFlight === 0;
  });
  await reader.stop();
});

test('it holds little, and gives back what it did not get to', async () => {
  const url = queues.create('many');
  for (let minute = 0; minute < 60; minute++) queues.send('many', created(file(minute, minute, minute + 1, 'many/')));
  const before = store.asked.length;
  const { source } = openSqs(store.endpoint, `${url}?concurrency=3`);
  const gate = Promise.withResolvers<void>();
  await using reader = startReading(source, () => gate.promise);
  await eventually('the first', () => reader.ids.length === 1);
  await wait(500);
  assert.ok(queues.count('many').inFlight <= 31, `${queues.count('many').inFlight} in flight`);
  assert.ok(store.asked.length - before <= 4, `${store.asked.length - before} objects fetched`);
  const began = performance.now();
  gate.resolve();
  await reader.stop();
  assert.ok(performance.now() - began < 3000);
  await source.commit(source.checkpoint());
  const { ready, inFlight } = queues.count('many');
  assert.equal(inFlight, 0);
  assert.equal(ready, 60 - reader.ids.length + (reader.ids.length > 0 ? 1 : 0), 'the one in flight comes again too');
});

test('what goes wrong for all is said clearly, what passes is waited for', async () => {
  const refused = async (target: string, more = {}) => {
    const error = await ids(openSqs(store.endpoint, target, more).source).then(
      () => assert.fail('It did not fail.'),
      (found: unknown) => found,
    );
    assert.ok(error instanceof ScopsError, String(error));
    return `${error.code}: ${error.message}`;
  };
  assert.match(
    await refused(`${queues.server.address}/000000000000/nosuch`),
    /^SOURCE_UNREADABLE: Cannot receive from the queue ".*nosuch": it does not exist/,
  );
  assert.match(
    await refused('http://127.0.0.1:9/000000000000/q'),
    /^SOURCE_UNREADABLE: .*no answer that could be used.*ECONNREFUSED/,
  );

  const url = queues.create('denied');
  const key = file(1, 0, 1, 'denied/');
  queues.send('denied', created(key));
  store.faults.set(key, { status: 403, code: 'InvalidAccessKeyId' });
  assert.match(await refused(url + once), /^SOURCE_UNREADABLE: .*AWS takes no credentials of ours/);
  assert.equal(queues.count('denied').ready, 1, 'nothing is lost');
  store.faults.set(key, { status: 503, code: 'SlowDown', times: 1 });
  const { source, context } = openSqs(store.endpoint, `${url}?retryAfter=0`);
  await using reader = startReading(source);
  await eventually('it comes again', () => reader.ids.length === 1);
  await reader.stop();
  assert.match(context.logged.join('\n'), /warn: An object of a notification cannot be read\. .*too many requests/);
});

test('a queue without a dead-letter queue is told of', async () => {
  queues.server.createQueue('plain');
  const { source, context } = openSqs(store.endpoint, `${queues.server.address}/000000000000/plain?until=empty&wait=0`);
  assert.deepEqual(await ids(source), []);
  assert.match(context.logged.join('\n'), /warn: The queue "plain" has no dead-letter queue/);
});

test('a bomb is bounded', async () => {
  const url = queues.create('bomb');
  const key = trailKey('2026-01-02', 50);
  store.put(key, gzipSync(`{"Records":[${JSON.stringify(logs.call(50))},${' '.repeat(20_000_000)}`));
  queues.send('bomb', created(key));
  const { source, context } = openSqs(store.endpoint, `${url}${once}&maxObjectBytes=1000000`);
  assert.deepEqual(await ids(source), [callId(50)]);
  assert.match(
    context.rejects.map(({ reason }) => reason).join(),
    /more than maxObjectBytes \(1000000\) decompressed \(received once/,
  );
});

test('a message as deep as it is long is left like any other that cannot be read', async () => {
  const url = queues.create('deep');
  const deep = `{"eventSource":"s","eventName":"n","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  queues.send('deep', deep);
  queues.send('deep', finding(9));
  const { source, context } = openSqs(store.endpoint, url + once);
  assert.deepEqual(await ids(source), [findingId(9)]);
  assert.match(context.rejects.map(({ reason }) => reason).join(), /more than 128 levels \(received once/);
});

test('no address with a password is taken, since it would stand in messages', () => {
  for (const url of ['https://me:s3cret@sqs.eu-west-1.amazonaws.com/1/q', 'ftp://127.0.0.1/1/q']) {
    assert.throws(() => openSqs(store.endpoint, url), /http/);
    assert.throws(() => openSqs(url, 'http://127.0.0.1:9/1/a'), /http/);
  }
});

test('a checkpoint of something else is refused, and a target is read', () => {
  const { source } = openSqs(store.endpoint, 'http://127.0.0.1:9/1/a');
  const { source: other } = openSqs(store.endpoint, 'http://127.0.0.1:9/1/b');
  for (const wrong of [other.checkpoint(), 'x', '{}'])
    assert.throws(() => source.resume(wrong), { code: 'INPUT_INVALID' });
  source.resume(source.checkpoint());
  assert.deepEqual(sqs.target?.('https://sqs.eu-west-1.amazonaws.com/1/q?wait=3&unknown=delete&samples=true'), {
    queue: 'https://sqs.eu-west-1.amazonaws.com/1/q',
    wait: 3,
    unknown: 'delete',
    samples: true,
  });
});
