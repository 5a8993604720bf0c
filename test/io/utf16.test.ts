import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../src/io/utf16.ts';

async function* cut(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of [...lengths, bytes.length]) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function convert(bytes: Uint8Array, lengths: readonly number[] = []): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of utf8(cut(bytes, lengths))) pieces.push(piece);
  return Buffer.concat(pieces);
}

const lengths = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 });

test('UTF-16 of either order becomes UTF-8, wherever the pieces end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), lengths, fc.boolean(), async (text, pieces, big) => {
      const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
      assert.equal((await convert(big ? bytes.swap16() : bytes, pieces)).toString(), text);
    }),
  );
});

test('all else passes as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), lengths, async (bytes, pieces) => {
      fc.pre(!((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)));
      assert.deepEqual(await convert(bytes, pieces), Buffer.from(bytes));
    }),
  );
});

test('half a character at the end, and a lone surrogate, are replaced', async () => {
  assert.equal((await convert(Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42))).toString(), 'A\ufffd');
  assert.equal((await convert(Uint8Array.of(0xff, 0xfe, 0, 0xd8, 0x42, 0))).toString(), '\ufffdB');
});
