import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event, Fields, Learner, Score } from '../../src/event/index.ts';
import {
  begin,
  codes,
  day,
  detector,
  failure,
  homes,
  hour,
  login,
  meet,
  minute,
  monday,
  said,
  weeks,
} from '../support/logins/accounts.ts';

const held = (model: Learner): number => Number(model.info()['in quarantine']);

test('what was flagged, and what the model finds suspicious itself, is kept apart', () => {
  const model = begin();
  const next = weeks(model, 6) + 9 * hour;
  meet(model, login(next), true);
  assert.equal(held(model), 1);
  const score = meet(model, login(next + hour, homes.hosting, { 'host.name': 'db1' }));
  assert.ok(score.value > model.suspicious);
  assert.equal(held(model), 2);
  meet(model, login(next + 2 * hour));
  assert.equal(held(model), 2);
});

test('a benign login is learnt and trusted at once; a malicious one never', () => {
  for (const verdict of ['benign', 'malicious'] as const) {
    const model = begin();
    const next = weeks(model, 6) + 9 * hour;
    const strange = login(next, homes.hosting);
    const before = meet(model, strange, true).value;
    assert.equal(model.settle('something else', verdict), false);
    assert.equal(model.settle(strange.id, verdict), true);
    assert.equal(model.settle(strange.id, verdict), false);
    const after = model.score(login(next + hour, homes.hosting)).value;
    if (verdict === 'benign') assert.ok(after < 0, `${after}`);
    else assert.ok(after > before - 1, `${after} ${before}`);
    assert.equal(held(model), 0);
  }
});

test('after its days in quarantine a login is learnt, but not because one record has a forged time', () => {
  const after = (isDropped: boolean): number => {
    const model = begin({ quarantineDays: 10 });
    const next = weeks(model, 6) + 9 * hour;
    const strange = login(next, homes.hosting);
    model.learn(strange, true);
    model.learn(login(next + 4000 * day, homes.home, { 'user.name': 'forger' }), false);
    assert.equal(held(model), 1);
    if (isDropped) model.settle(strange.id, 'malicious');
    const other = { 'user.name': 'bob' };
    for (let i = 1; i <= 12; i++) model.learn(login(next + i * day, homes.home, other), false);
    assert.equal(held(model), 0);
    return model.score(login(next + 12 * day, homes.hosting)).value;
  };
  assert.ok(after(false) < after(true) - 2, `${after(false)} ${after(true)}`);
});

test('what came out of quarantine without a word is believed by half, and more each time that nobody complains', () => {
  const after = (settle: boolean): [model: Learner, time: number] => {
    const model = begin({ quarantineDays: 10 });
    const next = weeks(model, 6) + 9 * hour;
    const strange = login(next, homes.hosting);
    model.learn(strange, true);
    if (settle) model.settle(strange.id, 'benign');
    for (let i = 1; i <= 40; i++) model.learn(login(next + i * day, homes.home), false);
    return [model, next + 40 * day + hour];
  };
  const [known, time] = after(true);
  const [doubted] = after(false);
  const [before, now] = [known, doubted].map((model) => model.score(login(time, homes.hosting))) as [Score, Score];
  assert.ok(now.value > before.value + 3, `${before.value} ${now.value}`);
  assert.match(
    said(now, 'new-country') ?? '',
    /^Came before, on 15 June 2026, and nobody has said that it was in order: Hetzner Online GmbH \(AS24940\) in Helsinki/,
  );
  const loaded = detector().load(doubted.save()) as Learner;
  assert.deepEqual(loaded.score(login(time, homes.hosting)), now, 'a model file keeps the doubt');
  const within = [0, 1, 2, 3].map((i) => meet(doubted, login(time + i * minute, homes.hosting)).value);
  assert.ok(Math.min(...within) > before.value + 2, `within minutes nobody can complain: ${within.join(' ')}`);
  const values: number[] = [];
  for (let i = 1; i < 8; i++) values.push(meet(doubted, login(time + i * day, homes.hosting)).value);
  assert.ok((values[6] as number) < before.value + 2, values.join(' '));
});

test('habits fade: what was usual a year ago is less so, yet nobody becomes a stranger by being away', () => {
  const model = begin({ halfLifeDays: 20 });
  let time = weeks(model, 6, homes.munich) + 9 * hour;
  const old = model.score(login(time, homes.munich)).value;
  for (let i = 0; i < 300; i++, time += day) model.learn(login(time), false);
  assert.ok(model.score(login(time, homes.munich)).value > old + 2);
  const away = begin({ halfLifeDays: 20 });
  const next = weeks(away, 6) + 9 * hour;
  const score = away.score(login(next + 700 * day, homes.hosting));
  assert.ok(score.value > away.suspicious && !codes(score).includes('learning'));
});

