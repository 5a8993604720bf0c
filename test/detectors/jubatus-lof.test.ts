import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { articleConfig } from '../../src/detectors/jubatus-lof/article.ts';
import { Habits } from '../../src/detectors/jubatus-lof/habits.ts';
import { addressOf, datumOf, loginOf } from '../../src/detectors/jubatus-lof/login.ts';
import { Quarantine } from '../../src/detectors/jubatus-lof/quarantine.ts';
import { jubatusLof } from '../../src/detectors/jubatus-lof.ts';
import { type Detector, type Event, type Learner, ScopsError } from '../../src/event/index.ts';
import { decodeModelFile } from '../../src/io/model-file.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { testContext } from '../support/context.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 2, 2, 9);

const make = (options: Readonly<Record<string, unknown>> = {}): Detector =>
  (jubatusLof.create as (settings: unknown, context: unknown) => Detector)(
    parseOptions(jubatusLof, options),
    testContext(),
  );
const begin = (options: Readonly<Record<string, unknown>> = {}): Learner => make(options).begin?.() as Learner;

let made = 0;
const login = (fields: Event['fields'], time = start): Event => ({
  id: `login ${made++}`,
  time,
  source: 'sshd',
  kind: 'login',
  fields: {
    'event.action': 'ssh',
    'event.outcome': 'success',
    'user.name': 'alice',
    'source.ip': '203.0.113.7',
    ...fields,
  },
  raw: '',
});
const ordinary = (count: number, user = 'alice', from = start): Event[] =>
  Array.from({ length: count }, (_, index) =>
    login(
      {
        'user.name': user,
        'source.ip': `203.0.113.${index % 5}`,
        'source.geo.geoname_id': 1850147,
        'source.reputation.lists': [],
      },
      from + index * (0.7 + 0.2 * (index % 7)) * hour,
    ),
  );
const stolen = (time: number, user = 'alice'): Event =>
  login(
    {
      'user.name': user,
      'source.ip': '198.51.100.9',
      'source.geo.geoname_id': 2925533,
      'source.geo.city_name': 'Frankfurt',
      'source.geo.country_iso_code': 'DE',
      'source.reputation.lists': ['zen.spamhaus.org:XBL', 'zen.spamhaus.org:SBL'],
    },
    time,
  );

/** As the pipeline does. */
function learn(model: Learner, events: readonly Event[]): number[] {
  return events.map((event) => {
    const { value } = model.score(event);
    model.learn(event, false);
    return value;
  });
}

test('a login from elsewhere is strange, and the reason says in what it differs from the nearest', () => {
  const model = begin();
  learn(model, ordinary(200));
  const event = stolen(start + 60 * day);
  const { value, reasons } = model.score(event);
  assert.ok(value > model.suspicious, `${value}`);
  const texts = reasons.map(({ text }) => text).join(' ');
  assert.match(texts, /address 198\.51\.100\.9 \(there 203\.0\.113\.\d\)/);
  assert.match(texts, /place Frankfurt, DE \(there GeoNames 1850147\)/);
  assert.match(texts, /block lists that name the address 2 \(there 0\)/);
  assert.match(texts, /local outlier factor is \d/);
  assert.equal(model.describe(event).title, 'Login of alice from 198.51.100.9');
  assert.deepEqual(model.describe(event).entity, { type: 'user', name: 'alice' });
});

test('it has an opinion on logins that succeeded, and on no other event', () => {
  const model = begin();
  const accepts = (fields: Event['fields'], kind: Event['kind'] = 'login'): boolean =>
    model.accepts({ ...login(fields), kind });
  for (const action of ['ssh', 'login', 'logon']) assert.ok(accepts({ 'event.action': action }));
  for (const action of ['sudo', 'su', 'session', 'logout']) assert.ok(!accepts({ 'event.action': action }));
  assert.ok(!accepts({ 'event.outcome': 'failure' }));
  assert.ok(!accepts({}, 'log'));
  assert.ok(!model.accepts({ ...login({}), fields: {} }));
  const before = model.save();
  model.learn(login({ 'event.outcome': 'failure' }), false);
  assert.deepEqual(model.save(), before);
});

test('who is new, and an empty model, are still being learnt: finite, and it says so', () => {
  const model = begin();
  learn(model, ordinary(100));
  const { value, reasons } = model.score(login({ 'user.name': 'bob' }));
  assert.equal(value, 1);
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ['learning'],
  );
  assert.match(reasons[0]?.text as string, /0 earlier logins of bob are too few/);
});

test('who logs in alike for long is learnt all the same, though k - 1 rows are all that is kept', () => {
  const json = { ...articleConfig, converter: { num_rules: [{ key: 'ip_int', type: 'str' }] } };
  const model = begin({ jubatus: json });
  const alike = Array.from({ length: 40 }, (_, index) => login({}, start + index * day));
  learn(model, alike.slice(0, 20));
  assert.equal(model.score(stolen(start + 50 * day)).reasons[0]?.code, 'learning');
  learn(model, alike.slice(20));
  assert.equal(model.info().rows, 9);
  assert.ok(model.score(stolen(start + 50 * day)).value > model.suspicious);
  assert.ok(model.score(login({}, start + 50 * day)).value <= 1);
});

