import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** What clients of the emulators have in their environment. */
export const awsEnvironment = {
  AWS_ACCESS_KEY_ID: 'S3RVER',
  AWS_SECRET_ACCESS_KEY: 'S3RVER',
  AWS_REGION: 'us-east-1',
} as const;

/** A notification as the emulator makes it: like one of S3, but for its keys, which are not encoded. */
export interface StoreEvent {
  readonly Records: readonly {
    readonly eventName: string;
    readonly s3: {
      readonly bucket: { readonly name: string };
      readonly object: { readonly key: string; readonly size?: number; readonly eTag?: string };
    };
  }[];
}

/** An S3 emulator (s3rver) with a bucket, in a process and a folder of its own that end with it. */
export interface Store extends AsyncDisposable {
  readonly endpoint: string;
  put(key: string, body: Uint8Array | string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Hear what S3 would notify of. */
  onEvent(listener: (event: StoreEvent) => void): void;
}

export const bucket = 'security-logs';

export async function startStore(): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'scops-s3-'));
  const child = fork(join(import.meta.dirname, 'store-child.ts'), [directory, bucket], {
    execArgv: ['--openssl-legacy-provider', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const listeners: ((event: StoreEvent) => void)[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on('message', (message: { port?: number; event?: StoreEvent }) => {
    if (message.port !== undefined) resolve(message.port);
    if (message.event !== undefined) for (const listener of listeners) listener(message.event);
  });
  child.once('exit', (code) => reject(new Error(`The S3 emulator ended with ${code}.`)));
  const endpoint = `http://127.0.0.1:${await promise}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
  return {
    endpoint,
    async put(key, body) {
      const bytes = Buffer.from(body);
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentLength: bytes.length }));
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    onEvent: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      client.destroy();
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
