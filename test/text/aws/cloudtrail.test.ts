import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../src/event/index.ts';
import { type CloudTrailType, cloudTrailRecord } from '../../../src/text/aws/cloudtrail/record.ts';
import { awsTime } from '../../../src/text/aws/time.ts';
import type { Json } from '../../../src/text/wazuh/values.ts';

const account = '123456789012';
const time = Date.UTC(2026, 0, 2, 3, 4, 5);
const eventID = '6b54e0ad-c23c-4850-b896-7533a3558526';

const call = {
  eventVersion: '1.08',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:deploy-7',
    arn: `arn:aws:sts::${account}:assumed-role/Deploy/deploy-7`,
    accountId: account,
    accessKeyId: 'ASIAEXAMPLE',
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLE', accountId: account, userName: 'Deploy' },
      attributes: { mfaAuthenticated: 'false', creationDate: '2026-01-02T03:00:00Z' },
    },
    invokedBy: 'cloudformation.amazonaws.com',
  },
  eventTime: '2026-01-02T03:04:05Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '10.0.0.9',
  userAgent: 'aws-sdk-go/1.44',
  errorCode: 'AccessDenied',
  errorMessage: 'Access Denied',
  requestParameters: { bucketName: 'b', password: 'never a field' },
  responseElements: null,
  eventID,
  sharedEventID: 'a9f1c0de-0000-4000-8000-000000000001',
  readOnly: true,
  eventType: 'AwsApiCall',
  eventCategory: 'Data',
  recipientAccountId: '999999999999',
  vpcEndpointId: 'vpce-1',
};

function read(record: Json): { readonly type: CloudTrailType; readonly event: Event; readonly copy?: string } {
  const result = cloudTrailRecord(record, JSON.stringify(record));
  if ('reason' in result) assert.fail(result.reason);
  assert.ok(result.event !== undefined);
  return { ...result, event: result.event };
}

test('a call is an event of kind api with all that tells who, what, whence and how it went', () => {
  const { type, event, copy } = read(call);
  assert.equal(type, 'api-call');
  assert.deepEqual(event, {
    id: `cloudtrail/${eventID}`,
    time,
    source: 'cloudtrail',
    kind: 'api',
    fields: {
      'event.action': 'GetObject',
      'event.provider': 's3.amazonaws.com',
      'event.outcome': 'failure',
      'event.code': 'AccessDenied',
      'event.reason': 'Access Denied',
      'cloud.account.id': '999999999999',
      'cloud.region': 'eu-west-1',
      'user_agent.original': 'aws-sdk-go/1.44',
      'aws.principal.id': 'AROAEXAMPLE',
      'aws.principal.type': 'role',
      'aws.principal.class': 'automation',
      'aws.principal.account': account,
      'aws.principal.session': 'deploy-7',
      'user.id': 'AROAEXAMPLE',
      'user.name': 'Deploy',
      'user.roles': ['Deploy'],
      'aws.access_key.id': 'ASIAEXAMPLE',
      'aws.invoked_by': 'cloudformation.amazonaws.com',
      'aws.session.created': Date.UTC(2026, 0, 2, 3),
      'aws.mfa': false,
      'aws.source.type': 'vpc-endpoint',
      'source.ip': '10.0.0.9',
      'aws.vpc_endpoint.id': 'vpce-1',
      'aws.read_only': true,
      'aws.event.id': eventID,
      'aws.event.shared_id': 'a9f1c0de-0000-4000-8000-000000000001',
      'aws.event.type': 'AwsApiCall',
      'aws.event.category': 'Data',
    },
    raw: JSON.stringify(call),
  });
  assert.ok(copy?.startsWith(eventID));
});

test('a console sign-in is a login, with its outcome and second factor', () => {
  const login = {
    ...call,
    userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: account, userName: 'alice' },
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    errorCode: undefined,
    errorMessage: undefined,
    sourceIPAddress: '203.0.113.9',
    vpcEndpointId: undefined,
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MFAUsed: 'Yes' },
  };
  const { type, event } = read(login);
  assert.equal(type, 'console-login');
  assert.equal(event.kind, 'login');
  const { fields } = event;
  assert.equal(fields['event.action'], 'login');
  assert.equal(fields['event.outcome'], 'success');
  assert.equal(fields['login.method'], 'console');
  assert.equal(fields['user.name'], 'alice');
  assert.equal(fields['source.ip'], '203.0.113.9');
  assert.equal(fields['aws.mfa'], true);

  const refused = read({
    ...login,
    userIdentity: { type: 'IAMUser', accountId: account, userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    responseElements: { ConsoleLogin: 'Failure' },
    errorMessage: 'No username found in supplied account',
    additionalEventData: { MFAUsed: 'No' },
  }).event.fields;
  assert.equal(refused['event.outcome'], 'failure');
  assert.equal(refused['event.reason'], 'No username found in supplied account');
  assert.equal(refused['user.name'], undefined);
  assert.equal(refused['aws.mfa'], false);

  const federated = read({
    ...login,
    userIdentity: { type: 'AssumedRole', principalId: 'AROAEXAMPLE:jane@corp.example', accountId: account },
    additionalEventData: { MFAUsed: 'No' },
  }).event.fields;
  assert.equal(federated['user.name'], 'jane@corp.example');
  assert.equal(federated['aws.mfa'], undefined, 'the identity provider asks for the second factor, unseen by AWS');
});

