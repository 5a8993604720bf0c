import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonRecord } from '../../src/io/json-record.ts';
import { JsonSplitter } from '../../src/io/json-splitter.ts';

const lists: ReadonlySet<string> = new Set(['Records', 'Findings']);

function split(text: string | Uint8Array, pieceBytes = 1_000_000, maxRecordBytes = 1_000_000): JsonRecord[] {
  const bytes = Buffer.from(text);
  const splitter = new JsonSplitter({ maxRecordBytes, lists });
  const records: JsonRecord[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    records.push(...splitter.push(piece));
    piece.fill(0); // it may be reused
  }
  return [...records, ...splitter.end()];
}

const texts = (text: string): string[] =>
  split(text).map(({ text, fault }) => (fault === undefined ? text : `${fault}: ${text}`));

test('records are cut out of every form', () => {
  const [a, b] = ['{"a":[1,{"x":"}]"}]}', '{"b":"\\"{\\\\"}'];
  assert.deepEqual(texts(`{"Records":[${a},${b}]}`), [a, b]);
  assert.deepEqual(texts(`{ "next" : "[", "Records" : [ ${a} ,\n ${b} ] , "rest" : {"Records":[1]} }\n`), [a, b]);
  assert.deepEqual(texts(`{"Records":[${a}]}{"Findings":[${b}]}`), [a, b]);
  assert.deepEqual(texts(`[${a},\n${b}]`), [a, b]);
  assert.deepEqual(texts(`${a}\n${b}\n`), [a, b]);
  assert.deepEqual(texts(`${a}${b}`), [a, b]);
  assert.deepEqual(texts(`${a},\r\n\r\n${b}`), [a, b]);
  assert.deepEqual(texts(`\ufeff${a}`), [a]);
  assert.deepEqual(texts('{"Records":[]}'), []);
  assert.deepEqual(texts('[]'), []);
  assert.deepEqual(texts(''), []);
});

test('an object over several lines is one record', () => {
  const record = { a: [{ b: [{}, {}] }], c: { d: null } };
  const pretty = JSON.stringify(record, null, 2);
  assert.deepEqual(texts(`${pretty}\n${pretty}`), [pretty, pretty]);
  assert.deepEqual(
    texts(JSON.stringify({ Records: [record, record] }, null, 2)).map((text) => JSON.parse(text)),
    [record, record],
  );
});

test('a list within a record is no list of records', () => {
  const records = [
    '{"detail":{"Records":[1]}}',
    '{"Records":{"a":[1]}}',
    '{"x":"Records","y":[1]}',
    '{"y":["Records",[1]]}',
  ];
  for (const record of records) assert.deepEqual(texts(record), [record]);
});

test('a line that is cut short costs itself and at most the next', () => {
  const good = '{"a":{"b":[1]}}';
  for (let length = 1; length < good.length; length++) {
    const read = texts(`${good}\n${good.slice(0, length)}\n${good}\n${good}\n${good}`).filter((text) => text === good);
    assert.ok(read.length >= 3, good.slice(0, length));
  }
  assert.deepEqual(texts(`{"a":"b\n${good}`), ['a string without an end: {"a":"b', good]);
});

test('what is no JSON is a fault a line', () => {
  assert.deepEqual(texts('id,name\r\n1,"x"\n{"a":1}\nit\'s "so\n{"a":2}'), [
    'not JSON: id,name',
    'not JSON: 1,"x"',
    '{"a":1}',
    'not JSON: it\'s "so',
    '{"a":2}',
  ]);
  assert.deepEqual(texts('tail'), ['not JSON: tail']);
});

test('elements that are no objects are faults', () => {
  assert.deepEqual(texts('{"Records":[1, "a,]b" ,{"a":1},null]}'), [
    'not an object: 1',
    'not an object: "a,]b" ',
    '{"a":1}',
    'not an object: null',
  ]);
});

test('input that ends early says so', () => {
  assert.deepEqual(texts('{"Records":[{"a":1},{"b'), ['{"a":1}', 'cut short: {"b']);
  assert.deepEqual(texts('{"Records":[{"a":1},'), ['{"a":1}', 'cut short: ']);
  assert.deepEqual(texts('{"Records":[{"a":1}]'), ['{"a":1}', 'cut short: ']);
  assert.deepEqual(texts('{"a"'), ['cut short: {"a"']);
  const splitter = new JsonSplitter({ maxRecordBytes: 100, lists });
  splitter.push(Buffer.from('{"a":1}'));
  assert.deepEqual(splitter.end('gzip data cut short'), [{ text: '', number: 2, fault: 'gzip data cut short' }]);
});

test('records that are too long, too deep, or not UTF-8 are faults, the others are not', () => {
  const long = `{"a":"${'x'.repeat(200)}"}`;
  const [first, second, third] = split(`[${long},{"b":1},{"c":2}]`, 7, 100);
  assert.equal(first?.fault, `a record of ${long.length} bytes, more than 100`);
  assert.deepEqual([second?.text, third?.text], ['{"b":1}', '{"c":2}']);
  assert.equal(split(`${long}`, 1000, long.length)[0]?.fault, undefined);

  const deep = `{"a":${'['.repeat(200)}${']'.repeat(200)}}`;
  assert.deepEqual(
    split(`[${deep},{"b":1}]`).map(({ fault }) => fault),
    ['more than 128 deep', undefined],
  );
  const bytes = Buffer.from('{"a":"é"}\n{"b":1}');
  bytes[6] = 0xff;
  assert.deepEqual(
    split(bytes).map(({ fault }) => fault),
    ['not UTF-8', undefined],
  );
});

test('memory is bounded by one record, however long a list, a string or a member of no interest', () => {
  const splitter = new JsonSplitter({ maxRecordBytes: 1000, lists });
  const piece = Buffer.from('x'.repeat(100_000));
  splitter.push(Buffer.from('{"note":"'));
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 300; i++) assert.deepEqual(splitter.push(piece), []);
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
  const records = splitter.push(Buffer.from('","Records":[{"a":1}]}'));
  assert.deepEqual(
    records.map(({ text, fault }) => [text, fault]),
    [['{"a":1}', undefined]],
  );
});

const json = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

test('whatever the pieces, the records are those that were written', () => {
  fc.assert(
    fc.property(
      fc.array(json, { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(3),
      fc.nat(2),
      (values, size, form, indent) => {
        fc.pre(form < 2 || values.every((value) => Object.keys(value as object).every((key) => !lists.has(key))));
        const written = values.map((value) => JSON.stringify(value, null, form === 3 ? 0 : indent));
        const forms = [
          `{"Records":[${written.join(',')}]}`,
          `[${written.join(' , ')}]`,
          written.join('\n'),
          written.join(''),
        ];
        const records = split(forms[form] as string, size);
        assert.deepEqual(
          records.map(({ text, fault }) => (fault === undefined ? JSON.parse(text) : fault)),
          values.map((value) => JSON.parse(JSON.stringify(value))),
        );
        assert.deepEqual(
          records.map(({ number }) => number),
          values.map((_, index) => index + 1),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever the bytes, the pieces make no difference', () => {
  const unit = fc.constantFrom(...'{}[]",:\\\n ax1é'.split(''), '"Records":[', '{"a":1}');
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const text = parts.join('');
      assert.deepEqual(split(text, size), split(text));
    }),
    { numRuns: 2000 },
  );
});
