import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitCsv } from '../../src/text/csv.ts';

test('fields stand between commas, and an empty one is kept', () => {
  assert.deepEqual(splitCsv('a,b c,,d'), ['a', 'b c', '', 'd']);
  assert.deepEqual(splitCsv(''), ['']);
  assert.deepEqual(splitCsv(',"",'), ['', '', '']);
});

test('a quoted field holds commas and quotes', () => {
  assert.deepEqual(splitCsv('"a,b","say ""hi""",c'), ['a,b', 'say "hi"', 'c']);
  assert.deepEqual(splitCsv('""""'), ['"']);
});

test('a quote inside an unquoted field stands for itself', () => {
  assert.deepEqual(splitCsv('5" disk,"x"'), ['5" disk', 'x']);
});

test('what is not one record is not read', () => {
  for (const line of ['"a', '"', '"a"b,c', 'x,"a""', '"a" ,b']) assert.equal(splitCsv(line), undefined, line);
});

test('what was written is read back', () => {
  const write = (field: string): string => `"${field.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (fields) => {
      assert.deepEqual(splitCsv(fields.map(write).join(',')), fields);
    }),
  );
});

test('any line is read or refused, and no text is lost', () => {
  const hostile = fc.array(fc.constantFrom('"', ',', 'a', '""', ',"', '",'), { maxLength: 40 });
  fc.assert(
    fc.property(hostile, (parts) => {
      const line = parts.join('');
      const fields = splitCsv(line);
      if (fields !== undefined) assert.ok(fields.join(',').length <= line.length);
    }),
  );
});

test('a megabyte of quotes takes linear time', () => {
  const fields = splitCsv(`"${'""'.repeat(500_000)}","${',"",'.repeat(100_000)}"`);
  assert.equal(fields?.length, 2);
});
