import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/event/index.ts';
import { begin, day, homes, hour, login, minute, said, weeks } from '../support/logins/accounts.ts';

const password = { 'login.method': 'password', 'login.key.fingerprint': '' };

test('what is said against a login is not said for it too', () => {
  const model = begin();
  const next = weeks(model, 6) + 9 * hour;
  for (let at = 0; at < 2; at++) model.learn(login(next + at * hour, homes.home, password), false);
  const score = model.score(login(next + 14 * day, homes.abroad, password));
  assert.match(said(score, 'unusual-method') ?? '', /^Logged in with password; alice has used publickey 120 times/);
  assert.equal(said(score, 'in-favour'), 'What speaks for it: a usual hour.');
});

test('logins from a network that is not trusted yet are counted for a day, and never as none', () => {
  const model = begin();
  const next = weeks(model, 6) + 2 * hour;
  const at = (time: number): Event => login(time, homes.hosting, { 'host.name': `db${time - next}` });
  for (let count = 0; count < 6; count++) model.learn(at(next + count * minute), true);
  const [soon, later] = [model.score(at(next + hour)), model.score(at(next + 26 * hour))];
  assert.equal(
    said(soon, 'session'),
    'The 6 logins before from this network, which is not trusted yet, speak against it too.',
  );
  assert.match(said(soon, 'new-country') ?? '', /^Known from 6 logins alone, not trusted yet: Hetzner/);
  assert.equal(
    said(later, 'session'),
    'Earlier logins from this network, which is not trusted yet, speak against it too.',
  );
  assert.match(said(later, 'new-country') ?? '', /^Known from logins of more than a day ago alone, not trusted yet: /);
});
