import { principalLikelihood } from '../../src/detectors/principal-likelihood.ts';
import type { Detector, Event, Fields, Learner, Score } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { testContext } from './context.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** A Monday. */
export const monday = Date.UTC(2026, 4, 4);

export function detector(options: Readonly<Record<string, unknown>> = {}): Detector {
  const create = principalLikelihood.create as (settings: unknown, context: unknown) => Detector;
  return create(parseOptions(principalLikelihood, options), testContext());
}

export const begin = (options?: Readonly<Record<string, unknown>>): Learner => detector(options).begin?.() as Learner;

const from = (ip: string, asn: number, organization: string, country: string): Fields => ({
  'source.ip': ip,
  'aws.source.type': 'public',
  'source.as.number': asn,
  'source.as.organization.name': organization,
  'source.geo.country_iso_code': country,
});

/** Addresses of documentation and of tests, and whose they are said to be. */
export const places = {
  office: from('203.0.113.7', 3320, 'Deutsche Telekom AG', 'DE'),
  officeToo: from('203.0.113.90', 3320, 'Deutsche Telekom AG', 'DE'),
  home: from('192.0.2.44', 3209, 'Vodafone GmbH', 'DE'),
  hotel: from('198.18.77.5', 3352, 'Telefonica de Espana', 'ES'),
  nat: from('198.51.100.20', 14618, 'Amazon.com, Inc.', 'US'),
  natToo: from('198.51.100.21', 14618, 'Amazon.com, Inc.', 'US'),
  runner: from('198.19.40.9', 8075, 'Microsoft Corporation', 'US'),
  vps: from('198.18.9.9', 24940, 'Hetzner Online GmbH', 'FI'),
  v6: from('2001:db8:7:1::5', 3320, 'Deutsche Telekom AG', 'DE'),
  inside: { 'source.ip': '10.0.3.17', 'aws.source.type': 'vpc-endpoint', 'aws.vpc_endpoint.id': 'vpce-0a1b2c3d' },
  appstream: { 'source.address': 'appstream.amazonaws.com', 'aws.source.type': 'service' },
  cloudformation: { 'source.address': 'cloudformation.amazonaws.com', 'aws.source.type': 'service' },
} as const satisfies Record<string, Fields>;

const account = '111122223333';
const agents = {
  chrome: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/120.0 Safari/537.36',
  cli: 'aws-cli/2.15.0 Python/3.11.6 Darwin/23.1.0 exe/x86_64',
  kali: 'aws-cli/2.7.4 Python/3.9.11 Linux/5.10.0-kali9-amd64 exe/x86_64.kali.2021',
  sdk: 'Boto3/1.26.84 Python/3.10.6 Linux/5.19.0-46-generic Botocore/1.29.84',
  terraform: 'APN/1.0 HashiCorp/1.0 Terraform/1.5.7 aws-sdk-go-v2/1.2 os/linux',
} as const;

export const who = {
  /** An EC2 instance's role. */
  web: (session = 'i-0123456789abcdef0'): Fields => ({
    'aws.principal.id': 'AROAWEBEXAMPLE',
    'aws.principal.type': 'role',
    'aws.principal.class': 'instance',
    'aws.principal.account': account,
    'aws.principal.session': session,
    'user.name': 'web',
    'user_agent.original': agents.sdk,
  }),
  /** Somebody of the permission set for developers: no MFA is ever told of them. */
  developer: (name: string): Fields => ({
    'aws.principal.id': 'AROADEVEXAMPLE',
    'aws.principal.type': 'role',
    'aws.principal.class': 'human',
    'aws.principal.account': account,
    'aws.principal.session': `${name}@corp.example`,
    'user.name': `${name}@corp.example`,
    'user_agent.original': agents.chrome,
  }),
  /** A user of IAM with a second factor. */
  user: (name: string): Fields => ({
    'aws.principal.id': `AIDA${name.toUpperCase()}`,
    'aws.principal.type': 'user',
    'aws.principal.class': 'human',
    'aws.principal.account': account,
    'user.name': name,
    'user_agent.original': agents.cli,
    'aws.mfa': true,
  }),
  deployer: (): Fields => ({
    'aws.principal.id': 'AROADEPLOYEXAMPLE',
    'aws.principal.type': 'role',
    'aws.principal.class': 'automation',
    'aws.principal.account': account,
    'aws.principal.session': 'GitHubActions',
    'user.name': 'deploy',
    'user_agent.original': agents.terraform,
  }),
} as const;
export { agents };

