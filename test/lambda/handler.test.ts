import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { SNSHandler, SQSHandler } from 'aws-lambda';
import { ScopsError } from '../../src/event/index.ts';
import { createHandler } from '../../src/lambda.ts';
import { decodeTrained, type Trained } from '../../src/pipeline/trained.ts';
import { findingId, probe } from '../support/aws/logs.ts';
import { testContext } from '../support/context.ts';
import {
  account,
  batch,
  bridged,
  created,
  dayAt,
  deploy,
  guardDutyFinding,
  keyOf,
  modelPath,
  ordinaryDay,
  signIn,
  testEvent,
  trailFile,
} from '../support/lambda.ts';
import { S3Server } from '../support/s3-server.ts';

/** So that a single odd sign-in is a finding. */
const strict = { detectorOptions: { quarantineAbove: 0.5 } };
const odd = () => signIn('alice', dayAt(30), '198.51.100.7');
/** So odd that it is one before the model knows much. */
const early = () => ({ ...signIn('bob', dayAt(5), '192.0.2.1'), userAgent: 'curl/8.5.0' });

const stored = async (s3: S3Server): Promise<Trained> =>
  decodeTrained(s3.objects.get(modelPath)?.body ?? assert.fail('no model was written'), testContext());
const writes = (s3: S3Server): string[] => s3.calls.filter((call) => call.startsWith('PUT'));

function putDays(s3: S3Server, days: number): string[] {
  return Array.from({ length: days }, (_, day) => {
    s3.put('trail', keyOf(`day${day}`), trailFile(ordinaryDay(day)));
    return created('trail', keyOf(`day${day}`));
  });
}

test('a batch: what can be read is learnt, what nobody can read fails alone', async () => {
  await using s3 = await S3Server.start();
  const [day] = putDays(s3, 1);
  s3.put('trail', keyOf('cut'), trailFile(ordinaryDay(3)).subarray(0, 60));
  s3.put('trail', keyOf('odd'), Buffer.from('{"Records":[{"no":"record"}]}'));
  s3.put('trail', 'AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/01/05/x.json.gz', trailFile([]));
  const { failures, log } = deploy(s3);
  const failed = await failures(
    'nonsense',
    testEvent('trail'),
    day as string,
    created('trail', keyOf('cut')),
    created('trail', keyOf('missing')),
    created('trail', 'AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/01/05/x.json.gz'),
    bridged('AWS Console Sign In via CloudTrail', signIn('dave', dayAt(1), '203.0.113.99')),
    bridged('GuardDuty Finding', { schemaVersion: '2.0', service: {} }),
    created('trail', keyOf('odd')),
  );
  assert.deepEqual(failed, ['m0', 'm3', 'm4', 'm7', 'm8']);
  assert.equal((await stored(s3)).trained.events, 7);
  const done = log.find(({ message }) => message === 'Done.');
  assert.deepEqual([done?.messages, done?.failed, done?.ignored, done?.events, done?.learnt], [9, 5, 1, 7, 7]);
  const reasons = log.filter(({ message }) => message === 'A message failed.').map(({ why }) => String(why));
  assert.match(
    reasons.join('\n'),
    /not a JSON object[\s\S]*_cut\.json\.gz" cannot be read[\s\S]*there is no such object/,
  );
});

test('a finding is delivered before the model is written, and once', async () => {
  await using s3 = await S3Server.start();
  const learner = deploy(s3, strict);
  assert.deepEqual(await learner.failures(...putDays(s3, 30)), []);
  assert.deepEqual(learner.findings, []);
  const before = writes(s3).length;
  const writtenAtDelivery: number[] = [];
  const sink = { name: 'own', write: async () => void writtenAtDelivery.push(writes(s3).length) };
  const { failures, findings } = deploy(s3, { ...strict, sinks: [sink] });
  s3.put('trail', keyOf('odd'), trailFile([odd()]));
  assert.deepEqual(await failures(created('trail', keyOf('odd'))), []);
  assert.deepEqual([...writtenAtDelivery, writes(s3).length], [before, before + 1]);
  assert.deepEqual(findings, []);
});

test('deliveries come twice, in another message, by another way, to another container: learnt once, told once', async () => {
  await using s3 = await S3Server.start();
  const { failures, findings } = deploy(s3, strict);
  await failures(...putDays(s3, 30));
  const event = odd();
  s3.put('trail', keyOf('odd'), trailFile([event, event]));
  const body = created('trail', keyOf('odd'));
  assert.deepEqual(await failures(body, body), []);
  assert.deepEqual(await failures(body), []);
  s3.put('trail', keyOf('again'), trailFile([event]));
  const other = deploy(s3, strict);
  const byRule = bridged('AWS Console Sign In via CloudTrail', event);
  assert.deepEqual(await other.failures(body, created('trail', keyOf('again')), byRule), []);
  assert.equal((await stored(s3)).trained.events, 30 * 6 + 1);
  assert.deepEqual([findings.length, other.findings.length], [1, 0]);
  assert.match(findings[0]?.title ?? '', /alice.*198\.51\.100\.7/);
});

