import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { bucket, type StoreEvent } from './store.ts';

/** An SQS emulator (fauxqs) of our own, in this process, with queues that put messages aside. */
export interface Queues extends AsyncDisposable {
  readonly server: FauxqsServer;
  /** A queue that puts messages aside after so many receipts (3); gives its URL. */
  create(name: string, receipts?: number): string;
  send(name: string, body: unknown): void;
  /** How many messages there are, those in somebody's hands apart. */
  count(name: string): { readonly ready: number; readonly inFlight: number; readonly dead: number };
}

const dead = (name: string): string => `${name}-dead`;

export async function startQueues(): Promise<Queues> {
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  return {
    server,
    create(name, receipts = 3) {
      const { queueArn } = server.createQueue(dead(name));
      const redrive = JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount: receipts });
      server.createQueue(name, { attributes: { RedrivePolicy: redrive } });
      return `${server.address}/000000000000/${name}`;
    },
    send: (name, body) => void server.sendMessage(name, typeof body === 'string' ? body : JSON.stringify(body)),
    count(name) {
      const { ready = [], inflight = [] } = server.inspectQueue(name)?.messages ?? {};
      const { ready: put = [] } = server.inspectQueue(dead(name))?.messages ?? {};
      return { ready: ready.length, inFlight: inflight.length, dead: put.length };
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}

/** A key as S3 writes it into a notification. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+').replaceAll("'", '%27');

/** What S3 sends for an object, from the emulator's event or by itself. */
export function notification(key: string, event?: StoreEvent): Record<string, unknown> {
  const [record] = event?.Records ?? [];
  const base = record ?? {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventName: 'ObjectCreated:Put',
    s3: { s3SchemaVersion: '1.0', bucket: { name: bucket }, object: { key } },
  };
  const object = { ...base.s3.object, key: encodedKey(key) };
  return { Records: [{ ...base, s3: { ...base.s3, object } }] };
}

/** What EventBridge sends. */
export const bridged = (source: string, detailType: string, detail: unknown): Record<string, unknown> => ({
  version: '0',
  id: 'ab1c2d3e-0000-4000-8000-000000000001',
  'detail-type': detailType,
  source,
  account: '123456789012',
  time: '2026-01-02T03:04:05Z',
  region: 'eu-west-1',
  resources: [],
  detail,
});

/** A message of SNS as SQS gets it, unless delivery is raw. */
export const throughTopic = (message: unknown): Record<string, unknown> => ({
  Type: 'Notification',
  MessageId: 'ab1c2d3e-0000-4000-8000-000000000002',
  TopicArn: 'arn:aws:sns:eu-west-1:123456789012:logs',
  Message: JSON.stringify(message),
  Timestamp: '2026-01-02T03:04:05.000Z',
});
