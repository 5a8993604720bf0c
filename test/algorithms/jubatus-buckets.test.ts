import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Buckets } from '../../src/algorithms/jubatus/buckets.ts';

const numbersOf = (buckets: Buckets, key: number): number[] => {
  const bucket = buckets.get(key);
  return bucket === undefined ? [] : [...bucket.numbers.subarray(0, bucket.size)];
};

test('a row that moves leaves its bucket, one that goes leaves its number there', () => {
  const buckets = new Buckets(1);
  buckets.enter(0, 7, Float64Array.of(100));
  buckets.enter(1, 3, Float64Array.of(100));
  assert.deepEqual(numbersOf(buckets, 100), [3, 7]);
  buckets.move(0, 7, Float64Array.of(200));
  assert.deepEqual([numbersOf(buckets, 100), numbersOf(buckets, 200)], [[3], [7]]);
  buckets.remove(1, 3);
  assert.deepEqual(numbersOf(buckets, 100), [3]);
  assert.deepEqual([...(buckets.get(100)?.inOrder(buckets.slotOf) ?? [])], []);
  buckets.enter(5, 3, Float64Array.of(200));
  assert.deepEqual([...(buckets.get(100)?.inOrder(buckets.slotOf) ?? [])], [5], 'it is back wherever its number is');
});

test('numbers of rows that are gone stay up to a bound, those gone for longest leave first', () => {
  const buckets = new Buckets(2, 10);
  for (let number = 0; number < 6; number++) {
    buckets.enter(0, number, Float64Array.of(2 * number, 2 * number + 1));
    buckets.remove(0, number);
  }
  assert.deepEqual([numbersOf(buckets, 0), numbersOf(buckets, 1)], [[], []], 'the first row is forgotten');
  assert.deepEqual([numbersOf(buckets, 2), numbersOf(buckets, 3)], [[1], [1]], 'the second is not');
  const strays = buckets.saveStrays();
  assert.deepEqual([...strays.numbers], [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  const loaded = new Buckets(2, 10);
  loaded.restoreStrays(strays);
  assert.deepEqual(loaded.saveStrays(), strays);
});
