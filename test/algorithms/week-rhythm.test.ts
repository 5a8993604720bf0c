import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WeekRhythm } from '../../src/algorithms/week-rhythm.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A Monday. */
const monday = Date.UTC(2026, 4, 4);

test('the hours of somebody who works by day are denser than the night, and around midnight is one night', () => {
  const rhythm = new WeekRhythm();
  for (let at = 0; at < 56; at++)
    if (at % 7 < 5) for (let on = 9; on < 17; on++) rhythm.add(monday + at * day + on * hour);
  const density = (days: number, hours: number) => rhythm.density(monday + days * day + hours * hour, 5);
  assert.ok(density(56, 11) > 3);
  assert.ok(density(56, 3) < 0.2);
  assert.ok(density(61, 11) < 0.5, 'a Saturday');
  assert.ok(density(56, 18) > density(56, 20), 'an hour after work is nearer than three');
  const night = new WeekRhythm();
  for (let at = 0; at < 50; at++) night.add(monday + at * day + 23.5 * hour);
  assert.ok(night.density(monday + 0.5 * hour, 5) > 3 * night.density(monday + 4 * hour, 5));
});

test('without events all hours are alike, or as those of the base', () => {
  assert.equal(new WeekRhythm().density(monday, 5), 1);
  const base = new WeekRhythm();
  for (let at = 0; at < 100; at++) base.add(monday + 7 * at * day + 10 * hour);
  const own = new WeekRhythm();
  assert.ok(own.density(monday + 10 * hour, 5, base) > 5);
  assert.ok(own.density(monday + 2 * day + 22 * hour, 5, base) < 1);
});

test('densities are positive, and their mean over a week is 1', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e12, max: 4e12, noNaN: true }), { maxLength: 50 }), (times) => {
      const rhythm = new WeekRhythm();
      for (const time of times) rhythm.add(time);
      rhythm.fade(0.7);
      let sum = 0;
      for (let at = 0; at < 168; at++) {
        const density = rhythm.density(monday + at * hour, 3);
        assert.ok(density > 0);
        sum += density;
      }
      assert.ok(Math.abs(sum / 168 - 1) < 1e-9, `${sum / 168}`);
    }),
  );
});

test('a list that is cut short is refused', () => assert.throws(() => new WeekRhythm([1, 2]), RangeError));
