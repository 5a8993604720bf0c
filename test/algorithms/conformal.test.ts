import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { conformalPValue, conformalThreshold, createRandom } from '../../src/algorithms/index.ts';

const scores = fc
  .array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 })
  .map((list) => Float64Array.from(list).sort());

test('the p-value counts the calibration scores that are at least as high', () => {
  const sorted = Float64Array.of(1, 2, 2, 5);
  assert.equal(conformalPValue(sorted, 9), 1 / 5);
  assert.equal(conformalPValue(sorted, 5), 2 / 5);
  assert.equal(conformalPValue(sorted, 2), 4 / 5);
  assert.equal(conformalPValue(sorted, 0), 1);
  assert.equal(conformalPValue([], 3), 1);
});

test('a score is above the threshold exactly when its p-value is at most the rate', () => {
  fc.assert(
    fc.property(
      scores,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: -1, max: 21 }),
      (sorted, wanted, score) => {
        const { threshold, rate } = conformalThreshold(sorted, wanted);
        assert.equal(score > threshold, conformalPValue(sorted, score) <= rate);
      },
    ),
  );
});

test('the promised rate is the wanted one, or the smallest that so few scores allow', () => {
  fc.assert(
    fc.property(scores, fc.double({ min: 0, max: 1, noNaN: true }), (sorted, wanted) => {
      const { threshold, rate } = conformalThreshold(sorted, wanted);
      const smallest = 1 / (sorted.length + 1);
      if (wanted < smallest - 1e-9) {
        assert.equal(rate, smallest);
        assert.equal(threshold, sorted.at(-1) ?? Number.NEGATIVE_INFINITY);
      } else {
        assert.ok(rate <= wanted + 1e-9 && rate > wanted - smallest - 1e-9);
      }
    }),
  );
});

test('whole rates lose no place to rounding', () => {
  const sorted = Float64Array.from({ length: 99 }, (_, i) => i);
  for (let percent = 1; percent < 100; percent++) {
    assert.deepEqual(conformalThreshold(sorted, percent / 100), { threshold: 99 - percent, rate: percent / 100 });
  }
});

test('everything is above at rate 1 and without calibration', () => {
  assert.deepEqual(conformalThreshold([1, 2], 1), { threshold: Number.NEGATIVE_INFINITY, rate: 1 });
  assert.deepEqual(conformalThreshold([], 0.01), { threshold: Number.NEGATIVE_INFINITY, rate: 1 });
  for (const rate of [-0.1, 1.5, Number.NaN]) assert.throws(() => conformalThreshold([1], rate), RangeError);
});

test('fresh rows of the same kind exceed the threshold as often as promised', () => {
  for (const [size, wanted] of [
    [19, 0.05],
    [30, 0.1],
    [200, 0.01],
    [7, 0.01],
  ] as const) {
    const random = createRandom(size);
    const draw = () => Math.exp(random.normal());
    const rounds = 20_000;
    let exceeded = 0;
    let promised = 0;
    for (let round = 0; round < rounds; round++) {
      const { threshold, rate } = conformalThreshold(Float64Array.from({ length: size }, draw).sort(), wanted);
      promised = rate;
      if (draw() > threshold) exceeded++;
    }
    const deviation = 4 * Math.sqrt((promised * (1 - promised)) / rounds);
    const share = exceeded / rounds;
    assert.ok(Math.abs(share - promised) < deviation, `promised ${promised}, exceeded ${share}`);
  }
});
