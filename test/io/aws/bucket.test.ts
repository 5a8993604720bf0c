import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openBuckets } from '../../../src/io/aws/bucket.ts';

const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

/** A store that answers every request so, or hangs up, and how many it was asked. */
async function startStore(answer?: string) {
  const asked = { times: 0 };
  const server = createServer((request, response) => {
    asked.times++;
    if (answer === undefined) request.socket.destroy();
    else response.setHeader('content-type', 'application/xml').end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    open: (retries: number) => openBuckets('A test', { endpoint, retries, forcePathStyle: true }, { env }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a store that hangs up is asked as often as was said, with pauses, and no more', async () => {
  await using store = await startStore();
  const buckets = await store.open(1);
  await assert.rejects(buckets.open({ bucket: 'logs', key: 'a.json' }), { code: 'SOURCE_UNREADABLE' });
  assert.equal(store.asked.times, 2);
  buckets.close();
});

test('a store that does not know where to go on is told of, not asked for ever', async () => {
  for (const key of ['AWSLogs/123456789012/a.json', 'AWSLogs/a.json']) {
    const contents = `<Contents><Key>${key}</Key><Size>1</Size><ETag>"a"</ETag></Contents>`;
    await using store = await startStore(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`,
    );
    const buckets = await store.open(0);
    await assert.rejects(Array.fromAsync(buckets.folders('logs', 'AWSLogs/')), {
      code: 'SOURCE_UNREADABLE',
      message: /start-after/,
    });
    assert.equal(store.asked.times, 2);
    buckets.close();
  }
});
