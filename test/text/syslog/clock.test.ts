import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ScopsError } from '../../../src/event/index.ts';
import { createYearClock, type YearClock } from '../../../src/text/syslog/clock.ts';

const day = 86_400_000;
const years = (clock: YearClock, dates: readonly (readonly [month: number, date: number])[]): number[] =>
  dates.map(([month, date]) => new Date(clock.day(month, date)).getUTCFullYear());

test('the first line is in the last year that puts it before the end', () => {
  const end = Date.UTC(2026, 2, 10);
  assert.deepEqual(years(createYearClock({ end }), [[3, 1]]), [2026]);
  assert.deepEqual(years(createYearClock({ end }), [[3, 11]]), [2026]);
  assert.deepEqual(years(createYearClock({ end }), [[4, 1]]), [2025]);
  assert.deepEqual(years(createYearClock({ end }), [[12, 31]]), [2025]);
});

test('time runs on over New Year', () => {
  const clock = createYearClock({ end: Date.UTC(2026, 2, 10) });
  assert.deepEqual(years(clock, [[12, 30], [12, 31], [1, 1], [2, 28]]), [2025, 2025, 2026, 2026]); // biome-ignore format: a table
});

test('small steps back add no year, over New Year neither', () => {
  const clock = createYearClock({ end: Date.UTC(2026, 2, 10) });
  assert.deepEqual(years(clock, [[12, 31], [1, 1], [12, 31], [1, 1], [12, 29], [1, 2], [1, 1]]), [2025, 2026, 2025, 2026, 2025, 2026, 2026]); // biome-ignore format: a table
});

test('a clock that was wrong for a while does not make the lines after it later', () => {
  const clock = createYearClock({ end: Date.UTC(2026, 7, 20) });
  // A board without a battery starts in January, or where it was switched off.
  assert.deepEqual(years(clock, [[8, 10], [1, 1], [8, 10], [3, 3], [8, 11]]), [2026, 2026, 2026, 2026, 2026]); // biome-ignore format: a table
});

test('however small the steps, no line is later than the end', () => {
  const clock = createYearClock({ end: Date.UTC(2026, 7, 1) });
  assert.deepEqual(years(clock, [[7, 20], [8, 2], [8, 15], [9, 10], [10, 5], [7, 30]]), [2026, 2026, 2025, 2025, 2025, 2026]); // biome-ignore format: a table
});

test('February 29 decides the year', () => {
  assert.deepEqual(years(createYearClock({ end: Date.UTC(2026, 7, 20) }), [[2, 29], [3, 1]]), [2024, 2024]); // biome-ignore format: a table
  const clock = createYearClock({ end: Date.UTC(2026, 0, 20) });
  assert.deepEqual(years(clock, [[2, 27], [2, 28], [2, 29], [3, 1]]), [2025, 2025, 2024, 2024]); // biome-ignore format: a table
  assert.deepEqual(years(createYearClock({ end: Date.UTC(1903, 0, 1) }), [[2, 29]]), [1896]);
});

test('an input that grows has the time now as its end', () => {
  let now = Date.UTC(2026, 5, 1);
  const clock = createYearClock({ end: () => now });
  assert.deepEqual(years(clock, [[6, 1]]), [2026]);
  now = Date.UTC(2026, 10, 1);
  assert.deepEqual(years(clock, [[11, 1]]), [2026]);
  now = Date.UTC(2027, 5, 1);
  assert.deepEqual(years(clock, [[6, 1]]), [2027]);
});

test('another file begins anew', () => {
  const clock = createYearClock({ end: Date.UTC(2026, 5, 1) });
  assert.deepEqual(years(clock, [[5, 30]]), [2026]);
  clock.open(Date.UTC(2025, 11, 31));
  assert.deepEqual(years(clock, [[12, 1]]), [2025]);
});

test('what is saved is taken back', () => {
  const clock = createYearClock({ end: Date.UTC(2026, 2, 10) });
  years(clock, [[12, 31], [1, 2]]); // biome-ignore format: a table
  const other = createYearClock({ end: Date.UTC(1999, 0, 1) });
  other.restore(clock.state());
  assert.equal(other.state(), clock.state());
  assert.deepEqual(years(other, [[1, 3], [12, 31]]), [2026, 2025]); // biome-ignore format: a table
  for (const state of ['', 'x', '1', '1/2/3', `${'9'.repeat(99)}/1`])
    assert.throws(
      () => other.restore(state),
      (error) => error instanceof ScopsError && error.code === 'INPUT_INVALID',
    );
});

test('what is no day is none', () => {
  const clock = createYearClock({ end: Date.UTC(2026, 2, 10) });
  for (const [month, date] of [[0, 1], [13, 1], [1, 0], [1, 32], [2, 30], [4, 31], [Number.NaN, 1]] as const) // biome-ignore format: a table
    assert.ok(Number.isNaN(clock.day(month, date)));
});

test('property: days in order, less than a year of them and a month apart at most, get their own years back', () => {
  const start = fc.integer({ min: Date.UTC(1990, 0, 1) / day, max: Date.UTC(2060, 0, 1) / day });
  const steps = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 });
  fc.assert(
    fc.property(start, steps, fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }), (first, ahead, late) => {
      const days = [first];
      for (const step of ahead)
        if ((days.at(-1) as number) + step < first + 360) days.push((days.at(-1) as number) + step);
      const clock = createYearClock({ end: (days.at(-1) as number) * day });
      for (const [index, given] of days.entries()) {
        const lines = [given, Math.max(first, given - (late[index] ?? 0))];
        for (const line of lines) {
          const date = new Date(line * day);
          assert.equal(clock.day(date.getUTCMonth() + 1, date.getUTCDate()), line * day);
        }
      }
    }),
  );
});
