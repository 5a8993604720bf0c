import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { ScopsError } from '../../src/event/index.ts';
import { decodeModelFile, encodeModelFile } from '../../src/io/model-file.ts';

const small = encodeModelFile({
  kind: 'lof',
  header: { neighbors: 20, names: ['web01', 'データ'] },
  arrays: { counts: Uint32Array.of(1, 2, 3), scores: Float64Array.of(0.1, -0, 1e300), text: Buffer.from('ls -la') },
});

const refused = (bytes: Uint8Array, kind = 'lof'): string => {
  try {
    decodeModelFile(bytes, kind);
  } catch (error) {
    assert.ok(error instanceof ScopsError);
    assert.equal(error.code, 'MODEL_FORMAT');
    return error.message;
  }
  return assert.fail('A wrong model file was read.');
};

test('what was saved comes back, whatever the numbers and names', () => {
  const number = fc.array(fc.double({ noNaN: true }));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), number), fc.dictionary(fc.string(), fc.integer()), (doubles, header) => {
      const arrays = Object.fromEntries(Object.entries(doubles).map(([name, list]) => [name, Float64Array.from(list)]));
      const saved = decodeModelFile(encodeModelFile({ kind: 'lof', header, arrays }), 'lof');
      assert.deepEqual(Object.entries(saved.header), Object.entries(header));
      assert.deepEqual(Object.entries(saved.arrays), Object.entries(arrays));
    }),
  );
});

test('a name that JavaScript treats otherwise comes back too', () => {
  const arrays = Object.fromEntries([['__proto__', Float64Array.of(1)]]);
  const saved = decodeModelFile(encodeModelFile({ kind: 'lof', header: {}, arrays }), 'lof');
  assert.deepEqual(Object.entries(saved.arrays), Object.entries(arrays));
});

test('a file read into the middle of a larger buffer decodes the same', () => {
  const shifted = new Uint8Array(small.length + 3);
  shifted.set(small, 3);
  assert.deepEqual(decodeModelFile(shifted.subarray(3), 'lof'), decodeModelFile(small, 'lof'));
});

test('any changed byte is noticed', () => {
  for (let at = 0; at < small.length; at++) {
    for (const bit of [1, 0x80]) {
      const changed = Uint8Array.from(small);
      changed[at] = (changed[at] as number) ^ bit;
      refused(changed);
    }
  }
});

test('any cut, and anything added, is noticed', () => {
  for (let length = 0; length < small.length; length++) refused(small.subarray(0, length));
  refused(Buffer.concat([small, Buffer.of(0)]));
});

test('foreign files are refused with a sentence that says what they are', () => {
  assert.match(refused(Buffer.from('\x80\x04\x95 a pickle')), /not a Scops model/);
  assert.match(refused(small, 'rarity'), /is of kind "lof", not "rarity"/);
  const newer = Uint8Array.from(small);
  newer[6] = 9;
  assert.match(refused(newer), /format 9; this Scops reads format 1/);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refused(bytes)));
});

test('a well-sealed file with a hostile body is refused without unpacking more than it declares', () => {
  const seal = (body: Buffer, size: number): Uint8Array => {
    const first = Buffer.from(small.subarray(0, 16));
    first.writeBigUInt64LE(BigInt(size), 8);
    const packed = deflateSync(body);
    return Buffer.concat([first, createHash('sha256').update(first).update(packed).digest(), packed]);
  };
  const body = (described: unknown): Buffer => {
    const json = Buffer.from(JSON.stringify(described));
    const bytes = Buffer.alloc((4 + json.length + 7) & ~7);
    bytes.writeUInt32LE(json.length);
    json.copy(bytes, 4);
    return bytes;
  };
  refused(seal(Buffer.alloc(50_000_000), 1000));
  refused(seal(Buffer.alloc(0), 0));
  refused(seal(Buffer.of(255, 255, 255, 255), 4));
  for (const arrays of [
    [{ name: 'x', type: 'f64', length: 1e15 }],
    [{ name: 'x', type: 'constructor', length: 0 }],
    [{ name: 'x', type: 'u8', length: -1 }],
    'none',
  ]) {
    const hostile = body({ kind: 'lof', header: {}, arrays });
    refused(seal(hostile, hostile.length));
  }
});
