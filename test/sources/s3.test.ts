import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ScopsError } from '../../src/event/index.ts';
import { s3 } from '../../src/sources/s3.ts';
import { type FakeS3, type Fault, startFakeS3 } from '../support/aws/fake-s3.ts';
import * as logs from '../support/aws/logs.ts';
import { ids, openS3, runningContext } from '../support/aws/sources.ts';
import { testContext } from '../support/context.ts';
import { eventually, startReading } from '../support/kafka-reader.ts';

const { callId, calls, exportFile, exportKey, finding, findingId, trailFile, trailKey } = logs;
const range = (from: number, to: number, id = callId): string[] =>
  Array.from({ length: to - from }, (_, index) => id(from + index));

function fillTrail(store: FakeS3): void {
  store.put(trailKey('2026-01-02', 10), trailFile(calls(3, 6)));
  store.put(trailKey('2026-01-02', 5), trailFile(calls(0, 3)));
  store.put(trailKey('2026-01-02', 7, 'CloudTrail', 'us-east-1'), trailFile(calls(20, 22)));
  store.put(trailKey('2026-01-03', 0), trailFile(calls(6, 9)));
  store.put(exportKey('2026-01-03', 'aaaa'), exportFile([finding(1)]));
}
const everything = [...range(0, 3), ...range(20, 22), ...range(3, 6), ...range(6, 9), findingId(1)];

async function failure(work: Promise<unknown>): Promise<ScopsError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ScopsError, String(error));
    return error;
  }
  assert.fail('It did not fail.');
}

test('what a bucket holds comes in the order of days and delivery, from all pages, and nothing else does', async () => {
  await using store = await startFakeS3(2);
  fillTrail(store);
  store.put(trailKey('2026-01-02', 5, 'CloudTrail-Digest'), logs.digestFile());
  store.put(trailKey('2026-01-02', 0).replace(/[^/]*$/, ''), '');
  store.put(trailKey('2026-01-02', 0).replace(/[^/]*$/, 'notes.txt'), 'mine');
  store.put('AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/01/02/x.log.gz', 'x');
  store.put('AWSLogs/readme', 'x');
  store.put('other/key', 'x');
  const { source, context } = openS3(store.endpoint, 'logs');
  assert.equal(source.live, false);
  assert.deepEqual(await ids(source), everything);
  assert.deepEqual(source.tally(), [
    { type: 'api-call', count: 11 },
    { type: 'guardduty', count: 1 },
    { type: 'object: other', count: 1 },
  ]);
  assert.deepEqual(context.rejects, []);
  assert.ok(
    !store.asked.some((request) => /Digest|elasticloadbalancing|other\//.test(request.replace(/after .*/, ''))),
  );
});

test('an insight is typed, a sample is left out, and a record or finding that comes again is no event', async () => {
  await using store = await startFakeS3();
  const insight = {
    ...logs.call(9),
    eventType: 'AwsCloudTrailInsight',
    insightDetails: {
      state: 'Start',
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      insightType: 'ApiCallRateInsight',
    },
  };
  store.put(trailKey('2026-01-02', 5, 'CloudTrail-Insight'), trailFile([insight]));
  store.put(trailKey('2026-01-02', 5), trailFile([...calls(0, 2), ...calls(0, 2)]));
  store.put(exportKey('2026-01-02', 'b'), exportFile([finding(1), finding(2, { sample: true }), finding(1)]));
  store.put(exportKey('2026-01-02', 'c'), exportFile([finding(1, { count: 7 })]));
  const { source } = openS3(store.endpoint, 'logs');
  const kinds: string[] = [];
  for await (const { id, kind } of source.events()) kinds.push(`${kind} ${id}`);
  assert.deepEqual(kinds, [
    `log ${callId(9)}`,
    `api ${callId(0)}`,
    `api ${callId(1)}`,
    `finding ${findingId(1)}`,
    `finding ${findingId(1)}`,
  ]);
  const counts = Object.fromEntries(source.tally().map(({ type, count }) => [type, count]));
  assert.deepEqual(counts, { 'api-call': 2, copy: 3, guardduty: 2, insight: 1, sample: 1 });
  assert.equal((await ids(openS3(store.endpoint, 'logs?samples=true').source)).length, 6);
});

test('days, accounts, regions and folders are chosen, and days are skipped in the bucket', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  const read = (target: string) => ids(openS3(store.endpoint, target).source);
  assert.deepEqual(await read('logs?since=2026-01-03'), [...range(6, 9), findingId(1)]);
  assert.ok(
    store.asked.some((request) =>
      request.endsWith('/CloudTrail/eu-west-1/ after AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/03'),
    ),
  );
  assert.deepEqual(await read('logs?until=2026-01-02&regions=us-east-1'), range(20, 22));
  assert.deepEqual(await read('logs?accounts=999999999999'), []);
  assert.deepEqual(await read('logs/AWSLogs/123456789012/GuardDuty'), [findingId(1)]);
  assert.deepEqual(await read('s3://logs/AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/03/'), range(6, 9));
  for (const key of ['org/AWSLogs/o-abc123/123456789012/CloudTrail/eu-west-1/2026/01/04/x.json.gz'])
    store.put(key, trailFile(calls(30, 31)));
  assert.deepEqual(await read('logs/org'), range(30, 31));
});

