import type { Unreadable } from '../../event/index.ts';
import { child, isObject, type Json, number, own, string } from '../wazuh/values.ts';
import { parse } from './envelope.ts';

/** An object that was written to a bucket, or removed from it. */
export interface ObjectNotice {
  readonly type: 'object';
  readonly bucket: string;
  /** As the bucket has it: decoded. */
  readonly key: string;
  /** Bytes. */
  readonly size?: number;
  readonly etag?: string;
  readonly version?: string;
  readonly region?: string;
  readonly removed?: true;
}

/** A record that came by itself: an event of EventBridge, or what stands in one's `detail`. */
interface RecordNotice {
  readonly type: 'record';
  /** Such as `GuardDuty Finding`; empty where there is no envelope. */
  readonly detailType: string;
  readonly detail: Json;
  /** With its envelope, as the readers of records take it. */
  readonly record: Json;
}

/** What a message of a queue, a topic or a rule says. */
export type Notice =
  | ObjectNotice
  | RecordNotice
  /** That a notification was set up: nothing to do. */
  | { readonly type: 'test' }
  /** Something else, such as an object's new tags. `what` is short, and holds text of the message. */
  | { readonly type: 'other'; readonly what: string };

/** A message of SQS has at most a mebibyte. */
const longestBody = 2 ** 20;
const longestKey = 1024;
const mostNotices = 1000;
const mostLayers = 4;
/** As many as records in files may have. What is deeper cannot be written as text again. */
const mostLevels = 128;

/**
 * What a message says, in the order it says it: notifications of S3 (keys decoded), of EventBridge about S3, and of
 * CloudTrail's topic; other events of EventBridge; findings and records by themselves. By itself, or in the envelopes of
 * SNS, SQS and Lambda, at most four deep. Pure, throws for no input, linear time.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 */
export function noticesOf(body: string | object): readonly Notice[] | Unreadable {
  return read(body, mostLayers);
}

function read(body: unknown, layers: number): readonly Notice[] | Unreadable {
  if (layers === 0) return { reason: `more than ${mostLayers} envelopes around a notification` };
  if (typeof body !== 'string') return isObject(body) ? ofObject(body, layers) : { reason: 'not a JSON object' };
  if (body.length > longestBody) return { reason: `a message of more than ${longestBody} characters` };
  // What CloudTrail sends when its topic is set.
  if (body.startsWith('CloudTrail validation message')) return [{ type: 'test' }];
  const value = parse(body);
  return value === undefined ? { reason: 'not a JSON object' } : ofObject(value, layers);
}

function ofObject(body: Json, layers: number): readonly Notice[] | Unreadable {
  const records = own(body, 'Records');
  if (Array.isArray(records)) return ofRecords(records, layers);
  const topicKeys = own(body, 's3ObjectKey');
  if (topicKeys !== undefined) return ofTopic(string(body, 's3Bucket'), topicKeys);
  if (string(body, 'Event') === 's3:TestEvent') return [{ type: 'test' }];
  const sns = string(body, 'Type');
  if (sns === 'Notification' && own(body, 'TopicArn') !== undefined) return read(own(body, 'Message'), layers - 1);
  if (sns?.endsWith('Confirmation')) return [other(`SNS ${sns}`)];
  const detailType = string(body, 'detail-type');
  const detail = own(body, 'detail');
  if (detailType !== undefined && isObject(detail)) {
    return string(body, 'source') === 'aws.s3'
      ? [ofBridge(body, detailType, detail)]
      : ofDetail(detailType, detail, body);
  }
  return isRecord(body) ? ofDetail('', body, body) : [other(`keys ${Object.keys(body).slice(0, 5).join(', ')}`)];
}

const ofDetail = (detailType: string, detail: Json, record: Json): readonly Notice[] | Unreadable =>
  isDeep(record)
    ? { reason: `a record of more than ${mostLevels} levels` }
    : [{ type: 'record', detailType, detail, record }];

/** Level by level, because what comes may be deeper than a function can call itself. */
function isDeep(record: Json): boolean {
  let level: readonly object[] = [record];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > mostLevels) return true;
    level = level.flatMap((value) =>
      Object.values(value).filter((inner: unknown) => typeof inner === 'object' && inner !== null),
    );
  }
  return false;
}

