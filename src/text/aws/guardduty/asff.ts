import type { Unreadable } from '../../../event/index.ts';
import { child, isObject, type Json, number, own, string, strings } from '../../wazuh/values.ts';
import type { Actor } from '../actor.ts';
import { lowerCamel } from './camel.ts';
import { serviceOf } from './product-fields.ts';
import type { Shaped } from './shape.ts';

/**
 * A GuardDuty finding out of Security Hub's format, as GuardDuty itself has it.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 */
export function fromAsff(record: Json): Shaped | Unreadable {
  const id = string(record, 'Id');
  const product = string(record, 'ProductArn');
  if (!isGuardDuty(product, id)) return { reason: 'a Security Hub finding of another product than GuardDuty' };
  const account = string(record, 'AwsAccountId');
  const service = serviceOf(child(record, 'ProductFields'));
  const action = child(service, 'action');
  const key = accessKey(record, account);
  const finding = {
    id: id?.slice(id.lastIndexOf('/') + 1),
    type: findingType(strings(record, 'Types') ?? strings(child(record, 'FindingProviderFields'), 'Types')),
    accountId: account,
    region: string(record, 'Region'),
    severity: severity(child(record, 'Severity')),
    title: string(record, 'Title'),
    createdAt: own(record, 'CreatedAt'),
    updatedAt: own(record, 'UpdatedAt'),
    resource: { resourceType: key === undefined ? string(first(record) ?? {}, 'Type') : 'AccessKey' },
    service: {
      ...service,
      eventFirstSeen: own(service, 'eventFirstSeen') ?? own(record, 'FirstObservedAt'),
      eventLastSeen: own(service, 'eventLastSeen') ?? own(record, 'LastObservedAt'),
      archived: own(record, 'RecordState') === 'ARCHIVED' || own(service, 'archived'),
      action: Object.keys(action).length > 0 ? action : lowerCamel(child(record, 'Action')),
    },
  };
  const sample = own(record, 'Sample') === true;
  return { shape: 'asff', finding, ...(key ?? {}), ...(sample ? { sample } : {}) };
}

export const isGuardDuty = (product: string | undefined, id: string | undefined): boolean =>
  product?.endsWith('/guardduty') === true || id?.includes(':guardduty:') === true;

/**
 * GuardDuty's type out of `TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled`: what begins in the part with
 * the colon, with the slash that Security Hub turned into a hyphen.
 */
export function findingType(types: readonly string[] | undefined): string | undefined {
  const type = types?.[0];
  if (type === undefined) return undefined;
  const colon = type.indexOf(':');
  const own = type.slice(colon < 0 ? 0 : type.lastIndexOf('/', colon) + 1);
  const rest = colon < 0 ? '' : own.slice(own.indexOf(':'));
  return rest.includes('/') || colon < 0 ? own : own.replace(/(:[^-]{1,64})-/, '$1/');
}

/** On GuardDuty's own scale of 0 to 10. */
function severity(given: Json): number | undefined {
  const normalized = number(given, 'Normalized');
  return (
    number(given, 'Product') ?? (normalized === undefined ? labels.get(string(given, 'Label') ?? '') : normalized / 10)
  );
}

const labels: ReadonlyMap<string, number> = new Map([
  ['INFORMATIONAL', 0],
  ['LOW', 2],
  ['MEDIUM', 5],
  ['HIGH', 8],
  ['CRITICAL', 9],
]);

function* resources(record: Json): Generator<Json> {
  const list = own(record, 'Resources');
  if (Array.isArray(list)) for (const item of list) if (isObject(item)) yield item;
}

const first = (record: Json): Json | undefined => resources(record).next().value ?? undefined;

function accessKey(record: Json, account: string | undefined): { actor: Actor; accessKey?: string } | undefined {
  for (const resource of resources(record)) {
    const found = keyOf(child(resource, 'Details'), string(resource, 'Id'), account);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The actor in the details of a resource of type AwsIamAccessKey. */
export function keyOf(
  details: Json,
  resource: string | undefined,
  account: string | undefined,
): { actor: Actor; accessKey?: string } | undefined {
  const key = child(details, 'AwsIamAccessKey');
  if (Object.keys(key).length === 0) return undefined;
  const issuer = child(child(key, 'SessionContext'), 'SessionIssuer');
  const actor: Actor = {
    type: string(key, 'PrincipalType'),
    principalId: string(key, 'PrincipalId'),
    name: string(key, 'PrincipalName') ?? string(key, 'UserName'),
    account: string(key, 'AccountId') ?? account,
    issuer: { id: string(issuer, 'PrincipalId'), name: string(issuer, 'UserName') },
  };
  const id = string(key, 'AccessKeyId') ?? /^AWS::IAM::AccessKey:(\w{1,128})$/.exec(resource ?? '')?.[1];
  return id === undefined ? { actor } : { actor, accessKey: id };
}
