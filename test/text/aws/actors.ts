import fc from 'fast-check';

/** Somebody who acts in AWS, as the tests know them. */
export interface TestActor {
  readonly type:
    | 'Root'
    | 'IAMUser'
    | 'AssumedRole'
    | 'FederatedUser'
    | 'SAMLUser'
    | 'WebIdentityUser'
    | 'IdentityCenterUser';
  readonly account: string;
  readonly id: string;
  readonly name: string;
  readonly session: string;
  readonly accessKey: string;
}

const characters = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const nameLetters = 'abcXYZ019_+=,.@-';

export const account = characters('0123456789', 12, 12);
const session = fc.oneof(
  characters(nameLetters, 2, 64),
  characters('0123456789abcdef', 17, 17).map((hex) => `i-${hex}`),
  fc.constantFrom(
    'jane.doe@corp.example',
    'aws-go-sdk-1688990525',
    'botocore-session-1688990525',
    'GitHubActions',
    'jane',
  ),
);

export const testActor: fc.Arbitrary<TestActor> = fc.record({
  type: fc.constantFrom<TestActor['type'][]>(
    'Root',
    'IAMUser',
    'AssumedRole',
    'FederatedUser',
    'SAMLUser',
    'WebIdentityUser',
    'IdentityCenterUser',
  ),
  account,
  id: characters(upper, 17, 17),
  name: fc.oneof(
    characters(nameLetters, 1, 32),
    fc.constantFrom('Admin', 'AWSReservedSSO_DevAdmin_635426549a280cc6', 'AWSServiceRoleForSupport'),
  ),
  session,
  accessKey: characters(upper, 16, 16).map((key) => `ASIA${key}`),
});

/** The principalId that CloudTrail and GuardDuty both log. */
export function principalId({ type, account, id, name, session }: TestActor): string {
  switch (type) {
    case 'Root':
      return account;
    case 'IAMUser':
      return `AIDA${id}`;
    case 'AssumedRole':
      return `AROA${id}:${session}`;
    case 'FederatedUser':
      return `${account}:${name}`;
    case 'SAMLUser':
      return `${id}=:${name}`;
    case 'WebIdentityUser':
      return `accounts.google.com:${id}.apps.googleusercontent.com:${name}`;
    case 'IdentityCenterUser':
      return id;
  }
}

type Record = { readonly [name: string]: unknown };

/** CloudTrail's userIdentity. */
export function userIdentity(actor: TestActor): Record {
  const { type, account, id, name, session, accessKey } = actor;
  const common = { type, accountId: account, accessKeyId: accessKey, principalId: principalId(actor) };
  switch (type) {
    case 'Root':
      return { ...common, arn: `arn:aws:iam::${account}:root` };
    case 'IAMUser':
      return { ...common, arn: `arn:aws:iam::${account}:user/team/${name}`, userName: name };
    case 'AssumedRole':
      return {
        ...common,
        arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: `AROA${id}`,
            arn: `arn:aws:iam::${account}:role/path/${name}`,
            accountId: account,
            userName: name,
          },
          attributes: { mfaAuthenticated: 'false', creationDate: '2026-01-02T03:04:05Z' },
        },
      };
    case 'FederatedUser':
      return {
        ...common,
        arn: `arn:aws:sts::${account}:federated-user/${name}`,
        sessionContext: {
          sessionIssuer: { type: 'IAMUser', principalId: `AIDA${id}`, accountId: account, userName: 'broker' },
        },
      };
    case 'SAMLUser':
      return { ...common, userName: name, identityProvider: `${id}=` };
    case 'WebIdentityUser':
      return { ...common, userName: name, identityProvider: 'accounts.google.com' };
    case 'IdentityCenterUser':
      return {
        type,
        accountId: account,
        onBehalfOf: { userId: id, identityStoreArn: `arn:aws:identitystore::${account}:identitystore/d-1` },
      };
  }
}

/** GuardDuty's name for whom a key belongs to: no name is logged that CloudTrail would not log. */
function userName({ type, name }: TestActor): string {
  if (type === 'IdentityCenterUser') return '';
  return type === 'Root' ? 'Root' : name;
}

/** A finding as GetFindings answers. */
export function rest(actor: TestActor): Record {
  return {
    schemaVersion: '2.0',
    accountId: actor.account,
    region: 'eu-west-1',
    partition: 'aws',
    id: '8c258d654378414b9bc26f61a93eb816',
    arn: `arn:aws:guardduty:eu-west-1:${actor.account}:detector/1a2b/finding/8c258d654378414b9bc26f61a93eb816`,
    type: 'Stealth:IAMUser/CloudTrailLoggingDisabled',
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: {
        accessKeyId: actor.accessKey,
        principalId: principalId(actor),
        userName: userName(actor),
        userType: actor.type,
      },
    },
    service: {
      serviceName: 'guardduty',
      detectorId: '1a2b',
      action: {
        actionType: 'AWS_API_CALL',
        awsApiCallAction: {
          api: 'DeleteTrail',
          serviceName: 'cloudtrail.amazonaws.com',
          callerType: 'Remote IP',
          remoteIpDetails: {
            ipAddressV4: '203.0.113.9',
            organization: { asn: '64500', asnOrg: 'Example Net', isp: 'Example', org: 'Example' },
            country: { countryName: 'Germany' },
            city: { cityName: 'Berlin' },
          },
        },
      },
      resourceRole: 'TARGET',
      additionalInfo: {},
      eventFirstSeen: '2026-01-02T03:00:00.000Z',
      eventLastSeen: '2026-01-02T04:00:00.000Z',
      archived: false,
      count: 3,
    },
    severity: 2,
    createdAt: '2026-01-02T03:05:22.487Z',
    updatedAt: '2026-01-02T04:05:22.487Z',
    title: 'CloudTrail was disabled.',
    description: 'A trail was disabled.',
  };
}