test('after a crash at any event, the rest is read, and nothing twice', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  for (let stop = 1; stop <= everything.length; stop++) {
    const { source } = openS3(store.endpoint, 'logs?concurrency=2');
    const seen: string[] = [];
    const places: string[] = [];
    for await (const { id } of source.events()) {
      places.push(source.checkpoint());
      seen.push(id);
      if (seen.length === stop) break;
    }
    const { source: next } = openS3(store.endpoint, 'logs');
    next.resume(places.at(-1) as string);
    // The event in flight is read again.
    assert.deepEqual([...seen.slice(0, -1), ...(await ids(next))], everything, `stopped at ${stop}`);
  }
});

test('a finding whose name sorts before those that are done is found, also the day before, also after a restart', async () => {
  await using store = await startFakeS3();
  store.put(exportKey('2026-01-03', 'ffff'), exportFile([finding(1)]));
  const first = openS3(store.endpoint, 'logs').source;
  assert.deepEqual(await ids(first), [findingId(1)]);
  store.put(exportKey('2026-01-03', '0000'), exportFile([finding(2)]));
  store.put(exportKey('2026-01-02', '0000'), exportFile([finding(3)]));
  store.put(exportKey('2026-01-01', '0000'), exportFile([finding(4)]));
  const { source } = openS3(store.endpoint, 'logs');
  source.resume(first.checkpoint());
  assert.deepEqual(await ids(source), [findingId(3), findingId(2)]);
  assert.deepEqual(await ids(source), []);
  store.put(exportKey('2026-01-03', '0000'), exportFile([finding(5)]));
  assert.deepEqual(await ids(source), [findingId(5)], 'an object that was replaced is another one');
});

test('a folder of a day to come does not end the days before it', async () => {
  await using store = await startFakeS3();
  store.put(exportKey('2099-01-01', 'a'), exportFile([finding(1)]));
  const context = testContext({ ...runningContext(), now: () => Date.UTC(2026, 0, 4) });
  const { source } = openS3(store.endpoint, 'logs', {}, context);
  assert.deepEqual(await ids(source), [findingId(1)]);
  store.put(exportKey('2026-01-03', 'a'), exportFile([finding(2)]));
  assert.deepEqual(await ids(source), [findingId(2)]);
});

test('live, it looks again and again, through faults that pass, until it is told to stop', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  const { source, context } = openS3(store.endpoint, 'logs?live=true', { poll: 0.1 });
  assert.equal(source.live, true);
  await using reader = startReading(source);
  await eventually('the first', () => reader.ids.length === everything.length);
  store.faults.set('', { status: 503, code: 'SlowDown', times: 2 });
  store.put(trailKey('2026-01-03', 1), trailFile(calls(40, 42)));
  await eventually('the next', () => reader.ids.length === everything.length + 2);
  assert.match(context.logged.join('\n'), /warn: Cannot list .*too many requests.* Trying again in 0.1 s\./);
  await reader.stop();
  assert.equal(new Set(reader.ids).size, reader.ids.length);
});

test('objects that cannot be read are rejected with the reason, and the others are read', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  const bomb = trailKey('2026-01-02', 20);
  store.put(bomb, gzipSync(`{"Records":[${JSON.stringify(logs.call(50))},${' '.repeat(3_000_000)}`));
  const cut = trailKey('2026-01-02', 21);
  store.put(cut, Buffer.from(trailFile(calls(60, 61))).subarray(0, -12));
  const gone = trailKey('2026-01-02', 22);
  store.put(gone, 'x');
  store.faults.set(gone, { status: 404, code: 'NoSuchKey' });
  const archived = trailKey('2026-01-02', 23);
  store.put(archived, 'x');
  store.faults.set(archived, { status: 403, code: 'InvalidObjectState' });
  const locked = trailKey('2026-01-02', 24);
  store.put(locked, 'x');
  const message = 'User is not authorized to perform: kms:Decrypt on the resource';
  store.faults.set(locked, { status: 403, code: 'AccessDenied', message });
  store.put(trailKey('2026-01-02', 25), '');
  store.put(trailKey('2026-01-02', 26), '{"Records":[{"a":1},7]}');
  const { source, context } = openS3(store.endpoint, 'logs?maxObjectBytes=2000000');
  const found = await ids(source);
  assert.deepEqual(
    found.filter((id) => id !== callId(50) && id !== callId(60)),
    everything,
  );
  assert.ok(found.includes(callId(50)));
  const reasons = context.rejects.map(
    ({ source: who, file, line, reason }) => `${who} ${file.slice(-10, -8)} ${line} ${reason}`,
  );
  const at = (minute: number) => reasons.filter((each) => each.startsWith(`s3 ${minute}`)).join();
  assert.equal(reasons.length, 7);
  assert.match(at(20), /^s3 20 2 more than maxObjectBytes \(2000000\) decompressed$/);
  assert.match(at(21), /gzip data cut short$/);
  assert.match(at(22), /there is no such object/);
  assert.match(at(23), /in an archive/);
  assert.match(at(24), /access denied to the KMS key/);
  assert.match(at(26), / 1 neither a record of CloudTrail nor a finding of GuardDuty,.* 2 not an object$/);
  assert.equal(context.logged.filter((line) => line.startsWith('error: An object was left out.')).length, 1);
});

