import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chosen, excess } from '../../src/report/picture.ts';
import { decimal, fitted, instant, plain, whole, words } from '../../src/report/words.ts';

test('text is one bounded line, escaped, and nothing in it is invisible', () => {
  assert.equal(words('a<b>\u202e"\n', 80), 'a&lt;b&gt;\\u{202e}&quot;\\n');
  assert.equal(plain('ali\u00adce\u{e0001}\ufffb', 40), 'ali\\u{ad}ce\\u{e0001}\\u{fffb}');
  assert.equal(plain('e\u0300\u0301\u0302\u0303', 20), 'e\u0300\u0301');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (text, length) => {
      const line = plain(text, length);
      assert.ok(line.length <= length);
      assert.doesNotMatch(line, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test('text is cut to a width: wide letters sooner than narrow ones', () => {
  assert.equal(fitted('short', 100, 13), 'short');
  const [narrow, broad, han] = ['i', 'W', '漢'].map((letter) => fitted(letter.repeat(80), 200, 13).length);
  assert.deepEqual([narrow, broad, han], [25, 15, 12]);
  assert.equal(fitted('<<<<<<', 30, 13), '&lt;&lt;…');
});

test('numbers and times as a person reads them', () => {
  assert.deepEqual([0, 7, 999, 1000, 38_744, 1e6, NaN].map(whole), [
    '0',
    '7',
    '999',
    '1,000',
    '38,744',
    '1,000,000',
    '–',
  ]);
  assert.deepEqual([0, 0.41, 1.5, 1234.5, 54_321, -5.9e9, 0.00002, Infinity].map(decimal), [
    '0',
    '0.410',
    '1.50',
    '1234.50',
    '54,321',
    '-5.90e9',
    '2.00e-5',
    '–',
  ]);
  assert.equal(instant(Date.UTC(2026, 0, 2, 14, 3, 11)), '2026-01-02 14:03:11 UTC');
  assert.equal(instant(9e99), 'unknown time');
  assert.equal(instant(undefined), 'unknown time');
});

test('excess grows with the score from 0 at the threshold to 1, and one huge score leaves the others apart', () => {
  const findings = [1e9, 4, 2, 1.5, 1].map((score) => ({ score, threshold: 1.5 }));
  const measured = findings.map(excess(findings));
  assert.equal(measured[0], 1);
  assert.ok((measured[1] as number) > 0.04 && (measured[1] as number) > (measured[2] as number));
  assert.deepEqual(measured.slice(3), [0, 0]);
  assert.equal(excess([])({ score: 3, threshold: 1 }), 0);
});

test('the strangest over all groups are numbered and drawn', () => {
  const mark = (rank: number) => ({ x: 0, y: 0, rank, score: 1, threshold: 1, label: '' });
  const none = { xy: new Float64Array() };
  const group = (ranks: number[]) => ({ name: '', training: none, events: none, findings: ranks.map(mark) });
  const ranks = Array.from({ length: 400 }, (_, i) => i + 1);
  const odd = ranks.filter((rank) => rank % 2 === 1);
  const even = ranks.filter((rank) => rank % 2 === 0);
  assert.deepEqual(chosen([group(even), group(odd)]), { drawn: 300, labelled: 15 });
  assert.deepEqual(chosen([group([3])]), { drawn: Infinity, labelled: Infinity });
});
