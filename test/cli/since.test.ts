import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asMoment } from '../../src/cli/since.ts';

const now = Date.UTC(2026, 2, 15, 10, 30);
const iso = (text: string): string => new Date(asMoment(text)(now)).toISOString().slice(0, 16);

describe('--since', () => {
  for (const [text, expected] of [
    ['2026-01-31', '2026-01-31T00:00'],
    ['2026-01-31T08:00', '2026-01-31T08:00'],
    ['2026-01-31 08:00:30.5', '2026-01-31T08:00'],
    ['2026-01-31T08:00Z', '2026-01-31T08:00'],
    ['2026-01-31T08:00+02:00', '2026-01-31T06:00'],
    ['2024-02-29', '2024-02-29T00:00'],
    ['30m', '2026-03-15T10:00'],
    ['90 minutes ago', '2026-03-15T09:00'],
    ['12h', '2026-03-14T22:30'],
    ['1 hour ago', '2026-03-15T09:30'],
    ['7d', '2026-03-08T10:30'],
    ['7 days ago', '2026-03-08T10:30'],
    ['7days', '2026-03-08T10:30'],
    ['2 weeks ago', '2026-03-01T10:30'],
    ['Yesterday', '2026-03-14T00:00'],
    ['today', '2026-03-15T00:00'],
  ] as const) {
    test(`${text} is ${expected}`, () => assert.equal(iso(text), expected));
  }

  const bad = [
    '',
    'tuesday',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-01-31T25:00',
    '2026',
    '7',
    '7 y ago',
    '-7d',
  ];
  for (const text of bad) {
    test(`"${text}" is refused`, () => assert.throws(() => asMoment(text), /neither a date such as .*"7 days ago"/));
  }
});
