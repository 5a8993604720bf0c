import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as logs from '../support/aws/logs.ts';
import { bridged, notification, type Queues, startQueues } from '../support/aws/queues.ts';
import { ids, openS3 } from '../support/aws/sources.ts';
import { awsEnvironment, bucket, type Store, type StoreEvent, startStore } from '../support/aws/store.ts';
import { eventually } from '../support/kafka-reader.ts';

const { calls, digestFile, exportFile, exportKey, finding, findingId, probe, trailFile, trailKey } = logs;
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

/** A command line that is running; what it said last is part of what `ended` throws. */
function start(
  folder: string,
  args: readonly string[],
  before: readonly string[] = [],
): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [...before, main, ...args], {
    cwd: folder,
    env: { ...process.env, ...awsEnvironment, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text));
  return { child, said: () => said };
}

async function run(folder: string, args: readonly string[], before: readonly string[] = []) {
  const { child, said } = start(folder, args, before);
  const [code] = await once(child, 'exit');
  return { code, said: said() };
}

/** The findings of GuardDuty that were delivered, in order, by the event's id; a line cut short by a kill is none. */
async function delivered(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'findings.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const { event } = JSON.parse(line);
      return event.kind === 'finding' ? [event.id] : [];
    } catch {
      return [];
    }
  });
}

