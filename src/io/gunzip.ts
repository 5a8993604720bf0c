import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { peek } from './streams.ts';
import { utf8 } from './utf16.ts';

/** What is wrong with the compressed data; what came before it was good. */
export class Damaged extends Error {}

/**
 * The bytes, decompressed when they begin as gzip does (1f 8b), whatever the file is called, and as UTF-8 when what is
 * then there begins as UTF-16 does. Throws Damaged.
 */
export const plain = (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> => utf8(decompressed(bytes));

async function* decompressed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(bytes, 2);
  yield* head[0] === 0x1f && head[1] === 0x8b ? gunzip(all) : all;
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
