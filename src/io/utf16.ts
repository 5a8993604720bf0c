import { peek } from './streams.ts';

/**
 * Text in UTF-8: what begins with a byte order mark of UTF-16 (ff fe or fe ff), as Windows writes exports and what is
 * redirected in PowerShell, is converted, with U+FFFD for lone surrogates; all else passes as it is.
 */
export async function* utf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(bytes, 2);
  const little = head[0] === 0xff && head[1] === 0xfe;
  const big = head[0] === 0xfe && head[1] === 0xff;
  if (!little && !big) {
    yield* all;
    return;
  }
  const decoder = new TextDecoder(little ? 'utf-16le' : 'utf-16be');
  for await (const piece of all) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}
