import type { Unreadable } from '../../../event/index.ts';
import { child, isObject, type Json, number, own, string, strings } from '../../wazuh/values.ts';
import { type Actor, actorOfUser } from '../actor.ts';
import { parse } from '../envelope.ts';
import { findingType, isGuardDuty, keyOf } from './asff.ts';
import { serviceOf } from './product-fields.ts';
import type { Shaped } from './shape.ts';

/** OCSF's classes Security Finding (schema 1.0) and Detection Finding (1.1 and later). */
export const ocsfClasses: ReadonlySet<unknown> = new Set([2001, 2004]);

/**
 * A GuardDuty finding out of OCSF, as Security Lake and the mappings of Security Hub write it, as GuardDuty itself has
 * it. https://schema.ocsf.io/1.1.0/classes/detection_finding
 */
export function fromOcsf(record: Json): Shaped | Unreadable {
  const info = { ...child(record, 'finding'), ...child(record, 'finding_info') };
  const uid = string(info, 'uid');
  const product = child(child(record, 'metadata'), 'product');
  if (string(product, 'name') !== 'GuardDuty' && !isGuardDuty(string(product, 'uid'), uid))
    return { reason: 'an OCSF finding of another product than GuardDuty' };
  const unmapped = unmappedOf(record);
  const account = string(child(child(record, 'cloud'), 'account'), 'uid');
  const service = serviceOf(unmapped);
  const evidence = objects(record, 'evidences');
  const key = actorIn(record, evidence, account);
  const finding = {
    id: uid?.slice(uid.lastIndexOf('/') + 1),
    type: findingType(strings(info, 'types')),
    accountId: account,
    region: string(child(record, 'cloud'), 'region'),
    severity: number(unmapped, 'Severity.Product') ?? severities[number(record, 'severity_id') ?? 0],
    title: string(info, 'title'),
    createdAt: own(info, 'created_time_dt') ?? own(info, 'created_time'),
    updatedAt: own(info, 'modified_time_dt') ?? own(info, 'modified_time') ?? own(record, 'time'),
    resource: { resourceType: key === undefined ? string(objects(record, 'resources')[0] ?? {}, 'type') : 'AccessKey' },
    service: {
      ...service,
      eventFirstSeen: own(service, 'eventFirstSeen') ?? own(info, 'first_seen_time_dt') ?? own(info, 'first_seen_time'),
      eventLastSeen: own(service, 'eventLastSeen') ?? own(info, 'last_seen_time_dt') ?? own(info, 'last_seen_time'),
      archived: own(unmapped, 'RecordState') === 'ARCHIVED' || own(service, 'archived'),
      count: own(service, 'count') ?? own(record, 'count'),
      action: actionOf(child(service, 'action'), evidence),
    },
  };
  const sample = [true, 'true'].includes(own(unmapped, 'Sample') as string | boolean);
  return { shape: 'ocsf', finding, ...(key ?? {}), ...(sample ? { sample } : {}) };
}

/** OCSF's levels on GuardDuty's scale of 0 to 10. */
const severities: readonly (number | undefined)[] = [undefined, 0, 2, 5, 8, 9, 10];

/** What has no place in OCSF, under Security Hub's names. */
function unmappedOf(record: Json): Json {
  const unmapped = child(record, 'unmapped');
  const named: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(unmapped)) named[key.replace(/^ProductFields[./]/, '')] = unmapped[key];
  const nested = own(unmapped, 'ProductFields');
  return isObject(nested) ? { ...named, ...nested } : named;
}

function objects(parent: Json, key: string): readonly Json[] {
  const list = own(parent, key);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The call's name, service and address are mapped; who called from where else is not. */
function actionOf(action: Json, evidence: readonly Json[]): Json {
  const calls = evidence.find((item) => string(child(item, 'api'), 'operation') !== undefined);
  const addresses = evidence.map((item) => string(child(item, 'src_endpoint'), 'ip')).filter((ip) => ip !== undefined);
  if (calls === undefined) {
    const details = addresses.map((ipAddressV4) => ({ remoteIpDetails: { ipAddressV4 } }));
    return addresses.length === 0 ? action : { ...action, portProbeAction: { portProbeDetails: details } };
  }
  const api = child(calls, 'api');
  const call = child(action, 'awsApiCallAction');
  return {
    actionType: 'AWS_API_CALL',
    ...action,
    awsApiCallAction: {
      ...call,
      api: string(api, 'operation'),
      serviceName: string(child(api, 'service'), 'name'),
      remoteIpDetails: { ...child(call, 'remoteIpDetails'), ipAddressV4: addresses[0] },
    },
  };
}

function actorIn(
  record: Json,
  evidence: readonly Json[],
  account: string | undefined,
): { actor: Actor; accessKey?: string } | undefined {
  for (const resource of objects(record, 'resources')) {
    const data = own(resource, 'data') ?? own(resource, 'details');
    const details = typeof data === 'string' ? parse(data) : data;
    const found = isObject(details) ? keyOf(details, string(resource, 'uid'), account) : undefined;
    if (found !== undefined) return found;
  }
  for (const holder of [record, ...evidence]) {
    const user = child(child(holder, 'actor'), 'user');
    if (Object.keys(user).length === 0) continue;
    const accessKey = string(user, 'credential_uid');
    const actor = actorOfUser(user, account);
    return accessKey === undefined ? { actor } : { actor, accessKey };
  }
  return undefined;
}
