import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { detailed, listed, renderHtml } from '../../src/report/html.ts';
import { hostile, hostileTexts } from './hostile.ts';
import { readMarkup } from './markup.ts';
import { finding, sample } from './sample.ts';

const forbidden = new Set([
  'script',
  'iframe',
  'object',
  'embed',
  'link',
  'img',
  'image',
  'use',
  'form',
  'base',
  'foreignObject',
  'animate',
  'set',
]);
const attributes = new Set(
  `lang charset content http-equiv name id class href title datetime scope tabindex aria-label aria-labelledby aria-hidden role
  viewBox preserveAspectRatio vector-effect width height x y dy rx cx cy r d transform text-anchor`.split(/\s+/),
);

function assertHarmless(html: string): void {
  const { elements } = readMarkup(html, true);
  const ids = elements.flatMap(({ attributes: all }) => all.get('id') ?? []);
  assert.equal(new Set(ids).size, ids.length, 'an id stands twice');
  for (const { name, attributes: all } of elements) {
    assert.ok(!forbidden.has(name), `<${name}>`);
    for (const key of all.keys()) assert.ok(attributes.has(key), `<${name} ${key}>`);
    const href = all.get('href');
    if (href !== undefined) assert.ok(href.startsWith('#') && ids.includes(href.slice(1)), href);
    for (const id of (all.get('aria-labelledby') ?? '').split(' ').filter(Boolean)) assert.ok(ids.includes(id), id);
  }
}

test('the page of a week, as a person sees it', (t) => {
  t.assert.fileSnapshot(renderHtml(sample({ places: 40, events: 60, findings: 3 })), 'test/golden/report/week.html', {
    serializers: [String],
  });
});

test('the policy allows nothing but the one style sheet, by its hash', () => {
  const html = renderHtml(sample({ places: 5, events: 5, findings: 1 }));
  const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
  assert.ok(style.length > 1000);
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  assert.equal(policy, `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
  assert.equal(html.match(/<style/g)?.length, 1);
  assert.doesNotMatch(style, /url\(|@import|</);
});

test('the page can be read without eyes: landmarks, one main heading, named pictures, table heads', () => {
  const html = renderHtml(sample({ places: 5, events: 5, findings: 3 }));
  assertHarmless(html);
  const { elements } = readMarkup(html, true);
  const count = (name: string) => elements.filter((element) => element.name === name).length;
  assert.deepEqual([count('main'), count('h1'), count('footer'), count('article')], [1, 1, 1, 3]);
  for (const { name, attributes: all } of elements) {
    if (name === 'th') assert.ok(all.has('scope'));
    if (name === 'svg')
      assert.ok(all.get('aria-hidden') === 'true' || (all.get('role') === 'img' && all.has('aria-labelledby')));
    if (name === 'section' || name === 'article') assert.ok(all.has('aria-labelledby'));
  }
});

test('a finding shows its score, chance, time, reasons, evidence, fields and record', () => {
  const base = sample({ places: 5, events: 5, findings: 1 });
  const { text } = readMarkup(renderHtml(base), true);
  for (const part of [
    '15.40',
    'threshold 1.50',
    '2.0e-5',
    '1 in 50,000 ordinary events',
    '2026-01-05 09:12:34 UTC',
    'web-1',
    'at distance 0.41',
    'seen 212 times',
    'user.audit.id',
    '4294967295',
    'type=EXECVE',
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test('hostile log text stays text', () => {
  const html = renderHtml(hostile());
  assertHarmless(html);
  assert.ok(!/[\u202e\u2066\u200b]/.test(html));
  assert.match(html, /first 8,192 of 30,720 characters/);
});

test('any text at all gives well-formed, harmless markup', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
    fc.constantFrom(...hostileTexts),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (texts) => assertHarmless(renderHtml(hostile(texts)))),
    { numRuns: 100 },
  );
});

test('a flood of findings is cut where it says, and the page stays bounded', () => {
  const raw = '\u0001<&"'.repeat(50_000);
  const findings = Array.from({ length: 2500 }, (_, i) => {
    const one = finding(i, 'x'.repeat(5000), 'file', 3);
    return { ...one, event: { ...one.event, raw, fields: { ...one.event.fields, long: 'y'.repeat(1e6) } } };
  });
  const base = sample({ places: 5, events: 5, findings: 0 });
  const html = renderHtml({ ...base, findings, summary: { ...base.summary, findings: 2500 } });
  assertHarmless(html);
  assert.equal(html.match(/<article/g)?.length, detailed);
  assert.ok(html.includes(`${listed - detailed} further findings</summary>`));
  assert.match(html, /1,500 further findings not on this page\./);
  assert.ok(html.length < 3_500_000, `${html.length}`);
});

test('a run without findings says so', () => {
  const html = renderHtml({
    title: 'Quiet',
    made: '2026-01-12',
    groups: [],
    findings: [],
    summary: { events: 7, findings: 0, rejects: 0 },
  });
  assertHarmless(html);
  assert.match(html, /No findings: nothing passed its threshold\./);
});