test('an intruder who comes back is not learnt (D6), but after the quarantine, or when somebody says so', () => {
  const visits = (from: number): Event[] => Array.from({ length: 12 }, (_, index) => stolen(from + index * 5 * hour));
  const since = start + 60 * day;
  const model = begin();
  learn(model, ordinary(200));
  for (const value of learn(model, visits(since))) assert.ok(value > model.suspicious, `${value}`);
  assert.equal(model.info()['logins in quarantine'], 12);

  const flagged = begin({ suspicious: 1e6 });
  learn(flagged, ordinary(200));
  for (const event of visits(since)) flagged.learn(event, true);
  assert.equal(flagged.info()['logins in quarantine'], 12);

  // A login a day moves the clock; the visits come out a week after they were made.
  learn(model, ordinary(30, 'alice', since + day).map((event, index) => ({ ...event, time: since + (3 + index) * day }))); // biome-ignore format: short
  assert.equal(model.info()['logins in quarantine'], 0);
  assert.ok(model.score(stolen(since + 40 * day)).value < model.suspicious);
});

test('a verdict of a person learns or drops, once', () => {
  const model = begin();
  learn(model, ordinary(200));
  const [one, two] = [stolen(start + 60 * day), stolen(start + 61 * day)];
  learn(model, [one, two]);
  const learnt = model.info()['logins learnt'] as number;
  assert.ok(model.settle(one.id, 'benign'));
  assert.ok(model.settle(two.id, 'malicious'));
  assert.ok(!model.settle(one.id, 'benign'));
  assert.ok(!model.settle('never seen', 'malicious'));
  assert.equal(model.info()['logins learnt'], learnt + 1);
  assert.equal(model.info()['logins in quarantine'], 0);
});

test('a forged time lets nothing out of quarantine', () => {
  const model = begin();
  learn(model, ordinary(200));
  learn(model, [stolen(start + 60 * day)]);
  learn(model, [login({}, start + 4000 * day), login({}, start + 61 * day)]);
  assert.equal(model.info()['logins in quarantine'], 1);
});

test('quarantine is bounded, and what comes out is the oldest first', () => {
  const quarantine = new Quarantine(2 * day);
  const held = (index: number) => ({
    event: `${index}`,
    key: 'alice',
    login: {},
    surrounding: { first: true, logins: 1, locations: 1 },
  });
  for (let index = 0; index < 10_050; index++) quarantine.add(held(index));
  assert.equal(quarantine.size, 10_000);
  assert.deepEqual(quarantine.advance(start), []);
  assert.deepEqual(quarantine.advance(start + day), []);
  assert.equal(quarantine.take('49'), undefined);
  assert.equal(quarantine.take('60')?.event, '60');
  const out = quarantine.advance(start + 2 * day).map(({ event }) => event);
  assert.deepEqual([out.length, out[0], out.at(-1)], [9_999, '50', '10049']);
  assert.equal(quarantine.size, 0);
});

test('an IPv6 address, a host name and no address at all are compared too (D8)', () => {
  const features = (fields: Event['fields']): string[] => {
    const { strings = [], nums = [] } = datumOf(loginOf(login(fields), false), {
      first: false,
      logins: 1,
      locations: 1,
    });
    return [...strings, ...nums].map(([name, value]) => `${name}=${value}`);
  };
  const counts = ['first=0', 'num_of_login_in_near_time=1', 'num_of_location_in_near_time=1'];
  assert.deepEqual(features({ 'source.ip': '192.168.1.1' }), ['ip_int=3232235777', ...counts]);
  const six = '42540766411282592856903984951653826561';
  assert.deepEqual(features({ 'source.ip': '2001:db8::1' }), [`ip_int=${six}`, ...counts]);
  assert.equal(addressOf(six), '2001:db8::1');
  assert.equal(addressOf('3232235777'), '192.168.1.1');
  assert.equal(addressOf('3.23224e+09'), '3.23224e+09');
  const { 'source.ip': _, ...none } = login({}).fields;
  const bare = datumOf(loginOf({ ...login({}), fields: none }, true), { first: true, logins: 1, locations: 1 });
  assert.deepEqual(bare.strings, [['user', 'alice']]);
  assert.equal(bare.nums?.length, 3);
  const named = loginOf({ ...login({}), fields: { ...none, 'source.address': 'host.example.org' } }, false);
  assert.deepEqual(datumOf(named, { first: true, logins: 1, locations: 1 }).strings, [['host', 'host.example.org']]);

  const model = begin();
  const address = (index: number): string => `2001:db8:0:${index % 3}::${1 + (index % 4)}`;
  learn(model, ordinary(100).map((event, index) => ({ ...event, fields: { ...event.fields, 'source.ip': address(index) } }))); // biome-ignore format: short
  const known = model.score(
    login({ 'source.ip': address(1), 'source.geo.geoname_id': 1850147 }, start + 60 * day),
  ).value;
  const other = model.score(
    login({ 'source.ip': '2001:db8:0:1::3', 'source.geo.geoname_id': 1 }, start + 60 * day),
  ).value;
  assert.ok(other > known, `${other} is not above ${known}`);
});

