import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, Fields, Score } from '../../src/event/index.ts';
import {
  after,
  agents,
  begin,
  call,
  codes,
  day,
  hour,
  meet,
  minute,
  nats,
  places,
  said,
  session,
  who,
} from '../support/principals.ts';

const { model, next } = after(6);
const now = next + 10 * hour;
const score = (api: string, ...fields: readonly Fields[]): Score => model.score(call(now, api, ...fields));
const look = 'ec2:DescribeInstances';

/** Fresh, so that what one test teaches is not known to the next. */
function taught(events: readonly Event[]) {
  const fresh = after(6);
  for (const event of events) fresh.model.learn(event, false);
  return fresh.model;
}

test("an instance's credentials on a rented server are far stranger than at its own address", () => {
  const used = session('WEBX', next + 6 * hour);
  const own = taught([call(next + 7 * hour, 's3:GetObject', who.web(), places.nat, used)]);
  const at = (place: Fields, api: string, more: Fields = {}) => own.score(call(now, api, who.web(), place, used, more));
  const home = at(places.natToo, 's3:GetObject');
  const same = at(places.vps, 's3:GetObject');
  const stolen = at(places.vps, 'sts:GetCallerIdentity', { 'user_agent.original': agents.kali });
  assert.ok(home.value < -4, `${home.value}`);
  assert.ok(same.value > 8 && stolen.value > 20, `${same.value} ${stolen.value}`);
  assert.match(
    said(stolen, 'network') ?? '',
    /^This role was never seen outside AS14618 in 5,041 calls, and now at 198\.18\.9\.9 \(AS24940, Hetzner Online GmbH, FI\), which rents out servers; the nearest known address is 198\.51\.100\.2[01]\.$/,
  );
  assert.match(
    said(stolen, 'action') ?? '',
    /^GetCallerIdentity was never called by this role in 5,041 calls; intruders use it for discovery\.$/,
  );
  assert.match(said(stolen, 'agent') ?? '', /^Sent by aws-cli on kali, which is new here; this role has used boto3/);
  assert.equal(
    said(stolen, 'session-networks'),
    'The session began at 198.51.100.20 (AS14618) and is now used from 198.18.9.9 as well: its credentials may be stolen.',
  );
  assert.match(said(stolen, 'nearest-known') ?? '', /^This role was last seen on 15 June 2026 07:00 UTC from 198\.51/);
});

test('a person on holiday in another country is noted, and no more than that', () => {
  for (const whose of [who.developer('ann'), who.user('eve')]) {
    const holiday = score(look, whose, places.hotel, session(`H${whose['user.name']}`, now - minute));
    assert.ok(holiday.value > 0.5 && holiday.value < 6, `${holiday.value}`);
    assert.ok(nats(holiday, 'network') > 4 && nats(holiday, 'agent') < 0);
    const rented = score(look, whose, places.vps, session(`H${whose['user.name']}`, now - minute));
    assert.ok(rented.value > holiday.value + 1, `${rented.value} ${holiday.value}`);
  }
});

test('a new colleague in the office is nothing; from a rented server is more, and both are told to be new', () => {
  const office = score(look, who.developer('zoe'), places.officeToo);
  const rented = score(look, who.developer('zoe'), places.vps);
  assert.ok(office.value < -3 && rented.value > office.value + 4, `${office.value} ${rented.value}`);
  assert.equal(
    said(office, 'learning'),
    'Still learning: no call of this person was seen before, so it is compared with those of others.',
  );
  assert.ok(codes(rented).includes('learning'));
  const reported = model.score(finding({ ...who.developer('zoe'), ...places.officeToo }));
  assert.equal(said(reported, 'network'), 'The network of 203.0.113.90 is one that 6 other principals use.');
});

test('a deployment is nothing, at 3 a.m. too', () => {
  for (const oclock of [3, 11]) {
    const from = { ...places.runner, 'source.ip': '198.19.45.77' };
    const time = next + oclock * hour;
    const deployed = model.score(call(time, 'ecs:UpdateService', who.deployer(), from, session('CIX', time - minute)));
    assert.ok(deployed.value < -3, `${oclock}: ${deployed.value}`);
  }
});

