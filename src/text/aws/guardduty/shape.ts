import type { Unreadable } from '../../../event/index.ts';
import { child, isObject, type Json, own, string } from '../../wazuh/values.ts';
import type { Actor } from '../actor.ts';
import { unwrap } from '../envelope.ts';
import { fromAsff } from './asff.ts';
import { lowerCamel } from './camel.ts';
import { fromOcsf, ocsfClasses } from './ocsf.ts';

/**
 * How a finding is written: as GuardDuty's REST interface, EventBridge and the export to S3 have it; with capitals, as the
 * SDKs; as MozDef, which renames parts; in Security Hub's format; or in OCSF.
 */
export type FindingShape = 'guardduty' | 'sdk' | 'mozdef' | 'asff' | 'ocsf';

/** A finding in lowerCamelCase, with what its shape keeps in a place of its own. */
export interface Shaped {
  readonly shape: FindingShape;
  readonly finding: Json;
  readonly actor?: Actor;
  readonly accessKey?: string;
  readonly sample?: boolean;
}

const maxFindings = 1000;

/** The reason of what is nothing like a finding of any shape. */
export const notFinding = 'not a GuardDuty finding';

/** The findings in a record: several where Security Hub's events hold several. Or why there are none. */
export function shapesOf(outer: Json): readonly (Shaped | Unreadable)[] {
  const { record } = unwrap(outer);
  const list = own(record, 'findings') ?? own(record, 'Findings');
  if (!Array.isArray(list)) return [shapeOf(record)];
  return list.slice(0, maxFindings).map((item) => (isObject(item) ? shapeOf(item) : { reason: 'not an object' }));
}

function shapeOf(record: Json): Shaped | Unreadable {
  if (ocsfClasses.has(own(record, 'class_uid'))) return fromOcsf(record);
  if (string(record, 'ProductArn') !== undefined) return fromAsff(record);
  if (string(record, 'Type') !== undefined && string(record, 'Id') !== undefined)
    return { shape: 'sdk', finding: lowerCamel(record) };
  if (string(record, 'type') !== undefined && string(record, 'id') !== undefined) {
    if (isObject(own(record, 'service'))) return { shape: 'guardduty', finding: record };
    if (isObject(own(record, 'finding')))
      return { shape: 'mozdef', finding: { ...record, service: child(record, 'finding') } };
    if (own(record, 'schemaVersion') === '2.0') return { shape: 'guardduty', finding: record };
  }
  return { reason: notFinding };
}
