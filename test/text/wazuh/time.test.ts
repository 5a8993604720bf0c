import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTime } from '../../../src/text/wazuh/time.ts';

const cases: [string, number | undefined][] = [
  ['2024-02-14T22:02:34.461+0500', Date.UTC(2024, 1, 14, 17, 2, 34, 461)],
  ['2024-02-14T22:02:34.461-0330', Date.UTC(2024, 1, 15, 1, 32, 34, 461)],
  ['2024-02-14T22:02:34.461+05:00', Date.UTC(2024, 1, 14, 17, 2, 34, 461)],
  ['2024-02-14T22:02:34.461+05', Date.UTC(2024, 1, 14, 17, 2, 34, 461)],
  ['2020-03-04T18:02:04.347123+0000', Date.UTC(2020, 2, 4, 18, 2, 4, 347)],
  ['2020-03-04T18:02:04.347123456Z', Date.UTC(2020, 2, 4, 18, 2, 4, 347)],
  ['2020-03-04T18:02:04Z', Date.UTC(2020, 2, 4, 18, 2, 4)],
  ['2020-03-04T18:02:04.5', Date.UTC(2020, 2, 4, 18, 2, 4, 500)],
  ['2024-02-29 00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
  ['2023-02-29T00:00:00Z', undefined],
  ['2024-13-01T00:00:00Z', undefined],
  ['2024-00-01T00:00:00Z', undefined],
  ['2024-01-00T00:00:00Z', undefined],
  ['2024-01-01T24:00:00Z', undefined],
  ['2024-01-01T00:60:00Z', undefined],
  ['2024-01-01T00:00:00.Z', undefined],
  ['2024-01-01', undefined],
  ['1700000000', undefined],
  ['', undefined],
  [`2024-01-01T00:00:00.${'1'.repeat(1000)}Z`, undefined],
];

for (const [text, time] of cases) {
  test(`"${text.slice(0, 40)}" is ${time}`, () => assert.equal(parseTime(text), time));
}

test('agrees with Date.parse on every time it writes', () => {
  const years = { min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(years), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, zone) => {
      const local = new Date(date.getTime() + zone * 60_000).toISOString().slice(0, -1);
      const minutes = Math.abs(zone);
      const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
      assert.equal(parseTime(`${local}${zone < 0 ? '-' : '+'}${digits.join('')}`), date.getTime());
    }),
  );
});
