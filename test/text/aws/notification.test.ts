import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Notice, noticesOf } from '../../../src/text/aws/notification.ts';
import { bridged, encodedKey, throughTopic } from '../../support/aws/queues.ts';

const record = (name: string, key: string, more: Readonly<Record<string, unknown>> = {}) => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: 'eu-west-1',
  eventName: name,
  s3: { bucket: { name: 'logs' }, object: { key, size: 12, eTag: 'abc', versionId: 'v1', ...more } },
});
const created = (...keys: string[]) => ({ Records: keys.map((key) => record('ObjectCreated:Put', key)) });
const whole = { size: 12, etag: 'abc', version: 'v1', region: 'eu-west-1' };
const object = (key: string): Notice => ({ type: 'object', bucket: 'logs', key, ...whole });

test('a notification of S3 has its keys decoded', () => {
  assert.deepEqual(noticesOf(created('a+b%2Bc%3D%C3%BC/x.gz', 'plain')), [object('a b+c=ü/x.gz'), object('plain')]);
  assert.deepEqual(noticesOf({ Records: [record('ObjectRemoved:DeleteMarkerCreated', 'k')] }), [
    { ...object('k'), removed: true },
  ]);
  const tagged = noticesOf({ Records: [record('ObjectTagging:Put', 'k'), record('ObjectCreated:Put', '%zz')] });
  assert.deepEqual(tagged, [
    { type: 'other', what: 'ObjectTagging:Put' },
    { type: 'other', what: 'an object whose key is not URL-encoded' },
  ]);
});

test('any key comes through a notification as it is', () => {
  const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(key, (text) => {
      assert.deepEqual(noticesOf(JSON.stringify(created(encodedKey(text)))), [object(text)]);
      const [bridge] = noticesOf(
        bridged('aws.s3', 'Object Created', { bucket: { name: 'logs' }, object: { key: text } }),
      ) as Notice[];
      assert.deepEqual(bridge, { type: 'object', bucket: 'logs', key: text, region: 'eu-west-1' });
    }),
  );
});

test('it is the same in the envelopes of SNS, SQS and Lambda, as text and as an object', () => {
  const sent = created('k');
  const expected = [object('k')];
  const sqs = (body: unknown) => ({
    Records: [{ eventSource: 'aws:sqs', messageId: '1', body: JSON.stringify(body) }],
  });
  const sns = { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(sent) } }] };
  for (const body of [sent, throughTopic(sent), sqs(sent), sqs(throughTopic(sent)), sns]) {
    assert.deepEqual(noticesOf(body), expected);
    assert.deepEqual(noticesOf(JSON.stringify(body)), expected);
  }
  let deep: unknown = sent;
  for (let layer = 0; layer < 5; layer++) deep = throughTopic(deep);
  assert.deepEqual(noticesOf(deep as object), { reason: 'more than 4 envelopes around a notification' });
});

test('EventBridge tells of objects, whose keys are as they are, and of anything else with its detail', () => {
  const detail = { bucket: { name: 'logs' }, object: { key: 'a+b%20', size: 3, etag: 'e', 'version-id': 'v' } };
  assert.deepEqual(noticesOf(bridged('aws.s3', 'Object Created', detail)), [
    { type: 'object', bucket: 'logs', key: 'a+b%20', size: 3, etag: 'e', version: 'v', region: 'eu-west-1' },
  ]);
  const [removed] = noticesOf(bridged('aws.s3', 'Object Deleted', detail)) as Notice[];
  assert.equal(removed?.type === 'object' && removed.removed, true);
  assert.deepEqual(noticesOf(bridged('aws.s3', 'Object Tags Added', detail)), [
    { type: 'other', what: 'Object Tags Added' },
  ]);
  const event = bridged('aws.guardduty', 'GuardDuty Finding', { id: '1' });
  assert.deepEqual(noticesOf(throughTopic(event)), [
    { type: 'record', detailType: 'GuardDuty Finding', detail: { id: '1' }, record: event },
  ]);
});

