import { gzipSync } from 'node:zlib';

export const account = '123456789012';
const region = 'eu-west-1';
const prefix = `AWSLogs/${account}`;

const uuid = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

/** The event id of the call of that number. */
export const callId = (number: number): string => `cloudtrail/${uuid(number)}`;
/** The event id of the finding of that number. */
export const findingId = (number: number): string => `guardduty/${number.toString(16).padStart(32, '0')}`;

const pad = (number: number): string => String(number).padStart(2, '0');

/** A call of one of a few users, each from the network of its own; `more` replaces what it says. */
export function call(number: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const user = number % 4;
  const time = Date.UTC(2026, 0, 2) + number * 60_000;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: `AIDAEXAMPLEUSER00000${user}`,
      arn: `arn:aws:iam::${account}:user/user-${user}`,
      accountId: account,
      accessKeyId: `AKIAEXAMPLEKEY00000${user}`,
      userName: `user-${user}`,
    },
    eventTime: new Date(time).toISOString().replace('.000Z', 'Z'),
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    awsRegion: region,
    sourceIPAddress: `198.51.${user}.${1 + (number % 250)}`,
    userAgent: 'aws-cli/2.15.0 Python/3.11.6 Linux/5.10 exe/x86_64',
    requestID: uuid(number),
    eventID: uuid(number),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...more,
  };
}

export const calls = (from: number, to: number): Record<string, unknown>[] =>
  Array.from({ length: to - from }, (_, index) => call(from + index));

/** A finding of GuardDuty as it is exported and as EventBridge has it in `detail`. */
export function finding(number: number, more: { readonly count?: number; readonly sample?: boolean } = {}) {
  const { count = 1, sample = false } = more;
  const seen = new Date(Date.UTC(2026, 0, 2, 12) + number * 60_000 + count * 1000).toISOString();
  return {
    schemaVersion: '2.0',
    accountId: account,
    region,
    partition: 'aws',
    id: number.toString(16).padStart(32, '0'),
    arn: `arn:aws:guardduty:${region}:${account}:detector/d/finding/${number}`,
    type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: {
        accessKeyId: 'AKIAEXAMPLEKEY000001',
        principalId: 'AIDAEXAMPLEUSER000001',
        userType: 'IAMUser',
        userName: 'user-1',
      },
    },
    service: {
      serviceName: 'guardduty',
      action: {
        actionType: 'AWS_API_CALL',
        awsApiCallAction: {
          api: 'GetCallerIdentity',
          serviceName: 'sts.amazonaws.com',
          callerType: 'Remote IP',
          remoteIpDetails: { ipAddressV4: `203.0.113.${1 + (number % 250)}` },
        },
      },
      resourceRole: 'TARGET',
      additionalInfo: sample ? { sample: true } : {},
      eventFirstSeen: new Date(Date.UTC(2026, 0, 2, 12) + number * 60_000).toISOString(),
      eventLastSeen: seen,
      archived: false,
      count,
    },
    severity: 5,
    createdAt: seen,
    updatedAt: seen,
    title: 'A call came from a known malicious address.',
    description: 'A call came from a known malicious address.',
  };
}

/** Where CloudTrail puts a file of a day, such as `2026-01-02`, that it delivers at minute `minute` of it. */
export function trailKey(
  day: string,
  minute: number,
  folder: 'CloudTrail' | 'CloudTrail-Digest' | 'CloudTrail-Insight' = 'CloudTrail',
  where = region,
): string {
  const stamp = `${day.replaceAll('-', '')}T${pad(Math.floor(minute / 60))}${pad(minute % 60)}`;
  const name = folder === 'CloudTrail-Digest' ? `${stamp}00Z` : `${stamp}Z_abcDEF${pad(minute % 100)}`;
  return `${prefix}/${folder}/${where}/${day.replaceAll('-', '/')}/${account}_${folder}_${where}_${name}.json.gz`;
}

/** Where GuardDuty puts an export of a day; the name tells nothing of the time. */
export const exportKey = (day: string, name: string): string =>
  `${prefix}/GuardDuty/${region}/${day.replaceAll('-', '/')}/${name}.jsonl.gz`;

export const trailFile = (records: readonly unknown[]): Uint8Array => gzipSync(JSON.stringify({ Records: records }));

/** One that names nobody who acted: somebody knocked at a port of a machine. */
export function probe(number: number) {
  const of = finding(number);
  const remote = { remoteIpDetails: { ipAddressV4: `198.51.100.${1 + (number % 250)}` } };
  return {
    ...of,
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0123456789abcdef0' } },
    service: {
      ...of.service,
      action: { actionType: 'PORT_PROBE', portProbeAction: { blocked: false, portProbeDetails: [remote] } },
    },
  };
}

export const exportFile = (findings: readonly unknown[]): Uint8Array =>
  gzipSync(findings.map((each) => `${JSON.stringify(each)}\n`).join(''));

/** What lies beside a trail's files: the signed hashes of an hour. */
export const digestFile = (): Uint8Array =>
  gzipSync(JSON.stringify({ digestStartTime: 'x', digestEndTime: 'y', digestS3Object: 'z', logFiles: [] }));
