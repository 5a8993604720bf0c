import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { ScopsError } from '../event/index.ts';

/** What a saved model holds: a JSON header for people and small things, and numbers or bytes by name. */
export interface ModelFile {
  /** Who reads it back, such as the name of a detector. */
  readonly kind: string;
  /** Plain JSON; must survive JSON.stringify unchanged. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

export type NumberArray = Uint8Array | Uint32Array | Float64Array;

const magic = Buffer.from('SCOPS\n', 'latin1');
const version = 1;
const prefix = magic.length + 2 + 8;
const checksumLength = 32;
/** No model that Scops writes is larger unpacked; a file that claims more is damaged or hostile. */
const largest = 2 ** 31 - 1;
const types = { u8: Uint8Array, u32: Uint32Array, f64: Float64Array };
type Type = keyof typeof types;

interface Listed {
  readonly name: string;
  readonly type: Type;
  readonly length: number;
}

/**
 * One buffer: `SCOPS\n`, format version (u16), unpacked size (u64), SHA-256 of everything else, then a deflated body:
 * header length (u32), header JSON, arrays one after the other, each on a multiple of 8. Little-endian throughout.
 */
export function encodeModelFile({ kind, header, arrays }: ModelFile): Uint8Array {
  const listed = Object.entries(arrays).map(
    ([name, array]): Listed => ({ name, type: typeOf(array), length: array.length }),
  );
  const json = Buffer.from(JSON.stringify({ kind, header, arrays: listed }));
  const parts: Buffer[] = [];
  let size = 0;
  const append = (bytes: Buffer): void => {
    parts.push(bytes, Buffer.alloc(-bytes.length & 7));
    size += bytes.length + (-bytes.length & 7);
  };
  const start = Buffer.alloc(4);
  start.writeUInt32LE(json.length);
  append(Buffer.concat([start, json]));
  for (const array of Object.values(arrays)) append(Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  const first = Buffer.alloc(prefix);
  magic.copy(first);
  first.writeUInt16LE(version, magic.length);
  first.writeBigUInt64LE(BigInt(size), magic.length + 2);
  const packed = deflateSync(Buffer.concat(parts, size));
  return Buffer.concat([first, checksum(first, packed), packed]);
}

/** Throws ScopsError MODEL_FORMAT, saying what is wrong, for anything that `encodeModelFile` did not write for `kind`. */
export function decodeModelFile(bytes: Uint8Array, kind: string): ModelFile {
  const body = unpack(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const headerEnd = body.length < 4 ? 0 : 4 + body.readUInt32LE(0);
  if (headerEnd === 0 || headerEnd > body.length) throw damaged();
  const described = parse(body.toString('utf8', 4, headerEnd));
  if (described.kind !== kind) {
    throw new ScopsError('MODEL_FORMAT', `This model file is of kind "${described.kind}", not "${kind}".`);
  }
  let offset = aligned(headerEnd);
  const arrays: [name: string, array: NumberArray][] = [];
  for (const { name, type, length } of described.arrays) {
    const size = length * types[type].BYTES_PER_ELEMENT;
    if (offset + size > body.length) throw damaged();
    arrays.push([name, new types[type](new Uint8Array(body.subarray(offset, offset + size)).buffer)]);
    offset = aligned(offset + size);
  }
  if (offset !== body.length) throw damaged();
  return { kind, header: described.header, arrays: Object.fromEntries(arrays) };
}

const aligned = (offset: number): number => offset + (-offset & 7);
const checksum = (first: Buffer, packed: Buffer): Buffer => createHash('sha256').update(first).update(packed).digest();
const damaged = (cause?: unknown): ScopsError =>
  new ScopsError('MODEL_FORMAT', 'This model file is damaged or cut short. Fit it again, or restore a copy.', {
    cause,
  });

function typeOf(array: NumberArray): Type {
  if (array instanceof Float64Array) return 'f64';
  return array instanceof Uint32Array ? 'u32' : 'u8';
}

function unpack(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new ScopsError('MODEL_FORMAT', 'This file is not a Scops model.');
  }
  if (bytes.length < prefix + checksumLength) throw damaged();
  const found = bytes.readUInt16LE(magic.length);
  if (found !== version) {
    throw new ScopsError('MODEL_FORMAT', `This model file is of format ${found}; this Scops reads format ${version}.`);
  }
  const first = bytes.subarray(0, prefix);
  const packed = bytes.subarray(prefix + checksumLength);
  const size = Number(bytes.readBigUInt64LE(magic.length + 2));
  if (size > largest || !checksum(first, packed).equals(bytes.subarray(prefix, prefix + checksumLength)))
    throw damaged();
  try {
    const body = inflateSync(packed, { maxOutputLength: Math.max(1, size) });
    if (body.length === size) return body;
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged();
}

interface Described {
  readonly kind: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly arrays: readonly Listed[];
}

function parse(json: string): Described {
  let described: unknown;
  try {
    described = JSON.parse(json);
  } catch (cause) {
    throw damaged(cause);
  }
  if (!isDescribed(described)) throw damaged();
  return described;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListed = (value: unknown): value is Listed =>
  isObject(value) &&
  typeof value.name === 'string' &&
  Object.hasOwn(types, String(value.type)) &&
  Number.isSafeInteger(value.length) &&
  (value.length as number) >= 0;

const isDescribed = (value: unknown): value is Described =>
  isObject(value) &&
  typeof value.kind === 'string' &&
  isObject(value.header) &&
  Array.isArray(value.arrays) &&
  value.arrays.every(isListed);
