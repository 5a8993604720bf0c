import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keptBytes, type Line, LineSplitter } from '../../src/io/lines.ts';

function split(pieces: readonly (string | Uint8Array)[], maxLineBytes = 1024): Line[] {
  const splitter = new LineSplitter({ maxLineBytes });
  const lines = pieces.flatMap((piece) => splitter.push(typeof piece === 'string' ? Buffer.from(piece) : piece));
  return [...lines, ...splitter.end()];
}

const texts = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

test('LF and CRLF end a line, empty lines count but are left out', () => {
  assert.deepEqual(split(['a\nb\r\n\n\r\nc\n']), [
    { text: 'a', number: 1, end: 2, complete: true },
    { text: 'b', number: 2, end: 5, complete: true },
    { text: 'c', number: 5, end: 10, complete: true },
  ]);
});

test('a last line without a line break is told apart', () => {
  assert.deepEqual(split(['a\nb']), [
    { text: 'a', number: 1, end: 2, complete: true },
    { text: 'b', number: 2, end: 3, complete: false },
  ]);
  assert.deepEqual(split(['']), []);
  assert.deepEqual(split(['\n']), []);
});

test('a byte order mark at the beginning is left out, elsewhere it is text', () => {
  assert.deepEqual(texts(split(['\ufeffa\n\ufeffb\n'])), ['a', '\ufeffb']);
  assert.deepEqual(texts(split([Buffer.from([0xef]), Buffer.from([0xbb]), Buffer.from([0xbf, 0x61, 0x0a])])), ['a']);
});

test('a line longer than allowed is skipped once, its beginning kept', () => {
  const lines = split([`ok\n${'x'.repeat(2000)}\nafter\n`]);
  assert.deepEqual(texts(lines), ['ok', 'x'.repeat(2000), 'after']);
  assert.equal(lines[1]?.fault, 'a line of 2000 bytes, more than 1024');
  assert.equal(lines[2]?.number, 3);
  assert.equal(lines[2]?.end, 3 + 2001 + 6);
});

test('a line of exactly the allowed length is no fault, with CRLF or a byte order mark too', () => {
  for (const pieces of [[`${'x'.repeat(1024)}\r\n`], ['x'.repeat(500), `${'x'.repeat(524)}\r`, '\n']]) {
    for (const start of ['', 'a\n']) {
      const lines = split([start, ...pieces]);
      assert.equal(lines.at(-1)?.text, 'x'.repeat(1024));
      assert.equal(lines.at(-1)?.fault, undefined);
    }
  }
  assert.equal(split(['\ufeff', `${'x'.repeat(1024)}\n`]).at(-1)?.fault, undefined);
  assert.match(split(['a\n', `${'x'.repeat(1025)}\r\n`]).at(-1)?.fault ?? '', /1025 bytes/);
});

test('64 MiB without a line break cost little memory and are reported once', () => {
  const splitter = new LineSplitter({ maxLineBytes: 1_048_576 });
  const piece = Buffer.alloc(262_144, 'x');
  const before = process.memoryUsage();
  let most = 0;
  for (let i = 0; i < 256; i++) {
    assert.deepEqual(splitter.push(piece), []);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
  }
  const lines = splitter.push(Buffer.from('\nnext\n'));
  assert.ok(most < 16 * 1_048_576, `${most} bytes more`);
  assert.deepEqual(
    lines.map(({ number, fault }) => [number, fault]),
    [
      [1, 'a line of 67108864 bytes, more than 1048576'],
      [2, undefined],
    ],
  );
  assert.equal(lines[0]?.text.length, keptBytes);
  assert.equal(lines[1]?.end, 67_108_864 + 6);
});

test('bytes that are not UTF-8, and NULs, are faults of their own line only', () => {
  const lines = split([Buffer.from([0x61, 0x0a, 0xc3, 0x28, 0x0a, 0x62, 0x00, 0x0a, 0x63, 0x0a])]);
  assert.deepEqual(
    lines.map(({ text, fault }) => [text, fault]),
    [
      ['a', undefined],
      ['\ufffd(', 'not UTF-8'],
      ['b\0', 'holds a NUL byte'],
      ['c', undefined],
    ],
  );
});

test('what ended the input early is the fault of the last line', () => {
  const splitter = new LineSplitter({ maxLineBytes: 10 });
  splitter.push(Buffer.from('a\nhal'));
  assert.deepEqual(splitter.end('cut short'), [
    { text: 'hal', number: 2, end: 5, complete: false, fault: 'cut short' },
  ]);
  assert.deepEqual(new LineSplitter({ maxLineBytes: 10 }).end('cut short'), [
    { text: '', number: 1, end: 0, complete: false, fault: 'cut short' },
  ]);
});

test('a piece may be reused by who gave it', () => {
  const splitter = new LineSplitter({ maxLineBytes: 100 });
  const piece = Buffer.from('abc');
  splitter.push(piece);
  piece.fill('z');
  assert.deepEqual(texts(splitter.push(Buffer.from('d\n'))), ['abcd']);
});

/** The plain way: the whole text at once. */
function expected(all: Buffer, maxLineBytes: number): Line[] {
  const lines: Line[] = [];
  for (let start = 0, number = 1; start < all.length; number++) {
    const found = all.indexOf(0x0a, start);
    const complete = found >= 0;
    const stop = complete ? found : all.length;
    let bytes = all.subarray(start, stop);
    if (start === 0 && bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) bytes = bytes.subarray(3);
    if (complete && bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, -1);
    const text = bytes.toString();
    const fault =
      bytes.length > maxLineBytes
        ? `a line of ${bytes.length} bytes, more than ${maxLineBytes}`
        : !Buffer.from(text).equals(bytes)
          ? 'not UTF-8'
          : text.includes('\0')
            ? 'holds a NUL byte'
            : undefined;
    const end = complete ? stop + 1 : stop;
    if (bytes.length > 0) lines.push({ text, number, end, complete, ...(fault !== undefined && { fault }) });
    start = end;
  }
  return lines;
}

test('wherever the pieces end, the lines are the same', () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 10 }).map((text) => Buffer.from(text)),
    fc.constantFrom('\n', '\r\n', '\r', '\0', '\ufeff', 'é', 'x'.repeat(25), '🦉').map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat()), fc.integer({ min: 1, max: 24 }), (parts, cuts, maxLineBytes) => {
      const all = Buffer.concat(parts);
      const places = [...cuts.map((cut) => cut % (all.length + 1)), 0, all.length].sort((a, b) => a - b);
      const pieces = places.slice(1).map((place, i) => all.subarray(places[i], place));
      const trim = (lines: Line[]) =>
        lines.map(({ text, ...rest }) => (rest.fault?.startsWith('a line') ? rest : { text, ...rest }));
      assert.deepEqual(trim(split(pieces, maxLineBytes)), trim(expected(all, maxLineBytes)));
    }),
    { numRuns: 3000 },
  );
});

test('a reader that begins in the middle counts on', () => {
  const all = 'one\ntwo\nthree\n';
  const whole = split([all]);
  const splitter = new LineSplitter({ maxLineBytes: 100, offset: whole[0]!.end, number: whole[0]!.number });
  assert.deepEqual(splitter.push(Buffer.from(all.slice(4))), whole.slice(1));
});
