import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecayedCounts } from '../../src/algorithms/decayed-counts.ts';

test('a count halves in its time, and not when time jumps back', () => {
  const counts = new DecayedCounts(1000, 100);
  counts.add(5, 8, 0);
  assert.equal(counts.get(5, 1000), 4);
  counts.add(5, 1, 2000);
  assert.equal(counts.get(5, 2000), 3);
  assert.equal(counts.get(5, 500), 3);
  assert.equal(counts.get(6, 0), 0);
  assert.equal(counts.get(5, 1e9), 0, 'what has faded is gone');
  counts.add(5, -100, 2000);
  assert.equal(counts.get(5, 2000), 0);
});

test('of too many counters the least go', () => {
  const counts = new DecayedCounts(Number.POSITIVE_INFINITY, 1000);
  for (let key = 0; key < 20_000; key++) counts.add(key * 4_294_967_296 + 1, key % 100 === 0 ? 5 : 1, 0);
  assert.ok(counts.size <= 2000);
  for (let key = 0; key < 20_000; key += 100) assert.equal(counts.get(key * 4_294_967_296 + 1, 0), 5);
});

test('is what a map of counts would be, and so is what was saved', () => {
  const steps = fc.array(
    fc.tuple(fc.oneof(fc.nat(30), fc.maxSafeNat()), fc.integer({ min: -3, max: 9 }), fc.nat(5000)),
    { maxLength: 300 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const counts = new DecayedCounts(1000, 10_000);
      const plain = new Map<number, { count: number; time: number }>();
      const faded = (key: number, at: number): number => {
        const { count, time } = plain.get(key) ?? { count: 0, time: at };
        return count * 2 ** (-Math.max(0, at - time) / 1000);
      };
      for (const [key, amount, time] of list) {
        counts.add(key, amount, time);
        if (amount <= 0 && !plain.has(key)) continue;
        const before = plain.get(key)?.time ?? time;
        plain.set(key, { count: Math.max(0, faded(key, time) + amount), time: Math.max(before, time) });
      }
      const loaded = new DecayedCounts(1000, 10_000);
      loaded.restore(counts.save());
      for (const [key] of plain) {
        assert.ok(Math.abs(counts.get(key, 5000) - faded(key, 5000)) < 0.02);
        assert.equal(loaded.get(key, 5000), counts.get(key, 5000));
      }
      assert.deepEqual(loaded.save(), counts.save());
    }),
  );
});

test('what was not saved is refused', () => {
  const load =
    (...numbers: number[]) =>
    () =>
      new DecayedCounts(1, 10).restore(Float64Array.from(numbers));
  for (const wrong of [load(1, 2), load(-1, 1, 0), load(1, Number.NaN, 0), load(1.5, 1, 0), load(1, 1, Number.NaN)]) {
    assert.throws(wrong, RangeError);
  }
});
