import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { s3Package } from '../io/aws/bucket.ts';
import { listOf, objectOptions, queryOptions } from '../io/aws/options.ts';
import { S3Source } from './s3/source.ts';

const day = (description: string) =>
  v.optional(v.pipe(v.string(), v.isoDate('A day is YYYY-MM-DD'), v.description(description)));

const options = v.strictObject({
  bucket: v.pipe(
    v.string(),
    v.regex(/^[^\s/?]{3,255}$/, 'A bucket has a name of 3 characters or more, without "/"'),
    v.description('The bucket.'),
  ),
  prefix: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(1024),
      v.description(
        'What stands before AWSLogs/ in the keys, or a folder below it, such as AWSLogs/123456789012/GuardDuty.',
      ),
    ),
    '',
  ),
  accounts: v.optional(listOf(/^\d{12}$/, 'An account has 12 digits', 'Read only these accounts.'), []),
  regions: v.optional(listOf(/^[a-z0-9-]{1,32}$/, 'A region is such as eu-west-1', 'Read only these regions.'), []),
  since: day('The first day to read, in UTC.'),
  until: day('The last day to read, in UTC.'),
  live: v.optional(v.pipe(v.boolean(), v.description('Go on: look for new objects again and again.')), false),
  poll: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0.1),
      v.maxValue(86_400),
      v.description('Seconds between two looks; each lists a folder per account, service and region.'),
    ),
    60,
  ),
  ...objectOptions,
});

/**
 * Files of CloudTrail (with its insights) and exports of GuardDuty as they lie in a bucket, in the order of days and therein
 * of their delivery. Digests and what else lies there are passed over and counted. What is read is told by its content, so
 * one bucket may hold both. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
 */
export const s3 = defineSource({
  name: 's3',
  summary: 'AWS CloudTrail and GuardDuty from a bucket of S3, once or as they come, with an exact checkpoint.',
  options,
  examples: [
    'scops fit --detector principal-likelihood --source s3:my-logs --model cloud.scops',
    "scops score --model cloud.scops --source 's3:my-logs/prefix?live=true&since=2026-01-01'",
  ],
  needs: s3Package,
  target: readTarget,
  create: (chosen, context) => new S3Source(chosen, context),
});

/** `BUCKET[/PREFIX][?option=value&…]`, also with `s3://` before it. */
function readTarget(target: string): Record<string, unknown> {
  const [, bucket = '', prefix = '', query = ''] = /^(?:s3:)?(?:\/\/)?([^/?]*)\/?([^?]*)\??(.*)$/s.exec(target) ?? [];
  return { ...queryOptions(query, ['poll']), bucket, ...(prefix === '' ? {} : { prefix }) };
}
