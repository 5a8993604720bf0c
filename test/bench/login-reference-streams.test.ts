import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSeen, surprisal } from '../../bench/support/logins/methods.ts';
import { loginQuality } from '../../bench/support/logins/quality.ts';
import { referenceEvent, referenceStream, shapes } from '../../bench/support/logins/reference-streams.ts';

test('a stream has 25 users, 800 logins of each and 8 thefts, of which 13,950 and 200 count', () => {
  const stream = referenceStream(1);
  assert.equal(stream.length, 25 * 808);
  assert.equal(new Set(stream.map(({ user }) => user)).size, 25);
  assert.equal(stream.filter(({ counted }) => counted).length, 13_950);
  const thefts = stream.filter(({ attack }) => attack);
  assert.equal(thefts.length, 200);
  assert.ok(thefts.every(({ counted }) => counted));
  const listed = thefts.filter((theft) => theft.listed).length;
  assert.ok(listed > 70 && listed < 130, `${listed} of 200 on a block list`);
  assert.ok(stream.every(({ time }, at) => at === 0 || time >= (stream[at - 1]?.time as number)));
});

test('the same seed gives the same stream, another seed another', () => {
  assert.deepEqual(referenceStream(2), referenceStream(2));
  assert.notDeepEqual(referenceStream(2), referenceStream(3));
});

test('a first-seen rule and a surprisal come near what is published for them on such streams', () => {
  const facts = shapes['places, providers and block lists'] as (typeof shapes)[string];
  const auc = [firstSeen(), surprisal()].map((method) => {
    const judged = referenceStream(1).flatMap((login, at) => {
      const score = method.judge(referenceEvent(login, at, facts), login.attack);
      return login.counted ? [{ score, attack: login.attack, unit: String(at) }] : [];
    });
    return loginQuality(judged).auc;
  });
  for (const area of auc) assert.ok(area > 0.99 && area < 0.9995, `${area}`);
});
