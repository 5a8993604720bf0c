import { hash } from 'node:crypto';
import { type Notice, noticesOf, type ObjectNotice } from '../../text/aws/notification.ts';
import { type ObjectKind, objectKey } from '../../text/aws/object-key.ts';
import type { Json } from '../../text/wazuh/values.ts';

/** Something that a message brings to read. `name` is the same whenever it is brought again. */
export type Unit =
  | {
      readonly type: 'object';
      readonly name: string;
      readonly notice: ObjectNotice;
      /** Its bytes, once they were asked for. */
      opened?: Promise<AsyncIterable<Uint8Array>>;
    }
  | { readonly type: 'record'; readonly name: string; readonly record: Json };

/** What a message comes to. */
export interface Brought {
  readonly units: readonly Unit[];
  /** What there is nothing to read of, by what it is. */
  readonly passed: readonly string[];
  /** Why the message, or a part of it, cannot be understood. */
  readonly trouble?: string;
}

export interface UnitSettings {
  /** Objects of other buckets are not read; of any, when there are none. */
  readonly buckets: readonly string[];
  /** What becomes of objects that are no logs of CloudTrail or GuardDuty by their key. */
  readonly others: 'pass' | 'read';
  /** What becomes of messages that say something else. */
  readonly unknown: 'leave' | 'delete';
}

const logs: ReadonlySet<ObjectKind> = new Set<ObjectKind>(['cloudtrail', 'insight', 'guardduty']);

/** What a message's body brings. */
export function broughtBy(body: string, settings: UnitSettings): Brought {
  const notices = noticesOf(body);
  if ('reason' in notices) return unknown(notices.reason, settings);
  const all = notices.map((notice) => broughtByNotice(notice, settings));
  const trouble = all.find((each) => each.trouble !== undefined)?.trouble;
  return {
    units: all.flatMap(({ units }) => units),
    passed: all.flatMap(({ passed }) => passed),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function broughtByNotice(notice: Notice, settings: UnitSettings): Brought {
  if (notice.type === 'test') return passed('test');
  if (notice.type === 'other') return unknown(notice.what, settings);
  if (notice.type === 'record') {
    const { record } = notice;
    return { units: [{ type: 'record', name: nameOf(JSON.stringify(record)), record }], passed: [] };
  }
  const { bucket, key, version, etag, removed } = notice;
  if (removed) return passed('removed object');
  const { buckets, others } = settings;
  if (buckets.length > 0 && !buckets.includes(bucket)) {
    return { units: [], passed: [], trouble: `an object of the bucket "${bucket}", which is not among "buckets"` };
  }
  const { kind } = objectKey(key);
  if (!logs.has(kind) && !(kind === 'other' && others === 'read' && !key.endsWith('/')))
    return passed(`object: ${kind}`);
  const name = nameOf(`${bucket}\0${key}\0${version ?? ''}\0${etag ?? ''}`);
  return { units: [{ type: 'object', name, notice }], passed: [] };
}

const passed = (what: string): Brought => ({ units: [], passed: [what] });

const unknown = (trouble: string, { unknown }: UnitSettings): Brought =>
  unknown === 'delete' ? passed('unknown') : { units: [], passed: [], trouble };

/** 64 bits of the hash. */
const nameOf = (text: string): string => hash('sha256', text, 'buffer').toString('base64url', 0, 8);
