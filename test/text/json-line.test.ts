import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonLine } from '../../src/text/json-line.ts';

const anyText = fc.string({ unit: 'binary' });

test('whatever text it holds, a line is one line, and reads back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, fc.array(anyText)), (value) => {
      const line = jsonLine(value);
      assert.match(line, /^[^\n\r\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]*\n$/);
      assert.equal(line.isWellFormed(), true);
      assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('a lone surrogate becomes U+FFFD, a written-out escape stays as written', () => {
  assert.equal(jsonLine(['\ud800x']), '["\ufffdx"]\n');
  assert.equal(jsonLine(['\\ud800', '\\\ud800', '\u0000\n', '😀']), '["\\\\ud800","\\\\\ufffd","\\u0000\\n","😀"]\n');
  assert.equal(jsonLine({ '\udfff': 1 }), '{"\ufffd":1}\n');
});

test('line separators, controls and marks of direction are escaped', () => {
  assert.equal(jsonLine('\u009b31m\u202egpj'), '"\\u009b31m\\u202egpj"\n');
  assert.equal(jsonLine('a\u2028b\u0085c'), '"a\\u2028b\\u0085c"\n');
});
