import type { S3Client } from '@aws-sdk/client-s3';
import type { Context } from '../event/index.ts';
import { type BucketSettings, s3Package } from '../io/aws/bucket.ts';
import { clientOptions } from '../io/aws/client.ts';
import { optional } from '../io/optional.ts';
import type { ObjectCalls } from './model-store.ts';

/** Reading and writing whole objects under conditions. Loads the SDK when first called. */
export function s3Calls(settings: BucketSettings, context: Pick<Context, 'env'>): ObjectCalls {
  let opened: Promise<{ library: typeof import('@aws-sdk/client-s3'); client: S3Client }> | undefined;
  const open = () => {
    opened ??= optional('The Lambda handler', s3Package, () => import('@aws-sdk/client-s3')).then((library) => {
      const { forcePathStyle } = settings;
      const options = { ...clientOptions(settings, context), forcePathStyle, followRegionRedirects: true };
      return { library, client: new library.S3Client(options) };
    });
    return opened;
  };
  return {
    async get(request) {
      const { library, client } = await open();
      const { Body, ETag = '' } = await client.send(new library.GetObjectCommand(request));
      return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), tag: ETag };
    },
    async put(request) {
      const { library, client } = await open();
      const { ETag = '' } = await client.send(new library.PutObjectCommand(request));
      return { tag: ETag };
    },
  };
}
