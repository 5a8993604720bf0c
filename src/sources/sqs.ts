import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { address, listOf, objectOptions, queryOptions } from '../io/aws/options.ts';
import { sqsPackage } from '../io/aws/queue.ts';
import { SqsSource } from './sqs/source.ts';

const seconds = (least: number, most: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most), v.description(description));

const options = v.strictObject({
  queue: address('https://sqs.eu-west-1.amazonaws.com/123456789012/scops', "The queue's URL."),
  until: v.optional(
    v.pipe(
      v.picklist(['forever', 'empty']),
      v.description("With 'empty', stop when the queue has nothing; 'forever' waits for more."),
    ),
    'forever',
  ),
  buckets: v.optional(
    listOf(
      /^[^\s/,]{3,255}$/,
      'A bucket has a name of 3 characters or more, without "/"',
      'Read objects of these buckets alone; without them, of any: whoever may write to the queue then says what is read.',
    ),
    [],
  ),
  others: v.optional(
    v.pipe(
      v.picklist(['pass', 'read']),
      v.description(
        "Objects whose key is not one of AWS' own layout, as Firehose writes them: 'pass' over them, or 'read' what they hold. Digests and AWS Config are passed over always.",
      ),
    ),
    'pass',
  ),
  unknown: v.optional(
    v.pipe(
      v.picklist(['leave', 'delete']),
      v.description(
        "Messages that say nothing of an object, a call or a finding: 'leave' them to the queue's redrive policy, or 'delete' them.",
      ),
    ),
    'leave',
  ),
  wait: v.optional(
    seconds(0, 20, 'Seconds that the queue waits for a message before it answers that there is none.'),
    20,
  ),
  visibility: v.optional(
    seconds(
      2,
      43_200,
      'Seconds that messages are kept from other readers; asked for anew while they are worked on. After a crash they come again so much later.',
    ),
    300,
  ),
  retryAfter: v.optional(seconds(0, 43_200, 'Seconds after which a message comes again that could not be read.'), 60),
  ...objectOptions,
});

/**
 * A queue of SQS: notifications of S3, direct, through SNS or through EventBridge, whose objects are fetched; and calls and
 * findings that EventBridge sends. A message is deleted once the sinks have accepted what was found in all it brought; one
 * that cannot be read is left, so the queue's redrive policy puts it aside.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 */
export const sqs = defineSource({
  name: 'sqs',
  summary:
    'AWS CloudTrail and GuardDuty as a queue of SQS brings them: notifications of S3, and events of EventBridge.',
  options,
  examples: [
    'scops score --model cloud.scops --source sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/scops --sink slack',
    "scops score --model cloud.scops --source 'sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/scops?until=empty'",
  ],
  needs: sqsPackage,
  target: readTarget,
  create: (chosen, context) => new SqsSource(chosen, context),
});

/** The queue's URL, with `?option=value&…` after it. */
function readTarget(target: string): Record<string, unknown> {
  const [, queue = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(target) ?? [];
  return { ...queryOptions(query, ['wait', 'visibility', 'retryAfter']), queue };
}
