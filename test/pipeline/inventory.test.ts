import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { accountText } from '../../src/cli/cloud/account-text.ts';
import { accountedFor, totalOf } from '../../src/cli/cloud/total.ts';
import type { Event } from '../../src/event/index.ts';
import { formOf } from '../../src/pipeline/inventory/form.ts';
import { Sights } from '../../src/pipeline/inventory/sights.ts';
import { type FileAccount, inventory } from '../../src/pipeline/inventory.ts';
import { awsRecords } from '../../src/text/aws/any.ts';
import { testContext } from '../support/context.ts';

const call = (number: number, more: object = {}) => ({
  eventVersion: '1.08',
  eventTime: `2026-01-02T03:04:0${number}Z`,
  eventName: 'ListUsers',
  eventSource: 'iam.amazonaws.com',
  eventType: 'AwsApiCall',
  awsRegion: 'eu-west-1',
  recipientAccountId: '111122223333',
  eventID: `6b54e0ad-c23c-4850-b896-75333a5526f${number}`,
  userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLEUSER000001', userName: 'ann', accountId: '111122223333' },
  sourceIPAddress: number === 1 ? 'AWS Internal' : '203.0.113.9',
  ...more,
});

const finding = (id: string, more: object = {}) => ({
  schemaVersion: '2.0',
  id,
  type: 'Recon:IAMUser/MaliciousIPCaller',
  severity: 5,
  accountId: '111122223333',
  region: 'eu-west-1',
  updatedAt: '2026-01-02T04:00:00Z',
  resource: { accessKeyDetails: { principalId: 'AIDAEXAMPLEUSER000001', userName: 'ann', userType: 'IAMUser' } },
  service: { count: 1, eventLastSeen: '2026-01-02T03:59:00Z', ...more },
});

const lines = (...records: readonly object[]): string => records.map((each) => `${JSON.stringify(each)}\n`).join('');
const records = (...list: readonly object[]): string => JSON.stringify({ Records: list });

async function accountOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), 'scops-inventory-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const context = testContext();
    const accounts: FileAccount[] = [];
    const events: Event[] = [];
    for await (const file of inventory([folder], { context, onEvent: (event) => events.push(event) }))
      accounts.push(file);
    return { folder, accounts, events, rejects: context.rejects };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const typesOf = (account: FileAccount | undefined) =>
  Object.fromEntries((account?.types ?? []).map(({ type, count }) => [type, count]));