test('numbers are taken as any address that it may be', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (address) => {
      const { nums = [] } = datumOf({ address }, { first: false, logins: 1, locations: 1 });
      for (const [, value] of nums) assert.ok(Number.isFinite(Number(value)) && value >= 0);
    }),
  );
});

test('counts of the hours before are pruned, bounded and right when times jump back (D7)', () => {
  const habits = new Habits(3 * hour);
  const from = (address: string) => ({ address });
  habits.count(from('a'), start);
  habits.count(from('b'), start + hour);
  assert.deepEqual(habits.around(from('a'), start + 2 * hour), { first: true, logins: 3, locations: 2 });
  assert.equal(habits.around(from('a'), start + 3.5 * hour).logins, 2);
  assert.equal(habits.around(from('a'), start + 5 * hour).logins, 1);
  assert.equal(habits.around(from('c'), start + 0.5 * hour).logins, 2);
  habits.count(from('a'), start + 900 * day);
  for (let index = 0; index < 5000; index++) habits.count(from(`${index}`), start + day + index);
  assert.ok(habits.save().recent.length <= 1001);
  habits.count(from('z'), start + 2 * day);
  assert.ok(habits.save().recent.length <= 2, `${habits.save().recent.length}`);
  habits.remember(from('a'));
  assert.equal(habits.around(from('a'), start).first, false);
  for (let index = 0; index < 5000; index++) habits.remember(from(`${index}`));
  assert.equal(habits.save().seen.length, 2000);
  assert.equal(habits.around(from('4999'), start).first, false);
});

test('models are bounded: the one not needed for longest goes, and rows go too', () => {
  const model = begin({ partitions: 3, rows: 50 });
  for (const user of ['a', 'b', 'c', 'a', 'd']) learn(model, ordinary(100, user));
  assert.equal(model.info()['models, one per user.name'], 3);
  assert.ok((model.info().rows as number) <= 150);
  const { header } = decodeModelFile(model.save(), 'jubatus-lof');
  assert.deepEqual((header.partitions as { key: string }[]).map(({ key }) => key), ['c', 'a', 'd']); // biome-ignore format: short
});

test('one model for all, or one for each value of another field', () => {
  const all = begin({ per: '' });
  learn(all, [...ordinary(50), ...ordinary(50, 'bob')]);
  assert.equal(all.info().models, 1);
  assert.match(all.score(stolen(start + 60 * day)).reasons[0]?.text as string, /of all users/);
  const hosts = begin({ per: 'host.name' });
  assert.ok(!hosts.accepts(login({})));
  learn(hosts, [login({ 'host.name': 'web' }), login({ 'host.name': 'db' })]);
  assert.equal(hosts.info()['models, one per host.name'], 2);
});

test('the original is reproduced under 1.1.1, but a score stays finite', () => {
  const model = begin({ compat: '1.1.1' });
  learn(model, ordinary(200));
  const far = Array.from({ length: 60 }, (_, index) => stolen(start + (60 + index) * day, 'alice'));
  const odd = far.map((event) => ({
    ...event,
    fields: { ...event.fields, 'source.reputation.lists': Array(80).fill('x') },
  }));
  const score = model.score(odd[0] as Event);
  assert.equal(score.value, 1e6);
  assert.match(score.reasons.map(({ text }) => text).join(), /infinite: none of them is like it/);
});

test('a configuration comes from a file or from the options; what is wrong with it is said', () => {
  const path = join(import.meta.dirname, '../golden/jubatus/config-light.json');
  const model = begin({ jubatus: path });
  assert.equal(model.info().method, 'light_lof, euclid_lsh');
  learn(model, ordinary(50));
  assert.ok(model.score(stolen(start + 60 * day)).value > 1);
  const refused = (jubatus: unknown, message: RegExp): void =>
    assert.throws(
      () => begin({ jubatus }),
      (error) => error instanceof ScopsError && error.code === 'CONFIG_INVALID' && message.test(error.message),
    );
  refused('/no/such/file.json', /"\/no\/such\/file\.json"/);
  refused({ method: 'lof' }, /"parameter": is missing/);
});

test('a saved model keeps the window, what was seen, the quarantine and its options', () => {
  const model = begin({ hours: 5, suspicious: 1.8 });
  learn(model, [...ordinary(200), stolen(start + 60 * day)]);
  const loaded = make().load(model.save()) as Learner;
  assert.equal(loaded.suspicious, 1.8);
  assert.deepEqual(loaded.info(), model.info());
  const next = ordinary(50, 'alice', start + 61 * day);
  assert.deepEqual(learn(loaded, next), learn(model, next));
  assert.deepEqual(loaded.save(), model.save());
});
