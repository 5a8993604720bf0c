import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DistinctIds } from '../../src/text/distinct-ids.ts';

const names = fc.array(fc.constantFrom('a', 'b', 'c', 'x|y =1', ''), { maxLength: 40 });

test('the first of equal ids is as it was, the others are numbered', () => {
  const ids = new DistinctIds();
  assert.deepEqual(
    ['a', 'b', 'a', 'a', 'b'].map((id) => ids.next(id)),
    ['a', 'b', 'a.1', 'a.2', 'b.1'],
  );
});

test('stopped anywhere and restored, the ids go on as they would have', () => {
  fc.assert(
    fc.property(names, fc.nat(40), (all, cut) => {
      const whole = new DistinctIds();
      const expected = all.map((id) => whole.next(id));
      assert.equal(new Set(expected).size, expected.length);
      const before = new DistinctIds();
      const read = all.slice(0, cut).map((id) => before.next(id));
      const after = new DistinctIds();
      after.restore(JSON.parse(JSON.stringify(before.state())));
      assert.deepEqual([...read, ...all.slice(cut).map((id) => after.next(id))], expected);
    }),
  );
});

test('a million ids, equal or not, cost little memory, and recent ones are still told apart after a restart', () => {
  const ids = new DistinctIds();
  let last = '';
  for (let i = 0; i < 500_000; i++) {
    ids.next(`line ${i}`);
    last = ids.next('again');
  }
  assert.equal(last, 'again.499999');
  const state = ids.state();
  assert.ok(state.length < 50_000, `${state.length}`);
  const after = new DistinctIds();
  after.restore(state);
  assert.equal(after.next('again'), 'again.500000');
  assert.equal(after.next('line 499999'), 'line 499999.1');
});

for (const state of ['', 'a', '||', 'a|', 'a|b ', 'A |', 'a=0 |', '__proto__ |', 'a=1e9 |']) {
  test(`"${state}" is no state`, () => assert.throws(() => new DistinctIds().restore(state), RangeError));
}