test('a file is told by its content, not by its name, and may hold both', async () => {
  const mixed = lines(
    { 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.iam', time: '2026-01-02T03:04:02Z', detail: call(2) },
    { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail: finding('f1') },
  );
  const { accounts, events, rejects } = await accountOf({ 'notes.txt': gzipSync(mixed) });
  assert.deepEqual(typesOf(accounts[0]), { 'cloudtrail/api-call': 1, 'guardduty/guardduty': 1 });
  assert.deepEqual(events.map(({ kind }) => kind).sort(), ['api', 'finding']);
  assert.equal(rejects.length, 0);
});

test('copies across files, updates of a finding and samples are counted apart', async () => {
  const { accounts, events } = await accountOf({
    'a.json': records(call(1), call(2)),
    'b.json': records(call(2), call(3)),
    'c.jsonl': lines(finding('f1'), finding('f1', { count: 2 }), finding('f2', { additionalInfo: { sample: true } })),
  });
  const total = totalOf(accounts);
  assert.equal(total.records, 7);
  assert.equal(total.copies, 1);
  assert.equal(total.updates, 1);
  assert.equal(total.samples, 1);
  assert.equal(events.length, 4);
  assert.equal(accountedFor(total), total.records);
});

test('what is neither is rejected for a reason, with its place', async () => {
  const { accounts, rejects } = await accountOf({
    'x.jsonl': `${lines(call(1), { hello: 1 })}not json\n${lines(
      call(2, { eventTime: undefined }),
      { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime: '2026-01-02T03:04:05Z', s3: {} },
      { configurationItemStatus: 'OK' },
    )}`,
  });
  assert.deepEqual(
    accounts[0]?.rejected.map(({ reason, count, first }) => [reason, count, first]),
    [
      ['neither a record of CloudTrail nor a finding of GuardDuty', 1, 2],
      ['not JSON', 1, 3],
      ['no readable eventTime', 1, 4],
      ['a notification of S3', 1, 5],
      ['an item of AWS Config', 1, 6],
    ],
  );
  assert.deepEqual(
    rejects.map(({ line }) => line),
    [2, 3, 4, 5, 6],
  );
  assert.equal(accounts[0]?.lost, undefined);
});

test('a file that ends early is lost in part; so is one that is damaged from its beginning', async () => {
  const whole = gzipSync(records(...Array.from({ length: 9 }, (_, at) => call(at))));
  const { accounts } = await accountOf({
    'cut.json': records(call(1), call(2)).slice(0, -30),
    'cut.json.gz2': whole.subarray(0, whole.length - 12),
    'bad.gz': Buffer.from([0x1f, 0x8b, 1, 2, 3]),
    'empty.json': '',
    'good.json': records(call(5)),
  });
  const lost = new Map(accounts.map(({ path, lost }) => [path.split('/').at(-1), lost]));
  assert.equal(lost.get('cut.json'), 'cut short');
  assert.match(lost.get('cut.json.gz2') ?? '', /^gzip data cut short/);
  assert.match(lost.get('bad.gz') ?? '', /^gzip data/);
  assert.equal(lost.get('empty.json'), undefined);
  assert.equal(lost.get('good.json'), undefined);
});

test('the form of what is no JSON', () => {
  const of = (text: string | number[]) => formOf(Buffer.from(text as string));
  assert.equal(of(''), 'empty');
  assert.equal(of(' \n'), 'empty');
  assert.equal(of('time,name,source,ip\n1,"a,b",c,d\n'), 'csv');
  assert.equal(of('# Notes\n\nOne, two, three, four.\n'), 'text');
  assert.equal(of('PAR1….'), 'parquet');
  assert.equal(of([0x50, 0x4b, 3, 4, 0]), 'archive');
  assert.equal(of([1, 0, 2]), 'binary');
  assert.equal(of('\ufeff{"a":1}'), 'json');
});

test('rows of CSV are counted and rejected, text is not', async () => {
  const { accounts } = await accountOf({ 'a.json': 'time,name,source,ip\n1,2,3,4\n5,6,7,8\n', 'b.json': 'hello\n' });
  assert.deepEqual(
    accounts.map(({ form, records: number }) => [form, number]),
    [
      ['csv', 3],
      ['text', 0],
    ],
  );
  assert.equal(accountedFor(totalOf(accounts)), 3);
});

test('whatever the records, each is counted once', async () => {
  const one = fc.oneof(
    fc.nat(9).map((number) => call(number)),
    fc.nat(9).map((number) => finding(`f${number}`)),
    fc.nat(9).map((number) => finding(`f${number}`, { additionalInfo: { sample: true } })),
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.record({ findings: fc.array(fc.oneof(fc.jsonValue(), fc.constant(finding('f1'))), { minLength: 1 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 12 }), async (list) => {
      const { accounts, rejects, events } = await accountOf({ 'x.jsonl': lines(...list) });
      const total = totalOf(accounts);
      assert.ok(total.records >= list.filter((each) => !('findings' in each)).length || list.length === 0);
      assert.equal(accountedFor(total), total.records);
      assert.equal(
        rejects.length,
        total.rejected.reduce((sum, { count }) => sum + count, 0),
      );
      assert.ok(events.length <= total.types.reduce((sum, { count }) => sum + count, 0));
    }),
    { numRuns: 60 },
  );
});

test('awsRecords throws for nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const record of awsRecords(text))
        assert.ok('reason' in record || record.of === 'cloudtrail' || record.event.kind === 'finding');
    }),
  );
});

test('the account in words fits its width and says where the records went', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 4 }, (_, at) => [`${'long-name-'.repeat(9)}${at}.json`, records(call(at), { junk: at })]),
  );
  const { folder, accounts, events } = await accountOf({ ...files, 'f.jsonl': lines(finding('f1')), 'r.md': 'Words.' });
  const sights = new Sights();
  for (const event of events) sights.see(event);
  const terminal = { width: 300, style: (_: unknown, text: string) => text };
  for (const width of [60, 120, 300]) {
    const text = accountText(accounts, sights, {
      paths: [folder],
      terminal: { ...terminal, width },
      each: width === 300,
    });
    for (const line of text.split('\n')) assert.ok(line.length <= Math.min(width, 120), `${line.length}: ${line}`);
    assert.match(text, /records in 6 files, all accounted for/);
  }
  const text = accountText(accounts, sights, { paths: [folder], terminal, each: false });
  assert.match(text, /\/ \(4 files\) +8 {2}CloudTrail: 4 API calls, 4 rejected/);
  assert.match(text, /r\.md +0 {2}text, not read/);
  assert.match(text, /principals +1 IAM user$/m);
  assert.match(text, /3 from public addresses, 1 from nowhere said, 1 by "AWS Internal"/);
  assert.match(text, /2026-01-02 03:04 UTC to 2026-01-02 03:59 UTC/);
});

test('folders of days, as AWS makes them, are one line', () => {
  const file = { form: 'json', records: 2, copies: 0, updates: 0, samples: 0, rejected: [] } as const;
  const types = [{ type: 'cloudtrail/api-call', count: 2 }];
  const files = ['eu-west-1/2025/12/31/a.json', 'eu-west-1/2026/01/01/b.json', 'us-east-1/2026/01/01/c.json'].map(
    (name): FileAccount => ({ path: `AWSLogs/${name}`, types, ...file }),
  );
  const terminal = { style: (_: unknown, text: string) => text, width: 100 } as const;
  const text = accountText(files, new Sights(), { paths: ['AWSLogs'], terminal, each: false });
  assert.match(text, /^eu-west-1\/ \(2 files\) +4 {2}CloudTrail: 4 API calls$/m);
  assert.match(text, /^us-east-1\/2026\/01\/01\/c\.json +2 {2}CloudTrail: 2 API calls$/m);
});
