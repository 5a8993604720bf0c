import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { type Event, isCovering, isResumable, type Resumable, type Source } from '../../src/event/index.ts';
import { cloudtrail } from '../../src/sources/cloudtrail.ts';
import { Recent } from '../../src/text/aws/recent.ts';
import type { Tallying } from '../../src/text/aws/tally.ts';
import { type TestContext, testContext } from '../support/context.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-cloudtrail-'));
after(() => rm(folder, { recursive: true, force: true }));

const uuid = (number: number): string => `6b54e0ad-c23c-4850-b896-${String(number).padStart(12, '0')}`;

const record = (number: number, changes: object = {}): object => ({
  eventTime: '2026-01-02T03:04:05Z',
  eventName: 'GetObject',
  eventSource: 's3.amazonaws.com',
  eventID: uuid(number),
  eventType: 'AwsApiCall',
  userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: '123456789012', userName: 'alice' },
  sourceIPAddress: '203.0.113.9',
  ...changes,
});

const delivered = (...records: readonly object[]): string => JSON.stringify({ Records: records });

function create(paths: string | string[], context: TestContext = testContext()): Source & Resumable & Tallying {
  const source = cloudtrail.create(v.parse(cloudtrail.options, { paths }), context);
  assert.ok(isResumable(source) && 'tally' in source);
  return source as Source & Resumable & Tallying;
}

async function take(source: Source, most = Number.POSITIVE_INFINITY): Promise<Event[]> {
  const events: Event[] = [];
  if (most === 0) return events;
  for await (const event of source.events()) if (events.push(event) >= most) break;
  return events;
}

const numbers = (events: readonly Event[]): number[] => events.map(({ id }) => Number(id.slice(-12)));

