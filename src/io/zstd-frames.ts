/**
 * The pieces, cut so that none goes on beyond the end of a frame: the decoder of Node.js 24 drops what follows a frame in
 * the same piece, but begins the next frame with the next piece. Ends, and calls `onGarbage`, where no frame begins.
 * https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export async function* atFrameEnds(
  bytes: AsyncIterable<Uint8Array>,
  onGarbage: () => void,
): AsyncGenerator<Uint8Array> {
  let walk = frame();
  let left = walk.next().value as number;
  let value = 0;
  let read = 0;
  for await (const piece of bytes) {
    let start = 0;
    for (let at = 0; at < piece.length; ) {
      const take = Math.min(left, piece.length - at);
      for (let i = 0; i < take && read < 4; i++) value += (piece[at + i] as number) * 2 ** (8 * read++);
      at += take;
      left -= take;
      while (left === 0) {
        const next = walk.next(value);
        value = 0;
        read = 0;
        if (!next.done) left = next.value;
        else if (!next.value) return onGarbage();
        else {
          yield piece.subarray(start, at);
          start = at;
          walk = frame();
          left = walk.next().value as number;
        }
      }
    }
    if (start < piece.length) yield piece.subarray(start);
  }
}

/** Walks over one frame: yields how many bytes it wants next, and gets the first four of them as a number. Returns whether it is one. */
function* frame(): Generator<number, boolean, number> {
  const magic = yield 4;
  if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
    yield yield 4;
    return true;
  }
  if (magic !== 0xfd2fb528) return false;
  const descriptor = yield 1;
  const single = (descriptor >> 5) & 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const contentSize = [single, 2, 4, 8][descriptor >> 6] as number;
  yield 1 - single + dictionary + contentSize;
  for (let last = 0; last === 0; ) {
    const header = yield 3;
    last = header & 1;
    const repeats = ((header >> 1) & 3) === 1;
    yield repeats ? 1 : header >> 3;
  }
  if ((descriptor & 4) !== 0) yield 4;
  return true;
}
