import { gzipSync } from 'node:zlib';
import type { Finding, Sink } from '../../src/event/index.ts';
import { createHandler, type HandlerOptions, type ScopsHandler } from '../../src/lambda.ts';
import type { S3Server } from './s3-server.ts';

export const account = '123456789012';
const day = 86_400_000;
const began = Date.UTC(2026, 0, 5, 8);
/** Every day of the tests so far ahead. */
export const dayAt = (days: number): number => began + days * day;

const uuid = (name: string, number: number): string =>
  `${Buffer.from(name.padEnd(4, '0')).toString('hex').slice(0, 8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

let next = 0;

/** A sign-in to the console, as CloudTrail records it. */
export function signIn(user: string, time: number, ip: string, id = uuid('sign', next++)) {
  return {
    eventVersion: '1.09',
    userIdentity: {
      type: 'IAMUser',
      principalId: `AIDA${user.toUpperCase().padEnd(16, 'X')}`,
      arn: `arn:aws:iam::${account}:user/${user}`,
      accountId: account,
      userName: user,
    },
    eventTime: new Date(time).toISOString().replace('.000Z', 'Z'),
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    awsRegion: 'us-east-1',
    sourceIPAddress: ip,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MFAUsed: 'Yes' },
    eventID: id,
    readOnly: false,
    eventType: 'AwsConsoleSignIn',
    managementEvent: true,
    recipientAccountId: account,
  };
}

export type SignIn = ReturnType<typeof signIn>;

/** A day of ordinary sign-ins: each of three people, from where they always are. */
export const ordinaryDay = (days: number): SignIn[] =>
  ['alice', 'bob', 'carol'].flatMap((user, index) =>
    [0, 4].map((hours) => signIn(user, dayAt(days) + hours * 3_600_000 + index * 60_000, `203.0.113.${10 + index}`)),
  );

export const guardDutyFinding = (id: string, time: number, more: Readonly<Record<string, unknown>> = {}) => ({
  schemaVersion: '2.0',
  accountId: account,
  region: 'us-east-1',
  id,
  type: 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B',
  severity: 5,
  createdAt: new Date(time).toISOString(),
  updatedAt: new Date(time).toISOString(),
  title: 'Unusual console login.',
  resource: {
    resourceType: 'AccessKey',
    accessKeyDetails: { principalId: 'AIDAALICEXXXXXXXXXXX', userName: 'alice', userType: 'IAMUser' },
  },
  service: {
    action: {
      actionType: 'AWS_API_CALL',
      awsApiCallAction: {
        api: 'ConsoleLogin',
        serviceName: 'signin.amazonaws.com',
        remoteIpDetails: { ipAddressV4: '198.51.100.7' },
      },
    },
    eventFirstSeen: new Date(time).toISOString(),
    eventLastSeen: new Date(time).toISOString(),
    count: 1,
    archived: false,
    ...more,
  },
});

export const bridged = (detailType: string, detail: object): string =>
  JSON.stringify({
    version: '0',
    id: 'a',
    source: 'aws.x',
    account,
    time: '2026-01-05T08:00:00Z',
    'detail-type': detailType,
    detail,
  });

/** A file of a trail, as CloudTrail delivers it. */
export const trailFile = (records: readonly object[]): Uint8Array => gzipSync(JSON.stringify({ Records: records }));

export const keyOf = (name: string): string =>
  `AWSLogs/${account}/CloudTrail/us-east-1/2026/01/05/${account}_CloudTrail_us-east-1_20260105T0800Z_${name}.json.gz`;

/** What S3 says when an object was written. */
export const created = (bucket: string, ...keys: readonly string[]): string =>
  JSON.stringify({
    Records: keys.map((key) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key).replaceAll('%2F', '/'), size: 1 } },
    })),
  });

export const testEvent = (bucket: string): string =>
  JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: bucket, RequestId: 'a', HostId: 'b' });

/** A batch as Lambda hands it over: messages m0, m1, … */
export const batch = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body,
    attributes: {},
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:${account}:scops`,
    awsRegion: 'us-east-1',
  })),
});

export interface Deployed {
  readonly handler: ScopsHandler;
  readonly findings: Finding[];
  /** Lines of the log, taken apart. */
  readonly log: Record<string, unknown>[];
  /** The ids of the messages that come again. */
  failures(...bodies: readonly string[]): Promise<string[]>;
}

/** A handler with a model in a bucket of the server, and a sink that remembers. */
export function deploy(
  s3: S3Server,
  options: HandlerOptions = {},
  env: Readonly<Record<string, string>> = {},
): Deployed {
  const findings: Finding[] = [];
  const log: Record<string, unknown>[] = [];
  const sink: Sink = { name: 'memory', write: async (batch) => void findings.push(...batch) };
  const handler = createHandler({
    model: 's3://models/cloud.scops',
    detector: 'login-likelihood',
    sinks: [sink],
    quietDays: 0,
    ...options,
    context: {
      env: { ...s3.env, ...env },
      stdout: async (line) => void log.push(JSON.parse(line)),
      ...options.context,
    },
  });
  return {
    handler,
    findings,
    log,
    failures: async (...bodies) =>
      ((await handler(batch(...bodies)))?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier),
  };
}

export const modelPath = '/models/cloud.scops';
