import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import type { Finding } from '../../src/event/index.ts';
import { createHandler } from '../../src/lambda.ts';
import { decodeTrained, type Trained } from '../../src/pipeline/trained.ts';
import { simulateCloud } from '../../src/simulate/cloud.ts';
import { type Container, packFunction, startContainer } from '../support/aws/container.ts';
import { trailFile, trailKey } from '../support/aws/logs.ts';
import { awsEnvironment, bucket, type Store, startStore } from '../support/aws/store.ts';
import { testContext } from '../support/context.ts';
import { batch, bridged, created, testEvent } from '../support/lambda.ts';
import { S3Server } from '../support/s3-server.ts';

const days = 6;
const filesADay = 4;
const model = 'models/cloud.scops';

interface Day {
  readonly files: readonly { readonly key: string; readonly body: Uint8Array }[];
  readonly findings: readonly object[];
}

/** The first days of a simulated company's trail, as CloudTrail delivers them, and what GuardDuty says in them. */
function companyDays(): Day[] {
  const simulated = simulateCloud({ seed: 5, days: 21, people: 20, attacks: 8 });
  const byDay: Record<string, unknown>[][] = [];
  const first = Date.UTC(2026, 2, 2);
  const dayOf = (time: unknown): number => Math.floor((Date.parse(String(time)) - first) / 86_400_000);
  for (const record of simulated.records as Iterable<Record<string, unknown>>) {
    const day = dayOf(record.eventTime);
    if (day >= days) break;
    byDay[day] ??= [];
    byDay[day].push(record);
  }
  const findings = [...simulated.findings] as unknown as Record<string, unknown>[];
  return byDay.map((records, day) => {
    const size = Math.ceil(records.length / filesADay);
    const date = new Date(first + day * 86_400_000).toISOString().slice(0, 10);
    return {
      files: Array.from({ length: filesADay }, (_, at) => ({
        key: trailKey(date, at * 5),
        body: trailFile(records.slice(at * size, (at + 1) * size)),
      })),
      findings: findings.filter(({ service }) => dayOf((service as Record<string, unknown>).eventLastSeen) === day),
    };
  });
}

