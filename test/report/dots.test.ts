import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { along, merge, paths } from '../../src/report/dots.ts';

const total = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0);
const same = (x: number, y: number) => [x, y] as const;

test('merging keeps every event and the centre of mass, within the budget', () => {
  const place = fc.tuple(
    fc.integer({ min: 0, max: 900 }),
    fc.integer({ min: 0, max: 400 }),
    fc.integer({ min: 1, max: 1e6 }),
  );
  fc.assert(
    fc.property(fc.array(place, { maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (list, budget) => {
      const xy = Float64Array.from(list.flatMap((one) => one.slice(0, 2)));
      const counts = list.map(([, , count]) => count);
      const places = merge({ xy, counts }, same, budget);
      assert.ok(places.x.length <= budget);
      assert.equal(
        total(places.counts),
        counts.reduce((sum, count) => sum + count, 0),
      );
      const before = list.reduce((sum, [x, , count]) => sum + x * count, 0);
      const after = places.x.reduce((sum, x, i) => sum + x * (places.counts[i] as number), 0);
      assert.ok(Math.abs(before - after) <= 1e-9 * Math.max(1, before));
    }),
  );
});

test('few places keep a dot each; alike ones are one dot with their count', () => {
  const places = merge({ xy: Float64Array.of(1, 1, 50, 50, 1, 1) }, same, 10);
  assert.deepEqual([...places.x], [1, 50]);
  assert.deepEqual([...places.counts], [2, 1]);
  assert.equal(places.merged, 0);
});

test('more places than the budget are merged, and it says how close they were', () => {
  const xy = Float64Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? (i / 2) % 100 : Math.floor(i / 200)) * 4);
  const places = merge({ xy }, same, 1000);
  assert.ok(places.x.length <= 1000 && places.x.length > 400, `${places.x.length}`);
  assert.ok(places.merged > 4 && places.merged < 24, `${places.merged}`);
});

test('what is not finite, or counted as nothing, is left out', () => {
  const xy = Float64Array.of(NaN, 1, 1, Infinity, 1e200, 0, 2, 3, 4, 5);
  assert.deepEqual(
    [[...along([xy], 0)], [...along([xy], 1)]],
    [
      [2, 4],
      [3, 5],
    ],
  );
  assert.deepEqual([...merge({ xy, counts: [1, 1, 1, 1, NaN] }, same, 10).x], [2]);
});

test('dots come in steps of size, the crowded ones first', () => {
  const places = {
    x: Float64Array.of(1, 2.04, 3),
    y: Float64Array.of(1, 2, 3),
    counts: Float64Array.of(1, 5000, 1),
    merged: 0,
  };
  assert.equal(paths(places, 'new'), '<path class="new d5" d="M2 2h.01"/><path class="new d0" d="M1 1h.01M3 3h.01"/>');
});
