import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAxis } from '../../src/report/axis.ts';

test('an axis keeps the order of its values, from 0 to 1', () => {
  const number = fc.oneof(
    fc.double({ min: -1e150, max: 1e150, noNaN: true }),
    fc.integer({ min: -50, max: 50 }),
    fc.double({ min: 0, max: 0.001, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 2, maxLength: 400 }), (list) => {
      const values = Float64Array.from(list).sort();
      const { place } = createAxis(values);
      let before = 0;
      for (const value of values) {
        const now = place(value);
        assert.ok(now >= before && now <= 1 + 1e-12, `${value} at ${now} after ${before}`);
        before = now;
      }
      if (values[0] !== values.at(-1)) assert.ok(place(values[0] as number) < place(values.at(-1) as number));
    }),
  );
});

test('evenly spread values have a plain axis', () => {
  const axis = createAxis(Float64Array.from({ length: 101 }, (_, i) => i));
  assert.equal(axis.stretched, false);
  assert.deepEqual([0, 25, 50, 100].map(axis.place), [0, 0.25, 0.5, 1]);
});

test('where most values crowd on one spot they come apart, and the far one stays farthest', () => {
  const crowd = Array.from({ length: 200 }, (_, i) => i / 1e4);
  const axis = createAxis(Float64Array.of(...crowd, 1));
  assert.equal(axis.stretched, true);
  assert.ok(axis.place(0.0199) - axis.place(0) > 0.5);
  assert.ok(axis.place(1) - axis.place(0.0199) > 0.3);
  assert.equal(axis.place(1), 1);
});

test('one value stands in the middle, and copies of a value do not count as a crowd', () => {
  assert.equal(createAxis(Float64Array.of(3, 3, 3)).place(3), 0.5);
  const copies = Float64Array.from({ length: 5000 }, (_, i) => (i < 4900 ? 0 : i - 4900));
  assert.equal(createAxis(copies).stretched, false);
});
