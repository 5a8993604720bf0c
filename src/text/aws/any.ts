import type { Event, Unreadable } from '../../event/index.ts';
import { isObject, type Json, own, string } from '../wazuh/values.ts';
import { type CloudTrailType, cloudTrailRecord } from './cloudtrail/record.ts';
import { unwrap } from './envelope.ts';
import { guardDutyFindings } from './guardduty/finding.ts';
import { type FindingShape, notFinding } from './guardduty/shape.ts';

/** A record of CloudTrail or a finding of GuardDuty, whichever it turned out to be. */
export type AwsRecord =
  | {
      readonly of: 'cloudtrail';
      readonly type: CloudTrailType;
      readonly event?: Event;
      /** The same for every copy of the record; absent where its id does not tell records apart. */
      readonly copy?: string;
    }
  | { readonly of: 'guardduty'; readonly type: FindingShape; readonly sample: boolean; readonly event: Event };

/** What else is met beside trails and findings, by what it alone has. */
const others: readonly { readonly reason: string; readonly is: (record: Json) => boolean }[] = [
  { reason: 'a notification of S3', is: (record) => own(record, 'eventSource') === 'aws:s3' },
  { reason: 'an item of AWS Config', is: (record) => own(record, 'configurationItemStatus') !== undefined },
  { reason: 'a record in OCSF that is no finding', is: (record) => typeof own(record, 'class_uid') === 'number' },
];

/**
 * What a record is, told by its content: of CloudTrail, findings of GuardDuty (several where its envelope holds several),
 * or why it is neither. The sources `cloudtrail` and `guardduty` read each its own with the same readers. Pure, throws for
 * no input, time and memory linear in the record.
 */
export function awsRecords(text: string): readonly (AwsRecord | Unreadable)[] {
  const value = parse(text);
  if ('reason' in value) return [value];
  const { record } = unwrap(value.json);
  const other = others.find(({ is }) => is(record));
  const findings = guardDutyFindings(value.json, text);
  if (!findings.every((finding) => 'reason' in finding && finding.reason === notFinding))
    return findings.map((finding) =>
      'reason' in finding ? finding : { of: 'guardduty', type: finding.shape, ...finding },
    );
  if (other !== undefined) return [{ reason: other.reason }];
  const read = cloudTrailRecord(value.json, text);
  if (!('reason' in read)) return [{ of: 'cloudtrail', ...read }];
  const named = string(record, 'eventName') ?? string(record, 'eventname');
  return [named === undefined ? { reason: 'neither a record of CloudTrail nor a finding of GuardDuty' } : read];
}

function parse(text: string): { readonly json: Json } | Unreadable {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? { json } : { reason: 'not a JSON object' };
  } catch {
    return { reason: 'not JSON' };
  }
}
