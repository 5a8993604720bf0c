import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { objectKey } from '../../../src/text/aws/object-key.ts';

const name = (service: string, end = 'json.gz') =>
  `123456789012_${service}_eu-west-1_20260102T0310Z_abcdefghijklmnop.${end}`;
const place = { account: '123456789012', region: 'eu-west-1', day: '2026-01-02' };
const folder = (service: string) => `AWSLogs/123456789012/${service}/eu-west-1/`;

test('what AWS writes is told by its folders', () => {
  for (const [service, kind] of [
    ['CloudTrail', 'cloudtrail'],
    ['CloudTrail-Digest', 'digest'],
    ['CloudTrail-Insight', 'insight'],
    ['GuardDuty', 'guardduty'],
  ] as const) {
    const stream = folder(service);
    assert.deepEqual(objectKey(`${stream}2026/01/02/${name(service)}`), { kind, ...place, stream });
    const nested = `a b/AWSLogs/c/AWSLogs/o-abc123/123456789012/${service}/eu-west-1/`;
    assert.deepEqual(objectKey(`${nested}2026/01/02/x.jsonl.gz`), { kind, ...place, stream: nested });
  }
  const config = `${folder('Config')}2026/1/2/ConfigHistory/x.json.gz`;
  assert.deepEqual(objectKey(config), { kind: 'config', ...place, stream: folder('Config') });
  assert.equal(objectKey('AWSLogs/123456789012/CloudTrail/us-gov-west-1/2026/01/02/x.json.gz').region, 'us-gov-west-1');
  assert.equal(objectKey('AWSLogs/123456789012/CloudTrail/cn-north-1/2026/01/02/x.json.gz').region, 'cn-north-1');
});

test('elsewhere it is told by its name', () => {
  assert.deepEqual(objectKey(`copies/${name('CloudTrail')}`), { kind: 'cloudtrail' });
  assert.deepEqual(objectKey(name('CloudTrail-Digest')), { kind: 'digest' });
  assert.deepEqual(objectKey(`AWSLogs/1234/CloudTrail/eu-west-1/2026/01/02/${name('CloudTrail')}`), {
    kind: 'cloudtrail',
  });
});

test('what is something else is other', () => {
  for (const key of [
    '',
    '/',
    'AWSLogs/',
    'AWSLogs/123456789012/CloudTrail/',
    'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/01/02/x.log.gz',
    'firehose/2026/01/02/03/part-1',
    `${'x'.repeat(1025)}/${name('CloudTrail')}`,
  ]) {
    assert.deepEqual(objectKey(key), { kind: 'other' }, key);
  }
  assert.equal(objectKey(`${folder('CloudTrail')}2026/01/02/`).kind, 'other');
  assert.equal(objectKey(`${folder('CloudTrail')}2026/01/02/notes.txt`).kind, 'other');
});

test('a day that is none is absent', () => {
  for (const day of ['2026/02/30', '2026/13/01', '2026/00/10', 'abcd/01/02', '2026/1x/02', '2026/01', '99999/01/01']) {
    assert.equal(objectKey(`${folder('GuardDuty')}${day}/x.jsonl.gz`).day, undefined, day);
  }
  assert.equal(objectKey(`${folder('GuardDuty')}2024/02/29/x.jsonl.gz`).day, '2024-02-29');
});

test('any key is told, in time linear in it', () => {
  const part = fc.constantFrom(
    'AWSLogs',
    'o-abc',
    '123456789012',
    'CloudTrail',
    'GuardDuty',
    'eu-west-1',
    '2026',
    '01',
    '31',
    '',
    'x.json.gz',
    '..',
    '%',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part, { maxLength: 20 }).map((parts) => parts.join('/')),
      ),
      (key) => {
        const { kind, stream, day } = objectKey(key);
        if (stream !== undefined) assert.ok(key.startsWith(stream));
        if (day !== undefined) assert.ok(/^\d{4}-\d\d-\d\d$/.test(day));
        assert.ok(['cloudtrail', 'digest', 'insight', 'guardduty', 'config', 'other'].includes(kind));
      },
    ),
  );
  const began = performance.now();
  for (let times = 0; times < 1000; times++) {
    objectKey('AWSLogs/'.repeat(128));
    objectKey(`${'1'.repeat(1000)}_json`);
    objectKey('a-'.repeat(512));
  }
  assert.ok(performance.now() - began < 5000);
});
