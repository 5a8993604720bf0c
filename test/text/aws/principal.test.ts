import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { actorOfIdentity, actorOfKey, actorOfUser } from '../../../src/text/aws/actor.ts';
import { cloudTrailRecord } from '../../../src/text/aws/cloudtrail/record.ts';
import { guardDutyFindings } from '../../../src/text/aws/guardduty/finding.ts';
import { type Principal, principalOf } from '../../../src/text/aws/principal.ts';
import type { Json } from '../../../src/text/wazuh/values.ts';
import { shapes, testActor, userIdentity } from './actors.ts';

const of = (identity: Json): Principal | undefined => principalOf(actorOfIdentity(identity));

test('every type of userIdentity is a principal under one name', () => {
  const account = '123456789012';
  const cases: readonly [Json, Principal | undefined][] = [
    [
      { type: 'Root', principalId: account, accountId: account, arn: `arn:aws:iam::${account}:root` },
      { id: `${account}:root`, type: 'root', class: 'human', account, name: 'root' },
    ],
    [
      { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: account, userName: 'alice' },
      { id: 'AIDAEXAMPLE', type: 'user', class: 'human', account, name: 'alice' },
    ],
    [
      { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: account, userName: 'terraform-ci' },
      { id: 'AIDAEXAMPLE', type: 'user', class: 'automation', account, name: 'terraform-ci' },
    ],
    [
      { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/team/alice` },
      { id: `${account}:user/alice`, type: 'user', class: 'human', account, name: 'alice' },
    ],
    [
      { type: 'IAMUser', accountId: account, accessKeyId: '', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      { id: `${account}:user`, type: 'user', class: 'unknown', account },
    ],
    [
      {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:i-0abc123456789def0',
        accountId: account,
        sessionContext: { sessionIssuer: { principalId: 'AROAEXAMPLE', userName: 'Web' } },
      },
      { id: 'AROAEXAMPLE', type: 'role', class: 'instance', account, session: 'i-0abc123456789def0', name: 'Web' },
    ],
    [
      { type: 'AssumedRole', arn: `arn:aws:sts::${account}:assumed-role/Admin/jane@corp.example` },
      {
        id: `${account}:role/Admin`,
        type: 'role',
        class: 'human',
        account,
        session: 'jane@corp.example',
        name: 'Admin',
      },
    ],
    [
      {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:jane',
        accountId: account,
        arn: `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane`,
      },
      {
        id: 'AROAEXAMPLE',
        type: 'role',
        class: 'human',
        account,
        session: 'jane',
        name: 'AWSReservedSSO_Admin_0123456789abcdef',
      },
    ],
    [
      { type: 'FederatedUser', principalId: `${account}:bob`, accountId: account },
      { id: `${account}:federated-user/bob`, type: 'federated-user', class: 'human', account, name: 'bob' },
    ],
    [
      { type: 'SAMLUser', principalId: 'Provider=:jane', userName: 'jane', identityProvider: 'Provider=' },
      { id: 'saml:Provider=:jane', type: 'saml-user', class: 'human', name: 'jane' },
    ],
    [
      { type: 'SAMLUser', userName: 'jane', identityProvider: 'Provider=' },
      { id: 'saml:Provider=:jane', type: 'saml-user', class: 'human', name: 'jane' },
    ],
    [
      {
        type: 'WebIdentityUser',
        principalId: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:a/b:ref:refs/heads/main`,
        userName: 'repo:a/b:ref:refs/heads/main',
      },
      {
        id: `web:arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:a/b:ref:refs/heads/main`,
        type: 'web-identity-user',
        class: 'automation',
        name: 'repo:a/b:ref:refs/heads/main',
      },
    ],
    [
      { type: 'AWSAccount', principalId: 'AROAEXAMPLE:s3-sync', accountId: '111111111111' },
      { id: 'AROAEXAMPLE', type: 'role', class: 'unknown', account: '111111111111', session: 's3-sync' },
    ],
    [
      { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' },
      { id: 'anonymous', type: 'anonymous', class: 'unknown' },
    ],
    [
      { type: 'AWSAccount', accountId: '111111111111' },
      { id: '111111111111:account', type: 'account', class: 'unknown', account: '111111111111' },
    ],
    [
      { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
      { id: 'ec2.amazonaws.com', type: 'service', class: 'service', name: 'ec2.amazonaws.com' },
    ],
    [
      { accountId: account, invokedBy: 'secretsmanager.amazonaws.com' },
      {
        id: 'secretsmanager.amazonaws.com',
        type: 'service',
        class: 'service',
        account,
        name: 'secretsmanager.amazonaws.com',
      },
    ],
    [
      {
        type: 'IdentityCenterUser',
        accountId: account,
        onBehalfOf: { userId: '544894e8-80c1-707f-60e3-3ba6510dfac1' },
      },
      {
        id: 'identity-center:544894e8-80c1-707f-60e3-3ba6510dfac1',
        type: 'identity-center-user',
        class: 'human',
        account,
      },
    ],
    [
      { type: 'Unknown', principalId: 'abc', accountId: account, userName: 'jane' },
      { id: 'abc', type: 'unknown', class: 'unknown', account, name: 'jane' },
    ],
    [{ type: 'Unknown' }, undefined],
    [{}, undefined],
  ];
  for (const [identity, expected] of cases) assert.deepEqual(of(identity), expected, JSON.stringify(identity));
});

test("a role's sessions are told apart by class", () => {
  const sessions: readonly [string, Principal['class']][] = [
    ['i-0123456789abcdef0', 'instance'],
    ['i-01234567', 'instance'],
    ['i-web', 'unknown'],
    ['jane.doe@corp.example', 'human'],
    ['jane.doe', 'human'],
    ['aws-go-sdk-1688990525', 'automation'],
    ['botocore-session-1688990525', 'automation'],
    ['1688990525123456789', 'automation'],
    ['0123456789abcdef0123456789abcdef', 'automation'],
    ['4c5b1f6e-3a21-4d8e-9c7b-0123456789ab', 'automation'],
    ['GitHubActions', 'automation'],
    ['AWSCodeBuild-1234', 'automation'],
    ['jane', 'unknown'],
  ];
  for (const [session, expected] of sessions) {
    const identity = { type: 'AssumedRole', principalId: `AROAEXAMPLE:${session}` };
    assert.equal(of(identity)?.class, expected, session);
  }
});

test("a finding's AROA…:session is the trail's role: the mismatch that made every finding on a role a stranger", () => {
  const details = { principalId: 'AROATMJPC7YEXAMPLE:example', userName: 'Admin', userType: 'AssumedRole' };
  const found = principalOf(actorOfKey(details, '111111111111'));
  const trail = of({
    type: 'AssumedRole',
    principalId: 'AROATMJPC7YEXAMPLE:example',
    arn: 'arn:aws:sts::111111111111:assumed-role/Admin/example',
    accountId: '111111111111',
    sessionContext: { sessionIssuer: { type: 'Role', principalId: 'AROATMJPC7YEXAMPLE', userName: 'Admin' } },
  });
  assert.equal(found?.id, 'AROATMJPC7YEXAMPLE');
  assert.deepEqual(found, trail);
  assert.equal(found?.session, 'example');
});

test('a record of CloudTrail and every shape of a finding give the same actor', () => {
  fc.assert(
    fc.property(testActor, (actor) => {
      const record = {
        eventTime: '2026-01-02T03:04:05Z',
        eventName: 'DeleteTrail',
        eventSource: 'cloudtrail.amazonaws.com',
        userIdentity: userIdentity(actor),
      };
      const call = cloudTrailRecord(record, '');
      assert.ok('event' in call && call.event !== undefined);
      const expected = actorFields(call.event.fields);
      assert.equal(typeof expected['aws.principal.id'], 'string');
      for (const [shape, render] of Object.entries(shapes)) {
        const [finding] = guardDutyFindings(render(actor) as Json, '');
        assert.ok(finding !== undefined && !('reason' in finding), shape);
        assert.deepEqual(actorFields(finding.event.fields), expected, shape);
      }
    }),
  );
});

const actorFields = (fields: Json): Json =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([name]) => name.startsWith('aws.principal.') || (name.startsWith('user.') && name !== 'user_agent.original'),
    ),
  );