test('a large object is read in pieces, each sent for again when the connection breaks', async () => {
  await using store = await startFakeS3();
  const key = trailKey('2026-01-02', 5);
  const filler = 'x'.repeat(900_000);
  const records = Array.from({ length: 20 }, (_, number) => logs.call(number, { userAgent: `${number}${filler}` }));
  store.put(key, JSON.stringify({ Records: records }));
  store.breaks.add(key);
  assert.deepEqual(await ids(openS3(store.endpoint, 'logs').source), range(0, 20));
  const ranges = store.asked
    .filter((request) => request.startsWith('get'))
    .map((request) => request.split('bytes=')[1]);
  assert.deepEqual(ranges, ['0-8388607', '0-8388607', '8388608-16777215', '16777216-25165823']);
});

test('what goes wrong for all is said clearly', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  const read = async (fault?: Fault, target = 'logs', env?: Record<string, string>) => {
    store.faults.clear();
    if (fault !== undefined) store.faults.set('', fault);
    const context = testContext({ ...runningContext(), ...(env ? { env } : {}) });
    const { code, message } = await failure(ids(openS3(store.endpoint, target, {}, context).source));
    return `${code}: ${message}`;
  };
  const list = 'SOURCE_UNREADABLE: Cannot list "s3://logs/AWSLogs/": ';
  assert.match(
    await read(undefined, 'nosuch'),
    /^SOURCE_UNREADABLE: Cannot list "s3:\/\/nosuch\/AWSLogs\/": it does not exist/,
  );
  assert.ok(
    (await read({ status: 403, code: 'AccessDenied' })).startsWith(`${list}access denied (it takes s3:ListBucket)`),
  );
  assert.ok(
    (await read({ status: 403, code: 'InvalidAccessKeyId' })).startsWith(`${list}AWS takes no credentials of ours`),
  );
  assert.ok((await read({ status: 400, code: 'ExpiredToken' })).startsWith(`${list}AWS takes no credentials of ours`));
  assert.ok((await read({ status: 503, code: 'SlowDown' })).startsWith(`${list}too many requests`));
  assert.ok((await read({ status: 500, code: 'InternalError' })).startsWith(`${list}no answer that could be used`));
  const noRegion = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  if (process.env.AWS_REGION === undefined)
    assert.match(await read(undefined, 'logs', noRegion), /^CONFIG_INVALID: .*"region"/);
  store.faults.clear();
  const keys = [trailKey('2026-01-02', 5), trailKey('2026-01-02', 10)];
  for (const key of keys) store.faults.set(key, { status: 403, code: 'AccessDenied' });
  const { message } = await failure(ids(openS3(store.endpoint, 'logs').source));
  assert.match(message, /access denied \(it takes s3:GetObject/, 'when nothing can be read, something else is wrong');
});

test('a request that is throttled is sent again', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  store.faults.set(trailKey('2026-01-02', 5), { status: 503, code: 'SlowDown', times: 2 });
  assert.deepEqual(await ids(openS3(store.endpoint, 'logs', { retries: 3 }).source), everything);
});

test('an abort ends it at once, without an error', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const { id } of openS3(store.endpoint, 'logs').source.events(stop.signal)) {
    seen.push(id);
    if (seen.length === 2) stop.abort();
  }
  assert.equal(seen.length, 2);
  assert.deepEqual(await ids(openS3(store.endpoint, 'logs').source, AbortSignal.abort()), []);
});

test('a checkpoint of something else is refused', async () => {
  await using store = await startFakeS3();
  fillTrail(store);
  const { source } = openS3(store.endpoint, 'logs');
  await ids(source);
  const { source: other } = openS3(store.endpoint, 'logs/prefix');
  for (const wrong of [
    source.checkpoint(),
    'x',
    '{}',
    '{"version":1,"of":"s3://logs/prefix","done":{"2026-01-01":"abc"}}',
  ]) {
    assert.throws(() => other.resume(wrong), { code: 'INPUT_INVALID' });
  }
  other.resume('');
});

test('a target is read', () => {
  assert.deepEqual(s3.target?.('logs'), { bucket: 'logs' });
  assert.deepEqual(s3.target?.('s3://logs/a/b?live=true&concurrency=4&since=2026-01-01'), {
    bucket: 'logs',
    prefix: 'a/b',
    live: true,
    concurrency: 4,
    since: '2026-01-01',
  });
});
