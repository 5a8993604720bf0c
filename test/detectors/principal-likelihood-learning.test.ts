import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Event, type Fields, type Learner, ScopsError } from '../../src/event/index.ts';
import { decodeModelFile, encodeModelFile } from '../../src/io/model-file.ts';
import {
  after,
  agents,
  begin,
  call,
  codes,
  day,
  detector,
  hour,
  meet,
  minute,
  monday,
  nats,
  places,
  session,
  who,
} from '../support/principals.ts';

const look = 'ec2:DescribeInstances';
const count = (model: Learner, of: string): number => Number(model.info()[of]);
const theft = (time: number): Event =>
  call(time, 'iam:CreateUser', who.developer('ann'), places.vps, { 'user_agent.original': agents.kali });

test('what was flagged, and what the model finds suspicious itself, is kept apart', () => {
  const { model, next } = after(3);
  model.learn(call(next + 9 * hour, look, who.developer('ann'), places.office), true);
  assert.equal(count(model, 'in quarantine'), 1);
  const score = meet(model, theft(next + 10 * hour));
  assert.ok(score.value > model.suspicious);
  assert.equal(count(model, 'in quarantine'), 2);
  assert.ok(model.score(theft(next + 11 * hour)).value > score.value - 0.5, 'an intruder does not become a habit');
});

test('an intruder who stays below notice is no habit by the next call; a person who moved is one in some days', () => {
  const { model, next } = after(3);
  const abroad = (time: number) => call(time, look, who.developer('ann'), places.hotel);
  const first = meet(model, abroad(next + 9 * hour)).value;
  for (let at = 1; at < 20; at++) model.learn(abroad(next + 9 * hour + at * 10 * minute), false);
  assert.ok(Math.abs(model.score(abroad(next + 14 * hour)).value - first) < 0.6);
  assert.equal(count(model, 'on probation'), 20);
  for (let at = 1; at <= 3; at++)
    model.learn(call(next + at * day + 9 * hour, look, who.user('eve'), places.office), false);
  assert.equal(count(model, 'on probation'), 0);
  assert.ok(model.score(abroad(next + 3 * day + 10 * hour)).value < first - 4);
});

test('a benign call is learnt at once; a malicious one never', () => {
  for (const verdict of ['benign', 'malicious'] as const) {
    const { model, next } = after(3);
    const strange = theft(next + 10 * hour);
    const before = meet(model, strange, true).value;
    assert.equal(model.settle('something else', verdict), false);
    assert.equal(model.settle(strange.id, verdict), true);
    assert.equal(model.settle(strange.id, verdict), false);
    const since = model.score(theft(next + 11 * hour)).value;
    if (verdict === 'benign') assert.ok(since < before - 10, `${since} ${before}`);
    else assert.ok(since > before - 1, `${since} ${before}`);
  }
});

test('after its days in quarantine a call is learnt, but not because one record has a forged time', () => {
  const { model, next } = after(3, { quarantineDays: 10 });
  model.learn(theft(next), true);
  model.learn(call(next + 4000 * day, look, who.user('forger'), places.office), false);
  assert.equal(count(model, 'in quarantine'), 1);
  for (let at = 1; at <= 12; at++) model.learn(call(next + at * day, look, who.user('eve'), places.office), false);
  assert.equal(count(model, 'in quarantine'), 0);
});

test('habits fade, and nobody becomes a stranger by being away', () => {
  const model = begin({ halfLifeDays: 10 });
  let time = monday;
  const deploy = (at: number) => call(at, 'ecs:UpdateService', who.deployer(), places.runner);
  for (let at = 0; at < 300; at++, time += 2 * hour) model.learn(deploy(time), false);
  const other = (at: number) => call(at, 's3:PutObject', who.deployer(), places.runner);
  for (let at = 0; at < 2000; at++, time += 2 * hour) model.learn(other(time), false);
  assert.ok(nats(model.score({ ...deploy(time), kind: 'finding' }), 'action') > -0.9, 'seldom by now');
  const stolen = model.score(call(time + 700 * day, 'iam:CreateUser', who.deployer(), places.vps));
  assert.ok(stolen.value > model.suspicious && !codes(stolen).includes('learning'));
});

test('times that jump make no value infinite and no sentence senseless', () => {
  const { model, next } = after(1);
  for (const time of [next + day, next - 400 * day, 0, next + 9000 * day, Number.NaN, next, -1e300, next + hour]) {
    for (const event of [theft(time), call(time, look, who.user('eve'), places.office, session('T', next))]) {
      const score = meet(model, event);
      assert.ok(Number.isFinite(score.value), `${time}`);
      for (const { text, evidence } of score.reasons) {
        assert.doesNotMatch(text, /NaN|Infinity|Invalid|undefined/);
        for (const value of Object.values(evidence))
          assert.ok(typeof value === 'string' || Number.isFinite(value), text);
      }
    }
  }
  assert.doesNotThrow(() => detector().load(model.save()));
});