test('a model that grew over many containers is the one that was learnt in one go', async () => {
  await using s3 = await S3Server.start();
  const bodies = putDays(s3, 12);
  for (const body of bodies) assert.deepEqual(await deploy(s3).failures(body), []);
  const grown = await stored(s3);
  s3.objects.delete(modelPath);
  assert.deepEqual(await deploy(s3).failures(...bodies), []);
  const atOnce = await stored(s3);
  assert.deepEqual(grown.trained, atOnce.trained);
  assert.deepEqual(Buffer.from(grown.model.save()), Buffer.from(atOnce.model.save()));
  assert.equal(grown.place?.checkpoint, atOnce.place?.checkpoint);
});

test('while a sink refuses, messages come again and nothing is learnt', async () => {
  await using s3 = await S3Server.start();
  const { failures } = deploy(s3, strict);
  await failures(...putDays(s3, 30));
  const before = s3.objects.get(modelPath)?.etag;
  s3.put('trail', keyOf('odd'), trailFile([odd()]));
  const taken: string[] = [];
  let refuses = true;
  const sink = {
    name: 'own',
    write: async (findings: readonly { id: string }[]) => {
      if (refuses) throw new ScopsError('SINK_FAILED', 'Closed today.');
      taken.push(...findings.map(({ id }) => id));
    },
  };
  const next = deploy(s3, { ...strict, sinks: [sink] });
  const bodies = [created('trail', keyOf('odd')), testEvent('trail'), 'nonsense'];
  assert.deepEqual(await next.failures(...bodies), ['m2', 'm0']);
  assert.equal(s3.objects.get(modelPath)?.etag, before);
  refuses = false;
  assert.deepEqual(await next.failures(...bodies), ['m2']);
  assert.equal(taken.length, 1);
  assert.equal((await stored(s3)).trained.events, 181);
});

test('another writer came before: both are learnt, and what was told is not told again', async () => {
  await using s3 = await S3Server.start();
  const first = deploy(s3, strict);
  await first.failures(...putDays(s3, 30));
  const second = deploy(s3, strict);
  s3.put('trail', keyOf('odd'), trailFile([odd()]));
  s3.put('trail', keyOf('other'), trailFile([signIn('bob', dayAt(31), '203.0.113.11')]));
  let came = false;
  s3.before = (call) => {
    if (!call.startsWith('PUT') || came) return undefined;
    came = true;
    return 409; // somebody else is writing at the moment
  };
  assert.deepEqual(await first.failures(created('trail', keyOf('odd'))), []);
  assert.deepEqual(await second.failures(created('trail', keyOf('other'))), []);
  // The first container still holds the model from before the second wrote.
  s3.put('trail', keyOf('last'), trailFile([signIn('carol', dayAt(32), '203.0.113.12')]));
  assert.deepEqual(await first.failures(created('trail', keyOf('last'))), []);
  assert.ok(s3.calls.some((call) => call === `PUT ${modelPath} 412`));
  assert.equal((await stored(s3)).trained.events, 183);
  assert.equal(first.findings.length, 1);
});

test('when others always come before, messages come again', async () => {
  await using s3 = await S3Server.start();
  const { failures, log } = deploy(s3);
  const [first = '', second = ''] = putDays(s3, 2);
  s3.before = (call) => (call.startsWith('PUT') ? 412 : undefined);
  assert.deepEqual(await failures(first), ['m0']);
  assert.match(JSON.stringify(log), /written by others 6 times/);
  s3.before = () => undefined;
  assert.deepEqual(await failures(first, second), []);
  assert.equal((await stored(s3)).trained.events, 12);
});

test('a model that is only read: judges, writes nothing, and takes up a newer one', async () => {
  await using s3 = await S3Server.start();
  let now = dayAt(40);
  const reader = deploy(s3, { ...strict, learn: false, context: { now: () => now } });
  await assert.rejects(
    reader.failures(testEvent('trail'), ...putDays(s3, 1)),
    /There is no model .*learning is turned off/,
  );
  const learner = deploy(s3, strict);
  await learner.failures(...putDays(s3, 30));
  const before = writes(s3).length;
  s3.put('trail', keyOf('odd'), trailFile([odd()]));
  assert.deepEqual(await reader.failures(created('trail', keyOf('odd'))), []);
  assert.equal(reader.findings.length, 1);
  assert.equal(writes(s3).length, before);
  const read = () => s3.calls.filter((call) => call.startsWith(`GET ${modelPath}`)).map((call) => call.slice(-3));
  const readBefore = read();
  now += 600_000;
  await reader.failures(created('trail', keyOf('odd')));
  assert.deepEqual(read(), [...readBefore, '304']);
});

