import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { type Context, ScopsError } from '../../src/event/index.ts';
import { type PostRequest, post, sinkAddress } from '../../src/io/post.ts';
import { testContext } from '../support/context.ts';
import { type Reply, serve } from '../support/slack-server.ts';

const secret = 'T0SECRET';
const world = () => testContext({ fetch: globalThis.fetch });
const request = (url: string, overrides: Partial<PostRequest> = {}): PostRequest => ({
  url: new URL(`${url}/services/${secret}`),
  name: 'The server',
  body: '{"a":1}',
  headers: () => ({ 'content-type': 'application/json' }),
  timeout: 2000,
  attempts: 4,
  random: () => 0.5,
  ...overrides,
});

/** The error of a refused request, which must never show the address. */
async function refused(context: Context & { logged: string[] }, one: PostRequest): Promise<string> {
  const error = await post(context, one).then(
    () => assert.fail('was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ScopsError);
  assert.equal(error.code, 'SINK_FAILED');
  assert.doesNotMatch(
    inspect(error, { depth: 9 }) + context.logged.join(),
    new RegExp(secret),
    'the address is a secret',
  );
  return error.message;
}

const answers = (...replies: readonly Reply[]) => serve((_, earlier) => replies[Math.min(earlier, replies.length - 1)]);

test('the body arrives, and the answer comes back', async () => {
  await using server = await answers({ status: 200, body: 'fine' });
  const context = world();
  assert.equal(await post(context, request(server.url)), 'fine');
  const [one] = server.received;
  assert.equal(one?.body, '{"a":1}');
  assert.equal(one?.headers['content-type'], 'application/json');
  assert.deepEqual(context.slept, []);
});

test('408, 429 and 5xx are tried again, each wait twice as long, half of it random', async () => {
  await using server = await answers({ status: 500 }, { status: 408 }, { status: 429 }, { status: 204 });
  const context = world();
  assert.equal(await post(context, request(server.url)), '');
  assert.equal(server.received.length, 4);
  assert.deepEqual(context.slept, [1500, 3000, 6000]);
});

test('the last attempt says what was answered', async () => {
  await using server = await answers({ status: 503, body: 'over\ncapacity\u001b[2J' });
  assert.equal(
    await refused(world(), request(server.url)),
    'The server answered 503 "over\\ncapacity\\u{1b}[2J" (attempt 4 of 4).',
  );
  assert.equal(server.received.length, 4);
});

test('no wait is longer than half a minute', async () => {
  await using server = await answers({ status: 500 });
  const context = world();
  await refused(context, request(server.url, { attempts: 9, random: () => 0.999 }));
  assert.ok(Math.max(...context.slept) <= 30_000);
  assert.deepEqual(
    context.slept,
    context.slept.toSorted((a, b) => a - b),
  );
});

test('Retry-After is honoured, in seconds and as a date', async () => {
  const date = new Date(Date.UTC(2026, 0, 2) + 7000 + 40_000).toUTCString();
  await using server = await answers(
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 503, headers: { 'retry-after': date } },
    { status: 429, headers: { 'retry-after': 'soon' } },
    { status: 200 },
  );
  const context = world();
  await post(context, request(server.url));
  assert.deepEqual(context.slept, [7000, 40_000, 6000]);
});

test('a Retry-After of hours is not waited for', async () => {
  await using server = await answers({ status: 429, headers: { 'retry-after': '7200' } });
  const context = world();
  assert.match(await refused(context, request(server.url)), /answered 429, and asks to wait 7200 s\.$/);
  assert.deepEqual(context.slept, []);
});

test('any other 4xx ends it at once', async () => {
  for (const status of [400, 401, 403, 404, 410, 422]) {
    await using server = await answers({ status, body: 'no_service' });
    const context = world();
    assert.equal(await refused(context, request(server.url)), `The server answered ${status} "no_service".`);
    assert.equal(server.received.length, 1);
  }
});

test('a redirect is not followed', async () => {
  await using elsewhere = await answers({ status: 200 });
  for (const status of [301, 302, 307, 308]) {
    await using server = await answers({ status, headers: { location: elsewhere.url } });
    assert.match(await refused(world(), request(server.url)), /redirects are not followed/);
  }
  assert.equal(elsewhere.received.length, 0);
});

test('a server that does not answer is tried again', async () => {
  await using server = await serve((_, earlier) => (earlier < 2 ? undefined : { status: 200 }));
  const context = world();
  await post(context, request(server.url, { timeout: 100 }));
  assert.equal(server.received.length, 3);
  assert.match(context.logged.join(), /did not answer within 100 ms/);
});

test('an answer that never ends is cut, and one that never goes on is a timeout', async () => {
  const server = createServer((incoming, response) => {
    response.writeHead(200);
    if (incoming.url?.includes('endless')) {
      const more = (): void => void response.write('x'.repeat(65_536), () => !response.destroyed && setImmediate(more));
      more();
    } else response.write('never more');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = await post(world(), request(`${url}/endless`));
  assert.equal(answer, 'x'.repeat(16_384));
  assert.match(await refused(world(), request(url, { timeout: 100, attempts: 1 })), /did not answer within 100 ms/);
  server.closeAllConnections();
  server.close();
});

test('a refused and a broken connection are tried again', async () => {
  const tcp = createTcpServer((socket) => socket.destroy());
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const broken = world();
  assert.match(
    await refused(broken, request(`http://127.0.0.1:${port}`)),
    /could not be reached \(\w+\) \(attempt 4 of 4\)/,
  );
  assert.equal(broken.slept.length, 3);
  tcp.close();
  await once(tcp, 'close');
  const closed = world();
  assert.match(await refused(closed, request(`http://127.0.0.1:${port}`)), /could not be reached \(ECONNREFUSED\)/);
  assert.equal(closed.slept.length, 3);
});

test('an abort ends the waiting, whether for the answer or for the next attempt', async () => {
  await using silent = await serve(() => undefined);
  const first = AbortSignal.timeout(100);
  assert.match(await refused(world(), request(silent.url, { signal: first, timeout: 60_000 })), /Scops is stopping/);
  assert.equal(silent.received.length, 1);

  await using server = await answers({ status: 500 });
  const abort = new AbortController();
  const context = testContext({ fetch: globalThis.fetch, sleep: async () => abort.abort() });
  assert.match(await refused(context, request(server.url, { signal: abort.signal })), /Scops is stopping/);
  assert.equal(server.received.length, 1);
});

test('headers are made anew for each attempt', async () => {
  await using server = await answers({ status: 500 }, { status: 200 });
  let made = 0;
  await post(world(), request(server.url, { headers: () => ({ 'x-attempt': String(++made) }) }));
  assert.deepEqual(
    server.received.map(({ headers }) => headers['x-attempt']),
    ['1', '2'],
  );
});

test('an address is https, or loopback, and never shown', () => {
  for (const good of [
    'https://hooks.slack.com/services/x',
    'http://127.0.0.1:8080/x',
    'http://localhost/x',
    'http://[::1]/x',
  ]) {
    assert.equal(sinkAddress(` ${good}\n`, 'slack', 'how').href, new URL(good).href);
  }
  assert.equal(sinkAddress('http://siem.internal/x', 'webhook', 'how', true).hostname, 'siem.internal');
  const bad = [
    undefined,
    '',
    ' ',
    `http://hooks.slack.com/${secret}`,
    `hooks.slack.com/${secret}`,
    `file:///${secret}`,
    `http://localhost.evil.example/${secret}`,
    `http://127.0.0.1.evil.example/${secret}`,
  ];
  for (const each of bad) {
    assert.throws(
      () => sinkAddress(each, 'slack', 'how'),
      (error) => error instanceof ScopsError && error.code === 'CONFIG_INVALID' && !inspect(error).includes(secret),
    );
  }
});