describe('the function of examples/aws-lambda, behind a real queue and a real bucket', () => {
  let store: Store;
  let queues: FauxqsServer;
  let sqs: SQSClient;
  let queue: string;
  let dead: string;
  let packed: Awaited<ReturnType<typeof packFunction>>;
  let container: Container;
  const lines: Record<string, unknown>[] = [];
  const all = companyDays();
  const env = () => ({
    ...awsEnvironment,
    AWS_ENDPOINT_URL_S3: store.endpoint,
    SCOPS_MODEL: `s3://${bucket}/${model}`,
    SCOPS_SINKS: 'stdout:json',
    SCOPS_QUIET_DAYS: '3',
  });
  const sending: Promise<unknown>[] = [];
  const send = (body: string): void =>
    void sending.push(sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body })));
  const waiting = async (url: string): Promise<number> => {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };

  before(async () => {
    store = await startStore();
    queues = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
    const letters = queues.createQueue('dead-letters');
    const redrive = { deadLetterTargetArn: letters.queueArn, maxReceiveCount: '3' };
    const attributes = { VisibilityTimeout: '1', RedrivePolicy: JSON.stringify(redrive) };
    const { queueUrl } = queues.createQueue('scops', { attributes });
    const endpoint = `http://127.0.0.1:${queues.port}`;
    [queue, dead] = [queueUrl, letters.queueUrl];
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false });
    // What the bucket's notification does.
    store.onEvent(({ Records }) => {
      for (const { eventName, s3 } of Records) {
        const written = eventName.startsWith('ObjectCreated:') && s3.object.key.startsWith('AWSLogs/');
        if (written) send(created(s3.bucket.name, s3.object.key));
      }
    });
    packed = await packFunction();
    container = await startContainer(packed.file, env());
  });
  after(async () => {
    await container?.[Symbol.asyncDispose]();
    await packed?.[Symbol.asyncDispose]();
    sqs?.destroy();
    await queues?.stop();
    await store?.[Symbol.asyncDispose]();
  });

  /** What the event source mapping does, until nothing is left in the queue. Gives how many batches there were. */
  async function drain(): Promise<number> {
    await Promise.all(sending.splice(0));
    let batches = 0;
    while ((await waiting(queue)) > 0) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) continue;
      batches++;
      const records = Messages.map(({ MessageId, Body }) => ({
        messageId: MessageId,
        body: Body,
        eventSource: 'aws:sqs',
      }));
      const answer = await container.invoke({ Records: records });
      const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = Messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
      if (done.length > 0) {
        const Entries = done.map(({ ReceiptHandle }, at) => ({ Id: `e${at}`, ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
      }
    }
    return batches;
  }

  async function replace(): Promise<void> {
    lines.push(...container.lines());
    await container[Symbol.asyncDispose]();
    container = await startContainer(packed.file, env());
  }

  const stored = async (): Promise<Trained> => {
    const response = await fetchObject();
    return decodeTrained(response, testContext());
  };
  const fetchObject = async (): Promise<Uint8Array> => {
    const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
    const client = new S3Client({ endpoint: store.endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: model }));
    return (await Body?.transformToByteArray()) ?? assert.fail('no model');
  };

  test('days of files and findings through bucket, queue and function, over several containers', async () => {
    send(testEvent(bucket));
    for (const [day, { files, findings }] of all.entries()) {
      for (const { key, body } of files) await store.put(key, body);
      for (const finding of findings) send(bridged('GuardDuty Finding', finding));
      await drain();
      if (day % 2 === 1) await replace();
    }
    assert.equal(await waiting(dead), 0);
    const { trained, detector } = await stored();
    assert.equal(detector, 'principal-likelihood');
    const records = lines.filter(({ message }) => message === 'Done.');
    assert.ok(records.length >= days, `${records.length} invocations`);
    assert.equal(
      records.reduce((sum, line) => sum + Number(line.learnt), 0),
      trained.events,
    );
    assert.ok(
      lines.some(({ message }) => /an empty one of "principal-likelihood" begins to learn/.test(String(message))),
    );
  });

  test('every finding, also about nobody, was delivered with reasons, once', () => {
    const told = lines.filter(({ detector }) => detector === 'principal-likelihood') as unknown as Finding[];
    const findings = all.flatMap((day) => day.findings as { id: string; resource: { resourceType: string } }[]);
    assert.ok(findings.some(({ resource }) => resource.resourceType === 'Instance'));
    const wanted = new Set(findings.map(({ id }) => `principal-likelihood:guardduty/${id}`));
    const got = told.map(({ id }) => id).filter((id) => id.includes(':guardduty/'));
    assert.ok(wanted.size > 5, `${wanted.size} findings`);
    assert.deepEqual(new Set(got), wanted);
    for (const { reasons } of told) assert.ok(reasons.length > 0);
  });

  test('the model is the one that is learnt in one go', async () => {
    await using s3 = await S3Server.start();
    for (const { key, body } of all.flatMap(({ files }) => files)) s3.put(bucket, key, body);
    const handler = createHandler({
      model: `s3://${bucket}/${model}`,
      sinks: [],
      quietDays: 3,
      context: { env: { ...s3.env, SCOPS_SINKS: 'stdout:json' }, stdout: async () => undefined },
    });
    const bodies = all.flatMap(({ files, findings }) => [
      ...files.map(({ key }) => created(bucket, key)),
      ...findings.map((finding) => bridged('GuardDuty Finding', finding)),
    ]);
    assert.deepEqual(await handler(batch(...bodies)), { batchItemFailures: [] });
    const atOnce = await decodeTrained(s3.objects.get(`/${bucket}/${model}`)?.body as Uint8Array, testContext());
    const grown = await stored();
    assert.deepEqual(grown.trained, atOnce.trained);
    assert.deepEqual(grown.model.info(), atOnce.model.info());
    assert.equal(Buffer.compare(grown.model.save(), atOnce.model.save()), 0);
  });

  test('what nobody can read reaches the dead letters alone; what comes again changes nothing', async () => {
    const before = await fetchObject();
    send('poison');
    const [again] = all[0]?.files ?? [];
    await store.put('AWSLogs/garbage/CloudTrail/123456789012_CloudTrail_us-east-1_x.json.gz', Buffer.from('garbage'));
    send(created(bucket, again?.key ?? ''));
    send(bridged('GuardDuty Finding', all.flatMap(({ findings }) => findings)[0] as object));
    const batches = await drain();
    assert.ok(batches >= 3, `${batches} batches`);
    assert.equal(await waiting(dead), 2);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: dead, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    assert.ok(Messages.some(({ Body }) => Body === 'poison'));
    assert.ok(Messages.some(({ Body }) => Body?.includes('garbage')));
    const { trained } = await stored();
    assert.deepEqual(trained, (await decodeTrained(before, testContext())).trained);
  });
});

test('two containers that learn at once keep what both learnt', async () => {
  await using s3 = await S3Server.start();
  await using packed = await packFunction();
  const env = { ...s3.env, SCOPS_MODEL: 's3://models/cloud.scops', SCOPS_QUIET_DAYS: '0' };
  await using one = await startContainer(packed.file, env);
  await using two = await startContainer(packed.file, env);
  const [first, second] = companyDays();
  const put = ({ files }: Day): string[] =>
    files.map(({ key, body }) => {
      s3.put('trail', key, body);
      return created('trail', key);
    });
  const left = put(first as Day);
  const right = put(second as Day);
  const answers = await Promise.all([
    (async () => [await one.invoke(batch(...left.slice(0, 2))), await one.invoke(batch(...left.slice(2)))])(),
    (async () => [await two.invoke(batch(...right.slice(0, 2))), await two.invoke(batch(...right.slice(2)))])(),
  ]);
  for (const answer of answers.flat()) assert.deepEqual(answer, { batchItemFailures: [] });
  assert.ok(
    s3.calls.some((call) => call.startsWith('PUT') && call.endsWith(' 412')),
    'they never met',
  );
  const counted = [...one.lines(), ...two.lines()].filter(({ message }) => message === 'Done.');
  const { trained } = await decodeTrained(s3.objects.get('/models/cloud.scops')?.body as Uint8Array, testContext());
  assert.equal(
    trained.events,
    counted.reduce((sum, { learnt }) => sum + Number(learnt), 0),
  );
});
