import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOptions } from '../../../src/io/aws/client.ts';

test('region and credentials come from the options, then from the environment that was handed in', () => {
  const { requestHandler, ...bare } = clientOptions({ retries: 2 }, { env: {} });
  assert.deepEqual(bare, { maxAttempts: 3 });
  assert.ok(requestHandler.socketTimeout > 20_000, 'a queue may be silent so long');
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  };
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' };
  assert.deepEqual(clientOptions({ retries: 0 }, { env }), {
    maxAttempts: 1,
    requestHandler,
    region: 'eu-west-1',
    credentials,
  });
  const chosen = clientOptions({ retries: 0, region: 'ap-south-1', endpoint: 'http://127.0.0.1:1' }, { env });
  assert.deepEqual(chosen, {
    maxAttempts: 1,
    requestHandler,
    region: 'ap-south-1',
    endpoint: 'http://127.0.0.1:1',
    credentials,
  });
  const { region, credentials: none } = clientOptions(
    { retries: 0 },
    { env: { AWS_DEFAULT_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIA' } },
  );
  assert.equal(region, 'us-east-1');
  assert.equal(none, undefined, 'half of a pair is none: the SDK looks elsewhere');
});
