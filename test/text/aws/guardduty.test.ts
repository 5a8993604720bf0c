import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../src/event/index.ts';
import { findingType } from '../../../src/text/aws/guardduty/asff.ts';
import { type GuardDutyFinding, guardDutyFindings } from '../../../src/text/aws/guardduty/finding.ts';
import { isObject, type Json } from '../../../src/text/wazuh/values.ts';
import { asff, ocsf, rest, shapes, type TestActor } from './actors.ts';

const actor: TestActor = {
  type: 'AssumedRole',
  account: '123456789012',
  id: 'EXAMPLE',
  name: 'Admin',
  session: 'jane@corp.example',
  accessKey: 'ASIAEXAMPLE',
};

function read(record: unknown): GuardDutyFinding {
  const [finding, ...more] = guardDutyFindings(record as Json, '');
  assert.deepEqual(more, []);
  assert.ok(finding !== undefined && !('reason' in finding), JSON.stringify(finding));
  return finding;
}

const expected: Omit<Event, 'raw'> = {
  id: 'guardduty/8c258d654378414b9bc26f61a93eb816',
  time: Date.UTC(2026, 0, 2, 4),
  source: 'guardduty',
  kind: 'finding',
  fields: {
    'rule.name': 'Stealth:IAMUser/CloudTrailLoggingDisabled',
    'event.severity': 2,
    message: 'CloudTrail was disabled.',
    'cloud.account.id': '123456789012',
    'cloud.region': 'eu-west-1',
    'aws.finding.id': '8c258d654378414b9bc26f61a93eb816',
    'aws.finding.count': 3,
    'aws.finding.first_seen': Date.UTC(2026, 0, 2, 3),
    'aws.finding.last_seen': Date.UTC(2026, 0, 2, 4),
    'aws.finding.updated': Date.UTC(2026, 0, 2, 4, 5, 22, 487),
    'aws.finding.resource': 'AccessKey',
    'aws.finding.role': 'target',
    'aws.principal.id': 'AROAEXAMPLE',
    'aws.principal.type': 'role',
    'aws.principal.class': 'human',
    'aws.principal.account': '123456789012',
    'aws.principal.session': 'jane@corp.example',
    'user.id': 'AROAEXAMPLE',
    'user.name': 'jane@corp.example',
    'user.roles': ['Admin'],
    'aws.access_key.id': 'ASIAEXAMPLE',
    'aws.finding.action': 'AWS_API_CALL',
    'event.action': 'DeleteTrail',
    'event.provider': 'cloudtrail.amazonaws.com',
    'aws.source.type': 'public',
    'source.ip': '203.0.113.9',
    'aws.finding.remote_ips': ['203.0.113.9'],
    'source.as.number': 64_500,
    'source.as.organization.name': 'Example Net',
    'source.geo.country_name': 'Germany',
    'source.geo.city_name': 'Berlin',
  },
};

for (const [shape, render] of Object.entries(shapes)) {
  test(`a finding as ${shape} is the same event`, () => {
    const { event, sample } = read(render(actor));
    const { raw: _, ...rest } = event;
    assert.deepEqual(rest, expected);
    assert.equal(sample, false);
  });
}

test("MozDef's names are known", () => {
  const { service, ...finding } = rest(actor);
  const { shape, event } = read({ ...finding, finding: service, category: finding.type });
  assert.equal(shape, 'mozdef');
  assert.deepEqual(event.fields, expected.fields);
});

const withService = (changes: Json): Json => ({
  ...rest(actor),
  service: { ...(rest(actor).service as Json), ...changes },
});

test('sample findings are told, in every shape', () => {
  assert.equal(read(withService({ additionalInfo: { sample: true } })).sample, true);
  assert.equal(read(withService({ additionalInfo: { sample: 'True' } })).sample, true);
  assert.equal(read({ ...asff(actor), Sample: true }).sample, true);
  const fields = { ...(asff(actor).ProductFields as Json), 'aws/guardduty/service/additionalInfo/sample': 'true' };
  assert.equal(read({ ...asff(actor), Sample: undefined, ProductFields: fields }).sample, true);
  assert.equal(read({ ...ocsf(actor), unmapped: { Sample: 'true' } }).sample, true);
});

test('an archived finding says so', () => {
  assert.equal(read(withService({ archived: true })).event.fields['aws.finding.archived'], true);
  assert.equal(read({ ...asff(actor), RecordState: 'ARCHIVED' }).event.fields['aws.finding.archived'], true);
});

