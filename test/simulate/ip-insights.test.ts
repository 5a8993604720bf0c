import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScopsError } from '../../src/event/index.ts';
import { type AddressRanges, simulateTutorial, tutorialCase, tutorialSplit } from '../../src/simulate/ip-insights.ts';

/** All of IPv4 in so many ranges. */
function ranges(count: number): AddressRanges {
  const size = 2 ** 32 / count;
  return {
    first: Uint32Array.from({ length: count }, (_, index) => index * size),
    last: Uint32Array.from({ length: count }, (_, index) => (index + 1) * size - 1),
  };
}

const table = ranges(2 ** 17);
const logins = simulateTutorial({ seed: 5, users: 400, ranges: table });
const rangeOf = (address: number): number => address >>> 15;

function byUser(): number[][] {
  const lists: number[][] = Array.from({ length: 400 }, () => []);
  for (const [at, user] of logins.users.entries()) lists[user]!.push(rangeOf(logins.addresses[at]!));
  return lists;
}

test('the same seed gives the same logins, another seed others', () => {
  assert.deepEqual(simulateTutorial({ seed: 5, users: 400, ranges: table }), logins);
  assert.notDeepEqual(simulateTutorial({ seed: 6, users: 400, ranges: table }).addresses, logins.addresses);
});

test('users log in 50 to 10,000 times, half of them less than twice the least', () => {
  const counts = byUser().map(({ length }) => length);
  assert.ok(counts.every((count) => count >= 50 && count <= 10_000));
  const few = counts.filter((count) => count < 100).length / counts.length;
  assert.ok(Math.abs(few - 0.5) < 0.1, `${few}`);
});

test('ten days, of which the last three are for testing', () => {
  const times = [...logins.times];
  const last = Date.UTC(2018, 10, 14) / 1000;
  assert.ok(times.every((time) => time >= last - 864_000 && time < last));
  const late = times.filter((time) => time > tutorialSplit).length / times.length;
  assert.ok(Math.abs(late - 0.3) < 0.02, `${late}`);
});

test('users are near two networks, and travel a thirtieth of the time', () => {
  let [away, all] = [0, 0];
  for (const list of byUser()) {
    const near = (centre: number): number[] => list.filter((range) => Math.abs(range - centre) <= 60);
    const most = (of: readonly number[]): number =>
      of.reduce((best, range) => (near(range).length > near(best).length ? range : best), of[0]!);
    const home = most(list.slice(0, 40));
    const elsewhere = list.filter((range) => Math.abs(range - home) > 60);
    const work = elsewhere.length === 0 ? home : most(elsewhere.slice(0, 40));
    away += elsewhere.filter((range) => Math.abs(range - work) > 60).length;
    all += list.length;
  }
  assert.ok(Math.abs(away / all - 1 / 31) < 0.015, `${away / all}`);
});

for (const kind of ['uniform', 'paired', 'random'] as const) {
  test(`the ${kind} case has as many attacks as ordinary logins of days after training`, () => {
    const options = { seed: 1, ranges: table, pairs: 2000 };
    const found = tutorialCase(logins, kind, options);
    assert.deepEqual(tutorialCase(logins, kind, options), found);
    assert.equal(found.labels.length, 4000);
    assert.equal(
      found.labels.reduce((sum, label) => sum + label, 0),
      2000,
    );
    const late = new Map<string, number>();
    for (const [at, user] of logins.users.entries()) {
      const key = `${user} ${logins.addresses[at]}`;
      if (logins.times[at]! > tutorialSplit) late.set(key, (late.get(key) ?? 0) + 1);
    }
    for (let i = 0; i < 2000; i++) {
      const key = `${found.users[i]} ${found.addresses[i]}`;
      assert.ok((late.get(key) ?? 0) > 0, key);
      late.set(key, late.get(key)! - 1);
    }
    const [ordinary, attacked] = [found.users.subarray(0, 2000), found.users.subarray(2000)];
    if (kind === 'uniform') assert.ok(new Set(attacked).size > new Set(ordinary).size);
    else assert.deepEqual(attacked, ordinary);
  });
}

test('the ordinary logins of all cases are the same', () => {
  const of = (kind: 'uniform' | 'paired') =>
    tutorialCase(logins, kind, { seed: 1, ranges: table, pairs: 500 }).addresses.slice(0, 500);
  assert.deepEqual(of('uniform'), of('paired'));
});

test('senseless options are refused', () => {
  const refused = (error: unknown): boolean => error instanceof ScopsError && error.code === 'USAGE';
  assert.throws(() => simulateTutorial({ seed: 1, users: 0, ranges: table }), refused);
  assert.throws(() => simulateTutorial({ seed: 1, ranges: ranges(1) }), refused);
});