test('what one principal, and all together, can make it remember is bounded', () => {
  const model = begin({ maxPrincipals: 50 });
  let time = monday;
  const anything = (at: number): Fields => ({
    'aws.principal.session': `i-${at.toString(16).padStart(17, '0')}`,
    'aws.access_key.id': `ASIA${at}`,
    'cloud.region': `region-${at}`,
    'user_agent.original': `tool${'abcdefghij'.repeat(at % 5)}${String.fromCharCode(97 + (at % 26), 97 + ((at >> 5) % 26))}/1`,
    'source.as.number': at,
    'source.ip': `${1 + (at % 9)}.${at % 251}.${at % 241}.${at % 239}`,
    'source.geo.country_iso_code': `C${at}`,
    'aws.vpc_endpoint.id': `vpce-${at}`,
  });
  for (let at = 0; at < 15_000; at++, time += minute)
    model.learn(call(time, `svc${at % 97}:Do${at}`, who.web(), anything(at)), at % 7 === 0);
  const one = model.save().byteLength;
  for (let at = 0; at < 3000; at++, time += minute)
    model.learn(call(time, look, who.user(`user${at}`), places.office, { 'aws.principal.account': `${at}` }), false);
  assert.equal(count(model, 'principals') <= 50, true);
  assert.ok(count(model, 'groups') <= 51);
  assert.ok(one < 8e6 && model.save().byteLength < 8e6, `${one} ${model.save().byteLength}`);
});

test('those who were away the longest are let go, and their numbers are used again', () => {
  const { model, next } = after(1, { maxPrincipals: 20 });
  for (let at = 0; at < 100; at++) {
    model.learn(call(next + at * minute, look, who.user(`guest${at}`), places.vps), false);
    model.learn(call(next + at * minute, look, who.developer('ann'), places.office), false);
  }
  assert.ok(!codes(model.score({ ...theft(next + day) })).includes('learning'), 'ann was never away');
  assert.ok(codes(model.score(call(next + day, look, who.user('guest1'), places.vps))).includes('learning'));
  const loaded = detector({ maxPrincipals: 20 }).load(model.save()) as Learner;
  for (let at = 100; at < 160; at++) {
    const event = call(next + at * minute, look, who.user(`guest${at}`), places.vps);
    for (const each of [model, loaded]) each.learn(event, false);
  }
  assert.deepEqual(loaded.save(), model.save());
});

test('a model file keeps everything: what is held, what waits, sessions, and what was learnt of addresses', () => {
  const model = begin();
  let time = monday;
  for (let at = 0; at < 15_000; at++, time += minute) {
    const user = `user${at % 600}`;
    const ip = `203.${(at % 600) >> 3}.${(at % 8) * 9}.${(at * 7) % 40}`;
    model.learn(call(time, look, who.user(user), { 'source.ip': ip }, session(`${at % 600}`, monday)), false);
  }
  const probes = ['203.0.0.3', '203.9.113.7', '198.18.9.9', '2001:db8::1'].map((ip) =>
    call(time, look, who.user('user3'), { ...places.vps, 'source.ip': ip }),
  );
  const strange = theft(time);
  model.learn(strange, true);
  for (const probe of probes) model.learn(probe, false);
  assert.ok(count(model, 'on probation') > 0);
  const loaded = detector().load(model.save()) as Learner;
  assert.deepEqual(loaded.save(), model.save());
  for (const probe of probes) assert.deepEqual(loaded.score(probe), model.score(probe));
  for (const each of [model, loaded]) {
    assert.equal(each.settle(strange.id, 'benign'), true);
    assert.equal(each.settle(probes[2]?.id ?? '', 'benign'), true);
  }
  assert.deepEqual(loaded.save(), model.save());
});

