import { hash } from 'node:crypto';
import type { Event, EventKind, Unreadable } from '../../../event/index.ts';
import { child, type Draft, type Json, own, put, string } from '../../wazuh/values.ts';
import { actorOfIdentity } from '../actor.ts';
import { sourceAddress } from '../address.ts';
import { unwrap } from '../envelope.ts';
import { type Principal, principalOf } from '../principal.ts';
import { putPrincipal } from '../put.ts';
import { awsTime } from '../time.ts';
import { camelNames } from './names.ts';

/** What a record of CloudTrail's bucket is. */
export type CloudTrailType =
  | 'api-call'
  | 'console-login'
  | 'console-sign-in'
  | 'console-action'
  | 'service-event'
  | 'vpc-endpoint-event'
  | 'insight'
  | 'other'
  | 'digest';

/** A record read. A digest, which signs other files, is no event. */
export interface CloudTrailRecord {
  readonly type: CloudTrailType;
  readonly event?: Event;
  /** The same for every copy of a record, however often and wherever it is delivered; absent where its id is none of AWS'. */
  readonly copy?: string;
}

const typeNames: ReadonlyMap<string, CloudTrailType> = new Map([
  ['AwsApiCall', 'api-call'],
  ['AwsConsoleSignIn', 'console-sign-in'],
  ['AwsConsoleAction', 'console-action'],
  ['AwsServiceEvent', 'service-event'],
  ['AwsVpceEvent', 'vpc-endpoint-event'],
  ['AwsCloudTrailInsight', 'insight'],
]);

const longestReason = 1024;

/**
 * One record of CloudTrail, or why it is none: as delivered, in an envelope, or with names in lower case as Athena has
 * them. `raw` is the text that it was read from. Pure, throws for no input, time and memory linear in the record.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function cloudTrailRecord(outer: Json, raw: string): CloudTrailRecord | Unreadable {
  const unwrapped = unwrap(outer);
  let { record } = unwrapped;
  if (isDigest(record)) return { type: 'digest' };
  if (string(record, 'eventName') === undefined && string(record, 'eventname') !== undefined)
    record = camelNames(record);
  const from = string(record, 'eventSource');
  // S3's notifications have names, times and identities of the same names; no service of AWS' interfaces is named so.
  if (from?.startsWith('aws:')) return { reason: `a notification of ${from.slice(0, 32)}, not a CloudTrail record` };
  const type = typeOf(record);
  if (type === undefined)
    return { reason: 'not a CloudTrail record: no eventName with an eventSource or userIdentity' };
  const time = timeOf(record, unwrapped.time);
  if (time === undefined) return { reason: 'no readable eventTime' };
  const fields: Draft = {};
  const kind = type === 'insight' ? putInsight(fields, record) : putCall(fields, record, type);
  const id = string(record, 'eventID');
  put(fields, 'aws.event.id', id);
  put(fields, 'aws.event.shared_id', string(record, 'sharedEventID'));
  put(fields, 'aws.event.type', string(record, 'eventType'));
  put(fields, 'aws.event.category', string(record, 'eventCategory'));
  const unique = id !== undefined && isUuid(id);
  const name = unique ? id : hash('sha256', raw).slice(0, 24);
  const event: Event = { id: `cloudtrail/${name}`, time, source: 'cloudtrail', kind, fields, raw };
  return unique ? { type, event, copy: `${id} ${time} ${string(record, 'eventName')}` } : { type, event };
}

const isDigest = (record: Json): boolean =>
  own(record, 'digestEndTime') !== undefined && own(record, 'digestS3Object') !== undefined;

/** An id that AWS gave is a UUID; what else stands there does not tell records apart. */
const isUuid = (id: string): boolean => id.length === 36 && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

function typeOf(record: Json): CloudTrailType | undefined {
  const eventType = string(record, 'eventType');
  if (eventType === 'AwsCloudTrailInsight') return 'insight';
  const name = string(record, 'eventName');
  if (name === undefined) return undefined;
  const source = string(record, 'eventSource');
  if (source === undefined && own(record, 'userIdentity') === undefined) return undefined;
  if (name === 'ConsoleLogin' && (source === undefined || source.startsWith('signin.'))) return 'console-login';
  return eventType === undefined ? 'api-call' : (typeNames.get(eventType) ?? 'other');
}

/** Other programs that pass records on may keep the time under a name of their own. */
function timeOf(record: Json, enveloped: string | undefined): number | undefined {
  for (const key of ['eventTime', '@timestamp', 'p_event_time']) {
    const time = awsTime(own(record, key));
    if (time !== undefined) return time;
  }
  return awsTime(enveloped);
}

