import { type Context, type Event, ScopsError } from '../event/index.ts';
import type { Buckets } from '../io/aws/bucket.ts';
import { ObjectReading } from '../io/aws/object.ts';
import { noticesOf, type ObjectNotice } from '../text/aws/notification.ts';
import { objectKey } from '../text/aws/object-key.ts';
import { AwsReader } from '../text/aws/reader.ts';
import type { Message } from './messages.ts';

/** What a message brings: the objects that it tells of, and their events and its own. */
export interface Brought {
  readonly objects: readonly ObjectNotice[];
  readonly events: readonly Event[];
  /** What was passed over, in words; holds text of the message. */
  readonly ignored: readonly string[];
}

export interface ReadingOptions {
  readonly buckets: Pick<Buckets, 'open'>;
  readonly context: Pick<Context, 'reject'>;
  readonly samples: boolean;
  /** What a message may bring, decompressed, in bytes. */
  readonly mostBytes: number;
  /** Whether an object was taken in before, and need not be read. */
  readonly knows: (object: ObjectNotice) => boolean;
  readonly signal?: AbortSignal | undefined;
}

const maxRecordBytes = 2 ** 20;
const source = 'lambda';
/** Every product's findings come in such events. */
const fromSecurityHub = 'Security Hub Findings - Imported';

/**
 * Everything that a message brings, or nothing: throws ScopsError INPUT_INVALID for a message or an object that nobody can
 * read, also the next time; what S3 says where it refuses; and what `signal` aborted with. Single records that cannot be
 * read are rejected.
 */
export async function read({ id, body }: Message, options: ReadingOptions): Promise<Brought> {
  const { buckets, context, samples, mostBytes, knows, signal } = options;
  const notices = noticesOf(body);
  if ('reason' in notices) throw new ScopsError('INPUT_INVALID', `Not a message that Scops reads: ${notices.reason}.`);
  const reader = new AwsReader({ samples });
  const objects: ObjectNotice[] = [];
  const events: Event[] = [];
  const ignored: string[] = [];
  let refused: string | undefined;
  let left = mostBytes;
  for (const notice of notices) {
    if (notice.type === 'other') ignored.push(notice.what);
    else if (notice.type === 'record') {
      const raw = JSON.stringify(notice.record);
      for (const item of reader.read(raw)) {
        if (!('reason' in item)) events.push(item);
        else if (notice.detailType === fromSecurityHub) ignored.push(item.reason);
        else {
          refused = item.reason;
          context.reject({ source, file: id, line: 1, reason: item.reason, raw });
        }
      }
    } else if (notice.type === 'object') {
      const why = knows(notice) ? 'an object that was read before' : passedOver(notice);
      if (why !== undefined) {
        ignored.push(why);
        continue;
      }
      const limits = { maxObjectBytes: mostBytes, maxRecordBytes };
      const reading = new ObjectReading(notice, { reader, context, source, ...limits, signal });
      for await (const batch of reading.batches(await buckets.open(notice, signal))) {
        for (const { event } of batch) {
          left -= event.raw.length;
          if (left >= 0) events.push(event);
        }
        if (left < 0) throw tooMuch(mostBytes);
      }
      signal?.throwIfAborted();
      if (reading.overlong) throw tooMuch(mostBytes);
      if (reading.damage !== undefined) throw unreadable(notice, reading.damage);
      if (reading.refused > 0 && reading.understood === 0) throw unreadable(notice, 'none of its records is known');
      objects.push(notice);
    }
  }
  if (refused !== undefined && events.length + objects.length === 0) {
    throw new ScopsError('INPUT_INVALID', `Not a record that Scops reads: ${refused}.`);
  }
  return { objects, events, ignored };
}

function passedOver({ key, removed }: ObjectNotice): string | undefined {
  if (removed) return 'an object that was removed';
  const { kind } = objectKey(key);
  return kind === 'cloudtrail' || kind === 'guardduty' ? undefined : `an object of kind "${kind}"`;
}

const tooMuch = (bytes: number): ScopsError => {
  const most = `${Math.floor(bytes / 2 ** 20)} MiB`;
  return new ScopsError(
    'INPUT_INVALID',
    `The message brings more than ${most} decompressed, an eighth of the memory. Give the function more.`,
  );
};

const unreadable = ({ bucket, key }: ObjectNotice, why: string): ScopsError =>
  new ScopsError('INPUT_INVALID', `"s3://${bucket}/${key}" cannot be read: ${why}.`);
