import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../../src/event/index.ts';
import {
  begin,
  codes,
  day,
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

const password = { 'login.method': 'password' };

const nats = (from: Fields, more: Fields = {}): number => {
  const model = begin();
  const next = weeks(model, 6);
  return model.score(login(next + 9 * hour, from, more)).value;
};

test('the farther from what a user does, the more', () => {
  const values = [
    nats(homes.home),
    nats(homes.near),
    nats(homes.wide),
    nats(homes.other),
    nats(homes.munich),
    nats(homes.abroad),
    nats(homes.hosting),
  ];
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  );
  assert.ok((values[1] as number) - (values[0] as number) < 3, 'an address in a usual /24 costs little');
  assert.ok((values[5] as number) - (values[1] as number) > 4, 'a country costs much');
  assert.ok((values[0] as number) < -5 && (values[6] as number) > 4, values.join(' '));
});

test('a stolen key from a rented server is told with where, how far and how fast', () => {
  const model = begin();
  const next = weeks(model, 6);
  model.learn(login(next + 9 * hour), false);
  const event = login(next + 9 * hour + 35 * minute, homes.hosting, { 'host.name': 'db1' });
  const score = model.score(event);
  assert.equal(
    said(score, 'new-country'),
    'First login from Hetzner Online GmbH (AS24940) in Helsinki, Finland, which rents out servers; alice has come from AS3320 in Berlin 121 times since 4 May 2026.',
  );
  assert.equal(said(score, 'travel'), '1,100 km from the login 35 min ago in Berlin: 1,900 km/h.');
  assert.match(
    said(score, 'new-host') ?? '',
    /^First login to db1; alice has used web1 121 times, last on 15 June 2026\.$/,
  );
  assert.equal(said(score, 'in-favour'), 'What speaks for it: a known key (SHA256:laptop), a usual hour.');
  assert.equal(
    said(score, 'previous'),
    'The last login that was not flagged: 15 June 2026 09:00 UTC from 203.0.113.7 (AS3320) in Berlin with the key SHA256:laptop.',
  );
  assert.deepEqual(model.describe(event), {
    title: 'Login of alice on db1 from 198.18.9.9 (Helsinki, FI)',
    entity: { type: 'user', name: 'alice' },
  });
  assert.equal(score.group, model.score(login(next + 10 * hour, homes.hosting)).group, 'one finding');
  assert.notEqual(score.group, model.score(login(next + 10 * hour)).group);
  const strengths = score.reasons.flatMap(({ evidence }) => (typeof evidence.nats === 'number' ? [evidence.nats] : []));
  assert.deepEqual(
    strengths,
    strengths.toSorted((a, b) => b - a),
  );
});

test('a new key alone is a new laptop; with a new network it is more than either', () => {
  const fresh = { 'login.key.fingerprint': 'SHA256:other' };
  const [key, abroad, both, usual] = [
    nats(homes.home, fresh),
    nats(homes.abroad),
    nats(homes.abroad, fresh),
    nats(homes.home),
  ];
  const { suspicious } = begin();
  assert.ok(key < 0 && abroad < suspicious && both > suspicious, `${key} ${abroad} ${both}`);
  assert.ok(both > abroad + 3 && key > usual);
});

test('a certificate signed anew is not a new key', () => {
  const signed = (of: string): Fields => ({
    'login.key.fingerprint': `SHA256:${of}`,
    'login.certificate.id': 'alice@corp',
    'login.certificate.authority': 'ED25519 SHA256:authority',
  });
  const model = begin();
  const next = weeks(model, 2, homes.home, signed('first'));
  const again = model.score(login(next + 9 * hour, homes.home, signed('second'))).value;
  assert.equal(again, model.score(login(next + 9 * hour, homes.home, signed('first'))).value);
});

