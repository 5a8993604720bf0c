import type { Event, Unreadable } from '../../../event/index.ts';
import { child, type Draft, isObject, type Json, number, own, put, string } from '../../wazuh/values.ts';
import { actorOfKey, actorOfUser } from '../actor.ts';
import { sourceAddress } from '../address.ts';
import { principalOf } from '../principal.ts';
import { putPrincipal } from '../put.ts';
import { awsTime } from '../time.ts';
import { remotesOf } from './remote.ts';
import { type FindingShape, type Shaped, shapesOf } from './shape.ts';

/** A finding read, and how it was written. */
export interface GuardDutyFinding {
  readonly shape: FindingShape;
  readonly sample: boolean;
  readonly event: Event;
}

/**
 * The GuardDuty findings in a record, or why it has none: from the REST interface, an SDK, EventBridge, the export to S3,
 * Security Hub (ASFF), or OCSF. Every shape of one finding gives the same event but for `raw`. Pure, throws for no input,
 * time and memory linear in the record. https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html
 */
export function guardDutyFindings(outer: Json, raw: string): readonly (GuardDutyFinding | Unreadable)[] {
  return shapesOf(outer).map((shaped) => ('reason' in shaped ? shaped : findingOf(shaped, raw)));
}

function findingOf(shaped: Shaped, raw: string): GuardDutyFinding | Unreadable {
  const { shape, finding } = shaped;
  const service = child(finding, 'service');
  const id = string(finding, 'id');
  const type = string(finding, 'type');
  if (id === undefined || type === undefined) return { reason: 'a GuardDuty finding without id or type' };
  const lastSeen = awsTime(own(service, 'eventLastSeen'));
  const updated = awsTime(own(finding, 'updatedAt'));
  const time = lastSeen ?? updated ?? awsTime(own(finding, 'createdAt'));
  if (time === undefined) return { reason: 'a GuardDuty finding without a readable time' };
  const sample = shaped.sample ?? isTrue(own(child(service, 'additionalInfo'), 'sample'));
  const fields: Draft = {};
  put(fields, 'rule.name', type);
  put(fields, 'event.severity', number(finding, 'severity') ?? decimal(string(finding, 'severity')));
  put(fields, 'message', string(finding, 'title'));
  put(fields, 'cloud.account.id', string(finding, 'accountId'));
  put(fields, 'cloud.region', string(finding, 'region'));
  put(fields, 'aws.finding.id', id);
  put(fields, 'aws.finding.count', number(service, 'count'));
  put(fields, 'aws.finding.first_seen', awsTime(own(service, 'eventFirstSeen')));
  put(fields, 'aws.finding.last_seen', lastSeen);
  put(fields, 'aws.finding.updated', updated);
  put(fields, 'aws.finding.sample', sample || undefined);
  put(fields, 'aws.finding.archived', isTrue(own(service, 'archived')) || undefined);
  put(fields, 'aws.finding.resource', string(child(finding, 'resource'), 'resourceType'));
  put(fields, 'aws.finding.role', string(service, 'resourceRole')?.toLowerCase());
  put(fields, 'cloud.instance.id', string(child(child(finding, 'resource'), 'instanceDetails'), 'instanceId'));
  putActor(fields, shaped);
  putAction(fields, service);
  return { shape, sample, event: { id: `guardduty/${id}`, time, source: 'guardduty', kind: 'finding', fields, raw } };
}

function putActor(fields: Draft, { finding, actor, accessKey }: Shaped): void {
  const details = child(child(finding, 'resource'), 'accessKeyDetails');
  const account = string(finding, 'accountId');
  const user = child(firstActor(finding), 'user');
  const found = actor ?? (Object.keys(user).length > 0 ? actorOfUser(user, account) : actorOfKey(details, account));
  const principal = principalOf(found) ?? principalOf({ principalId: describedId(finding), account });
  if (principal !== undefined) putPrincipal(fields, principal);
  put(fields, 'aws.access_key.id', accessKey ?? string(details, 'accessKeyId') ?? string(user, 'credentialUid'));
}

/** EventBridge's form of an attack sequence tells who acted in the description alone. */
const describedId = (finding: Json): string | undefined =>
  / with principalId ([A-Z0-9]{16,128}(?::[\w+=,.@-]{2,64})?) /.exec(
    string(finding, 'description')?.slice(0, 1024) ?? '',
  )?.[1];

/** An attack sequence names who acted apart from the resources. */
function firstActor(finding: Json): Json {
  const actors = own(child(child(child(finding, 'service'), 'detection'), 'sequence'), 'actors');
  const found = Array.isArray(actors)
    ? actors.find((item) => isObject(item) && isObject(own(item, 'user')))
    : undefined;
  return isObject(found) ? found : {};
}

function putAction(fields: Draft, service: Json): void {
  const action = child(service, 'action');
  const call = child(action, 'awsApiCallAction');
  put(fields, 'aws.finding.action', string(action, 'actionType'));
  put(fields, 'event.action', string(call, 'api') ?? string(child(action, 'kubernetesApiCallAction'), 'verb'));
  put(fields, 'event.provider', string(call, 'serviceName'));
  put(fields, 'event.code', string(call, 'errorCode'));
  put(fields, 'user_agent.original', string(call, 'userAgent'));
  put(fields, 'dns.question.name', string(child(action, 'dnsRequestAction'), 'domain'));
  const remotes = remotesOf(service);
  const [first] = remotes;
  const { type, ip, address } = sourceAddress(first?.ip ?? string(child(call, 'domainDetails'), 'domain'));
  put(fields, 'aws.source.type', type);
  put(fields, 'source.ip', ip);
  put(fields, 'source.address', address);
  const ips = [...new Set(remotes.map((remote) => sourceAddress(remote.ip).ip))].filter((each) => each !== undefined);
  put(fields, 'aws.finding.remote_ips', ips.length > 0 ? ips : undefined);
  put(fields, 'source.as.number', first?.asn);
  put(fields, 'source.as.organization.name', first?.organization);
  put(fields, 'source.geo.country_name', first?.country);
  put(fields, 'source.geo.city_name', first?.city);
}

const isTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value.toLowerCase() === 'true');

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}
