import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderSvg } from '../../src/report/svg.ts';
import { hostile, hostileTexts } from './hostile.ts';
import { readMarkup } from './markup.ts';
import { sample } from './sample.ts';

const elements = new Set(['svg', 'title', 'desc', 'style', 'g', 'rect', 'path', 'circle', 'text']);
const attributes = new Set(
  'xmlns width height viewBox role aria-labelledby aria-hidden id class x y dy rx cx cy r d transform text-anchor'.split(
    ' ',
  ),
);

function assertHarmless(svg: string): void {
  for (const element of readMarkup(svg).elements) {
    assert.ok(elements.has(element.name), `<${element.name}>`);
    for (const [name, value] of element.attributes) {
      assert.ok(attributes.has(name), `<${element.name} ${name}>`);
      assert.doesNotMatch(value, /url\(|script:/);
    }
  }
}

test('the picture of a week, as a person sees it', (t) => {
  t.assert.fileSnapshot(renderSvg(sample({ places: 60, events: 80 })), 'test/golden/report/week.svg', {
    serializers: [String],
  });
});

test('a picture without groups or findings says so', () => {
  const svg = renderSvg({
    title: 'Quiet',
    made: '2026-01-12',
    groups: [],
    findings: [],
    summary: { events: 0, findings: 0, rejects: 0 },
  });
  assertHarmless(svg);
  assert.match(svg, /No findings: nothing passed its threshold\./);
});

test('hostile log text stays text', () => {
  const svg = renderSvg(hostile());
  assertHarmless(svg);
  assert.ok(svg.includes('&lt;script&gt;alert(1)'));
  assert.ok(!/[\u202e\u2066\u200b]/.test(svg), 'bidirectional and zero-width characters are spelt out');
});

test('any text at all gives well-formed, harmless markup of bounded size', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
    fc.constantFrom(...hostileTexts),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (texts) => {
      const svg = renderSvg(hostile(texts));
      assertHarmless(svg);
      assert.ok(svg.length < 150_000, `${svg.length}`);
    }),
    { numRuns: 150 },
  );
});

test('coordinates are finite numbers whatever the points are', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -1e308, 1e308, 0));
  fc.assert(
    fc.property(fc.array(number, { maxLength: 40 }), fc.array(number, { maxLength: 20 }), (xy, counts) => {
      const points = { xy: Float64Array.from(xy), counts };
      const [x = 0, y = 0, score = 1, threshold = 0] = xy;
      const finding = { x, y, rank: 1, score, threshold, label: 'x' };
      const groups = [
        { name: 'g', training: points, events: { xy: points.xy }, findings: [finding, { ...finding, x: y, rank: 2 }] },
      ];
      const svg = renderSvg({ ...sample({ places: 1, events: 1, findings: 0 }), groups });
      for (const { attributes: all } of readMarkup(svg).elements) {
        for (const name of ['x', 'y', 'cx', 'cy', 'r', 'd', 'width', 'height', 'transform']) {
          assert.doesNotMatch(all.get(name) ?? '', /NaN|Infinity|e[+-]?\d/, name);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('half a million points stay below 1 MB, in few elements, and the same input gives the same bytes', () => {
  const input = sample({ places: 100_000, events: 150_000, findings: 400 });
  const svg = renderSvg(input);
  assert.equal(svg, renderSvg(input));
  assert.ok(Buffer.byteLength(svg) < 1_000_000, `${Buffer.byteLength(svg)} bytes`);
  assert.ok(readMarkup(svg).elements.length < 5_000);
  assert.match(svg, /spots within \d+ px merged/);
  assert.match(svg, /100 findings without a ring/);
  assert.match(svg, /and 385 more/);
});

test('a sample of events is called a sample', () => {
  const input = sample({ places: 10, events: 40, findings: 1 });
  const groups = input.groups.map((group) => ({ ...group, eventsSeen: 43_129 }));
  assert.match(renderSvg({ ...input, groups }), /43,129 new \(40 drawn\)/);
});
