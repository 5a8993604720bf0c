import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../src/algorithms/index.ts';
import { binned, type HistogramInput, numbered } from '../../src/report/histogram.ts';
import { histogramHtml } from '../../src/report/histogram-html.ts';
import { histogramSvg } from '../../src/report/histogram-svg.ts';
import { hostileTexts } from './hostile.ts';
import { readMarkup } from './markup.ts';

const random = createRandom(4);
const normal = (count: number, mean: number, deviation: number): Float64Array =>
  Float64Array.from({ length: count }, () => mean + deviation * random.normal());

function sample(overrides: Partial<HistogramInput> = {}): HistogramInput {
  const found = Float64Array.of(14.2, 11.8, 11.5, 6.1, 2.2, -0.4, -3.9, -4.4);
  return {
    title: 'Calls behind findings against ordinary calls',
    made: '2026-03-16T08:00:00.000Z',
    ordinary: normal(20_000, -4, 1.6),
    found,
    marks: [...found].map((value, i) => ({
      rank: i + 1,
      value,
      label: `Finding ${i + 1} of alice from 203.0.113.${i}`,
    })),
    names: { ordinary: 'ordinary calls', found: 'findings', axis: 'nats: further right is stranger' },
    ...overrides,
  };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('bars', () => {
  test('each series adds up to one, whatever lies outside the bars', () => {
    const bins = binned({ ordinary: Float64Array.of(...normal(5000, 0, 1), 1e9, -1e9), found: Float64Array.of(3, 4) });
    assert.ok(bins);
    assert.ok(Math.abs(sum(bins.ordinary) - 1) < 1e-9 && Math.abs(sum(bins.found) - 1) < 1e-9);
    assert.ok(bins.width < 1, 'two outliers do not squeeze five thousand values');
    assert.ok(bins.ordinary.length <= 112);
  });

  test('a value stands in its bar', () => {
    const bins = binned({ ordinary: Float64Array.of(0, 0, 1, 10), found: Float64Array.of(10) });
    assert.ok(bins);
    const at = (value: number): number => Math.floor((value - bins.from) / bins.width + 1e-9);
    assert.equal(bins.ordinary[at(0)], 0.5);
    assert.equal(bins.found[at(10)], 1);
  });

  test('one value, all the same, none, and none that is a number', () => {
    assert.equal(sum((binned({ ordinary: Float64Array.of(2), found: new Float64Array() }) as { ordinary: Float64Array }).ordinary), 1); // biome-ignore format: one call
    assert.ok(binned({ ordinary: new Float64Array(100), found: Float64Array.of(0) }));
    assert.equal(binned({ ordinary: new Float64Array(), found: Float64Array.of(Number.NaN) }), undefined);
  });
});

const elements = new Set(['svg', 'title', 'desc', 'style', 'g', 'rect', 'path', 'circle', 'text']);

describe('the picture', () => {
  test('has both series, a numbered mark for each finding, and words for those who do not see it', () => {
    const svg = histogramSvg(sample());
    const read = readMarkup(svg);
    for (const { name } of read.elements) assert.ok(elements.has(name), name);
    const classes = read.elements.map(({ attributes }) => attributes.get('class'));
    assert.equal(classes.filter((name) => name === 'usual').length, 2, 'the series and its sign');
    assert.equal(classes.filter((name) => name === 'badge-ring').length, 8);
    assert.equal(classes.filter((name) => name === 'mark').length, 8);
    assert.match(
      svg,
      /<desc id="desc">Two histograms on one axis\. 20,000 values of ordinary calls, half of them below -\d/,
    );
    assert.match(svg, /Finding 8 of alice/);
    assert.match(svg, /prefers-color-scheme:dark/);
  });

  test('the page keeps to its own policy and lists the strangest', () => {
    const page = histogramHtml(sample());
    const read = readMarkup(page, true);
    assert.ok(!read.elements.some(({ name }) => name === 'script'));
    assert.match(page, /default-src 'none'; style-src 'sha256-/);
    assert.equal(read.elements.filter(({ name }) => name === 'tr').length, 9);
  });

  test('crowded findings keep their ticks, numbers find rows, and bounds hold', () => {
    const found = Float64Array.from({ length: 5000 }, (_, i) => 5 + (i % 7) / 100);
    const marks = [...found].map((value, i) => ({ rank: i + 1, value, label: `f${i}` }));
    const svg = histogramSvg(sample({ found, marks }));
    const rings = [...svg.matchAll(/class="badge-ring" cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    assert.ok(rings.length >= 1 && rings.length <= numbered);
    for (const [i, a] of rings.entries())
      for (const b of rings.slice(i + 1))
        assert.ok(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!) > 20, 'no number hides another');
    assert.ok(svg.length < 200_000);
  });

  test('nothing to draw is said', () => {
    const none = new Float64Array();
    assert.match(histogramSvg(sample({ ordinary: none, found: none, marks: [] })), /Nothing to draw\./);
    assert.match(histogramHtml(sample({ ordinary: none, found: none, marks: [] })), /No findings\./);
  });

  test('any values and any text give well-formed markup', () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: -50, max: 50 }));
    const label = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom(...hostileTexts));
    fc.assert(
      fc.property(fc.array(number), fc.array(fc.tuple(number, label)), (ordinary, found) => {
        const input = sample({
          ordinary: Float64Array.from(ordinary),
          found: Float64Array.from(found, ([value]) => value),
          marks: found.map(([value, label], i) => ({ rank: i + 1, value, label })),
        });
        const svg = histogramSvg(input);
        for (const { name, attributes } of readMarkup(svg).elements) {
          assert.ok(elements.has(name), name);
          for (const value of attributes.values()) assert.doesNotMatch(value, /NaN|Infinity|undefined/);
        }
        readMarkup(histogramHtml(input), true);
      }),
      { numRuns: 60 },
    );
  });
});