test('the privacy addresses of a household are one network, that of another is not', () => {
  const model = begin();
  const at = (ip: string): Fields => ({ ...homes.home, 'source.ip': ip });
  const random = (of: number): string => `2001:db8:1:2:${(of * 7919).toString(16)}:1:2:3`.replace(/:0+(?=\w)/g, ':');
  let time = weeks(model, 1, at('2001:db8:1:2:9:1:2:3'));
  for (let i = 1; i < 60; i++, time += 6 * hour) model.learn(login(time, at(random(i))), false);
  const value = (ip: string): number => model.score(login(time, at(ip))).value;
  assert.ok(value('2001:db8:1:2:ffff:9:9:9') < -3);
  assert.ok(value('2001:db8:1:2:ffff:9:9:9') < value('2001:db8:1:77:ffff:9:9:9'), 'the same /48');
  assert.ok(value('2001:db8:1:77:ffff:9:9:9') < value('2001:db9:1:77:ffff:9:9:9'), 'another /32');
});

test('of the first login nothing is unusual but where colleagues never were, and that is said', () => {
  const model = begin();
  const next = weeks(model, 4);
  for (const name of ['bob', 'carol', 'dan']) weeks(model, 4, homes.home, { 'user.name': name });
  const score = (from: Fields) => model.score(login(next + 9 * hour, from, { 'user.name': 'eve' }));
  const [office, stranger, rented] = [score(homes.near), score(homes.abroad), score(homes.hosting)];
  assert.ok(office.value < stranger.value && stranger.value < rented.value);
  assert.equal(
    said(rented, 'learning'),
    "Still learning: no login of eve was seen before, so it is compared with everybody's.",
  );
  const empty = begin().score(login(0, homes.hosting));
  assert.ok(Number.isFinite(empty.value) && codes(empty).includes('learning'));
});

test('a network that three colleagues came from is no surprise', () => {
  const moved = (colleagues: number): number => {
    const model = begin();
    const next = weeks(model, 4);
    for (let i = 0; i < colleagues; i++) weeks(model, 4, homes.munich, { 'user.name': `colleague-${i}` });
    return model.score(login(next + 9 * hour, homes.munich)).value;
  };
  assert.ok(moved(3) < moved(1) - 2, `${moved(3)} ${moved(1)}`);
  assert.ok(Math.abs(moved(1) - moved(0)) < 0.1, 'one alone may be the same intruder');
});

test('a VPN that goes up and down alarms on nobody who knows it', () => {
  const model = begin();
  let time = weeks(model, 3);
  const values: number[] = [];
  for (let i = 0; i < 200; i++, time += 50 * minute) {
    values.push(meet(model, login(time, i % 2 === 0 ? homes.home : homes.abroad)).value);
  }
  assert.ok(Math.max(...values.slice(-50)) < 0, `${Math.max(...values.slice(-50))}`);
});

test('who can be there by plane is not too fast', () => {
  const model = begin();
  const next = weeks(model, 6);
  model.learn(login(next), false);
  const after = (hours: number): string[] => codes(model.score(login(next + hours * hour, homes.tokyo)));
  assert.ok(after(2).includes('travel'));
  assert.ok(!after(24).includes('travel'));
});

test('a trip looks better the more of it is as always', () => {
  const model = begin();
  const next = weeks(model, 6);
  const values = [0, 1, 2, 3, 4, 5, 6].map(
    (at) => meet(model, login(next + day + at * day + 9 * hour, homes.abroad)).value,
  );
  const workdays = values.filter((_, at) => at < 4 || at === 6);
  assert.deepEqual(
    workdays,
    workdays.toSorted((a, b) => b - a),
  );
  assert.ok((values[0] as number) - (values[6] as number) > 4, values.join(' '));
});

test('an intruder who looks around does not become normal', () => {
  const model = begin();
  const next = weeks(model, 6) + 9 * hour;
  const values = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => {
    return meet(model, login(next + at * 10 * minute, homes.hosting, { 'host.name': `db${at}` })).value;
  });
  assert.ok(Math.min(...values) > begin().suspicious, values.join(' '));
  assert.ok(model.score(login(next + 2 * hour)).value < 0, 'the user at home is not to blame');
});