test('times that jump back make no value infinite and no gap negative', () => {
  const model = begin();
  const next = weeks(model, 3);
  for (const time of [next + day, next - 400 * day, 0, next + 9000 * day, Number.NaN, next, -1e300, next + hour]) {
    model.learn(failure(time, homes.abroad), false);
    const score = meet(model, login(time, homes.tokyo));
    assert.ok(Number.isFinite(score.value), `${time}`);
    for (const { text, evidence } of score.reasons) {
      assert.doesNotMatch(text, /NaN|Infinity|Invalid/);
      for (const value of Object.values(evidence)) assert.ok(typeof value === 'string' || Number.isFinite(value), text);
    }
  }
  assert.ok(model.score(login(next + day + 9 * hour)).value < 0, 'what was learnt before is still known');
  assert.doesNotThrow(() => detector().load(model.save()));
});

test('what one user, and all users together, can make it remember is bounded', () => {
  const model = begin({ maxUsers: 50 });
  const anything = (i: number) => ({
    'host.name': `host-${i}`,
    'login.key.fingerprint': `SHA256:${i}`,
    'source.geo.country_iso_code': `C${i}`,
    'source.geo.region_iso_code': `R${i}`,
    'source.geo.city_name': `city ${i}`,
    'source.as.number': i,
    'source.ip': `${1 + (i % 9)}.${i % 251}.${i % 241}.${i % 239}`,
  });
  let time = monday;
  for (let i = 0; i < 100_000; i++, time += minute) model.learn(login(time, homes.home, anything(i)), i % 7 === 0);
  assert.ok(model.save().byteLength < 2e6, 'the names are swept too');
  for (let i = 0; i < 5000; i++, time += minute)
    model.learn(login(time, homes.home, { 'user.name': `user-${i}` }), false);
  assert.ok(Number(model.info().users) <= 50);
  for (let i = 0; i < 300_000; i++)
    model.learn(failure(time + i, { 'source.ip': `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1` }), false);
  assert.ok(model.save().byteLength < 10e6);
});

test('those who were away the longest are let go, and with them their networks', () => {
  const model = begin({ maxUsers: 20 });
  const next = weeks(model, 1);
  for (let i = 0; i < 100; i++) {
    model.learn(login(next + i * minute, homes.munich, { 'user.name': `user-${i}` }), false);
    model.learn(login(next + i * minute), false);
  }
  assert.ok(!codes(model.score(login(next + day))).includes('learning'), 'alice was never away');
  assert.ok(codes(model.score(login(next + day, homes.munich, { 'user.name': 'user-1' }))).includes('learning'));
});

test('a model file keeps everything, also what is held', () => {
  const model = begin();
  const next = weeks(model, 6) + 9 * hour;
  const strange = login(next, { 'source.ip': '2001:db8::1' });
  model.learn(strange, true);
  model.learn(failure(next, homes.abroad, { 'login.count': 40, 'login.unknown_user': true }), false);
  const loaded = detector().load(model.save()) as Learner;
  assert.deepEqual(loaded.save(), model.save());
  for (const each of [model, loaded]) assert.equal(each.settle(strange.id, 'benign'), true);
  const probe = login(next + hour, homes.abroad, { 'login.method': 'password' });
  assert.deepEqual(loaded.score(probe), model.score(probe));
  assert.deepEqual(loaded.save(), model.save());
});

test('other events, and logouts, change nothing', () => {
  const model = begin();
  const next = weeks(model, 1);
  const before = model.save();
  const events: Event[] = [
    { ...login(next), kind: 'log' },
    login(next, homes.home, { 'event.action': 'session' }),
    login(next, homes.home, { 'event.action': 'sudo' }),
    login(next, homes.home, { 'user.name': '' }),
  ];
  for (const event of events) {
    assert.equal(model.accepts(event), false);
    assert.deepEqual(model.score(event), { value: 0, reasons: [] });
    model.describe(event);
    model.learn(event, true);
  }
  assert.deepEqual(model.save(), before);
});

