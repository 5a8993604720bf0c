import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantile, weightedQuantile } from '../../src/algorithms/index.ts';
import { golden } from '../support/golden-lof.ts';

test('the numbers of numpy, to the bit', () => {
  const { values, shares, expected } = golden.quantiles;
  assert.deepEqual(
    shares.map((share) => quantile(values, share)),
    expected,
  );
});

test('weights stand for copies', () => {
  const pairs = fc.array(fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.integer({ min: 1, max: 5 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(pairs, fc.double({ min: 0, max: 1, noNaN: true }), (entries, share) => {
      const values = entries.map(([value]) => value);
      const counts = entries.map(([, count]) => count);
      const copies = entries.flatMap(([value, count]) => Array<number>(count).fill(value));
      assert.equal(weightedQuantile(values, counts, share) + 0, quantile(copies, share) + 0);
    }),
  );
});

test('a quantile lies between the least and the greatest value and changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const before = [...values];
        const result = quantile(values, share);
        assert.ok(result >= Math.min(...values) && result <= Math.max(...values));
        assert.deepEqual(values, before);
      },
    ),
  );
});

test('no values and shares out of range are refused', () => {
  assert.throws(() => quantile([], 0.5), RangeError);
  assert.throws(() => weightedQuantile([], [], 0.5), RangeError);
  for (const share of [-0.1, 1.1, Number.NaN]) assert.throws(() => quantile([1], share), RangeError);
});
