import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { type Finding, ScopsError } from '../../src/event/index.ts';
import { slackDigest, slackMessage } from '../../src/text/slack.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { finding, findings } from '../support/findings.ts';
import { makeSink, targetOf } from '../support/sink.ts';
import { type Reply, serve, serveSlack } from '../support/slack-server.ts';

const secret = 'T0/B0/sEcReT';

/** A sink on a server in Slack's place, both by the same clock. */
async function setUp(options: object = {}, reply?: (earlier: number) => Reply | 'hang' | undefined) {
  let context: TestContext | undefined;
  const server = await serveSlack(() => context?.now() ?? 0, reply);
  const env = { SLACK_WEBHOOK_URL: `${server.url}/services/${secret}` };
  const world = testContext({ fetch: globalThis.fetch, env });
  context = world;
  return {
    sink: await makeSink('slack', options, world),
    context: world,
    messages: () => server.received.map(({ body }) => JSON.parse(body)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const failed = (pattern: RegExp, context?: TestContext) => (error: unknown) => {
  assert.ok(error instanceof ScopsError);
  assert.equal(error.code, 'SINK_FAILED');
  assert.match(error.message, pattern);
  assert.doesNotMatch(inspect(error, { depth: 9 }) + context?.logged.join(), /sEcReT/);
  return true;
};

test('each finding is a message, one a second', async () => {
  await using slack = await setUp();
  await slack.sink.write(findings(3));
  await slack.sink.write([finding({}, { id: 'later' })]);
  assert.deepEqual(slack.messages(), json([...findings(3), finding({}, { id: 'later' })].map(slackMessage)));
  assert.deepEqual(slack.context.slept, [1000, 1000, 1000]);
});

test('more than `digest` findings at once become one message, as many do not', async () => {
  await using slack = await setUp({ digest: 2 });
  await slack.sink.write(findings(40));
  assert.deepEqual(slack.messages(), [json(slackDigest(findings(40), 2))]);

  await using few = await setUp({ digest: 3 });
  await few.sink.write(findings(3));
  assert.equal(few.messages().length, 3);
});

test('what Slack took is not sent again, what it refused is', async () => {
  await using slack = await setUp({ attempts: 1 }, (earlier) => (earlier === 1 ? { status: 500 } : undefined));
  await assert.rejects(slack.sink.write(findings(3)), failed(/Slack answered 500/));
  await slack.sink.write(findings(3));
  await slack.sink.write(findings(3));
  const [first, second, third] = json(findings(3).map(slackMessage)) as [unknown, unknown, unknown];
  assert.deepEqual(slack.messages(), [first, second, second, third]);
});

test('a digest that Slack took is not sent again', async () => {
  await using slack = await setUp();
  await slack.sink.write(findings(9));
  await slack.sink.write(findings(9));
  assert.equal(slack.messages().length, 1);
});

test('429 waits as long as Slack says', async () => {
  await using slack = await setUp({}, (earlier) =>
    earlier === 0 ? { status: 429, body: 'rate_limited', headers: { 'retry-after': '30' } } : undefined,
  );
  await slack.sink.write([finding()]);
  assert.deepEqual(slack.context.slept, [30_000]);
});

test('5xx and silence are tried again with growing waits', async () => {
  await using slack = await setUp(
    { timeout: 100 },
    (earlier) => ([{ status: 500 }, 'hang', { status: 503 }] as const)[earlier],
  );
  await slack.sink.write([finding()]);
  assert.equal(slack.messages().length, 4);
  const [first = 0, second = 0, third = 0] = slack.context.slept;
  assert.ok(first >= 1000 && first <= 2000 && second >= 2000 && second <= 4000 && third >= 4000 && third <= 8000);
});

test('what Slack refuses for good fails at once, with its words', async () => {
  for (const [status, body] of [
    [400, 'invalid_payload'],
    [403, 'action_prohibited'],
    [404, 'no_service'],
    [410, 'channel_is_archived'],
  ] as const) {
    await using slack = await setUp({}, () => ({ status, body }));
    await assert.rejects(
      slack.sink.write([finding()]),
      failed(new RegExp(`Slack answered ${status} "${body}"`), slack.context),
    );
    assert.equal(slack.messages().length, 1);
    assert.deepEqual(slack.context.slept, []);
  }
});

test('what is not Slack does not pass for delivered', async () => {
  await using slack = await setUp({}, () => ({ status: 200, body: '<html>Please log in</html>' }));
  await assert.rejects(slack.sink.write([finding()]), failed(/not a Slack webhook/, slack.context));
});

test('an abort ends it', async () => {
  await using slack = await setUp({}, () => 'hang');
  await assert.rejects(slack.sink.write([finding()], AbortSignal.timeout(100)), failed(/stopping/, slack.context));
});

test('no findings send nothing', async () => {
  await using slack = await setUp();
  await slack.sink.write([]);
  assert.equal(slack.messages().length, 0);
});

test('the option wins over the environment, and an address is never shown', async () => {
  await using server = await serve(() => ({ status: 200, body: 'ok' }));
  const env = { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/none' };
  const context = testContext({ fetch: globalThis.fetch, env });
  const target = await targetOf('slack', `${server.url}/services/${secret}`);
  await (await makeSink('slack', target, context)).write([finding()]);
  assert.equal(server.received.length, 1);

  const wrong: readonly [object, Record<string, string>][] = [
    [{}, {}],
    [{ url: `http://hooks.slack.com/services/${secret}` }, {}],
    [{}, { SLACK_WEBHOOK_URL: `hooks.slack.com/services/${secret}` }],
    [{ url: [`https://hooks.slack.com/services/${secret}`] }, {}],
  ];
  for (const [options, variables] of wrong) {
    await assert.rejects(makeSink('slack', options, testContext({ env: variables })), (error) => {
      assert.ok(error instanceof ScopsError && error.code === 'CONFIG_INVALID');
      assert.doesNotMatch(inspect(error), /sEcReT/);
      return true;
    });
  }
});

test('in real time, three messages take two seconds', async () => {
  await using server = await serveSlack(() => Date.now());
  const context = testContext({
    fetch: globalThis.fetch,
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const sink = await makeSink('slack', { url: `${server.url}/services/x` }, context);
  const begun = Date.now();
  await sink.write(findings(3) satisfies Finding[]);
  assert.ok(Date.now() - begun >= 1990);
  assert.equal(server.received.length, 3, 'none was refused for coming too early');
});
