import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScopsError } from '../../src/event/index.ts';
import { findingRecord } from '../../src/text/finding.ts';
import { verifySignature } from '../../src/text/signature.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { finding, findings } from '../support/findings.ts';
import { makeSink, targetOf } from '../support/sink.ts';
import { type Reply, serve } from '../support/slack-server.ts';

const secret = 'correct horse battery staple';

async function setUp(options: object = {}, reply: (earlier: number) => Reply = () => ({ status: 204 })) {
  const server = await serve((_, earlier) => reply(earlier));
  const context: TestContext = testContext({
    fetch: globalThis.fetch,
    env: { SCOPS_WEBHOOK_SECRET: secret, OTHER_SECRET: 'another' },
  });
  const url = (await targetOf('webhook', `${server.url}/scops`)) as object;
  return {
    sink: await makeSink('webhook', { ...url, ...options }, context),
    context,
    received: server.received,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
const header = (received: { headers: Record<string, unknown> } | undefined, name: string): string =>
  String(received?.headers[name]);

test('findings arrive as one signed request', async () => {
  await using hook = await setUp();
  await hook.sink.write(findings(3));
  const [one] = hook.received;
  assert.equal(hook.received.length, 1);
  assert.equal(one?.path, '/scops');
  assert.deepEqual(
    JSON.parse(one?.body ?? ''),
    JSON.parse(JSON.stringify({ findings: findings(3).map(findingRecord) })),
  );
  const signed = { body: one?.body ?? '', header: header(one, 'x-scops-signature'), now: hook.context.now() };
  assert.equal(verifySignature({ ...signed, secret }), true);
  assert.equal(verifySignature({ ...signed, secret: 'wrong' }), false);
});

test('the secret may be in another variable', async () => {
  await using hook = await setUp({ secret: 'OTHER_SECRET' });
  await hook.sink.write(findings(1));
  const [one] = hook.received;
  const signed = { body: one?.body ?? '', header: header(one, 'x-scops-signature'), now: hook.context.now() };
  assert.equal(verifySignature({ ...signed, secret: 'another' }), true);
});

test('each attempt is signed anew, under the same key', async () => {
  await using hook = await setUp({}, (earlier) =>
    earlier === 0 ? { status: 503, headers: { 'retry-after': '120' } } : { status: 200 },
  );
  const begun = hook.context.now();
  await hook.sink.write(findings(2));
  const [first, second] = hook.received;
  const stamp = (one: typeof first): number => Number(/^t=(\d+)/.exec(header(one, 'x-scops-signature'))?.[1]);
  assert.deepEqual([stamp(first), stamp(second)], [begun / 1000, begun / 1000 + 120]);
  assert.equal(header(first, 'idempotency-key'), header(second, 'idempotency-key'));
  assert.match(header(first, 'idempotency-key'), /^[0-9a-f]{64}$/);
});

test('the same findings have the same key in another run, others another', async () => {
  const keys: string[] = [];
  for (const count of [2, 2, 3]) {
    await using hook = await setUp();
    await hook.sink.write(findings(count));
    keys.push(header(hook.received[0], 'idempotency-key'));
  }
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
});

test('many findings are split by number and by size, and each arrives once', async () => {
  await using hook = await setUp();
  const large = Array.from({ length: 5 }, (_, i) => finding({}, { id: `large-${i}`, raw: 'x'.repeat(400_000) }));
  await hook.sink.write([...findings(205), ...large]);
  const batches = hook.received.map(({ body }) => JSON.parse(body).findings as { id: string }[]);
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [100, 100, 7, 2, 1],
  );
  assert.equal(new Set(batches.flat().map(({ id }) => id)).size, 210);
  for (const { body } of hook.received) assert.ok(body.length < 1_100_000);
});

test('what was accepted is not sent again when a later part failed', async () => {
  await using hook = await setUp({ attempts: 1 }, (earlier) => ({ status: earlier === 1 ? 500 : 200 }));
  await assert.rejects(
    hook.sink.write(findings(150)),
    (error) => error instanceof ScopsError && error.code === 'SINK_FAILED',
  );
  await hook.sink.write(findings(150));
  const sizes = hook.received.map(({ body }) => JSON.parse(body).findings.length);
  assert.deepEqual(sizes, [100, 50, 50]);
});

test('without a secret there is no sink', async () => {
  await assert.rejects(
    makeSink('webhook', { url: 'https://siem.example/x' }, testContext()),
    (error) =>
      error instanceof ScopsError && error.code === 'CONFIG_INVALID' && /SCOPS_WEBHOOK_SECRET/.test(error.message),
  );
});