test('the first terraform apply of an admin in the office is less than the same from anywhere', () => {
  const apply = { 'user_agent.original': agents.terraform };
  const office = score('ec2:RunInstances', who.user('eve'), places.office, apply);
  const elsewhere = score('ec2:RunInstances', who.user('eve'), places.vps, apply);
  assert.ok(office.value > 0 && office.value < 8, `${office.value}`);
  assert.ok(elsewhere.value > office.value + 6);
  assert.match(said(office, 'network') ?? '', /^This user was seen from 203\.0\.113\.7 \d+ times before\.$/);
});

test('who never had an action is told with the peers and what it is good for', () => {
  const created = score('iam:CreateUser', who.developer('ann'), places.office);
  assert.equal(
    said(created, 'action'),
    'CreateUser was never called by this person in 120 calls, nor by any of its 3 peers; intruders use it for persistence.',
  );
  const harmless = score('iam:GetUser', who.developer('ann'), places.office);
  assert.ok(nats(created, 'action') > nats(harmless, 'action') + 0.5);
  const written = score('sns:PublishOdd', who.developer('ann'), places.office);
  const readOnly = score('sns:PublishOdd', who.developer('ann'), places.office, { 'aws.read_only': true });
  assert.ok(nats(written, 'action') > nats(readOnly, 'action'), 'what changes something weighs more');
  const colleagues = taught(
    ['ann', 'bob', 'dave'].map((name) => call(next + 8 * hour, 'iam:GetUser', who.developer(name), places.office)),
  ).score(call(now, 'iam:GetUser', who.developer('carol'), places.office));
  assert.ok(nats(colleagues, 'action') < nats(harmless, 'action') - 1, 'peers make it less strange');
});

test('one session from a second network is strange for a machine, and a trifle for a VPN that goes up and down', () => {
  const key = session('TWO', next + 8 * hour);
  const person = taught([call(next + 8 * hour, look, who.developer('ann'), places.office, key)]);
  const flap = person.score(call(now, look, who.developer('ann'), { ...places.home, 'source.ip': '192.0.2.9' }, key));
  const theft = person.score(call(now, look, who.developer('ann'), places.vps, key));
  assert.ok(nats(flap, 'session-networks') < 0.6 && flap.value < 0, `${flap.value}`);
  assert.ok(nats(theft, 'session-networks') > 1.5);
  const machine = taught([call(next + 8 * hour, 's3:GetObject', who.web(), places.nat, key)]);
  const of = (place: Fields) =>
    nats(machine.score(call(now, 'iam:CreateUser', who.web(), place, key)), 'session-networks');
  assert.ok(of(places.vps) > 4);
  assert.ok(of({ ...places.nat, 'source.ip': '198.51.100.77' }) < 0, 'the same /24');
  assert.ok(of({ ...places.nat, 'source.ip': '198.18.200.1' }) > 2, "everybody's cloud is nobody's network");
  assert.equal(of(places.cloudformation), 0, 'a service is no network');
  const lasting = { 'aws.access_key.id': 'AKIAEXAMPLE', 'aws.session.created': next };
  const user = taught([call(next + 8 * hour, look, who.user('eve'), places.office, lasting)]);
  assert.equal(nats(user.score(call(now, look, who.user('eve'), places.vps, lasting)), 'session-networks'), 0);
});

test('a service that never called for a principal is scored, not dropped', () => {
  const hidden = score(look, who.developer('ann'), places.appstream);
  assert.ok(hidden.value > 2 && nats(hidden, 'service') > 4, `${hidden.value}`);
  assert.equal(
    said(hidden, 'service'),
    'Came through appstream.amazonaws.com, which this person never used in 120 calls, nor any of its 3 peers.',
  );
  const stacks = (at: number) =>
    call(next + at, 'cloudformation:DescribeStacks', who.deployer(), places.cloudformation);
  const used = after(6).model;
  const first = stacks(hour);
  assert.ok(nats(meet(used, first), 'service') > 2);
  used.settle(first.id, 'benign');
  for (let at = 2; at < 90; at++) used.learn(stacks(at * hour), false);
  const known = used.score(stacks(4 * day));
  assert.ok(known.value < 0, `${known.value}`);
});

