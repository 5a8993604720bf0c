import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../../src/event/index.ts';
import {
  after,
  begin,
  call,
  day,
  detector,
  hour,
  minute,
  nats,
  places,
  said,
  session,
  who,
} from '../support/principals.ts';

const arn = 'arn:aws:iam::444455556666:role/ops/Break';
/** A role of another account that nobody took on before. */
const powerful: Fields = {
  'aws.principal.id': 'AROABREAKEXAMPLE',
  'aws.principal.type': 'role',
  'aws.principal.class': 'automation',
  'aws.principal.account': '444455556666',
  'aws.principal.session': 'maintenance',
  'user.roles': ['Break'],
};
const copied: Fields = { 'aws.principal.id': 'AROADEVEXAMPLE', 'aws.principal.type': 'account' };

/** What a session scores that was taken on by `by`, as told by the access key or else by role and second. */
function pivoted(by: Fields, place: Fields, told: 'key' | 'second' | 'nothing') {
  const { model, next } = after(6);
  const now = next + 10 * hour;
  const assumed = told === 'key' ? { 'aws.assumed.key': 'ASIANEW' } : {};
  if (told !== 'nothing') {
    const time = told === 'key' ? now - 5 * minute : now;
    const taken = { 'aws.assumed.role': arn, ...assumed };
    model.learn(call(time, 'sts:AssumeRole', by, place, taken), false);
    model.learn(call(time, 'sts:AssumeRole', copied, place, taken), false);
  }
  const used = call(now + minute, 'rds:CreateDBSnapshot', powerful, place, session('NEW', now + 800));
  return { score: model.score(used), model, used };
}

test('a role without a history is compared with the ways of who took it on', () => {
  for (const told of ['key', 'second'] as const) {
    const { score, model, used } = pivoted(who.developer('ann'), places.vps, told);
    assert.ok(score.value > pivoted(who.developer('ann'), places.vps, 'nothing').score.value + 4, told);
    assert.match(
      said(score, 'action') ?? '',
      /^CreateDBSnapshot was never called by who took on this role in 120 calls/,
    );
    assert.match(
      said(score, 'assumed-by') ?? '',
      /^The role was taken on by ann@corp\.example, who never did before; the call .* strange/,
    );
    assert.equal(
      said(score, 'learning'),
      'Still learning: no call of this role was seen before, so it is compared with those of who took on the role.',
    );
    const again = detector().load?.(model.save());
    assert.equal(again?.score(used).value, score.value, 'a model file keeps who took on what');
  }
  const office = pivoted(who.developer('ann'), places.office, 'key').score;
  assert.ok(nats(office, 'network') < 0, 'it is where its user usually is');
});

test('who takes on a role as ever is no news, and somebody else is', () => {
  const { model, next } = after(6);
  const role = { ...powerful, 'user_agent.original': who.deployer()['user_agent.original'] as string };
  let made = 0;
  const run = (time: number, by: Fields) => {
    const key = { 'aws.assumed.key': `ASIARUN${++made}` };
    model.learn(call(time, 'sts:AssumeRole', by, places.runner, { 'aws.assumed.role': arn, ...key }), false);
    return call(time + minute, 'ecs:UpdateService', role, places.runner, session(`RUN${made}`, time));
  };
  for (let at = 0; at < 60; at++) model.learn(run(next + at * hour, who.deployer()), false);
  const now = next + 4 * day;
  const ever = model.score(run(now, who.deployer()));
  assert.ok(nats(ever, 'assumed-by') <= 0 && nats(ever, 'assumed-by') > -1, `${nats(ever, 'assumed-by')}`);
  const other = model.score(run(now + hour, who.user('eve')));
  assert.ok(nats(other, 'assumed-by') > 2, `${nats(other, 'assumed-by')}`);
});

test('a failed attempt issues nothing, and one role is not another', () => {
  for (const more of [{ 'event.outcome': 'failure' }, { 'aws.assumed.role': `${arn}Other` }]) {
    const { model, next } = after(6);
    const by = who.developer('ann');
    model.learn(call(next, 'sts:AssumeRole', by, places.vps, { 'aws.assumed.role': arn }, more), false);
    const used = call(next + minute, 'rds:CreateDBSnapshot', powerful, places.vps, session('NEW', next));
    assert.equal(said(model.score(used), 'assumed-by'), undefined);
  }
});

test('each new action within the hour after another is stranger', () => {
  const { model, next } = after(6);
  const values = ['iam:ListUsers', 'iam:GetUser', 'kms:ListKeys', 'rds:DescribeDBInstances'].map((api, at) => {
    const look = call(next + 10 * hour + at * minute, api, who.developer('ann'), places.office);
    const score = model.score(look);
    model.learn(look, false);
    return nats(score, 'exploring');
  });
  assert.equal(values[0], 0);
  assert.ok((values[3] as number) > (values[1] as number), `${values}`);
  const later = model.score(call(next + 13 * hour, 'sqs:ListQueues', who.developer('ann'), places.office));
  assert.equal(nats(later, 'exploring'), 0, 'after a pause it is forgotten');
});

test('a call through a service comes from where its session is', () => {
  const { model, next } = after(6);
  const key = session('DOOR', next + 9 * hour);
  const of = (place: Fields) => call(next + 10 * hour, 'iam:CreateRole', who.developer('ann'), place, key);
  const before = model.score(of(places.appstream));
  model.learn(call(next + 10 * hour - minute, 'sts:GetCallerIdentity', who.developer('ann'), places.vps, key), true);
  const through = model.score(of(places.appstream));
  assert.ok(through.value > before.value + 2, `${through.value} ${before.value}`);
  assert.match(said(through, 'session-networks') ?? '', /used from 198\.18\.9\.9 just before/);
});

test('a finding that names nobody is accepted and counts nothing', () => {
  const model = begin();
  const finding = { ...call(0, 'guardduty:x'), kind: 'finding' as const };
  assert.ok(model.accepts(finding));
  const score = model.score(finding);
  assert.deepEqual([score.value, score.always, score.reasons.map(({ code }) => code)], [0, true, ['nobody']]);
  assert.doesNotThrow(() => model.learn(finding, false));
});

test("a user's own key is less strange than one for somebody else, and a global service has no region", () => {
  const { model, next } = after(6);
  const made = (target: string) =>
    model.score(
      call(next + 10 * hour, 'iam:CreateAccessKey', who.user('eve'), places.office, { 'aws.target.user': target }),
    );
  assert.ok(nats(made('admin'), 'action') > nats(made('eve'), 'action') + 0.5);
  const abroad = { 'cloud.region': 'us-east-1' };
  const iam = model.score(call(next + 10 * hour, 'iam:ListUsers', who.user('eve'), places.office, abroad));
  const ec2 = model.score(call(next + 10 * hour, 'ec2:RunInstances', who.user('eve'), places.office, abroad));
  assert.ok(nats(iam, 'region') === 0 && nats(ec2, 'region') > 1);
});
