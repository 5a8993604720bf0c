import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exactEntities, hashedEntities, mostFrequent } from '../../src/detectors/ip-insights/entities.ts';
import { History } from '../../src/detectors/ip-insights/history.ts';

/** Words that differ in few bits, so that they often have many in common. */
const word = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.integer({ min: 0, max: 31 }).map((bit) => (2 ** 31 + 2 ** bit) % 2 ** 32),
);
const address = fc.record({ row: fc.integer({ min: 0, max: 2 }), high: word, low: word });

const bitsOf = ({ high, low }: { high: number; low: number }): string =>
  high.toString(2).padStart(32, '0') + low.toString(2).padStart(32, '0');

test('the nearest address is the one with most first bits in common', () => {
  fc.assert(
    fc.property(fc.array(address, { maxLength: 20 }), address, fc.boolean(), (given, asked, v4) => {
      const known = v4 ? given.map((each) => ({ ...each, low: 0 })) : given;
      const probe = v4 ? { ...asked, low: 0 } : asked;
      const column = (name: 'row' | 'high' | 'low'): number[] => known.map((each) => each[name]);
      const history = History.of(3, column('row'), column('high'), ...(v4 ? [] : [column('low')]));
      const found = new History(history.state).nearest(probe.row, probe.high, probe.low);
      const own = known.filter(({ row }) => row === probe.row).map(bitsOf);
      if (own.length === 0) return assert.equal(found, undefined);
      const wanted = bitsOf(probe);
      const shared = own
        .map((bits) => [...bits].findIndex((bit, at) => bit !== wanted[at]))
        .map((at) => (at < 0 ? 64 : at));
      const most = Math.max(...shared);
      assert.equal(found?.bits, most);
      assert.equal(found?.count, own.filter((bits) => bits.startsWith(wanted.slice(0, most))).length);
      assert.equal(found?.addresses, new Set(own).size);
      assert.ok(own.includes(bitsOf(found as { high: number; low: number })));
    }),
  );
});

test('what was cut short is refused', () => {
  const { state } = History.of(2, [0, 1, 1], [5, 6, 7]);
  assert.throws(() => new History({ ...state, low: state.low.slice(1) }), RangeError);
  assert.throws(() => new History({ ...state, offsets: Uint32Array.of(2, 1, 3) }), RangeError);
});

test('entities have rows', () => {
  const exact = exactEntities(['alice', '__proto__']);
  assert.deepEqual([exact.row('alice'), exact.row('__proto__'), exact.row('toString')], [0, 1, -1]);
  assert.throws(() => exactEntities(['alice', 'alice']), RangeError);
  const hashed = hashedEntities(10);
  for (const name of ['', 'alice', 'é', 'a'.repeat(5000)]) assert.ok(hashed.row(name) >= 0 && hashed.row(name) < 10);
  const counts = new Map([
    ['rare', 1],
    ['often', 9],
    ['sometimes', 5],
  ]);
  assert.deepEqual(mostFrequent(counts, 2), ['often', 'sometimes']);
  assert.deepEqual(mostFrequent(counts, 3), ['rare', 'often', 'sometimes']);
});