function putInsight(fields: Draft, record: Json): EventKind {
  const details = child(record, 'insightDetails');
  put(fields, 'event.action', string(details, 'eventName'));
  put(fields, 'event.provider', string(details, 'eventSource'));
  put(fields, 'event.code', string(details, 'errorCode'));
  put(fields, 'aws.insight.type', string(details, 'insightType'));
  put(fields, 'aws.insight.state', string(details, 'state'));
  put(fields, 'cloud.account.id', string(record, 'recipientAccountId'));
  put(fields, 'cloud.region', string(record, 'awsRegion'));
  return 'log';
}

function putCall(fields: Draft, record: Json, type: CloudTrailType): EventKind {
  const identity = child(record, 'userIdentity');
  const principal = principalOf(actorOfIdentity(identity));
  const login = type === 'console-login';
  put(fields, 'event.action', login ? 'login' : string(record, 'eventName'));
  put(fields, 'event.provider', string(record, 'eventSource'));
  put(fields, 'event.outcome', login ? loginOutcome(record) : outcome(record));
  put(fields, 'event.code', string(record, 'errorCode'));
  put(fields, 'event.reason', string(record, 'errorMessage')?.slice(0, longestReason));
  put(fields, 'cloud.account.id', string(record, 'recipientAccountId') ?? string(identity, 'accountId'));
  put(fields, 'cloud.region', string(record, 'awsRegion'));
  put(fields, 'user_agent.original', string(record, 'userAgent'));
  if (principal !== undefined) putPrincipal(fields, principal);
  putSession(fields, identity, principal);
  putAddress(fields, record);
  put(fields, 'aws.read_only', flag(own(record, 'readOnly')));
  put(fields, 'aws.session.console', flag(own(record, 'sessionCredentialFromConsole')));
  putTarget(fields, record);
  if (!login) return 'api';
  put(fields, 'login.method', 'console');
  put(fields, 'aws.mfa', secondFactor(flag(own(child(record, 'additionalEventData'), 'MFAUsed')), principal));
  return 'login';
}

function putSession(fields: Draft, identity: Json, principal: Principal | undefined): void {
  const attributes = child(child(identity, 'sessionContext'), 'attributes');
  put(fields, 'aws.access_key.id', string(identity, 'accessKeyId'));
  put(fields, 'aws.invoked_by', string(identity, 'invokedBy'));
  put(fields, 'aws.session.created', awsTime(own(attributes, 'creationDate')));
  put(fields, 'aws.mfa', secondFactor(flag(own(attributes, 'mfaAuthenticated')), principal));
}

function putAddress(fields: Draft, record: Json): void {
  const endpoint = string(record, 'vpcEndpointId');
  const { type, ip, address } = sourceAddress(string(record, 'sourceIPAddress'), endpoint);
  put(fields, 'aws.source.type', type);
  put(fields, 'source.ip', ip);
  put(fields, 'source.address', address);
  put(fields, 'aws.vpc_endpoint.id', endpoint);
}

/**
 * The user that a call of IAM is about, where it names one; of STS the role that is taken on, and the access key, without
 * its secret, of the session that it issued.
 */
function putTarget(fields: Draft, record: Json): void {
  const provider = string(record, 'eventSource');
  const asked = child(record, 'requestParameters');
  if (provider === 'iam.amazonaws.com') put(fields, 'aws.target.user', string(asked, 'userName'));
  if (provider !== 'sts.amazonaws.com') return;
  put(fields, 'aws.assumed.role', string(asked, 'roleArn'));
  put(fields, 'aws.assumed.key', string(child(child(record, 'responseElements'), 'credentials'), 'accessKeyId'));
}

/** AWS does not see the second factor of those who sign in elsewhere: it says no where it should say unknown. */
function secondFactor(mfa: boolean | undefined, principal: Principal | undefined): boolean | undefined {
  const federated = principal?.type === 'role' && principal.class === 'human';
  return mfa === false && federated ? undefined : mfa;
}

const outcome = (record: Json): string => (string(record, 'errorCode') === undefined ? 'success' : 'failure');

/** A refused sign-in may have a message without a code. */
function loginOutcome(record: Json): string | undefined {
  const said = string(child(record, 'responseElements'), 'ConsoleLogin');
  if (said !== undefined) return said === 'Success' ? 'success' : 'failure';
  return (string(record, 'errorMessage') ?? string(record, 'errorCode')) ? 'failure' : undefined;
}

function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'Yes') return true;
  return value === 'false' || value === 'No' ? false : undefined;
}