test('parts of a model file that do not fit together are refused, whatever they hold', () => {
  const saved = after(1).model.save();
  const file = decodeModelFile(saved, 'principal-likelihood');
  const names = Object.keys(file.arrays);
  const refuse = (bytes: Uint8Array): void => {
    try {
      detector().load(bytes);
    } catch (error) {
      assert.ok(error instanceof ScopsError && error.code === 'MODEL_FORMAT', `${error}`);
    }
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.nat(),
      fc.double(),
      fc.constantFrom('cut', 'set', 'drop'),
      (name, at, to, how) => {
        const array = file.arrays[name] as Float64Array;
        const copy = how === 'cut' ? array.slice(0, at % (array.length + 1)) : array.slice();
        if (how === 'set' && copy.length > 0) copy[at % copy.length] = to;
        const { [name]: _, ...rest } = file.arrays;
        refuse(encodeModelFile({ ...file, arrays: how === 'drop' ? rest : { ...rest, [name]: copy } }));
      },
    ),
  );
  for (const name of names) {
    const { [name]: _, ...rest } = file.arrays;
    assert.throws(
      () => detector().load(encodeModelFile({ ...file, arrays: rest })),
      (error) => error instanceof ScopsError && error.code === 'MODEL_FORMAT',
      name,
    );
  }
  for (const header of [
    {},
    { ...file.header, owners: [['a', 'b']] },
    { ...file.header, held: [{}] },
    { ...file.header, entities: 0 },
  ])
    assert.throws(
      () => detector().load(encodeModelFile({ ...file, header })),
      (error) => error instanceof ScopsError && error.code === 'MODEL_FORMAT',
    );
});

test('other events change nothing; a refused sign-in is counted and teaches no place', () => {
  const { model, next } = after(1);
  const before = model.save();
  const login = (more: Fields): Event => ({
    ...call(next, 'signin:login', who.user('eve'), places.vps, more),
    kind: 'login',
  });
  for (const event of [
    { ...call(next, look, who.web(), places.nat), kind: 'log' as const },
    call(next, look, places.nat),
    login({ 'event.action': 'sudo' }),
    { ...login({}), fields: {} },
  ]) {
    assert.equal(model.accepts(event), false);
    assert.deepEqual(model.score(event), { value: 0, reasons: [] });
    model.describe(event);
    model.learn(event, true);
  }
  assert.deepEqual(model.save(), before);
  const refused = login({ 'event.outcome': 'failure' });
  const probe = call(next + hour, look, who.user('eve'), places.vps);
  const then = nats(model.score(probe), 'network');
  assert.equal(model.accepts(refused), false);
  for (let at = 0; at < 20; at++) model.learn(refused, false);
  assert.ok(Math.abs(nats(model.score(probe), 'network') - then) < 1e-9);
  assert.ok(nats(model.score({ ...probe, time: next + minute }), 'error') > 2, 'guessing, then from there');
});

test('whatever the fields say, scores are finite, their reasons add up, and the model can be saved and loaded', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '__proto__',
      'constructor',
      '203.0.113.7',
      '10.1.2.3',
      '::ffff:1.2.3.4',
      'fe80::1%eth0',
      '2001:db8::',
    ),
    fc.constantFrom('AWS Internal', 'ec2.amazonaws.com', 'role', 'human', 'ASIA1', 'a'.repeat(3000)),
  );
  const any = fc.oneof(word, fc.double(), fc.integer(), fc.boolean(), fc.array(word));
  const names = [
    'aws.principal.account',
    'aws.principal.type',
    'aws.principal.class',
    'aws.principal.session',
    'aws.access_key.id',
    'aws.session.created',
    'aws.vpc_endpoint.id',
    'aws.mfa',
    'aws.read_only',
    'aws.finding.remote_ips',
    'cloud.account.id',
    'cloud.region',
    'event.action',
    'event.code',
    'event.outcome',
    'event.provider',
    'source.address',
    'source.as.number',
    'source.as.organization.name',
    'source.geo.country_iso_code',
    'source.ip',
    'source.known',
    'user.name',
    'user_agent.original',
  ];
  const fields = fc.record(
    {
      'aws.principal.id': fc.constantFrom('a', 'b', '__proto__'),
      ...Object.fromEntries(names.map((name) => [name, any])),
    },
    { requiredKeys: ['aws.principal.id'] },
  );
  const kind = fc.constantFrom('api', 'login', 'finding');
  const time = fc.oneof(fc.double(), fc.integer({ min: 0, max: 2e12 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fields, kind, time, fc.boolean())), (list) => {
      const model = begin();
      for (const [at, [own, of, when, flagged]] of list.entries()) {
        const event: Event = { id: `${at}`, time: when, source: 'test', kind: of, fields: own, raw: '' };
        const { value, reasons } = meet(model, event, flagged);
        assert.ok(Number.isFinite(value), `${value}`);
        const sum = reasons.reduce((all, { evidence }) => all + Number(evidence.nats ?? 0), 0);
        assert.ok(Math.abs(sum - value) < 1e-6);
        model.describe(event);
      }
      const bytes = model.save();
      assert.deepEqual(detector().load(bytes).save(), bytes);
    }),
  );
});
