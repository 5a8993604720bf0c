import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { jsonLines, runScops } from '../support/scops.ts';

const call = (number: number) => ({
  eventTime: `2026-01-02T03:04:0${number}Z`,
  eventName: 'ListUsers',
  eventSource: 'iam.amazonaws.com',
  eventType: 'AwsApiCall',
  eventID: `6b54e0ad-c23c-4850-b896-75333a5526f${number}`,
  userIdentity: { type: 'Root', accountId: '111122223333' },
  sourceIPAddress: '203.0.113.9',
});

let folder = '';
const whole = gzipSync(JSON.stringify({ Records: [call(1), call(2)] }));

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scops-cloud-check-'));
  await mkdir(join(folder, 'trail'));
  await mkdir(join(folder, 'cut'));
  await writeFile(join(folder, 'trail', 'one.json.gz'), whole);
  await writeFile(join(folder, 'trail', 'two.json'), JSON.stringify({ Records: [call(2), { hello: 'there' }] }));
  await writeFile(join(folder, 'cut', 'one.json.gz'), whole.subarray(0, -20));
});
after(() => rm(folder, { recursive: true }));

test('cloud check accounts for every record of a folder', async () => {
  const { code, out } = await runScops(folder, ['cloud', 'check', 'trail', '--rejects', 'rejects.jsonl']);
  assert.equal(code, 0);
  const [one, two, summary] = jsonLines(out) as [object, object, { total: Record<string, unknown> }];
  assert.deepEqual(one, {
    path: 'trail/one.json.gz',
    form: 'json',
    records: 2,
    types: [{ type: 'cloudtrail/api-call', count: 2 }],
    copies: 0,
    updates: 0,
    samples: 0,
    rejected: [],
  });
  const reason = 'neither a record of CloudTrail nor a finding of GuardDuty';
  assert.deepEqual(two, {
    path: 'trail/two.json',
    form: 'json',
    records: 2,
    types: [],
    copies: 1,
    updates: 0,
    samples: 0,
    rejected: [{ reason, count: 1, first: 2 }],
  });
  assert.equal(summary.total.records, 4);
  const [reject] = jsonLines(await readFile(join(folder, 'rejects.jsonl'), 'utf8'));
  assert.deepEqual([reject?.file, reject?.line, reject?.reason], ['trail/two.json', 2, reason]);
});

test('cloud check fails for what is incomplete, when it has said all it knows', async () => {
  const { code, out, err } = await runScops(folder, ['cloud', 'check', 'trail', 'cut']);
  assert.equal(code, 1);
  assert.equal(jsonLines(out).length, 4);
  assert.match(err, /Not all is accounted for: "cut\/one\.json\.gz" is incomplete, gzip data cut short\./);
  assert.match(err, /SOURCE_UNREADABLE/);
});

test('cloud check reads standard input', async () => {
  const { code, out } = await runScops(folder, ['cloud', 'check', '-'], JSON.stringify([call(1), call(1), call(3)]));
  assert.equal(code, 0);
  const [input] = jsonLines(out);
  assert.deepEqual([input?.path, input?.records, input?.copies], ['-', 3, 1]);
});

test('cloud check of a path that is not there', async () => {
  const { code, err } = await runScops(folder, ['cloud', 'check', 'nowhere']);
  assert.equal(code, 1);
  assert.match(err, /Cannot read "nowhere": no such file or folder/);
});
