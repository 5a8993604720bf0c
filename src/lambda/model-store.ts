import { readFile } from 'node:fs/promises';
import { ScopsError } from '../event/index.ts';

/** A model's bytes, and what tells them from the bytes that another writer put in their place. */
interface Stored {
  readonly bytes: Uint8Array;
  readonly tag: string;
}

/** Where a model lies. */
export interface ModelStore {
  /** What stands in messages. */
  readonly where: string;
  /** Undefined when there is none; 'same' when it is still the one of that tag. Throws ScopsError SOURCE_UNREADABLE. */
  read(tag?: string): Promise<Stored | 'same' | undefined>;
  /**
   * Put bytes in the place of those of that tag, or where there were none. Gives the new tag, or undefined when somebody
   * else has written since: then nothing is changed. Absent where nothing can be written. Throws ScopsError OUTPUT_UNWRITABLE.
   */
  write?(bytes: Uint8Array, tag: string | undefined): Promise<string | undefined>;
}

/** What of S3 a model needs: the two calls, so that any client will do. */
export interface ObjectCalls {
  get(request: { Bucket: string; Key: string; IfNoneMatch?: string }): Promise<{ body: Uint8Array; tag: string }>;
  put(request: {
    Bucket: string;
    Key: string;
    Body: Uint8Array;
    IfMatch?: string;
    IfNoneMatch?: string;
  }): Promise<{ tag: string }>;
}

/** A file, such as one in the function's own package. It is only read. */
export function fileStore(path: string): ModelStore {
  return {
    where: path,
    async read(tag) {
      if (tag !== undefined) return 'same';
      try {
        return { bytes: await readFile(path), tag: path };
      } catch (cause) {
        throw new ScopsError('SOURCE_UNREADABLE', `Cannot read the model "${path}".`, { cause });
      }
    },
  };
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'failed');

/**
 * An object of S3, written only in the place of the version that was read.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function s3Store(bucket: string, key: string, calls: ObjectCalls): ModelStore {
  const where = `s3://${bucket}/${key}`;
  const place = { Bucket: bucket, Key: key };
  return {
    where,
    async read(tag) {
      try {
        const { body, tag: found } = await calls.get({ ...place, ...(tag === undefined ? {} : { IfNoneMatch: tag }) });
        return { bytes: body, tag: found };
      } catch (cause) {
        if (statusOf(cause) === 304) return 'same';
        if (nameOf(cause) === 'NoSuchKey') return undefined;
        const hint =
          statusOf(cause) === 403
            ? ' Without s3:ListBucket on the bucket, a model that is missing looks like this too.'
            : '';
        throw new ScopsError('SOURCE_UNREADABLE', `Cannot read the model ${where} (${nameOf(cause)}).${hint}`, {
          cause,
        });
      }
    },
    async write(bytes, tag) {
      try {
        const condition = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
        return (await calls.put({ ...place, Body: bytes, ...condition })).tag;
      } catch (cause) {
        // 409: another write was under way; 404: what was to be replaced is gone.
        if ([404, 409, 412].includes(statusOf(cause) ?? 0) && nameOf(cause) !== 'NoSuchBucket') return undefined;
        throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write the model ${where} (${nameOf(cause)}).`, { cause });
      }
    },
  };
}
