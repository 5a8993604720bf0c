import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crosses, overlap, placeLabels } from '../../src/report/labels.ts';

const frame = { left: 0, top: 0, right: 480, bottom: 400 };
const size = 13;

const box = (text: string, { x, y }: { x: number; y: number }) => {
  const half = (text.length * size * 0.64) / 2;
  return { left: x - half, right: x + half, top: y - size / 2, bottom: y + size / 2 };
};

const ring = fc.record({
  x: fc.double({ min: 20, max: 460, noNaN: true }),
  y: fc.double({ min: 20, max: 380, noNaN: true }),
  radius: fc.double({ min: 4, max: 15, noNaN: true }),
});

const near = fc.record({
  x: fc.integer({ min: 200, max: 250 }),
  y: fc.integer({ min: 20, max: 60 }),
  radius: fc.constant(6),
});
const crowd = fc.array(near, { minLength: 12, maxLength: 40 });

test('labels never overlap, stay in the frame, and no leader line crosses a label of others', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(ring, { minLength: 1, maxLength: 40 }), crowd), (rings) => {
      const texts = rings.slice(0, 15).map((_, i) => String(i + 1));
      const labels = placeLabels(rings, texts, frame, size);
      assert.equal(labels.length, texts.length);
      const placed = labels.flatMap((label, i) => (label ? [{ ...label, box: box(texts[i] as string, label) }] : []));
      for (const [i, one] of placed.entries()) {
        assert.ok(one.box.left >= 0 && one.box.right <= 480 && one.box.top >= 0 && one.box.bottom <= 400);
        for (const [j, other] of placed.entries()) {
          if (i === j) continue;
          assert.ok(!overlap(one.box, other.box), `${i} overlaps ${j}`);
          if (one.leader) assert.ok(!crosses({ a: one.leader, b: one }, other.box), `leader of ${i} crosses ${j}`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('fifteen findings in one corner all get their number, the crowded ones with a leader line', () => {
  const rings = Array.from({ length: 15 }, (_, i) => ({
    x: 30 + (i % 4) * 9,
    y: 30 + Math.floor(i / 4) * 9,
    radius: 6,
  }));
  const labels = placeLabels(
    rings,
    rings.map((_, i) => String(i + 1)),
    frame,
    size,
  );
  assert.equal(labels.filter((label) => label !== undefined).length, 15);
  assert.ok(labels.some((label) => label?.leader));
});

test('a lone ring has its number beside it, outward, without a leader line', () => {
  const [label] = placeLabels([{ x: 400, y: 200, radius: 8 }], ['1'], frame, size);
  assert.ok(label && label.x > 408 && label.x < 430 && Math.abs(label.y - 200) < 1);
  assert.equal(label.leader, undefined);
});

test('where nothing is free there is no label', () => {
  assert.deepEqual(placeLabels([{ x: 5, y: 5, radius: 4 }], ['1'], { left: 0, top: 0, right: 10, bottom: 10 }, size), [
    undefined,
  ]);
});

test('a line crosses a box when it enters it', () => {
  const square = { left: 10, top: 10, right: 20, bottom: 20 };
  assert.ok(crosses({ a: { x: 0, y: 15 }, b: { x: 30, y: 15 } }, square));
  assert.ok(crosses({ a: { x: 12, y: 12 }, b: { x: 13, y: 13 } }, square));
  assert.ok(!crosses({ a: { x: 0, y: 5 }, b: { x: 30, y: 5 } }, square));
  assert.ok(!crosses({ a: { x: 0, y: 15 }, b: { x: 9, y: 15 } }, square));
  assert.ok(!crosses({ a: { x: 0, y: 12 }, b: { x: 12, y: 0 } }, square));
});