test("OCSF's user is the same actor", () => {
  fc.assert(
    fc.property(testActor, (actor) => {
      fc.pre(actor.type === 'AssumedRole' || actor.type === 'IAMUser' || actor.type === 'FederatedUser');
      const identity = userIdentity(actor);
      const user = { type: actor.type, name: actor.name, uid: identity.arn, uid_alt: identity.principalId };
      const { account: _, ...expected } = of(identity) as Principal;
      const { account, ...found } = principalOf(actorOfUser(user, undefined)) as Principal;
      assert.deepEqual(found, expected);
      assert.equal(account, actor.account);
    }),
  );
});

test('the principals of different actors differ', () => {
  fc.assert(
    fc.property(testActor, testActor, (one, other) => {
      fc.pre(one.id !== other.id && one.account !== other.account);
      assert.notEqual(of(userIdentity(one))?.id, of(userIdentity(other))?.id);
    }),
  );
});

test('anything at all is a principal with an id, or none', () => {
  const keys = [
    'type',
    'principalId',
    'userName',
    'accountId',
    'arn',
    'invokedBy',
    'sessionContext',
    'identityProvider',
  ];
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('arn:aws:sts::1:assumed-role', ':', 'AROA:', ':x'),
    fc.anything(),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), value), (identity) => {
      const principal = of(identity);
      if (principal === undefined) return;
      assert.ok(principal.id.length > 0 && principal.id.length <= 512);
      assert.notEqual(principal.session, '');
    }),
  );
});

test('long names take linear time and are cut', () => {
  const long = 'a-B.'.repeat(250_000);
  const began = performance.now();
  const principal = of({ type: 'AssumedRole', principalId: `AROAX:${long}`, arn: `arn:${long}`, accountId: long });
  assert.ok(performance.now() - began < 1000);
  assert.equal(principal?.session?.length, 512);
});
