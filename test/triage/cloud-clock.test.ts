import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyClock } from '../../src/triage/cloud/clock.ts';

const day = 86_400_000;
const told = (days: readonly number[]): number[] => {
  const clock = steadyClock();
  return days.map((at) => clock(at * day) / day);
};

test('time goes on, and not back', () => {
  assert.deepEqual(told([0, 0.5, 0.2, 1.4]), [0, 0.5, 0.5, 1.4]);
});

test('one record of another century moves nothing', () => {
  assert.deepEqual(told([0, 30_000, 0.1, 30_000, 0.2]), [0, 0, 0.1, 0.1, 0.2]);
});

test('a silence of days is believed with the record after it', () => {
  assert.deepEqual(told([0, 5, 5.1, 5.2]), [0, 0, 5, 5.2]);
  assert.deepEqual(told([0, 3, 6, 9]), [0, 0, 3, 6]);
});