test('messages that there is no time for come again', async () => {
  await using s3 = await S3Server.start();
  const { handler } = deploy(s3);
  let left = 60_000;
  const answer = await handler(batch(...putDays(s3, 5)), {
    awsRequestId: 'r1',
    getRemainingTimeInMillis: () => {
      left -= 7_000;
      return left;
    },
  });
  const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [];
  assert.ok(failed.length > 0 && failed.length < 5, `${failed.length} failed`);
  assert.equal((await stored(s3)).trained.events, 6 * (5 - failed.length));
});

test('a minute of five is kept to judge what was read', async () => {
  await using s3 = await S3Server.start();
  const { handler } = deploy(s3);
  let left = 300_000;
  s3.before = (call) => {
    if (call.startsWith('GET /trail/')) left = 50_000;
    return undefined;
  };
  const answer = await handler(batch(...putDays(s3, 3)), { getRemainingTimeInMillis: () => left });
  assert.deepEqual(answer?.batchItemFailures, [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }]);
  assert.equal((await stored(s3)).trained.events, 6);
});

test('called directly: by S3, SNS and EventBridge; a failure fails the invocation', async () => {
  await using s3 = await S3Server.start();
  const { handler, findings } = deploy(s3, strict);
  const [day = '', next = ''] = putDays(s3, 2);
  assert.equal(await handler(JSON.parse(day)), undefined);
  const sns = {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', Sns: { Type: 'Notification', Message: next } }],
  };
  assert.equal(await handler(sns), undefined);
  const call = { ...signIn('alice', dayAt(2), '203.0.113.10'), eventName: 'ConsoleLogin' };
  assert.equal(await handler(JSON.parse(bridged('AWS API Call via CloudTrail', call))), undefined);
  assert.equal(await handler(JSON.parse(bridged('GuardDuty Finding', guardDutyFinding('f1', dayAt(2))))), undefined);
  assert.equal((await stored(s3)).trained.events, 13, 'a finding teaches nothing');
  assert.deepEqual(findings, []);
  await assert.rejects(Promise.resolve(handler('nonsense')), { code: 'INPUT_INVALID' });
  await assert.rejects(handler(JSON.parse(created('trail', keyOf('missing')))), { code: 'INPUT_INVALID' });
});

test('findings of other products of Security Hub are passed over', async () => {
  await using s3 = await S3Server.start();
  const { failures } = deploy(s3);
  const inspector = {
    SchemaVersion: '2018-10-08',
    Id: 'arn:aws:inspector2:us-east-1:123456789012:finding/a',
    ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/inspector',
    AwsAccountId: account,
    Types: ['Software and Configuration Checks'],
    CreatedAt: '2026-01-05T08:00:00Z',
  };
  assert.deepEqual(await failures(bridged('Security Hub Findings - Imported', { findings: [inspector] })), []);
});

test('a finding that names nobody is delivered too, also while the model is young', async () => {
  await using s3 = await S3Server.start();
  const { failures, findings } = deploy(s3, { detector: 'principal-likelihood', quietDays: 7 });
  const body = bridged('GuardDuty Finding', probe(1));
  assert.deepEqual(await failures(body, body), []);
  assert.deepEqual(await failures(body), []);
  assert.deepEqual(
    findings.map(({ id, score }) => [id, score]),
    [[`principal-likelihood:${findingId(1)}`, 0]],
  );
  const [{ title = '', reasons = [] } = {}] = findings;
  assert.ok(title.length > 0 && reasons.length > 0);
});

test('a young model keeps to itself what it thinks of the trail', async () => {
  await using s3 = await S3Server.start();
  const days = putDays(s3, 5);
  const quiet = deploy(s3, { ...strict, quietDays: 7 });
  assert.deepEqual(await quiet.failures(...days, bridged('AWS Console Sign In via CloudTrail', early())), []);
  assert.deepEqual(quiet.findings, []);
  assert.match(JSON.stringify(quiet.log), /findings were held back: the model is still learning/);
  await quiet.failures(...putDays(s3, 30).slice(5));
  assert.deepEqual(await quiet.failures(bridged('AWS Console Sign In via CloudTrail', odd())), []);
  assert.equal(quiet.findings.length, 1);
});

