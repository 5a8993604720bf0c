import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScopsError } from '../../../src/event/index.ts';
import { awsError, faultOf, mayPass } from '../../../src/io/aws/error.ts';

const failed = (name: string, more: Readonly<Record<string, unknown>> = {}, message = name): Error =>
  Object.assign(new Error(message), { name, ...more });

test('what goes wrong at AWS is told by its name, its status, or the network', () => {
  for (const [error, fault] of [
    [failed('NoSuchKey'), 'no-object'],
    [failed('NoSuchBucket'), 'no-place'],
    [failed('QueueDoesNotExist'), 'no-place'],
    [failed('AccessDenied'), 'denied'],
    [failed('AccessDenied', {}, 'not authorized to perform: kms:Decrypt on resource'), 'kms'],
    [failed('KMS.DisabledException'), 'kms'],
    [failed('KmsAccessDenied'), 'kms'],
    [failed('KmsThrottled'), 'throttled'],
    [failed('ExpiredToken'), 'credentials'],
    [failed('CredentialsProviderError'), 'credentials'],
    [failed('RequestTimeTooSkewed'), 'clock'],
    [failed('SignatureDoesNotMatch', {}, 'Signature expired: 20260101T000000Z is now earlier than …'), 'clock'],
    [failed('InvalidSignatureException', {}, 'Signature not yet current: …'), 'clock'],
    [failed('SignatureDoesNotMatch'), 'credentials'],
    [failed('InvalidSignatureException'), 'credentials'],
    [failed('Error', {}, 'Region is missing'), 'region'],
    [failed('SlowDown'), 'throttled'],
    [failed('Unknown', { $metadata: { httpStatusCode: 403 } }), 'denied'],
    [failed('Unknown', { $metadata: { httpStatusCode: 429 } }), 'throttled'],
    [failed('Unknown', { $metadata: { httpStatusCode: 502 } }), 'unavailable'],
    [failed('Error', { code: 'ECONNREFUSED' }), 'unavailable'],
    [failed('Error', { code: 'ENOTFOUND' }), 'unavailable'],
    [failed('Error'), 'other'],
    ['text', 'other'],
  ] as const) {
    assert.equal(faultOf(error), fault, String(error));
    assert.equal(faultOf(awsError(error, 'read', 'x')), fault, 'also when it is wrapped');
    assert.equal(mayPass(fault), fault === 'throttled' || fault === 'unavailable');
  }
});

test('the message says what was tried, why it failed, what it takes, and what AWS said, without control characters', () => {
  const error = failed(
    'AccessDenied',
    { $metadata: { httpStatusCode: 403, attempts: 3 } },
    `no \u001b[31m${'x'.repeat(500)}`,
  );
  const { code, message, cause } = awsError(error, 'read "s3://b/k"', 's3:GetObject');
  assert.equal(code, 'SOURCE_UNREADABLE');
  assert.ok(
    message.startsWith('Cannot read "s3://b/k": access denied (it takes s3:GetObject). AWS said: AccessDenied: no '),
  );
  assert.ok(message.endsWith('… (3 attempts)'));
  assert.ok(!message.includes('\u001b'));
  assert.ok(message.length < 500);
  assert.equal(cause, error);
  assert.equal(awsError(failed('Error', {}, 'Region is missing'), 'read', 'x').code, 'CONFIG_INVALID');
  const ours = new ScopsError('DEPENDENCY_MISSING', 'm');
  assert.equal(awsError(ours, 'read', 'x'), ours);
});
