import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsReader } from '../../../src/text/aws/reader.ts';
import { call, callId, finding, findingId } from '../../support/aws/logs.ts';
import { bridged } from '../../support/aws/queues.ts';

const read = (reader: AwsReader, value: unknown): string[] =>
  reader.read(JSON.stringify(value)).map((item) => ('reason' in item ? item.reason : item.id));

test('calls and findings are told by what they are, each once, an updated finding again', () => {
  const reader = new AwsReader({ samples: false });
  assert.deepEqual(read(reader, call(1)), [callId(1)]);
  assert.deepEqual(read(reader, bridged('aws.ec2', 'AWS API Call via CloudTrail', call(1))), []);
  assert.deepEqual(read(reader, { ...call(1), eventTime: '2026-01-05T00:00:00Z' }), [callId(1)], 'another record');
  assert.deepEqual(read(reader, finding(1)), [findingId(1)]);
  assert.deepEqual(read(reader, bridged('aws.guardduty', 'GuardDuty Finding', finding(1))), []);
  assert.deepEqual(read(reader, finding(1, { count: 2 })), [findingId(1)]);
  assert.deepEqual(read(reader, finding(2, { sample: true })), []);
  assert.deepEqual(reader.tally(), [
    { type: 'api-call', count: 2 },
    { type: 'copy', count: 2 },
    { type: 'guardduty', count: 2 },
    { type: 'sample', count: 1 },
  ]);
  assert.deepEqual(read(new AwsReader({ samples: true }), finding(2, { sample: true })), [findingId(2)]);
});

test('what is neither says so, and counts as not understood', () => {
  const reader = new AwsReader({ samples: false });
  assert.deepEqual(reader.read('{'), [{ reason: 'not JSON' }]);
  assert.deepEqual(read(reader, [1]), ['not a JSON object']);
  assert.equal(read(reader, { a: 1 }).length, 1);
  read(reader, call(1));
  const { records, understood } = reader.coverage();
  assert.deepEqual({ records, understood }, { records: 4, understood: 1 });
});