test('a finding of long ago does not make a young model an old one', async () => {
  await using s3 = await S3Server.start();
  const { failures, findings, log } = deploy(s3, { ...strict, quietDays: 7 });
  const old = bridged('GuardDuty Finding', guardDutyFinding('old', dayAt(-90)));
  assert.deepEqual(await failures(old, ...putDays(s3, 5)), []);
  assert.deepEqual(await failures(bridged('AWS Console Sign In via CloudTrail', early())), []);
  assert.deepEqual(findings, []);
  assert.match(JSON.stringify(log), /findings were held back/);
  const { events, from, to } = (await stored(s3)).trained;
  assert.deepEqual([events, from, to], [31, dayAt(0), dayAt(5)]);
});

test('a message that grows beyond what the memory holds fails alone, and says so', async () => {
  await using s3 = await S3Server.start();
  const [day = ''] = putDays(s3, 1);
  const many = Array.from({ length: 2_000 }, (_, second) => signIn('eve', dayAt(1) + second * 1000, '203.0.113.50'));
  const part = trailFile(many.slice(0, 1_000));
  s3.put('trail', keyOf('many'), trailFile(many));
  s3.put('trail', keyOf('half'), part);
  s3.put('trail', keyOf('half2'), trailFile(many.slice(1_000)));
  s3.put('trail', keyOf('blank'), gzipSync(`{"Records":[${' '.repeat(4_000_000)}`));
  const { handler, log } = deploy(s3);
  const bodies = [
    created('trail', keyOf('many')),
    day,
    created('trail', keyOf('half'), keyOf('half2')),
    created('trail', keyOf('blank')),
    created('trail', keyOf('half')),
  ];
  // An eighth: 1 MiB. Of the sign-ins a thousand have about 0.7.
  const answer = await handler(batch(...bodies), { memoryLimitInMB: '8' });
  const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  assert.deepEqual(failed, ['m0', 'm2', 'm3']);
  assert.equal((await stored(s3)).trained.events, 1_006);
  const told = log.filter(({ why }) => /more than 1 MiB decompressed.*Give the function more/.test(String(why)));
  assert.equal(told.length, 3);
});

test('wrong settings are said by name', async () => {
  const context = { env: {}, stdout: async () => undefined };
  const call = (options: object, env: object = {}) =>
    createHandler({ ...options, context: { ...context, env: { AWS_REGION: 'us-east-1', ...env } } })(batch('{}'));
  await assert.rejects(call({}), { code: 'CONFIG_INVALID', message: /Set SCOPS_MODEL/ });
  await assert.rejects(call({}, { SCOPS_MODEL: 's3://x' }), { code: 'CONFIG_INVALID', message: /s3:\/\/BUCKET\/KEY/ });
  const env = { SCOPS_MODEL: 's3://models/m' };
  await assert.rejects(call({}, { ...env, SCOPS_QUIET_DAYS: 'few' }), { message: /SCOPS_QUIET_DAYS is "few"/ });
  await assert.rejects(call({}, { ...env, SCOPS_LEARN: 'maybe' }), { message: /SCOPS_LEARN is "maybe"/ });
  await assert.rejects(call({}, { ...env, SCOPS_SINKS: 'slak' }), { code: 'COMPONENT_UNKNOWN', message: /slack/ });
  await assert.rejects(call({}, { ...env, SCOPS_BUDGET: '5/day', SCOPS_CONTAMINATION: '0.1' }), {
    message: /not both/,
  });
  await assert.rejects(call({ learn: true }, { SCOPS_MODEL: 'model.scops' }), { message: /cannot be written/ });
});

test('no secret is in the log', async () => {
  await using s3 = await S3Server.start();
  const seen: string[] = [];
  const env = {
    SCOPS_MODEL: 's3://models/cloud.scops',
    SCOPS_SINKS: 'webhook:https://siem.example/in?token=tok3n, slack',
    SCOPS_WEBHOOK_SECRET: 's3cret',
    SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/h1dden',
    SCOPS_VERBOSE: 'true',
    SCOPS_DETECTOR: 'login-likelihood',
    SCOPS_QUIET_DAYS: '0',
  };
  const handler = createHandler({
    ...strict,
    context: {
      env: { ...s3.env, ...env },
      stdout: async (line) => void seen.push(line),
      sleep: async () => undefined,
      fetch: async (url) => {
        throw new TypeError(`fetch failed: ${url}`);
      },
    },
  });
  await handler(batch(...putDays(s3, 30)));
  const answer = await handler(batch(bridged('AWS Console Sign In via CloudTrail', odd())));
  assert.deepEqual(answer?.batchItemFailures, [{ itemIdentifier: 'm0' }]);
  const all = seen.join('');
  assert.match(all, /could not be settled/);
  assert.doesNotMatch(all, /s3cret|tok3n|h1dden|not-a-secret/);
});

test('it is a handler to those who have the types of AWS', () => {
  const queue: SQSHandler = createHandler({ model: 's3://models/m' });
  const topic: SNSHandler = createHandler({ model: 's3://models/m' }) as SNSHandler;
  assert.equal(typeof queue, typeof topic);
});