test('every address of a port probe is kept', () => {
  const probe = (ip: string): Json => ({ localPortDetails: { port: 22 }, remoteIpDetails: { ipAddressV4: ip } });
  const action = {
    actionType: 'PORT_PROBE',
    portProbeAction: { portProbeDetails: ['203.0.113.1', '203.0.113.2', '203.0.113.1'].map(probe) },
  };
  const { fields } = read(withService({ action })).event;
  assert.equal(fields['source.ip'], '203.0.113.1');
  assert.deepEqual(fields['aws.finding.remote_ips'], ['203.0.113.1', '203.0.113.2']);
  const flat = {
    'aws/guardduty/service/action/actionType': 'PORT_PROBE',
    'aws/guardduty/service/action/portProbeAction/portProbeDetails.0_/remoteIpDetails/ipAddressV4': '203.0.113.1',
    'aws/guardduty/service/action/portProbeAction/portProbeDetails.1_/remoteIpDetails/ipAddressV4': '203.0.113.2',
  };
  const hub = read({ ...asff(actor), ProductFields: flat }).event.fields;
  assert.deepEqual(hub['aws.finding.remote_ips'], ['203.0.113.1', '203.0.113.2']);
});

test('an address of IPv6 and a service as the caller are read', () => {
  const call = (details: Json): Json => ({
    action: { actionType: 'AWS_API_CALL', awsApiCallAction: { api: 'x', ...details } },
  });
  const six = read(withService(call({ remoteIpDetails: { ipAddressV6: '2001:DB8::1' } }))).event.fields;
  assert.equal(six['source.ip'], '2001:db8::1');
  const domain = { callerType: 'Domain', domainDetails: { domain: 'cloudformation.amazonaws.com' } };
  const service = read(withService(call(domain))).event.fields;
  assert.equal(service['aws.source.type'], 'service');
  assert.equal(service['source.address'], 'cloudformation.amazonaws.com');
});

test('an attack sequence names its actor among the actors, or in its description', () => {
  const sequence = {
    actors: [{ id: '1', user: { name: 'john', uid: 'AIDAEXAMPLE', type: 'IAMUser', credentialUid: 'AKIAEXAMPLE' } }],
    endpoints: [{ id: '2', ip: '203.0.113.7', autonomousSystem: { name: 'Example Net', number: 64_500 } }],
  };
  const { resource: _, ...finding } = withService({ action: undefined, detection: { sequence } });
  const { fields } = read(finding).event;
  assert.equal(fields['aws.principal.id'], 'AIDAEXAMPLE');
  assert.equal(fields['aws.principal.type'], 'user');
  assert.equal(fields['aws.access_key.id'], 'AKIAEXAMPLE');
  assert.equal(fields['source.ip'], '203.0.113.7');
  assert.equal(fields['source.as.number'], 64_500);

  const description = 'was observed for IAMUser/john with principalId AIDA3UBBJ2K3TVEXAMPLE in account 111122223333';
  const described = read({ ...withService({ action: undefined }), resource: {}, description }).event.fields;
  assert.equal(described['aws.principal.id'], 'AIDA3UBBJ2K3TVEXAMPLE');
  assert.equal(described['aws.principal.type'], 'user');
});

test('a finding without an actor has none', () => {
  const { fields } = read({
    ...rest(actor),
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-1' } },
  }).event;
  assert.equal(fields['aws.principal.id'], undefined);
  assert.equal(fields['user.name'], undefined);
  assert.equal(fields['cloud.instance.id'], 'i-1');
});

test("Security Hub's types are GuardDuty's again", () => {
  assert.equal(
    findingType(['TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled']),
    'Stealth:IAMUser/CloudTrailLoggingDisabled',
  );
  assert.equal(findingType(['TTPs/PenTest:IAMUser/KaliLinux']), 'PenTest:IAMUser/KaliLinux');
  assert.equal(
    findingType(['Unusual Behaviors/User/Discovery:IAMUser-AnomalousBehavior']),
    'Discovery:IAMUser/AnomalousBehavior',
  );
  assert.equal(findingType(['Effects']), 'Effects');
  assert.equal(findingType(undefined), undefined);
});

test('findings of other products and other things say what they are not', () => {
  const reasons = [
    { ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/inspector', Id: '1' },
    { class_uid: 2004 },
    {},
    { findings: [1] },
  ]
    .flatMap((record) => guardDutyFindings(record, ''))
    .map((finding) => ('reason' in finding ? finding.reason : 'read'));
  assert.deepEqual(reasons, [
    'a Security Hub finding of another product than GuardDuty',
    'an OCSF finding of another product than GuardDuty',
    'not a GuardDuty finding',
    'not an object',
  ]);
  assert.ok(isObject(rest(actor)));
});