test('records are typed', () => {
  const of = (changes: Json): CloudTrailType => read({ ...call, ...changes }).type;
  assert.equal(of({ eventType: 'AwsServiceEvent' }), 'service-event');
  assert.equal(of({ eventType: 'AwsConsoleAction' }), 'console-action');
  assert.equal(of({ eventType: 'AwsConsoleSignIn', eventName: 'SwitchRole' }), 'console-sign-in');
  assert.equal(of({ eventType: 'AwsVpceEvent' }), 'vpc-endpoint-event');
  assert.equal(of({ eventType: 'SomethingNew' }), 'other');
  assert.equal(of({ eventType: undefined }), 'api-call');
});

test('an insight is an event of its own kind', () => {
  const insight = {
    eventVersion: '1.07',
    eventTime: '2026-01-02T03:04:00Z',
    awsRegion: 'eu-west-1',
    eventID,
    eventType: 'AwsCloudTrailInsight',
    recipientAccountId: account,
    eventCategory: 'Insight',
    insightDetails: {
      state: 'Start',
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      insightType: 'ApiCallRateInsight',
    },
  };
  const { type, event } = read(insight);
  assert.equal(type, 'insight');
  assert.equal(event.kind, 'log');
  assert.equal(event.fields['event.action'], 'RunInstances');
  assert.equal(event.fields['aws.insight.type'], 'ApiCallRateInsight');
  assert.equal(event.fields['aws.insight.state'], 'Start');
});

test('a digest is no event', () => {
  const digest = {
    awsAccountId: account,
    digestStartTime: '2026-01-02T03:00:00Z',
    digestEndTime: '2026-01-02T04:00:00Z',
    digestS3Object: 'AWSLogs/x.json.gz',
    logFiles: [],
  };
  assert.deepEqual(cloudTrailRecord(digest, ''), { type: 'digest' });
});

test('a record in an envelope is the same event', () => {
  const { fields, time: at, id } = read(call).event;
  const text = JSON.stringify(call);
  const envelopes: readonly Json[] = [
    { 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.s3', time: '2026-01-02T03:05:00Z', detail: call },
    { EventId: eventID, EventName: 'GetObject', CloudTrailEvent: text },
    { _index: 'trail', _source: call },
    { rule: 'Some.Rule', expected: true, log: call },
    { message: text, '@timestamp': '2026-01-02T03:09:00Z' },
    { event: { original: text } },
    { Type: 'Notification', Message: JSON.stringify({ 'detail-type': 'x', detail: call }) },
  ];
  for (const envelope of envelopes) {
    const { event } = read(envelope);
    assert.deepEqual({ fields: event.fields, time: event.time, id: event.id }, { fields, time: at, id });
  }
});

test("Logstash's time and EventBridge's stand in for a record's own", () => {
  const { eventTime, ...untimed } = call;
  assert.equal(read({ ...untimed, '@timestamp': `${eventTime.slice(0, -1)}.000Z` }).event.time, time);
  assert.equal(
    read({ 'detail-type': 'AWS API Call via CloudTrail', time: eventTime, detail: untimed }).event.time,
    time,
  );
  assert.deepEqual(cloudTrailRecord(untimed, ''), { reason: 'no readable eventTime' });
});

test('names in lower case, as Athena has them, are read', () => {
  const lower = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lower(inner)]))
      : value;
  const { responseElements: _, requestParameters: __, ...plain } = call;
  assert.deepEqual(read(lower(plain) as Json).event.fields, read(call).event.fields);
});

test('an id that is no UUID names nothing', () => {
  const one = read({ ...call, eventID: '1' });
  const other = read({ ...call, eventID: '1', eventName: 'PutObject' });
  assert.notEqual(one.event.id, other.event.id);
  assert.equal(one.copy, undefined);
});

test('what is no record says why', () => {
  for (const record of [
    {},
    { eventName: 'x' },
    { eventSource: 'x' },
    { Records: [] },
    { 'detail-type': 'x', detail: {} },
  ])
    assert.ok('reason' in cloudTrailRecord(record, ''));
});

test('a notification of S3 has time, name and identity, and is no call', () => {
  const notification = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-west-2',
    eventTime: '2026-01-02T03:04:05.000Z',
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: 'AWS:AROAEXAMPLE:me' },
    requestParameters: { sourceIPAddress: '203.0.113.1' },
    s3: { bucket: { name: 'logs' }, object: { key: 'a' } },
  };
  const reason = 'a notification of aws:s3, not a CloudTrail record';
  const lower = Object.fromEntries(Object.entries(notification).map(([name, value]) => [name.toLowerCase(), value]));
  for (const record of [notification, lower]) assert.deepEqual(cloudTrailRecord(record, ''), { reason });
});

test('times are read in all the forms in which they come', () => {
  for (const text of [
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.000Z',
    '2026-01-02 03:04:05.000000000',
    '2026-01-01T22:04:05-05:00',
    time,
    time / 1000,
  ])
    assert.equal(awsTime(text), time, String(text));
  assert.equal(awsTime('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29));
  for (const bad of [
    '2026-13-02T03:04:05Z',
    '2026-01-02T24:04:05Z',
    '2025-02-29T00:00:00Z',
    'now',
    '',
    -1,
    0,
    Number.NaN,
    1e300,
    null,
    {},
  ])
    assert.equal(awsTime(bad), undefined, String(bad));
});
