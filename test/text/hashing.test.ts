import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashTokens, murmur3 } from '../../src/text/hashing.ts';
import { words } from '../../src/text/tokens.ts';

interface Row {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}
const golden = JSON.parse(readFileSync(new URL('../golden/hashing-sklearn.json', import.meta.url), 'utf8')) as {
  readonly rows: readonly { readonly text: string; readonly wide: Row; readonly narrow: Row }[];
};

const plain = (row: ReturnType<typeof hashTokens>): Row => ({ columns: [...row.columns], values: [...row.values] });

test('rows equal HashingVectorizer to the last bit, at 2^20 and at 16 columns where signs cancel', () => {
  assert.ok(
    golden.rows.some(({ narrow }) => narrow.values.includes(0)),
    'no cancelled column among the vectors',
  );
  for (const { text, wide, narrow } of golden.rows) {
    assert.deepEqual(plain(hashTokens(words(text))), wide, text);
    assert.deepEqual(plain(hashTokens(words(text), 16)), narrow, text);
  }
});

test('murmur3 gives the published verification values', () => {
  assert.equal(murmur3('', 0), 0);
  assert.equal(murmur3('', 1) >>> 0, 0x514e28b7);
  assert.equal(murmur3('test', 0) >>> 0, 0xba6bd213);
  assert.equal(murmur3('Hello, world!', 0) >>> 0, 0xc0363e43);
  assert.equal(murmur3('The quick brown fox jumps over the lazy dog', 0x9747b28c) >>> 0, 0x2fa826cd);
});

test('a row has length 1 or no entry, and ascending columns', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (tokens) => {
      const { columns, values } = hashTokens(tokens);
      assert.deepEqual(columns, columns.toSorted());
      const squares = values.reduce((sum, value) => sum + value * value, 0);
      assert.ok(squares === 0 || Math.abs(squares - 1) < 1e-12);
    }),
  );
});

test('words are maximal runs of at least two word characters, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const word of words(text)) assert.match(word, /^[\p{L}\p{N}_]{2,}$/u);
    }),
  );
});