/** A rule may send an event's `detail` alone. */
const isRecord = (body: Json): boolean =>
  (own(body, 'eventSource') !== undefined && own(body, 'eventName') !== undefined && own(body, 's3') === undefined) ||
  (own(body, 'schemaVersion') !== undefined && own(body, 'service') !== undefined && own(body, 'type') !== undefined);

/** The list that S3 sends, and the lists that Lambda is called with. */
function ofRecords(records: readonly unknown[], layers: number): readonly Notice[] | Unreadable {
  if (records.length > mostNotices) return { reason: `more than ${mostNotices} records in a message` };
  const notices: Notice[] = [];
  for (const record of records) {
    const found = isObject(record) ? ofRecord(record, layers) : { reason: 'a record that is not a JSON object' };
    if ('reason' in found) return found;
    if (notices.length + found.length > mostNotices) return { reason: `more than ${mostNotices} records in a message` };
    notices.push(...found);
  }
  return notices;
}

function ofRecord(record: Json, layers: number): readonly Notice[] | Unreadable {
  const from = string(record, 'eventSource') ?? string(record, 'EventSource');
  if (from === 'aws:sns') return read(own(child(record, 'Sns'), 'Message'), layers - 1);
  if (from === 'aws:sqs') return read(own(record, 'body'), layers - 1);
  if (own(record, 's3') !== undefined) return [ofS3(record)];
  return isRecord(record) ? ofDetail('', record, record) : [other(`a record of ${from ?? 'nobody'}`)];
}

function ofS3(record: Json): Notice {
  const name = (string(record, 'eventName') ?? '').replace(/^s3:/, '');
  if (name === 'TestEvent') return { type: 'test' };
  const s3 = child(record, 's3');
  const object = child(s3, 'object');
  const key = decode(string(object, 'key') ?? '');
  if (key === undefined) return other('an object whose key is not URL-encoded');
  const removed = name.startsWith('ObjectRemoved:') || name.startsWith('LifecycleExpiration:');
  if (!removed && !name.startsWith('ObjectCreated:'))
    return other(name === '' ? 'an event of S3 without a name' : name);
  return noticeOf(child(s3, 'bucket'), object, key, string(record, 'awsRegion'), removed);
}

function ofBridge(event: Json, detailType: string, detail: Json): Notice {
  const removed = detailType === 'Object Deleted';
  if (!removed && detailType !== 'Object Created') return other(detailType);
  const object = child(detail, 'object');
  return noticeOf(child(detail, 'bucket'), object, string(object, 'key') ?? '', string(event, 'region'), removed);
}

function noticeOf(bucket: Json, object: Json, key: string, region: string | undefined, removed: boolean): Notice {
  const name = string(bucket, 'name');
  if (name === undefined || !isBucket(name)) return other('an object without a bucket');
  if (key === '' || key.length > longestKey) return other('an object without a key');
  const size = number(object, 'size');
  const etag = string(object, 'eTag') ?? string(object, 'etag');
  const version = string(object, 'versionId') ?? string(object, 'version-id');
  return {
    type: 'object',
    bucket: name,
    key,
    ...(size === undefined ? {} : { size }),
    ...(etag === undefined ? {} : { etag: etag.slice(0, 128) }),
    ...(version === undefined ? {} : { version: version.slice(0, longestKey) }),
    ...(region === undefined ? {} : { region: region.slice(0, 32) }),
    ...(removed ? { removed } : {}),
  };
}

/** CloudTrail's own topic tells of the files that it delivered, with their keys as they are. */
function ofTopic(bucket: string | undefined, keys: unknown): readonly Notice[] | Unreadable {
  const list: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  if (list.length > mostNotices) return { reason: `more than ${mostNotices} records in a message` };
  if (bucket === undefined || !isBucket(bucket)) return [other('an object without a bucket')];
  return list.map((key) =>
    typeof key === 'string' && key !== '' && key.length <= longestKey
      ? { type: 'object', bucket, key }
      : other('an object without a key'),
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, the old rules of us-east-1 included. */
const isBucket = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(name);

/** In notifications a space is `+`, and all that is special is percent-encoded. */
function decode(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const other = (what: string): Notice => ({ type: 'other', what: what.slice(0, 200) });
