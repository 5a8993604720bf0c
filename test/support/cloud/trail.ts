import { createRandom } from '../../../src/algorithms/index.ts';
import type { Event } from '../../../src/event/index.ts';
import { cloudTrailRecord } from '../../../src/text/aws/cloudtrail/record.ts';
import { guardDutyFindings } from '../../../src/text/aws/guardduty/finding.ts';

export const account = '123456789012';
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** A Monday. */
export const start = Date.UTC(2026, 2, 2);

type Json = Record<string, unknown>;

export interface Who {
  readonly name: string;
  readonly id: string;
  readonly key: string;
  /** Of a role. */
  readonly session?: string;
}

export const alice: Who = { name: 'alice', id: 'AIDAALICEALICEALICE1', key: 'AKIAALICEALICEALICE1' };
export const bob: Who = { name: 'bob', id: 'AIDABOBBOBBOBBOBBOB1', key: 'AKIABOBBOBBOBBOBBOB1' };
export const web: Who = {
  name: 'WebRole',
  id: 'AROAWEBWEBWEBWEBWEB1',
  key: 'ASIAWEBWEBWEBWEBWEB1',
  session: 'i-0abcdef1234567890',
};
export const sso: Who = {
  name: 'AWSReservedSSO_Ops_0123456789abcdef',
  id: 'AROASSOSSOSSOSSOSSO1',
  key: 'ASIASSOSSOSSOSSOSSO1',
  session: 'carol@example.com',
};

export interface Made {
  readonly who: Who;
  readonly time: number;
  readonly ip: string;
  readonly action?: string;
  readonly provider?: string;
  readonly agent?: string;
  readonly error?: string;
  readonly parameters?: Json;
}

const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const random = createRandom(7);
const hex = (digits: number): string => Array.from({ length: digits }, () => random.integer(16).toString(16)).join('');
const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');

/** A record as CloudTrail delivers it. */
export function record({ who, time, ip, action = 'DescribeInstances', agent = 'aws-cli/2.15', ...rest }: Made): Json {
  const { name, id, key, session } = who;
  const identity =
    session === undefined
      ? { type: 'IAMUser', principalId: id, arn: `arn:aws:iam::${account}:user/${name}`, userName: name }
      : {
          type: 'AssumedRole',
          principalId: `${id}:${session}`,
          arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
          sessionContext: { sessionIssuer: { type: 'Role', principalId: id, userName: name, accountId: account } },
        };
  return {
    eventVersion: '1.09',
    userIdentity: { ...identity, accountId: account, accessKeyId: key },
    eventTime: iso(time),
    eventSource: rest.provider ?? 'ec2.amazonaws.com',
    eventName: action,
    awsRegion: 'eu-central-1',
    sourceIPAddress: ip,
    userAgent: agent,
    ...(rest.error === undefined ? {} : { errorCode: rest.error }),
    ...(rest.parameters === undefined ? {} : { requestParameters: rest.parameters }),
    eventID: uuid(),
    eventType: 'AwsApiCall',
    recipientAccountId: account,
  };
}

/** Ordinary work: every hour of each day a call from one of two addresses of an office. */
export function* work(who: Who, days: number, network = '198.51.100', actions = ['DescribeInstances', 'ListBuckets']) {
  for (let i = 0; i < days * 24; i++) {
    const action = actions[i % actions.length] as string;
    yield record({ who, time: start + i * hour + (i % 7) * minute, ip: `${network}.${1 + (i % 2)}`, action });
  }
}

export const byTime = (records: readonly Json[]): Json[] =>
  records.toSorted((a, b) => String(a.eventTime).localeCompare(String(b.eventTime)));

export function calls(records: readonly Json[]): Event[] {
  return byTime(records).map((each) => {
    const read = cloudTrailRecord(each, JSON.stringify(each));
    if ('reason' in read || read.event === undefined) throw new Error('no event');
    return read.event;
  });
}

export async function* stream(events: Iterable<Event>): AsyncGenerator<Event> {
  yield* events;
}

export interface Reported {
  readonly id: string;
  readonly who?: Who;
  readonly type?: string;
  readonly from: number;
  readonly to?: number;
  readonly ip?: string;
  readonly action?: string;
  readonly severity?: number;
  readonly count?: number;
  readonly sample?: boolean;
  readonly archived?: boolean;
  /** Without a session, as a few shapes have it. */
  readonly sessionless?: boolean;
  readonly instance?: string;
}

export const exfiltration = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS';
export const malicious = 'UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom';

/** A finding as GuardDuty's interface gives it. */
export function reported({
  id,
  who,
  type = malicious,
  from,
  to = from,
  ip,
  action,
  severity = 5,
  ...rest
}: Reported): Json {
  const principalId = who && (who.session === undefined || rest.sessionless ? who.id : `${who.id}:${who.session}`);
  const remote = ip === undefined ? {} : ip.includes(':') ? { ipAddressV6: ip } : { ipAddressV4: ip };
  return {
    schemaVersion: '2.0',
    accountId: account,
    region: 'eu-central-1',
    partition: 'aws',
    id,
    arn: `arn:aws:guardduty:eu-central-1:${account}:detector/d/finding/${id}`,
    type,
    resource: {
      resourceType: who === undefined ? 'Instance' : 'AccessKey',
      ...(rest.instance === undefined ? {} : { instanceDetails: { instanceId: rest.instance } }),
      ...(who === undefined
        ? {}
        : {
            accessKeyDetails: {
              accessKeyId: who.key,
              principalId,
              userType: who.session === undefined ? 'IAMUser' : 'AssumedRole',
              userName: who.name,
            },
          }),
    },
    service: {
      serviceName: 'guardduty',
      detectorId: 'd',
      resourceRole: 'TARGET',
      eventFirstSeen: iso(from),
      eventLastSeen: iso(to),
      archived: rest.archived === true,
      count: rest.count ?? 1,
      ...(rest.sample ? { additionalInfo: { sample: true } } : {}),
      action: {
        actionType: 'AWS_API_CALL',
        awsApiCallAction: {
          ...(action === undefined ? {} : { api: action }),
          serviceName: 'ec2.amazonaws.com',
          callerType: 'Remote IP',
          remoteIpDetails: remote,
        },
      },
    },
    severity,
    createdAt: iso(from),
    updatedAt: iso(to),
    title: 'A finding',
    description: 'A finding of a test.',
  };
}

export function findings(all: readonly Json[]): Event[] {
  return all.flatMap((each) =>
    guardDutyFindings(each, JSON.stringify(each)).map((read) => {
      if ('reason' in read) throw new Error(read.reason);
      return read.event;
    }),
  );
}
