import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** What is wrong with the compressed data; what came before it was good. */
export class Damaged extends Error {}

/** The bytes, decompressed when they begin as gzip does (1f 8b), whatever the file is called. Throws Damaged. */
export async function* plain(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
    held.push(piece.value);
    length += piece.value.length;
    if (length >= 2) break;
  }
  const head = Buffer.concat(held);
  const all = rejoin(head, pieces);
  yield* head[0] === 0x1f && head[1] === 0x8b ? gunzip(all) : all;
}

async function* rejoin(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let piece = await rest.next(); !piece.done; piece = await rest.next()) yield piece.value;
  } finally {
    await rest.return?.();
  }
}

/** Streamed, so a small file that grows without end costs no memory. Members that follow one another are one text. */
async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  // A reader that stops early destroys the stream; `pipeline` then closes the source.
  const stream = pipeline(Readable.from(bytes), createGunzip({ chunkSize: 32_768 }), (error) => {
    failure = error;
  });
  try {
    yield* stream;
  } catch (error) {
    throw describe(failure ?? error);
  }
}

function describe(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return new Damaged('gzip data cut short', { cause: error });
  if (code.startsWith('Z_')) return new Damaged(`gzip data damaged: ${(error as Error).message}`, { cause: error });
  return error;
}