test('guessing before a success is told: at the address, from many addresses, and slowly', () => {
  const guessed = (failures: (next: number) => readonly ReturnType<typeof failure>[], from: Fields = homes.abroad) => {
    const model = begin();
    const next = weeks(model, 6, homes.home, password) + 9 * hour;
    for (const event of failures(next)) model.learn(event, false);
    return model.score(login(next, from, password));
  };
  const times = (count: number, each: number, from: (at: number) => Fields) => (next: number) =>
    Array.from({ length: count }, (_, i) => failure(next - (count - i) * each, from(i)));
  const quiet = guessed(() => []);
  const burst = guessed(times(40, 5000, () => homes.abroad));
  const spread = guessed(times(40, minute, (i) => ({ 'source.ip': `198.18.${i}.1` })));
  const slow = guessed(times(40, 2 * hour, () => homes.abroad));
  for (const score of [burst, spread, slow]) {
    assert.ok(score.value > quiet.value + 2, `${score.value} ${quiet.value}`);
    assert.ok(codes(score).includes('failures'));
  }
  assert.match(said(burst, 'failures') ?? '', /^After some \d\d failed logins from 198\.18\.0\.9\.$/);
  assert.match(said(spread, 'failures') ?? '', /of alice from any address/);
  const atHome = guessed(
    times(40, minute, (i) => ({ 'source.ip': `198.18.${i}.1` })),
    homes.home,
  );
  assert.ok(!codes(atHome).includes('failures'), 'guessing elsewhere is nothing that a user at home can help');
});

test('what PAM says of an attempt that sshd tells of as well does not count again', () => {
  const [sshd, both] = [false, true].map((pam) => {
    const model = begin();
    const next = weeks(model, 6, homes.home, password) + 9 * hour;
    for (let i = 0; i < 20; i++) {
      const time = next - (20 - i) * minute;
      if (pam) model.learn(failure(time, { ...homes.abroad, 'event.provider': 'pam' }), false);
      model.learn(failure(time, homes.abroad), false);
    }
    return said(model.score(login(next, homes.abroad, password)), 'failures');
  });
  assert.match(sshd ?? '', /some \d\d failed/);
  assert.equal(both, sshd);
});

test('lines with an old time hide no guessing', () => {
  const guessed = (odd: (next: number) => readonly number[]): number => {
    const model = begin();
    const next = weeks(model, 6, homes.home, password) + 9 * hour;
    const fail = (time: number): void => model.learn(failure(time, { 'source.ip': '203.0.113.77' }), false);
    for (let i = 40; i > 0; i--) fail(next - hour - i * minute);
    for (const time of odd(next)) fail(time);
    return model.score(login(next, homes.abroad, password)).value;
  };
  const plain = guessed(() => []);
  for (const days of [3, 30, 400]) {
    const one = guessed((next) => [next - days * day]);
    assert.ok(one > plain - 0.05, `${days} days: ${one} ${plain}`);
    const between = guessed((next) => [next - days * day, next - 2 * minute, next - days * day, next - minute]);
    assert.ok(between > plain - 0.05, `${days} days, by turns: ${between} ${plain}`);
    const some = guessed((next) => [1, 2, 3].map((i) => next - days * day + i));
    assert.ok(some > plain - 0.05, `${days} days, three: ${some} ${plain}`);
  }
});

test('failures fade again after a line with a future time', () => {
  const after = (odd: readonly number[]): number => {
    const model = begin();
    const next = weeks(model, 6, homes.home, password);
    const times = [...odd.map((days) => next + days * day), ...Array.from({ length: 15 }, (_, i) => next + i * minute)];
    for (const time of times) model.learn(failure(time, { 'source.ip': '203.0.113.77' }), false);
    for (let at = 1; at < 42; at++) model.learn(login(next + at * day, homes.home, password), false);
    return model.score(login(next + 42 * day, homes.abroad, password)).value;
  };
  assert.ok(Math.abs(after([365]) - after([])) < 0.1, `${after([365])} ${after([])}`);
});

test('a key is not guessed', () => {
  const model = begin();
  const next = weeks(model, 6) + 9 * hour;
  const before = model.score(login(next, homes.abroad)).value;
  for (let i = 0; i < 15; i++) model.learn(failure(next - i * minute, { 'source.ip': `198.18.${i}.1` }), false);
  assert.ok(model.score(login(next, homes.abroad)).value < before + 3);
});