let made = 0;

export function call(time: number, api: string, ...fields: readonly Fields[]): Event {
  const [provider = '', action = ''] = api.split(':');
  made++;
  return {
    id: `call-${made}`,
    time,
    source: 'test',
    kind: 'api',
    fields: Object.assign(
      {
        'event.action': action,
        'event.provider': `${provider}.amazonaws.com`,
        'event.outcome': 'success',
        'cloud.account.id': account,
        'cloud.region': 'eu-west-1',
      },
      ...fields,
    ),
    raw: '',
  };
}

/** A session of temporary credentials. */
export const session = (key: string, created: number): Fields => ({
  'aws.access_key.id': `ASIA${key}`,
  'aws.session.created': created,
});

const looks = ['ec2:DescribeInstances', 's3:ListBuckets', 'logs:FilterLogEvents', 'cloudwatch:GetMetricData'];
const deploys = ['ecs:UpdateService', 'ecs:RegisterTaskDefinition', 'iam:PassRole', 's3:PutObject', 'ecr:PutImage'];
const runs = ['s3:GetObject', 's3:PutObject', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'dynamodb:GetItem'];
const people = ['ann', 'bob', 'carol', 'dave', 'eve', 'fred'];

/** What goes on in an account in so many weeks, in order: a web role, developers, users with MFA, and deployments. */
export function weeks(number: number): Event[] {
  const events: Event[] = [];
  for (let at = 0; at < 7 * number; at++) {
    const today = monday + at * day;
    for (let oclock = 0; oclock < 24; oclock++) {
      const issued = today + (oclock - (oclock % 6)) * hour;
      const from = oclock % 5 === 0 ? places.natToo : places.nat;
      for (const [i, api] of runs.entries())
        events.push(
          call(today + oclock * hour + i * 7 * minute, api, who.web(), from, session(`WEB${issued}`, issued)),
        );
    }
    for (const oclock of [3, 11, 15, 22])
      for (const [i, api] of deploys.entries()) {
        const issued = today + oclock * hour;
        const runner = { ...places.runner, 'source.ip': `198.19.${40 + (at % 9)}.${9 + oclock}` };
        events.push(call(issued + i * minute, api, who.deployer(), runner, session(`CI${issued}`, issued)));
      }
    if (at % 7 > 4) continue;
    for (const [who_, name] of people.entries())
      for (const oclock of [8, 10, 13, 15]) {
        const isUser = who_ > 3;
        const time = today + oclock * hour + who_ * 5 * minute;
        const issued = today + 7 * hour + 30 * minute;
        const from = at % 7 === 4 ? { ...places.home, 'source.ip': `192.0.2.${who_ + 9}` } : places.office;
        const api = looks[(oclock + at + who_) % looks.length] as string;
        events.push(
          call(time, api, isUser ? who.user(name) : who.developer(name), from, session(`${name}${at}`, issued)),
        );
      }
  }
  return events.sort((a, b) => a.time - b.time);
}

/** A model that met so many weeks, and when the next begins. */
export function after(number: number, options?: Readonly<Record<string, unknown>>): { model: Learner; next: number } {
  const model = begin(options);
  for (const event of weeks(number)) model.learn(event, false);
  return { model, next: monday + 7 * number * day };
}

/** Judge, then learn. */
export function meet(model: Learner, event: Event, flagged = false): Score {
  const score = model.score(event);
  model.learn(event, flagged);
  return score;
}

export const codes = (score: Score): string[] => score.reasons.map(({ code }) => code);
export const said = (score: Score, code: string): string | undefined =>
  score.reasons.find((reason) => reason.code === code)?.text;
export const nats = (score: Score, code: string): number =>
  Number(score.reasons.find((reason) => reason.code === code)?.evidence.nats ?? 0);
