import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { type Event, isCovering, type Source } from '../../src/event/index.ts';
import { guardduty } from '../../src/sources/guardduty.ts';
import { FindingMerge } from '../../src/text/aws/guardduty/merge.ts';
import type { Tallying } from '../../src/text/aws/tally.ts';
import { type TestContext, testContext } from '../support/context.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-guardduty-'));
after(() => rm(folder, { recursive: true, force: true }));

interface Update {
  readonly id: string;
  readonly count?: number;
  /** Hours of the day. */
  readonly first?: number;
  readonly last?: number;
  readonly sample?: boolean;
}

const hour = (at: number): string => `2026-01-02T${String(at).padStart(2, '0')}:00:00Z`;

const finding = ({ id, count = 1, first = 1, last = 2, sample }: Update): object => ({
  schemaVersion: '2.0',
  id,
  type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
  severity: 5,
  accountId: '123456789012',
  region: 'eu-west-1',
  resource: {
    resourceType: 'AccessKey',
    accessKeyDetails: { principalId: 'AROAEXAMPLE:jane', userType: 'AssumedRole' },
  },
  service: {
    count,
    eventFirstSeen: hour(first),
    eventLastSeen: hour(last),
    additionalInfo: sample === undefined ? {} : { sample },
  },
  updatedAt: hour(last),
});

async function put(name: string, text: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function create(paths: string | string[], more: object = {}, context: TestContext = testContext()): Source & Tallying {
  const source = guardduty.create(v.parse(guardduty.options, { paths, ...more }), context);
  assert.ok('tally' in source);
  return source as Source & Tallying;
}

async function take(source: Source, signal?: AbortSignal): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of source.events(signal)) events.push(event);
  return events;
}

const ids = (events: readonly Event[]): unknown[] => events.map(({ fields }) => fields['aws.finding.id']);

test('findings of lists, lines and GetFindings answers come in the order of time', async () => {
  const answer = await put('a.json', JSON.stringify({ Findings: [finding({ id: 'a', last: 5 })], $metadata: {} }));
  const lines = await put('b.jsonl.gz', gzipSync(`${JSON.stringify(finding({ id: 'b', last: 3 }))}\n`));
  const list = await put('c.json', JSON.stringify([finding({ id: 'c', last: 4 })], null, 1));
  const bridge = await put(
    'd.json',
    JSON.stringify({ 'detail-type': 'GuardDuty Finding', detail: finding({ id: 'd', last: 6 }) }),
  );
  assert.deepEqual(ids(await take(create([answer, lines, list, bridge]))), ['b', 'c', 'a', 'd']);
});

test('updates of one finding are one event: the last one, since the first', async () => {
  const updates = [
    finding({ id: 'a', count: 2, first: 1, last: 3 }),
    finding({ id: 'a', count: 5, first: 1, last: 6 }),
    finding({ id: 'b' }),
    finding({ id: 'a', count: 1, first: 0, last: 2 }),
  ];
  const source = create(await put('updates.json', JSON.stringify(updates)));
  const events = await take(source);
  assert.deepEqual(ids(events), ['b', 'a']);
  const { fields, time } = events[1] as Event;
  assert.equal(fields['aws.finding.count'], 5);
  assert.equal(fields['aws.finding.first_seen'], Date.UTC(2026, 0, 2, 0));
  assert.equal(fields['aws.finding.last_seen'], Date.UTC(2026, 0, 2, 6));
  assert.equal(time, Date.UTC(2026, 0, 2, 6));
  assert.deepEqual(source.tally(), [{ type: 'guardduty', count: 4 }]);
});

test('sample findings are left out unless asked for', async () => {
  const path = await put(
    'samples.json',
    JSON.stringify([finding({ id: 'a', sample: true }), finding({ id: 'b', sample: false })]),
  );
  const source = create(path);
  assert.deepEqual(ids(await take(source)), ['b']);
  assert.deepEqual(
    new Map(source.tally().map(({ type, count }) => [type, count])),
    new Map([
      ['sample', 1],
      ['guardduty', 1],
    ]),
  );
  const events = await take(create(path, { samples: true }));
  assert.deepEqual(ids(events), ['a', 'b']);
  assert.equal(events[0]?.fields['aws.finding.sample'], true);
});

test('what is no finding is rejected by itself', async () => {
  const context = testContext();
  const path = await put('bad.jsonl', `{"a":1}\n${JSON.stringify(finding({ id: 'a' }))}\nnot json\n{"a":nil}\n`);
  const source = create(path, {}, context);
  assert.deepEqual(ids(await take(source)), ['a']);
  assert.deepEqual(
    context.rejects.map(({ line, reason }) => [line, reason]),
    [
      [1, 'not a GuardDuty finding'],
      [3, 'not JSON'],
      [4, 'not JSON'],
    ],
  );
  assert.ok(isCovering(source));
  assert.deepEqual([source.coverage().records, source.coverage().understood], [3, 1]);
});

test('a stop ends it without the findings that may still be updated', async () => {
  const path = await put('stop.json', JSON.stringify([finding({ id: 'a' })]));
  assert.deepEqual(await take(create(path), AbortSignal.abort()), []);
});

test('no more than 50,000 findings are held', () => {
  const merge = new FindingMerge();
  const event = (id: number): Event => ({
    id: String(id),
    time: id,
    source: 'guardduty',
    kind: 'finding',
    fields: {},
    raw: '',
  });
  for (let id = 0; id < 50_000; id++) assert.equal(merge.add(event(id)), undefined);
  assert.equal(merge.add(event(0)), undefined);
  assert.equal(merge.add(event(50_000))?.id, '1');
  const events = merge.end();
  assert.equal(events.length, 50_000);
  assert.equal(events[0]?.id, '0');
});