test('a record or a finding by itself is one', () => {
  for (const detail of [
    { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' },
    { schemaVersion: '2.0', service: {}, type: 'x' },
  ]) {
    assert.deepEqual(noticesOf(detail), [{ type: 'record', detailType: '', detail, record: detail }]);
  }
});

test('tests, confirmations, topics of CloudTrail and strangers are told apart', () => {
  const what = (body: string | object) => {
    const read = noticesOf(body);
    return 'reason' in read
      ? read.reason
      : read.map((notice) => (notice.type === 'other' ? notice.what : notice.type)).join();
  };
  assert.equal(what('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}'), 'test');
  assert.equal(what(throughTopic({ Event: 's3:TestEvent' })), 'test');
  assert.equal(what('CloudTrail validation message.'), 'test');
  assert.equal(what({ Type: 'SubscriptionConfirmation', Token: 'x' }), 'SNS SubscriptionConfirmation');
  assert.deepEqual(noticesOf({ s3Bucket: 'logs', s3ObjectKey: ['a+b', 'c'] }), [
    { type: 'object', bucket: 'logs', key: 'a+b' },
    { type: 'object', bucket: 'logs', key: 'c' },
  ]);
  assert.equal(what({ hello: 1, __proto__: null }), 'keys hello');
  assert.equal(what({ Records: [{ eventSource: 'aws:dynamodb' }] }), 'a record of aws:dynamodb');
  assert.equal(what({ Records: [record('ObjectCreated:Put', 'k', { key: '' })] }), 'an object without a key');
  assert.equal(
    what({ Records: [{ ...record('ObjectCreated:Put', 'k'), s3: { object: { key: 'k' } } }] }),
    'an object without a bucket',
  );
  for (const body of ['', 'x', '[]', '1', 'null', '"{}"']) assert.equal(what(body), 'not a JSON object');
  assert.equal(what('x'.repeat(2 ** 20 + 1)), 'a message of more than 1048576 characters');
  assert.equal(what({ Records: Array.from({ length: 1001 }, () => ({})) }), 'more than 1000 records in a message');
  assert.deepEqual(noticesOf({ Records: [] }), []);
});

test('envelopes cannot multiply what they hold beyond the bound', () => {
  const inner = JSON.stringify(created(...Array.from({ length: 600 }, (_, index) => `k${index}`)));
  const sns = { EventSource: 'aws:sns', Sns: { Message: inner } };
  assert.deepEqual(noticesOf({ Records: [sns, sns] }), { reason: 'more than 1000 records in a message' });
});

const words = [
  'Records',
  's3',
  'bucket',
  'object',
  'key',
  'name',
  'eventSource',
  'eventName',
  'detail',
  'detail-type',
  'Type',
  'Message',
  'TopicArn',
  'Sns',
  'body',
  's3ObjectKey',
  's3Bucket',
  '__proto__',
  'constructor',
];
const values = [
  'aws:s3',
  'aws:sns',
  'aws:sqs',
  'aws.s3',
  'Notification',
  'ObjectCreated:Put',
  'Object Created',
  'k%',
  'logs',
];

test('whatever is sent, it is read or refused', () => {
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(fc.constantFrom(...values), fc.string(), fc.constantFrom(null, 0, -1, 1e308, true)),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words), tie('tree'), { maxKeys: 6 }),
      tie('tree').map((inner) => JSON.stringify(inner) ?? ''),
    ),
  }));
  fc.assert(
    fc.property(fc.oneof(tree, fc.string()), (value) => {
      const read = noticesOf(typeof value === 'object' && value !== null ? value : String(value));
      if ('reason' in read) assert.ok(read.reason.length < 200);
      else {
        for (const notice of read) {
          if (notice.type === 'other') assert.ok(notice.what.length <= 200);
          if (notice.type === 'object') assert.ok(notice.key.length > 0 && notice.key.length <= 1024);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('a record that is too deep to be written again is refused', () => {
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
  const call = (depth: number) => ({ eventSource: 's', eventName: 'n', requestParameters: nested(depth) });
  const bridge = (depth: number) => ({ source: 'aws.x', 'detail-type': 'x', detail: nested(depth) });
  for (const made of [call, bridge]) {
    for (const body of [made(127), JSON.stringify(made(127)), { Records: [call(127)] }])
      assert.ok(!('reason' in noticesOf(body)));
    for (const body of [made(128), made(100_000), { Records: [call(128)] }])
      assert.deepEqual(noticesOf(body), { reason: 'a record of more than 128 levels' });
  }
});

test('deep and long texts cost no more than their length', () => {
  const began = performance.now();
  noticesOf(`${'{"Type":"Notification","TopicArn":"a","Message":'.repeat(20_000)}`);
  noticesOf(`{"Records":${'['.repeat(200_000)}`);
  noticesOf({
    Records: [record('ObjectCreated:Put', `${'%'.repeat(500_000)}`), record('ObjectCreated:Put', '+'.repeat(900_000))],
  });
  noticesOf({ 'detail-type': 'x'.repeat(900_000), source: 'aws.s3', detail: {} });
  assert.ok(performance.now() - began < 5000);
});
