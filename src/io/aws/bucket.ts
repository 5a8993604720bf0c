import type { S3Client } from '@aws-sdk/client-s3';
import { type Context, ScopsError } from '../../event/index.ts';
import { optional } from '../optional.ts';
import { type AwsSettings, clientOptions } from './client.ts';
import { awsError } from './error.ts';

export const s3Package = { package: '@aws-sdk/client-s3', version: '^3.900.0' };

export interface BucketSettings extends AwsSettings {
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`, as most stores that are not AWS want it. */
  readonly forcePathStyle: boolean;
}

export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string | undefined;
  /** Bytes, where they are known. */
  readonly size?: number | undefined;
}

export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly size?: number | undefined;
  /** Epoch milliseconds; 0 when the store does not say. */
  readonly modified: number;
}

type Library = typeof import('@aws-sdk/client-s3');

/** What is asked for at once, so what an object takes in memory. */
const pieceBytes = 8 * 2 ** 20;
/** S3 has no longer pages. */
const mostOfPage = 1000;

/** A connection to S3. Loads the SDK; `user` is who needs it. Throws ScopsError DEPENDENCY_MISSING. */
export async function openBuckets(
  user: string,
  settings: BucketSettings,
  context: Pick<Context, 'env'>,
): Promise<Buckets> {
  const library = await optional(user, s3Package, () => import('@aws-sdk/client-s3'));
  const { forcePathStyle } = settings;
  return new Buckets(
    library,
    new library.S3Client({ ...clientOptions(settings, context), forcePathStyle, followRegionRedirects: true }),
  );
}

/** Buckets of S3. Methods throw ScopsError SOURCE_UNREADABLE (see `faultOf`), or what `signal` aborted with. */
export class Buckets {
  readonly #library: Library;
  readonly #client: S3Client;

  constructor(library: Library, client: S3Client) {
    this.#library = library;
    this.#client = client;
  }

  /** What is under a prefix, in the order of keys, a page of at most `size` at a time; with `after`, what follows that. */
  async *list(
    bucket: string,
    prefix: string,
    {
      after,
      size = mostOfPage,
      signal,
    }: { readonly after?: string | undefined; readonly size?: number; readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<readonly ListedObject[], void> {
    for (let token: string | undefined; ; ) {
      const command = new this.#library.ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        MaxKeys: size,
        ...(token === undefined ? (after === undefined ? {} : { StartAfter: after }) : { ContinuationToken: token }),
      });
      const page = await this.#client.send(command, aborting(signal)).catch((error: unknown) => {
        throw failure(error, signal, `list "s3://${bucket}/${prefix}"`, 's3:ListBucket');
      });
      yield (page.Contents ?? []).flatMap(({ Key, ETag = '', Size, LastModified }) =>
        Key === undefined
          ? []
          : [{ key: Key, etag: unquoted(ETag), size: Size, modified: LastModified?.getTime() ?? 0 }],
      );
      if (page.IsTruncated !== true || page.NextContinuationToken === undefined) return;
      token = page.NextContinuationToken;
    }
  }

  /**
   * The folders right below one, each with `/` at its end, at the price of a request each. It leaps from one to the next;
   * the delimiter that S3 has for this is not done right by every store that speaks S3.
   */
  async *folders(bucket: string, folder: string, signal?: AbortSignal): AsyncGenerator<string, void> {
    for (let done: string | undefined; ; ) {
      // What comes after `/` in the order of keys is `0`.
      const after = done?.replace(/\/$/, '0');
      const { value: [first] = [] } = await this.list(bucket, folder, { after, size: 1, signal }).next();
      if (first === undefined) return;
      if (done !== undefined && (done.endsWith('/') ? first.key.startsWith(done) : first.key === done)) {
        throw new ScopsError(
          'SOURCE_UNREADABLE',
          `Cannot list "s3://${bucket}/${folder}": the store does not know S3's "start-after", and begins anew.`,
        );
      }
      const slash = first.key.indexOf('/', folder.length);
      if (slash >= 0) yield first.key.slice(0, slash + 1);
      done = slash < 0 ? first.key : first.key.slice(0, slash + 1);
    }
  }

  /**
   * The bytes of an object. Its first 8 MiB are there when this returns, the others come in such pieces as they are asked
   * for, each sent for again when the connection breaks; all of one version of the object.
   */
  async open(object: ObjectName, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const first = object.size === 0 ? nothing : await this.#piece(object, 0, undefined, signal);
    return this.#pieces(object, first, signal);
  }

  close(): void {
    this.#client.destroy();
  }

  async *#pieces(object: ObjectName, first: Piece, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    yield first.bytes;
    let at = first.bytes.length;
    while (at < first.total) {
      const { bytes } = await this.#piece(object, at, first.etag, signal);
      if (bytes.length === 0) return;
      at += bytes.length;
      yield bytes;
    }
  }

  async #piece(
    object: ObjectName,
    from: number,
    etag: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Piece> {
    const { bucket, key, version } = object;
    const command = new this.#library.GetObjectCommand({
      Bucket: bucket,
      Key: key,
      Range: `bytes=${from}-${from + pieceBytes - 1}`,
      ...(version === undefined ? {} : { VersionId: version }),
      ...(etag === undefined ? {} : { IfMatch: etag }),
    });
    for (let attempt = 1; ; attempt++) {
      let answered = false;
      try {
        const answer = await this.#client.send(command, aborting(signal));
        answered = true;
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        const total = Number(/\/(\d{1,15})$/.exec(answer.ContentRange ?? '')?.[1] ?? bytes.length);
        return { bytes, total, etag: answer.ETag };
      } catch (error) {
        if (isEmpty(error)) return nothing;
        // The SDK sends a request again, but not for an answer that breaks off in the middle.
        if (answered && attempt < 3 && !signal?.aborted && brokeOff(error)) continue;
        throw failure(
          error,
          signal,
          `read "s3://${bucket}/${key}"`,
          's3:GetObject; and s3:ListBucket, to be told of an object that is not there',
        );
      }
    }
  }
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly total: number;
  readonly etag: string | undefined;
}

const nothing: Piece = { bytes: new Uint8Array(), total: 0, etag: undefined };

const unquoted = (etag: string): string => etag.replace(/^"|"$/g, '');

/** An object without bytes has no range. */
const isEmpty = (error: unknown): boolean => error instanceof Error && error.name === 'InvalidRange';

/** A connection that failed or fell silent, rather than an answer that says no. */
const brokeOff = (error: unknown): boolean =>
  error instanceof Error &&
  !('$fault' in error) &&
  (error.name === 'TimeoutError' ||
    ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE'].includes(String((error as NodeJS.ErrnoException).code)));

export const aborting = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

const failure = (error: unknown, signal: AbortSignal | undefined, doing: string, permission: string): unknown =>
  signal?.aborted ? error : awsError(error, doing, permission);
