import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { card, wrap } from '../../src/text/cards.ts';
import { finding, reason } from '../support/findings.ts';

const asIs = { serializers: [(value: unknown) => String(value)] };
const plain = { width: 80, color: false };

test('a card for a person', (t) => {
  const long = finding({
    title:
      'rsync -a --delete --exclude .git --rsh "ssh -o StrictHostKeyChecking=no" /srv/app/releases/20260102/ deploy@10.0.0.7:/srv/app/',
    count: 12,
    rank: 2,
    entity: { type: 'user', name: 'deploy' },
  });
  t.assert.fileSnapshot(
    [finding(), long].map((one) => card(one, plain)).join(''),
    join(import.meta.dirname, '../golden/stdout/cards.txt'),
    asIs,
  );
});

test('colours change how it looks, not what it says', () => {
  const coloured = card(finding(), { width: 80, color: true });
  assert.notEqual(coloured, card(finding(), plain));
  assert.equal(stripVTControlCharacters(coloured), card(finding(), plain));
});

test('no control character of a log reaches the terminal', () => {
  const anyText = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(anyText, anyText, anyText, anyText, (title, name, host, why) => {
      const entity = { type: 'user', name };
      const text = card(finding({ title, entity, reasons: [reason(why)] }, { fields: { 'host.name': host } }), plain);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      assert.equal(text.isWellFormed(), true);
    }),
  );
});

test('wrapping loses nothing but spaces, and keeps to the width', () => {
  const words = fc.array(fc.stringMatching(/^[a-z/.-]{0,40}$/), { maxLength: 30 }).map((list) => list.join(' '));
  fc.assert(
    fc.property(words, fc.integer({ min: 5, max: 60 }), (text, width) => {
      const lines = wrap(text, width);
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
      for (const line of lines) assert.ok(line.length <= width, line);
    }),
  );
});

test('a word is broken only when it is longer than a line', () => {
  assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  assert.deepEqual(wrap('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  assert.deepEqual(wrap('', 10), ['']);
});

test('wide characters count for two columns, combining ones for none', () => {
  assert.deepEqual(wrap('日本語', 4), ['日本', '語']);
  assert.deepEqual(wrap('a 日本', 4), ['a', '日本']);
  assert.deepEqual(wrap('e\u0301e\u0301e\u0301', 3), ['e\u0301e\u0301e\u0301']);
});

test('a text of megabytes is cut, not wrapped', () => {
  const text = card(finding({ title: 'x'.repeat(5_000_000) }), plain);
  assert.ok(text.length < 5000);
  assert.match(text, /x…$/m);
});