test('what comes from inside is compared with what came from inside', () => {
  const learnt = begin();
  for (let at = 0; at < 400; at++)
    learnt.learn(call(next + at * 30 * minute, 's3:GetObject', who.web(), places.inside), false);
  const from = (place: Fields) => learnt.score(finding(call(next + 9 * day, 's3:GetObject', who.web(), place).fields));
  const [home, endpoint, subnet, outside] = [
    from(places.inside),
    from({ ...places.inside, 'aws.vpc_endpoint.id': 'vpce-ffff0000' }),
    from({ ...places.inside, 'source.ip': '10.9.9.9' }),
    from(places.vps),
  ];
  assert.ok(home.value < -3 && endpoint.value > home.value + 5 && subnet.value > home.value + 5);
  assert.ok(outside.value > home.value + 6 && outside.value > 3, `${outside.value}`);
  assert.match(said(outside, 'network') ?? '', /^This role was never seen on the internet in 400 calls: 198\.18\.9\.9/);
  assert.match(said(endpoint, 'network') ?? '', /through the VPC endpoint vpce-ffff0000/);
});

test('no second factor is strange for who always has one, and says nothing of those who sign in elsewhere', () => {
  const without = score(look, who.user('eve'), places.office, { 'aws.mfa': false });
  assert.ok(nats(without, 'mfa') > 2.5);
  assert.match(said(without, 'mfa') ?? '', /^Without a second factor, which this user had in \d+ of \d+ calls\.$/);
  for (const mfa of [{}, { 'aws.mfa': false }]) {
    const login = { ...call(now, 'signin:login', who.developer('ann'), places.office, mfa), kind: 'login' as const };
    const sso = model.score(login);
    assert.ok(!codes(sso).includes('mfa') && sso.value < 0, `${sso.value}`);
  }
});

test('a burst of refusals is told, one is not, and it blames nobody at home', () => {
  const own = after(6).model;
  const denied = { 'event.outcome': 'failure', 'event.code': 'AccessDenied' };
  const probe = (at: number, place: Fields) =>
    meet(own, call(now + at * 2000, 's3:ListBuckets', who.user('eve'), place, denied));
  const first = probe(0, places.office);
  let last = first;
  for (let at = 1; at < 15; at++) last = probe(at, places.office);
  assert.ok(nats(first, 'error') < 1.5 && nats(last, 'error') > 3, `${nats(first, 'error')} ${nats(last, 'error')}`);
  assert.match(
    said(last, 'error') ?? '',
    /^About 1[45] of 1[45] calls of late were refused; usual for this user is \d/,
  );
  const elsewhere = own.score(call(now + 31_000, look, who.user('eve'), { ...places.home, 'source.ip': '192.0.2.13' }));
  assert.ok(!codes(elsewhere).includes('error') || nats(elsewhere, 'error') === 0);
  const later = own.score(call(now + 12 * hour, 's3:ListBuckets', who.user('eve'), places.office, denied));
  assert.ok(nats(later, 'error') < 2, 'it fades');
});

test('a region, and a session of an unusual age, count a little', () => {
  const elsewhere = score(look, who.developer('ann'), places.vps, { 'cloud.region': 'ap-east-1' });
  assert.ok(nats(elsewhere, 'region') > 2 && nats(elsewhere, 'region') <= 4);
  assert.equal(
    said(elsewhere, 'region'),
    'This person never used ap-east-1 before; this person has used eu-west-1 120 times.',
  );
  const old = model.score(call(now, look, who.deployer(), places.vps, session('OLD', now - 30 * hour)));
  assert.ok(nats(old, 'session-age') > 0.5 && nats(old, 'session-age') <= 1.5);
});

test('a network that is trusted takes some off', () => {
  const [plain, known] = [{}, { 'source.known': 'partner' }].map((more) =>
    score(look, who.developer('ann'), places.hotel, more),
  ) as [Score, Score];
  assert.ok(known.value < plain.value - 2);
});

