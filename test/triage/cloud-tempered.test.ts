import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Reason } from '../../src/event/index.ts';
import { tempered } from '../../src/triage/cloud/tempered.ts';

const reasons = (...nats: readonly number[]): Reason[] =>
  nats.map((each, i) => ({ code: `aspect-${i}`, text: '', evidence: { nats: each } }));
const bounded = (...nats: readonly number[]): number =>
  tempered({ value: nats.reduce((sum, each) => sum + each, 0), reasons: reasons(...nats) }).value;

test('one aspect says little more than 5 nats, several together more; what is benign stays', () => {
  assert.ok(bounded(40) < 5.01 && bounded(40) > 4.99, `${bounded(40)}`);
  assert.ok(Math.abs(bounded(1) - 1) < 0.02 && Math.abs(bounded(3) - 3) < 0.15);
  assert.ok(bounded(6, 5) > bounded(14));
  assert.equal(bounded(-3), -3);
  assert.equal(bounded(0), 0);
});

test('order stays, nothing grows, and parts add up to the value as before', () => {
  const nats = fc.double({ min: -30, max: 300, noNaN: true });
  fc.assert(
    fc.property(fc.array(nats, { maxLength: 8 }), nats, nats, (list, remainder, other) => {
      const value = list.reduce((sum, each) => sum + each, remainder);
      const score = tempered({ value, reasons: reasons(...list), group: 'g' });
      const sum = score.reasons.reduce((all, { evidence }) => all + Number(evidence.nats), remainder);
      assert.ok(Math.abs(sum - score.value) < 1e-6 && score.value <= value + 1e-9);
      assert.equal(score.group, 'g');
      assert.ok(bounded(Math.max(remainder, other)) >= bounded(Math.min(remainder, other)) - 1e-12);
    }),
  );
});

test('remarks without nats are left as they are', () => {
  const remark: Reason = { code: 'learning', text: 'Still learning.', evidence: { calls: 3 } };
  assert.deepEqual(tempered({ value: 2, reasons: [remark] }), { value: 2, reasons: [remark] });
});