test('many logins are unusual for a person and usual for a machine', () => {
  const person = begin();
  const next = weeks(person, 6) + 9 * hour;
  const one = meet(person, login(next, homes.abroad));
  let last = one;
  for (let i = 1; i < 12; i++) last = meet(person, login(next + i * 5000, homes.abroad));
  assert.match(said(last, 'rate') ?? '', /^About \d+ logins within .*; usual for alice is about \d+\.$/);
  assert.ok(last.value > one.value - 2);
  const machine = begin();
  let time = next;
  for (let i = 0; i < 2000; i++, time += 2 * minute) last = meet(machine, login(time));
  assert.ok(last.value < -3 && !codes(last).includes('rate'), `${last.value}`);
});

test('block lists raise, trusted networks lower, a long pause is told', () => {
  const listed = { 'source.reputation.score': 1, 'source.reputation.lists': ['zen.spamhaus.org:XBL'] };
  assert.ok(nats(homes.abroad, listed) > nats(homes.abroad) + 2);
  assert.ok(nats(homes.abroad, { 'source.known': 'partner' }) < nats(homes.abroad) - 2);
  const model = begin();
  const next = weeks(model, 6);
  const score = model.score(login(next + 60 * day + 9 * hour, homes.abroad, listed));
  assert.equal(said(score, 'listed'), 'The address 198.18.0.9 is on a block list: zen.spamhaus.org:XBL.');
  assert.match(said(score, 'pause') ?? '', /^First login of alice for 6\d days\.$/);
});

test('a method that the user never used is told', () => {
  const model = begin();
  const next = weeks(model, 6);
  const score = model.score(login(next + 9 * hour, homes.abroad, { 'login.method': 'password' }));
  assert.match(said(score, 'unusual-method') ?? '', /^Logged in with password; alice has used publickey 120 times/);
});

test('names instead of addresses, and no geo data at all, are compared as far as they go', () => {
  const model = begin();
  const from = (name: string): Fields => ({ 'source.address': name });
  const next = weeks(model, 6, from('C123'));
  const value = (fields: Fields): number => model.score(login(next + 9 * hour, fields)).value;
  assert.ok(value(from('C9')) > value(from('C123')) + 5);
  assert.ok(Number.isFinite(value({})));
  const bare = begin();
  weeks(bare, 6, { 'source.ip': '203.0.113.7' });
  const of = (ip: string): number => bare.score(login(next + 9 * hour, { 'source.ip': ip })).value;
  assert.ok(
    of('203.0.113.7') < of('203.0.113.8') &&
      of('203.0.113.8') < of('203.0.9.8') &&
      of('203.0.9.8') < of('198.51.100.1'),
  );
});

test('an account of the same name in another domain is another', () => {
  const model = begin();
  const next = weeks(model, 6, homes.home, { 'user.domain': 'CORP' });
  const of = (domain: string) => model.score(login(next, homes.abroad, { 'user.domain': domain }));
  assert.ok(!codes(of('corp')).includes('learning'), "Windows' names are alike in any case");
  assert.ok(codes(of('OTHER')).includes('learning'));
});

test('every login from a country new to its user is a finding, where that is asked for', () => {
  const always = (options: Readonly<Record<string, unknown>>, from: Fields, logins = 40): boolean | undefined => {
    const model = begin(options);
    for (let date = 0; date < logins; date++) model.learn(login(monday + date * day), false);
    return model.score(login(monday + logins * day, from)).always;
  };
  assert.equal(always({ newCountries: true }, homes.abroad), true);
  assert.equal(always({ newCountries: true }, homes.munich), undefined);
  assert.equal(always({ newCountries: true }, homes.abroad, 1), undefined);
  assert.equal(always({}, homes.abroad), undefined);
});

test('that something never happened is remembered longer than what did', () => {
  const after = (days: number): number => {
    const model = begin();
    for (let date = 0; date < days; date++) model.learn(login(monday + date * day), false);
    return model.score(login(monday + days * day, homes.abroad)).value;
  };
  assert.ok(after(400) > after(60) + 0.8, `${after(60)}, ${after(400)}`);
});