async function put(name: string, text: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

const trail = 'trail/AWSLogs/123456789012';
const file = (folder: string, at: string): string =>
  `${trail}/${folder}/eu-west-1/2026/01/02/123456789012_${folder}_eu-west-1_20260102T${at}Z_abcdefghijklmnop.json.gz`;
await put(file('CloudTrail', '0310'), gzipSync(delivered(record(3), record(4), record(2))));
await put(file('CloudTrail', '0305'), gzipSync(delivered(record(1), record(2))));
await put(
  file('CloudTrail-Digest', '0305'),
  gzipSync(JSON.stringify({ awsAccountId: '1', digestEndTime: 'x', digestS3Object: 'y', logFiles: [{}] })),
);
await put(
  file('CloudTrail-Insight', '0305'),
  gzipSync(delivered(record(5, { eventType: 'AwsCloudTrailInsight', insightDetails: { eventName: 'RunInstances' } }))),
);

test("a trail's folder is read by date: copies once, digests not, insights by their type", async () => {
  const context = testContext();
  const source = create(join(folder, 'trail'), context);
  const events = await take(source);
  assert.deepEqual(numbers(events.filter(({ kind }) => kind === 'api')), [1, 2, 3, 4]);
  assert.deepEqual(numbers(events.filter(({ kind }) => kind === 'log')), [5]);
  assert.deepEqual(Object.fromEntries(source.tally().map(({ type, count }) => [type, count])), {
    'api-call': 4,
    copy: 1,
    insight: 1,
    digest: 1,
  });
  assert.ok(isCovering(source));
  assert.deepEqual(source.coverage(), { records: 7, understood: 7, unknown: [] });
  assert.deepEqual(context.rejects, []);
  assert.ok(context.progressed.length > 0);
  const { bytes, total } = context.progressed.at(-1) ?? { bytes: 0 };
  assert.equal(bytes, total);
});

test('lists, lines, envelopes and standard input are read', async () => {
  const bridge = { 'detail-type': 'AWS API Call via CloudTrail', detail: record(3) };
  const lookup = { Events: [{ EventId: uuid(4), CloudTrailEvent: JSON.stringify(record(4)) }] };
  const list = await put('forms/a.json', JSON.stringify([record(1)], null, 2));
  const lines = await put('forms/b.jsonl', `${JSON.stringify(record(2))}\n${JSON.stringify(bridge)}\n`);
  const piped = Buffer.from(JSON.stringify(lookup, null, 1));
  const stdin = (async function* () {
    for (const byte of piped) yield Uint8Array.of(byte);
  })();
  assert.deepEqual(numbers(await take(create([list, lines, '-'], testContext({ stdin })))), [1, 2, 3, 4]);
});

test('what cannot be read is rejected by itself, with its place and reason', async () => {
  const context = testContext();
  const bad = delivered(record(1), { eventName: 'x' }, record(2, { eventTime: 'yesterday' }), record(3)).replace(
    '"eventName":"x"',
    '"eventName":x',
  );
  const path = await put('bad.json', bad);
  const source = create(path, context);
  assert.deepEqual(numbers(await take(source)), [1, 3]);
  assert.deepEqual(
    context.rejects.map(({ file, line, reason }) => [file, line, reason]),
    [
      [path, 2, 'not JSON'],
      [path, 3, 'no readable eventTime'],
    ],
  );
  assert.ok(isCovering(source));
  assert.deepEqual([source.coverage().records, source.coverage().understood], [4, 2]);
});

test('a file that is cut short gives what it has and says so', async () => {
  const context = testContext();
  const records = Array.from({ length: 2000 }, (_, index) => record(index));
  const bytes = gzipSync(delivered(...records), { level: 1 });
  const path = await put('short.json.gz', bytes.subarray(0, bytes.length / 2));
  const events = await take(create(path, context));
  assert.ok(events.length > 100 && events.length < 2000);
  assert.deepEqual(
    context.rejects.map(({ reason }) => reason),
    ['gzip data cut short'],
  );
});

test('it goes on exactly where it stopped: at any event, in any file, also when the file has another name', async () => {
  const paths = [
    await put('resume/a.json.gz', gzipSync(delivered(record(1), record(2), { no: 'record' }, record(3)))),
    await put('resume/b.json', delivered()),
    await put('resume/c.jsonl', [record(4), record(5)].map((each) => `${JSON.stringify(each)}\n`).join('')),
  ];
  const all = numbers(await take(create(paths)));
  assert.deepEqual(all, [1, 2, 3, 4, 5]);
  for (let count = 0; count <= all.length; count++) {
    const source = create(paths);
    const iterator = source.events()[Symbol.asyncIterator]();
    // An event is done when the next one is asked for.
    for (let i = 0; i <= count; i++) await iterator.next();
    const again = create(paths);
    again.resume(source.checkpoint());
    await iterator.return?.();
    assert.deepEqual(numbers(await take(again)), all.slice(count), `after ${count}`);
  }
  const source = create(paths);
  const iterator = source.events()[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i++) await iterator.next();
  const checkpoint = source.checkpoint();
  await iterator.return?.();
  const moved = join(folder, 'resume/moved.json.gz');
  await rename(paths[0] as string, moved);
  const again = create([moved, ...paths.slice(1)]);
  again.resume(checkpoint);
  assert.deepEqual(numbers(await take(again)), [3, 4, 5]);
});

test('files that begin alike are read each from its own place', async () => {
  const long = { eventVersion: 'x'.repeat(2000) };
  const paths = [
    await put('alike/a.json', delivered({ ...long, ...record(1) }, record(2))),
    await put('alike/b.json', delivered({ ...long, ...record(3) }, record(4))),
  ];
  const source = create(paths);
  const iterator = source.events()[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  const again = create(paths);
  again.resume(source.checkpoint());
  await iterator.return?.();
  assert.deepEqual(numbers(await take(again)), [2, 3, 4]);
});

test('where the file is gone, everything is read, and it is said', async () => {
  const path = await put('gone.json', delivered(record(1)));
  const source = create(path);
  await take(source);
  const other = await put('other.json', delivered(record(2), record(3)));
  await rm(path);
  const context = testContext();
  const again = create(other, context);
  again.resume(source.checkpoint());
  assert.deepEqual(numbers(await take(again)), [2, 3]);
  assert.match(context.logged.join(), /not there any more/);
});

test('what is no checkpoint is refused', () => {
  for (const from of ['x', '{}', '{"version":2}'])
    assert.throws(() => create('x').resume(from), { code: 'INPUT_INVALID' });
  create('x').resume('');
});

test('a file that is not there, and a stop in the middle', async () => {
  await assert.rejects(take(create(join(folder, 'none.json'))), { code: 'SOURCE_UNREADABLE' });
  const source = create(await put('stop.json', delivered(record(1), record(2), record(3))));
  const stop = new AbortController();
  const seen: Event[] = [];
  for await (const event of source.events(stop.signal)) {
    seen.push(event);
    stop.abort();
  }
  assert.deepEqual(numbers(seen), [1]);
});

test('copies are remembered over at least 50,000 records, and no more than twice that', () => {
  const recent = new Recent();
  assert.ok(recent.isNew('a'));
  for (let i = 0; i < 49_999; i++) recent.isNew(String(i));
  assert.ok(!recent.isNew('a'));
  for (let i = 0; i < 100_001; i++) recent.isNew(`b${i}`);
  assert.ok(recent.isNew('a'));
});
