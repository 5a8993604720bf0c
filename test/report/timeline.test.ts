import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addHour } from '../../src/report/picture.ts';
import { timeline } from '../../src/report/timeline.ts';
import { finding, sample } from './sample.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 5);
const base = sample({ places: 1, events: 1, findings: 0 });

const strip = (counts: [number, number][], findings = base.findings) =>
  timeline({ ...base, findings, hours: new Map(counts.map(([at, count]) => [start + at * hour, count])) });
const bars = (svg = '') => /class="hours" d="([^"]*)"/.exec(svg)?.[1]?.match(/M/g)?.length;

test('events are counted by the hour they fall in', () => {
  const hours = new Map<number, number>();
  for (const time of [start, start + 1, start + hour - 1, start + hour]) addHour(hours, time);
  assert.deepEqual(
    [...hours],
    [
      [start, 3],
      [start + hour, 1],
    ],
  );
});

test('a bar per hour, none for an empty hour, and the span in whole hours', () => {
  const drawn = strip([
    [0, 4],
    [1, 100],
    [5, 1],
  ]);
  assert.equal(bars(drawn?.svg), 3);
  assert.deepEqual([drawn?.from, drawn?.to], [start, start + 6 * hour]);
  assert.match(drawn?.caption ?? '', /^Events per hour, at most 100;/);
});

test('many hours share bars, so that a year still fits', () => {
  const drawn = strip(Array.from({ length: 365 * 24 }, (_, i) => [i, 2]));
  assert.ok((bars(drawn?.svg) ?? 0) <= 200);
  assert.match(drawn?.caption ?? '', /^Events per 2 days, at most 96;/);
});

test('a machine with a wrong clock does not stretch the strip, and is mentioned', () => {
  const week = Array.from({ length: 168 }, (_, i): [number, number] => [i, 50]);
  const drawn = strip([[-490_000, 2], ...week, [70_000_000, 1]]);
  assert.deepEqual([drawn?.from, drawn?.to], [start, start + 168 * hour]);
  assert.match(drawn?.caption ?? '', / 3 events far outside this span not shown\./);
});

test('each finding inside the span has a tick that says what it is', () => {
  const inside = finding(0, 'su - <b>', 'process', 3);
  const outside = { ...finding(1, 'later', 'file', 2), time: start + 1000 * hour };
  const drawn = strip(
    [
      [0, 1],
      [20, 1],
    ],
    [inside, outside],
  );
  assert.equal(drawn?.svg.match(/class="mark"/g)?.length, 1);
  assert.match(drawn?.svg ?? '', /<title>#1 · 2026-01-05 09:12:34 UTC · su - &lt;b&gt;<\/title>/);
});

test('without a known hour there is no strip', () => {
  assert.equal(
    timeline({
      ...base,
      hours: new Map([
        [NaN, 1],
        [start, 0],
        [9e15, 4],
      ]),
    }),
    undefined,
  );
  const { hours: _, ...rest } = base;
  assert.equal(timeline(rest), undefined);
});