test('whatever the fields say, scores are finite and the model can be saved and loaded', () => {
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
  );
  const number = fc.oneof(fc.double(), fc.integer());
  const any = fc.oneof(word, number, fc.boolean(), fc.array(word));
  const fields = fc.record(
    {
      'event.outcome': fc.constantFrom('success', 'failure'),
      'user.name': word,
      'user.domain': any,
      'source.ip': word,
      'source.address': any,
      'host.name': any,
      'login.method': any,
      'login.key.fingerprint': any,
      'login.certificate.authority': any,
      'login.count': any,
      'source.as.number': any,
      'source.as.organization.name': any,
      'source.geo.country_iso_code': any,
      'source.geo.region_iso_code': any,
      'source.geo.location.lat': any,
      'source.geo.location.lon': any,
      'source.geo.accuracy_km': any,
      'source.reputation.score': any,
      'source.known': any,
      'user_agent.original': any,
    },
    { requiredKeys: ['event.outcome', 'user.name'] },
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fields, fc.oneof(fc.double(), fc.integer({ min: 0, max: 2e12 })), fc.boolean())),
      (list) => {
        const model = begin();
        for (const [at, [own, time, flagged]] of list.entries()) {
          const event: Event = {
            id: `${at}`,
            time,
            source: 'test',
            kind: 'login',
            fields: { 'event.action': 'ssh', ...own },
            raw: '',
          };
          const { value } = meet(model, event, flagged);
          assert.ok(Number.isFinite(value), `${value}`);
          model.describe(event);
        }
        const bytes = model.save();
        assert.deepEqual(detector().load(bytes).save(), bytes);
      },
    ),
  );
});

test('who logs in daily from where nothing is learnt yet is not away', () => {
  const model = begin();
  const next = weeks(model, 6) + 9 * hour;
  for (let at = 1; at <= 12; at++) meet(model, login(next + at * day, homes.abroad), true);
  assert.equal(held(model), 12);
  assert.ok(!codes(model.score(login(next + 13 * day, homes.abroad))).includes('pause'));
  assert.match(said(model.score(login(next + 24 * day, homes.tokyo)), 'pause') ?? '', /for 12 days\.$/);
});

test('another provider in a country visited twice is less strange than a country never visited', () => {
  const model = begin();
  const next = weeks(model, 6) + 9 * hour;
  for (const at of [1, 2]) {
    const visit = login(next + at * day, homes.abroad);
    model.learn(visit, true);
    model.settle(visit.id, 'benign');
  }
  const later = next + 40 * day;
  for (let at = next + 3 * day; at < later; at += day) model.learn(login(at), false);
  const elsewhere = { ...homes.abroad, 'source.ip': '198.51.100.77', 'source.as.number': 719 };
  const [there, anywhere] = [elsewhere, homes.tokyo].map((from) => model.score(login(later, from)).value);
  assert.ok(Number(there) < Number(anywhere), `${there} ${anywhere}`);
});

test('of whom little is known, a country that no user comes from is stranger than that of all', () => {
  const model = begin();
  for (let at = 0; at < 20; at++) weeks(model, 2, homes.home, { 'user.name': `user${at}` });
  const of = (from: Fields, on: Learner = model): number =>
    on.score(login(monday + 16 * day + 9 * hour, from, { 'user.name': 'new' })).value;
  assert.ok(of(homes.tokyo) > of(homes.home) + 2, `${of(homes.tokyo)} ${of(homes.home)}`);
  const loaded = detector().load(model.save()) as Learner;
  assert.equal(of(homes.tokyo, loaded), of(homes.tokyo));
});

test('where everybody mistypes, a newcomer who did so is nothing special', () => {
  const after = (mistyped: number): number => {
    const model = begin();
    const [password, failed] = [{ 'login.method': 'password' }, monday - 5000];
    for (let at = 0; at < 300; at++) {
      const [name, time] = [{ 'user.name': `user${at % 60}` }, failed + at * hour];
      for (let i = 0; i < mistyped; i++) model.learn(failure(time, homes.home, name), false);
      model.learn(login(time + minute, homes.home, { ...password, ...name }), false);
    }
    const [someone, next] = [{ 'user.name': 'new' }, failed + 20 * day];
    for (let i = 0; i < 8; i++) model.learn(failure(next, homes.near, someone), false);
    return model.score(login(next + minute, homes.near, { ...password, ...someone })).value;
  };
  assert.ok(after(3) < after(0) - 1, `${after(3)} ${after(0)}`);
});

test('a network counts as one of colleagues only once they came from it over some days', () => {
  const [inside, colleagues] = ['10.9.8.7', ['bob', 'carol', 'dave', 'erin']];
  const after = (visits: readonly number[]): number => {
    const model = begin();
    const users = ['alice', ...colleagues].map((name) => ({ 'user.name': name }));
    let next = 0;
    for (const name of users) next = weeks(model, 6, homes.home, name) + 9 * hour;
    for (const at of visits) {
      for (const name of users.slice(1)) model.learn(login(next + at, { 'source.ip': inside }, name), false);
    }
    return model.score(login(next + 9 * day, { 'source.ip': inside })).value;
  };
  const never = after([]);
  assert.ok(after([0, hour, 2 * hour]) > never - 0.5, `${after([0, hour, 2 * hour])} ${never}`);
  const days = Array.from({ length: 8 }, (_, at) => at * day);
  assert.ok(after(days) < never - 1.5, `${after(days)} ${never}`);
});