/** As the SDKs write it. */
export const sdk = (actor: TestActor): unknown => capitals(rest(actor));

function capitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitals);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capitals(inner)]),
  );
}

export const eventBridge = (actor: TestActor): unknown => ({
  version: '0',
  id: '1',
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: actor.account,
  time: '2026-01-02T04:10:00Z',
  region: 'eu-west-1',
  detail: rest(actor),
});

function flat(value: object, name: string): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    typeof inner === 'object' ? flat(inner, `${name}/${key}`) : [[`${name}/${key}`, String(inner)]],
  );
}

/** As Security Hub has it. */
export function asff(actor: TestActor): Record {
  const { service, arn } = rest(actor) as { service: object; arn: string };
  return {
    SchemaVersion: '2018-10-08',
    Id: arn,
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    ProductName: 'GuardDuty',
    AwsAccountId: actor.account,
    Region: 'eu-west-1',
    Types: ['TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled'],
    FirstObservedAt: '2026-01-02T03:00:00.000Z',
    LastObservedAt: '2026-01-02T04:00:00.000Z',
    CreatedAt: '2026-01-02T03:05:22.487Z',
    UpdatedAt: '2026-01-02T04:05:22.487Z',
    Severity: { Product: 2, Label: 'LOW', Normalized: 40 },
    Title: 'CloudTrail was disabled.',
    ProductFields: Object.fromEntries(flat(service, 'aws/guardduty/service')),
    Resources: [
      {
        Type: 'AwsIamAccessKey',
        Id: `AWS::IAM::AccessKey:${actor.accessKey}`,
        Details: {
          AwsIamAccessKey: {
            PrincipalId: principalId(actor),
            PrincipalName: userName(actor),
            PrincipalType: actor.type,
          },
        },
      },
    ],
    RecordState: 'ACTIVE',
    Sample: false,
  };
}

/** The same in Security Hub's event. */
export const asffEvent = (actor: TestActor): unknown => ({
  'detail-type': 'Security Hub Findings - Imported',
  source: 'aws.securityhub',
  detail: { findings: [asff(actor)] },
});

/** As the mapping of Security Hub to OCSF has it. */
export function ocsf(actor: TestActor): Record {
  const {
    ProductFields: fields,
    Id: uid,
    Types: types,
    Resources: resources,
  } = asff(actor) as {
    ProductFields: Record;
    Id: string;
    Types: string[];
    Resources: [{ Details: object; Id: string; Type: string }];
  };
  return {
    class_uid: 2004,
    class_name: 'Detection Finding',
    cloud: { account: { uid: actor.account }, provider: 'AWS', region: 'eu-west-1' },
    evidences: [
      {
        api: { operation: 'DeleteTrail', service: { name: 'cloudtrail.amazonaws.com' } },
        src_endpoint: { ip: '203.0.113.9', location: { city: 'Berlin', country: 'Germany' } },
      },
    ],
    finding_info: {
      uid,
      types,
      title: 'CloudTrail was disabled.',
      first_seen_time_dt: '2026-01-01T22:00:00.000-05:00',
      last_seen_time_dt: '2026-01-01T23:00:00.000-05:00',
      modified_time_dt: '2026-01-01T23:05:22.487-05:00',
    },
    metadata: {
      product: {
        name: 'GuardDuty',
        vendor_name: 'Amazon',
        uid: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
      },
    },
    resources: [{ type: 'AwsIamAccessKey', uid: resources[0].Id, data: JSON.stringify(resources[0].Details) }],
    severity_id: 2,
    unmapped: Object.fromEntries([
      ...Object.entries(fields).map(([key, value]) => [`ProductFields.${key}`, value]),
      ['RecordState', 'ACTIVE'],
      ['Sample', 'false'],
      ['Severity.Product', '2'],
    ]),
  };
}

/** Every shape that GuardDuty's findings come in; the export to S3 is the first, a line each. */
export const shapes: Readonly<{ [name: string]: (actor: TestActor) => unknown }> = {
  'REST and the export to S3': rest,
  SDK: sdk,
  EventBridge: eventBridge,
  ASFF: asff,
  'ASFF in an event': asffEvent,
  OCSF: ocsf,
};
