import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields, Learner } from '../../src/event/index.ts';
import { begin, codes, day, detector, homes, hour, login, said, weeks } from '../support/logins/accounts.ts';

const chrome = (major: number, on = 'Windows NT 10.0; Win64; x64', more = ''): Fields => ({
  'user_agent.original': `Mozilla/5.0 (${on}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 ${more}Safari/537.36`,
});
const firefox = {
  'user_agent.original': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0',
};
const linux = chrome(120, 'X11; Linux x86_64');
const phone = chrome(120, 'Linux; Android 14', 'Mobile ');
const curl = { 'user_agent.original': 'curl/8.5.0' };
const web: Fields = { 'login.method': 'password', 'login.key.fingerprint': '' };

const known = (agent: Fields): [model: Learner, next: number] => {
  const model = begin();
  return [model, weeks(model, 6, homes.home, { ...web, ...agent }) + 9 * hour];
};

test('an upgrade is cheap, an older version less so, another browser more, a new system still more, a program most', () => {
  const [model, next] = known(chrome(120));
  const value = (agent: Fields): number => model.score(login(next, homes.abroad, { ...web, ...agent })).value;
  const values = [chrome(120), chrome(121), chrome(90), firefox, linux, curl].map(value);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  );
  const [same, upgraded, older, other, system, program] = values as [number, number, number, number, number, number];
  assert.ok(upgraded - same < 1.2, values.join(' '));
  assert.ok(older - same > 1.5 && other - same > 3 && system - same > 4 && program - same > 7, values.join(' '));
  assert.ok(value(phone) > other && value(phone) < program, 'people get phones');
  assert.ok(Math.abs(value({}) - same) < 2.1, 'a record without one says nothing of it');
});

test('what is new of the client is told in words, and what the user has instead', () => {
  const [model, next] = known(chrome(120));
  const score = (agent: Fields) => model.score(login(next, homes.abroad, { ...web, ...agent }));
  assert.equal(
    said(score(curl), 'new-client'),
    'First login with the program curl; alice has used Chrome 120 times, last on 12 June 2026.',
  );
  assert.match(
    said(score(linux), 'new-client') ?? '',
    /^First login with Chrome on Linux; alice has used Windows 120 times/,
  );
  assert.match(
    said(score(firefox), 'new-client') ?? '',
    /^First login with Firefox on Windows; alice has used Chrome 120/,
  );
  assert.match(
    said(model.score(login(next, homes.hosting, { ...web, ...chrome(120) })), 'in-favour') ?? '',
    /a known client \(Chrome on Windows\)/,
  );
  assert.ok(!codes(score(chrome(121))).includes('new-client'));
});

test('versions that come one after the other are no news for a year', () => {
  const [model, next] = known(chrome(100));
  const values: number[] = [];
  for (let at = 0; at < 365; at++) {
    const event = login(next + at * day, homes.home, { ...web, ...chrome(101 + Math.floor(at / 28)) });
    values.push(model.score(event).value);
    model.learn(event, false);
  }
  assert.ok(Math.max(...values) < 0, `${Math.max(...values)}`);
});

test('a machine that logs in with a program is used to it', () => {
  const [model, next] = known(curl);
  const value = (agent: Fields): number => model.score(login(next, homes.home, { ...web, ...agent })).value;
  assert.ok(value(curl) < value(chrome(120)) - 3);
});

test('a user without any user agent so far, and a user of whom nothing is known, are not accused of one', () => {
  const [model, next] = known({});
  const none = model.score(login(next, homes.home, web)).value;
  for (const agent of [chrome(120), curl]) {
    const { value } = model.score(login(next, homes.home, { ...web, ...agent }));
    assert.ok(Math.abs(value - none) < 0.1, `${value} ${none}`);
    assert.ok(Number.isFinite(model.score(login(next, homes.home, { ...agent, 'user.name': 'eve' })).value));
  }
});

test('clients are kept in the model file, with what is in quarantine', () => {
  const [model, next] = known(chrome(120));
  const strange = login(next, homes.hosting, { ...web, ...linux });
  model.learn(strange, true);
  const loaded = detector().load(model.save()) as Learner;
  for (const each of [model, loaded]) assert.equal(each.settle(strange.id, 'benign'), true);
  const probe = login(next + hour, homes.hosting, { ...web, ...linux });
  assert.deepEqual(loaded.score(probe), model.score(probe));
  assert.ok(!codes(model.score(probe)).includes('new-client'), 'somebody said that it was in order');
  assert.deepEqual(loaded.save(), model.save());
});
