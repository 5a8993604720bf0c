import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineIds } from '../../src/text/line-ids.ts';

const lines = fc.array(
  fc.tuple(fc.constantFrom(-1, 0, 1000, 1767225600000, 1767225600123), fc.constantFrom('a', 'b', 'c')),
  {
    maxLength: 40,
  },
);

test('equal lines of one time have different names, the first of which needs no others', () => {
  const ids = new LineIds('sshd');
  const first = ids.next(1000, 'a');
  const second = ids.next(1000, 'a');
  assert.match(first, /^sshd\/rs\.[a-z0-9]+$/);
  assert.equal(second, `${first}.1`);
  ids.next(0, 'a');
  assert.equal(ids.next(1000, 'a'), `${first}.2`);
  assert.equal(new LineIds('sshd').next(1000, 'a'), first);
  assert.notEqual(new LineIds('sshd').next(2000, 'a'), first);
});

test('stopped anywhere and restored, the names go on as they would have', () => {
  fc.assert(
    fc.property(lines, fc.nat(40), (all, cut) => {
      const whole = new LineIds('x');
      const expected = all.map(([time, line]) => whole.next(time, line));
      assert.equal(new Set(expected).size, expected.length);
      const before = new LineIds('x');
      const read = all.slice(0, cut).map(([time, line]) => before.next(time, line));
      const after = new LineIds('x');
      after.restore(JSON.parse(JSON.stringify(before.state())));
      assert.deepEqual([...read, ...all.slice(cut).map(([time, line]) => after.next(time, line))], expected);
    }),
  );
});

test('a million lines, equal or not, cost little memory, and recent ones are still told apart after a restart', () => {
  const ids = new LineIds('x');
  let last = '';
  for (let i = 0; i < 500_000; i++) {
    ids.next(1000, `line ${i}`);
    last = ids.next(1000, 'again');
  }
  assert.ok(last.endsWith('.499999'));
  const state = ids.state();
  assert.ok(state.length < 60_000, `${state.length}`);
  const after = new LineIds('x');
  after.restore(state);
  assert.ok(after.next(1000, 'again').endsWith('.500000'));
  assert.ok(after.next(1000, 'line 499999').endsWith('.1'));
});

for (const state of ['', 'a', '||', 'a|', 'rs.1|', 'RS.1 |', 'rs.1=0 |', '__proto__ |']) {
  test(`"${state}" is no state`, () => assert.throws(() => new LineIds('x').restore(state), RangeError));
}
