import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloudTrailRecord } from '../../../src/text/aws/cloudtrail/record.ts';
import type { Json } from '../../../src/text/wazuh/values.ts';

const account = '123456789012';

/** The fields of a call that begin with `aws.target` or `aws.assumed`. */
function targets(record: Json): Readonly<Record<string, unknown>> {
  const whole = {
    userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: account, userName: 'alice' },
    eventTime: '2026-01-02T03:04:05Z',
    eventID: '6b54e0ad-c23c-4850-b896-7533a3558526',
    eventType: 'AwsApiCall',
    ...record,
  };
  const read = cloudTrailRecord(whole, JSON.stringify(whole));
  const fields = 'reason' in read ? assert.fail(read.reason) : (read.event?.fields ?? {});
  return Object.fromEntries(Object.entries(fields).filter(([name]) => /^aws\.(?:target|assumed)\./.test(name)));
}

test('of a role that is taken on: the role, and the access key of the session, but nothing secret', () => {
  const roleArn = `arn:aws:iam::${account}:role/ops/Deploy`;
  const record = {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    requestParameters: { roleArn, roleSessionName: 'deploy-7' },
    responseElements: {
      credentials: { accessKeyId: 'ASIAEXAMPLE', sessionToken: 'a token', expiration: 'Jan 2, 2026, 4:04:05 AM' },
      assumedRoleUser: { assumedRoleId: 'AROAEXAMPLE:deploy-7' },
    },
  };
  assert.deepEqual(targets(record), { 'aws.assumed.role': roleArn, 'aws.assumed.key': 'ASIAEXAMPLE' });
  assert.deepEqual(targets({ ...record, responseElements: null }), { 'aws.assumed.role': roleArn });
  assert.deepEqual(targets({ ...record, requestParameters: 7, responseElements: { credentials: [] } }), {});
});

test('of a call of IAM: the user it is about, where it names one', () => {
  const record = { eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey' };
  assert.deepEqual(targets({ ...record, requestParameters: { userName: 'bob' } }), { 'aws.target.user': 'bob' });
  assert.deepEqual(targets({ ...record, requestParameters: null }), {});
  const other = { ...record, eventSource: 'cognito-idp.amazonaws.com', requestParameters: { userName: 'bob' } };
  assert.deepEqual(targets(other), {});
});