const finding = (...fields: readonly Fields[]): Event => ({
  id: 'guardduty/1',
  time: now,
  source: 'guardduty',
  kind: 'finding',
  fields: Object.assign(
    { 'rule.name': 'UnauthorizedAccess:IAMUser/MaliciousIPCaller', 'event.severity': 5 },
    ...fields,
  ),
  raw: '',
});

test('a finding is judged as the call would be, by what it has; its severity says nothing', () => {
  const bare = { ...who.web(), ...places.vps };
  const judged = model.score(finding(bare));
  assert.equal(judged.always, true);
  assert.ok(judged.value > 5 && codes(judged)[0] === 'network', `${judged.value}`);
  assert.equal(model.score(finding(bare, { 'event.severity': 8 })).value, judged.value);
  const whole = { 'event.action': 'GetObject', 'event.provider': 's3.amazonaws.com', 'cloud.region': 'eu-west-1' };
  const same = model.score(call(now, 's3:GetObject', bare));
  assert.ok(Math.abs(model.score(finding(bare, whole)).value - same.value) < 1e-9, 'as the call');
  const several = model.score(finding(bare, places.nat, { 'aws.finding.remote_ips': ['198.51.100.20', '198.18.9.9'] }));
  assert.ok(several.value > model.score(finding(bare, places.nat)).value + 4, 'the strangest of its addresses counts');
  const before = model.save();
  const held = model.info()['in quarantine'];
  const clean = after(6).model;
  const [learnt, then] = [clean.info(), clean.score(finding(bare)).value];
  clean.learn(finding(bare), false);
  assert.deepEqual(clean.info(), learnt);
  assert.equal(clean.score(finding(bare)).value, then, 'nothing is learnt of it');
  assert.deepEqual(model.save(), before);
  assert.equal(model.info()['in quarantine'], held);
  assert.ok(model.score(finding({ ...who.web(), ...places.nat })).reasons.length > 1, 'also what is ordinary is told');
});

test('the nats of all reasons add up to the value', () => {
  const apis = [look, 'iam:CreateUser', 's3:GetObject'];
  const whose = [who.web(), who.deployer(), who.developer('ann'), who.developer('zoe'), who.user('eve')];
  for (const api of apis)
    for (const of of whose)
      for (const place of Object.values(places))
        for (const event of [call(now, api, of, place, session('SUM', now - hour)), finding(of, place)]) {
          const { value, reasons } = model.score(event);
          const sum = reasons.reduce((all, { evidence }) => all + Number(evidence.nats ?? 0), 0);
          assert.ok(Math.abs(sum - value) < 1e-6, `${sum} ${value}`);
          for (const { text } of reasons) assert.match(text, /^[A-Z0-9].*\.$/s);
        }
});

test('of the first call of all, and of principals without a word, something is said', () => {
  const empty = begin().score(call(0, 'iam:CreateUser', who.web(), places.vps));
  assert.ok(Number.isFinite(empty.value) && codes(empty).includes('learning'));
  assert.deepEqual(model.describe(call(now, 'iam:CreateUser', who.web(), places.vps)), {
    title: 'CreateUser by web (i-0123456789abcdef0) from 198.18.9.9',
    entity: { type: 'role', name: 'AROAWEBEXAMPLE' },
  });
});

test('IPv6 is compared by /64, /48 and /32', () => {
  const six = begin();
  for (let at = 0; at < 300; at++)
    six.learn(
      call(next + at * hour, look, who.user('eve'), { ...places.v6, 'source.ip': `2001:db8:7:1::${at + 1}` }),
      false,
    );
  const from = (ip: string) =>
    six.score(call(next + 20 * day, look, who.user('eve'), { ...places.v6, 'source.ip': ip })).value;
  const values = ['2001:db8:7:1::ffff', '2001:db8:7:9::1', '2001:db8:99:1::1', '2a02:26f0::1'].map(from);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  );
  assert.ok((values[3] as number) - (values[0] as number) > 5, values.join(' '));
});