async function stop({ child, said }: ReturnType<typeof start>, signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
  if (child.exitCode !== null) assert.fail(`It ended by itself: ${said()}`);
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

describe('a bucket of S3 and a queue of SQS', { timeout: 240_000 }, () => {
  let store: Store;
  let queues: Queues;
  let folder: string;
  let at: string;
  before(async () => {
    store = await startStore();
    queues = await startQueues();
    folder = await mkdtemp(join(tmpdir(), 'scops-aws-'));
    at = `endpoint=${encodeURIComponent(store.endpoint)}&forcePathStyle=true`;
  });
  after(async () => {
    await store[Symbol.asyncDispose]();
    await queues[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const score = [
    'score',
    '--model',
    'm.scops',
    '--sink',
    'jsonl:findings.jsonl',
    '--fold',
    '0',
    '--repeat',
    '0',
    '--rejects',
    'rejects.jsonl',
  ];

  test('calls and findings come through S3, SNS, EventBridge and SQS; killed in the middle, no finding is lost', async () => {
    const url = queues.create('logs', 6);
    queues.server.createTopic('logs');
    queues.server.subscribe({ topic: 'logs', queue: 'logs' });
    let count = 0;
    // Every store's event goes another of the ways that AWS has.
    store.onEvent((event: StoreEvent) => {
      const [record] = event.Records;
      if (record === undefined || !record.s3.object.key.startsWith('team a=b+c/')) return;
      const { key, size } = record.s3.object;
      const sent = notification(key, event);
      const way = count++ % 3;
      if (way === 0) queues.send('logs', sent);
      else if (way === 1) queues.server.publish('logs', JSON.stringify(sent));
      else
        queues.send('logs', bridged('aws.s3', 'Object Created', { bucket: { name: bucket }, object: { key, size } }));
    });
    const put = (key: string, bytes: Uint8Array) => store.put(`team a=b+c/${key}`, bytes);

    for (const file of range(0, 12))
      await put(trailKey('2026-01-02', file), trailFile(calls(file * 25, file * 25 + 25)));
    await put(trailKey('2026-01-02', 0, 'CloudTrail-Digest'), digestFile());
    await eventually('the notifications', () => queues.count('logs').ready === 13);
    const source = `sqs:${url}?wait=1&visibility=6&retryAfter=1&${at}`;
    const fitted = await run(folder, [
      'fit',
      '--detector',
      'principal-likelihood',
      '--model',
      'm.scops',
      '--source',
      `${source}&until=empty`,
    ]);
    assert.equal(fitted.code, 0, fitted.said);
    assert.match(fitted.said, /Learnt 300 events/);

    const putMore = async (from: number, to: number) => {
      for (const file of range(from, to)) {
        await put(
          exportKey('2026-01-02', `0f${file}`),
          exportFile(range(file * 5, file * 5 + 5).map((each) => finding(each))),
        );
        await put(trailKey('2026-01-03', file), trailFile(calls(300 + file * 100, 400 + file * 100)));
        queues.send('logs', bridged('aws.guardduty', 'GuardDuty Finding', finding(100 + file)));
      }
    };
    await putMore(0, 6);
    queues.send('logs', 'rubbish');
    const expected = [...range(0, 60), ...range(100, 112)].map(findingId);
    const zeroth = start(folder, [...score, '--learn', '--source', source]);
    await eventually('messages are in its hands', () => queues.count('logs').inFlight > 5);
    await stop(zeroth, 'SIGKILL');
    const first = start(folder, [...score, '--learn', '--source', source]);
    await eventually('the first findings', async () => (await delivered(folder)).length > 0);
    await putMore(6, 12);
    await eventually('more is in its hands', () => queues.count('logs').inFlight > 5);
    await stop(first, 'SIGKILL');
    const early = new Set(await delivered(folder));
    assert.ok(early.size > 0 && early.size < expected.length, `${early.size} findings before the end`);
    // What arrives while nobody reads.
    await put(exportKey('2026-01-03', 'late'), exportFile([finding(200)]));
    // One about nobody is a finding like the others.
    queues.send('logs', bridged('aws.guardduty', 'GuardDuty Finding', probe(201)));
    const second = start(folder, [...score, '--learn', '--source', source]);
    const wanted = [...expected, findingId(200), findingId(201)];
    await eventually(
      'all findings',
      async () => {
        const found = new Set(await delivered(folder));
        return wanted.every((id) => found.has(id));
      },
      60_000,
    );
    await eventually(
      'the queue is empty, but for what nobody can read',
      () => {
        const { ready, inFlight, dead } = queues.count('logs');
        return ready === 0 && inFlight === 0 && dead === 1;
      },
      60_000,
    );
    await stop(second, 'SIGINT');
    assert.deepEqual([...new Set(await delivered(folder))].sort(), wanted.sort());
    assert.match(
      await readFile(join(folder, 'rejects.jsonl'), 'utf8'),
      /not a JSON object \(received 6 times; left in the queue\)/,
    );
    const last = await run(folder, [...score, '--learn', '--source', `${source}&until=empty`]);
    assert.match(last.said, /^0 findings among 0 judged of 0 events read\.$/m);
  });

  test('a bucket is followed by days; killed in the middle, no finding is lost, and a name that sorts earlier is found', async () => {
    await rm(join(folder, 'findings.jsonl'), { force: true });
    const target = `s3:${bucket}/follow?${at}`;
    const put = (key: string, bytes: Uint8Array) => store.put(`follow/${key}`, bytes);
    for (const file of range(0, 8))
      await put(trailKey('2026-01-02', file), trailFile(calls(file * 25, file * 25 + 25)));
    await put(trailKey('2026-01-02', 0, 'CloudTrail-Digest'), digestFile());
    const fitted = await run(folder, [
      'fit',
      '--detector',
      'principal-likelihood',
      '--model',
      'm.scops',
      '--source',
      target,
    ]);
    assert.equal(fitted.code, 0, fitted.said);
    assert.match(fitted.said, /Learnt 200 events/);

    const putMore = async (from: number, to: number) => {
      for (const file of range(from, to)) {
        await put(trailKey('2026-01-03', file), trailFile(calls(200 + file * 20, 220 + file * 20)));
        await put(
          exportKey('2026-01-03', `ff${file}`),
          exportFile(range(file * 2, file * 2 + 2).map((each) => finding(each))),
        );
      }
    };
    await putMore(0, 15);
    const live = [...score, '--checkpoint', 'place.json', '--source', `${target}&live=true&poll=1`];
    const first = start(folder, live);
    await eventually('the first findings', async () => (await delivered(folder)).length > 0);
    await putMore(15, 30);
    await stop(first, 'SIGKILL');
    await put(exportKey('2026-01-03', '0000'), exportFile([finding(100)]));
    const second = start(folder, live);
    const has = async (numbers: readonly number[]) => {
      const found = new Set(await delivered(folder));
      return numbers.every((number) => found.has(findingId(number)));
    };
    await eventually('all findings, and the one of a name before theirs', () => has([...range(0, 60), 100]), 60_000);
    await put(exportKey('2026-01-03', '0001'), exportFile([finding(101)]));
    await put(exportKey('2026-01-02', '0001'), exportFile([finding(102)]));
    await eventually('what came since', () => has([101, 102]));
    await stop(second, 'SIGINT');
    const before = await delivered(folder);
    assert.deepEqual([...new Set(before)].sort(), [...range(0, 60), 100, 101, 102].map(findingId).sort());
    const again = await run(folder, [...score, '--checkpoint', 'place.json', '--source', target]);
    assert.match(again.said, /^0 findings among 0 judged of 0 events read\.$/m);
  });

  test('keys with all that S3 allows, and pages, with two stores that are not alike', async () => {
    const odd = "odd/a b=c+d&e'f(g)h!*,;:@$ü/";
    for (const file of range(0, 5))
      await store.put(`${odd}${trailKey('2026-01-02', file)}`, trailFile(calls(file, file + 1)));
    const endpoint = queues.server.address;
    const client = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    const fill = async (file: number) => {
      const key = `${odd}${trailKey('2026-01-02', file)}`;
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: trailFile(calls(file, file + 1)) }));
    };
    for (let from = 0; from < 1200; from += 40) await Promise.all(range(from, from + 40).map(fill));
    client.destroy();
    const read = async (address: string) =>
      (await ids(openS3(address, bucket, { prefix: odd.slice(0, -1) }).source)).length;
    assert.equal(await read(store.endpoint), 5);
    assert.equal(await read(endpoint), 1200);
  });

  test('without the SDK it says what to install; without a bucket, that', async () => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => {
        if (name.startsWith('@aws-sdk/')) throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(name, context);
      } });`;
    const without = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
    for (const [source, name] of [
      [`s3:${bucket}`, 's3'],
      [`sqs:${queues.server.address}/000000000000/logs`, 'sqs'],
    ]) {
      const { code, said } = await run(
        folder,
        ['fit', '--detector', 'ip-insights', '--model', 'x.scops', '--source', source as string],
        without,
      );
      assert.notEqual(code, 0);
      assert.match(
        said,
        new RegExp(
          `Source "${name}" needs the package @aws-sdk/client-${name} \\^3\\.\\d+\\.0\\. Run: npm install @aws-sdk/client-${name}@`,
        ),
      );
    }
    const fit = await run(folder, [
      'fit',
      '--detector',
      'ip-insights',
      '--model',
      'x.scops',
      '--source',
      `s3:no-such-bucket?${at}`,
    ]);
    assert.match(fit.said, /Cannot list "s3:\/\/no-such-bucket\/AWSLogs\/": it does not exist\./);
  });
});
