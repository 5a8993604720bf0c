/** The pieces; before each is passed on, `onCount` hears how many bytes there were so far. */
export async function* counting(
  bytes: AsyncIterable<Uint8Array>,
  onCount: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const piece of bytes) {
    count += piece.length;
    onCount(count);
    yield piece;
  }
}

/** The pieces until `signal` aborts, even while a piece is awaited that may never come, as on standard input. */
export async function* abortable(
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  let waiting = false;
  try {
    while (!signal?.aborted) {
      waiting = true;
      const piece = await unlessAborted(pieces.next(), signal);
      if (piece === undefined) return;
      waiting = false;
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    // Closing a generator that is waiting would wait with it.
    const closed = pieces.return?.();
    if (waiting) closed?.catch(() => undefined);
    else await closed;
  }
}

/**
 * The items of batches, one after another, each taken from its batch when it is asked for. Only a batch is waited for,
 * so it costs a third of an async generator that yields each item. Ask for the next item when the one before has come.
 */
export function flat<Item>(batches: AsyncGenerator<Iterable<Item>, void>): AsyncIterableIterator<Item, void> {
  let items: Iterator<Item> | undefined;
  /** The next of this batch. An error is one among the batches, so that they close what they opened. */
  const next = (): IteratorResult<Item> | Promise<never> | undefined => {
    try {
      return items?.next();
    } catch (error) {
      items = undefined;
      return batches.throw(error) as Promise<never>;
    }
  };
  const nextBatch = async (): Promise<IteratorResult<Item, void>> => {
    for (;;) {
      const batch = await batches.next();
      if (batch.done) return batch;
      items = batch.value[Symbol.iterator]();
      const item = await next();
      if (!item?.done) return item as IteratorYieldResult<Item>;
    }
  };
  return {
    next() {
      const item = next();
      if (item instanceof Promise) return item;
      return item === undefined || item.done ? nextBatch() : Promise.resolve(item);
    },
    async return() {
      items?.return?.();
      items = undefined;
      return batches.return() as Promise<IteratorReturnResult<void>>;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The promise's value, or undefined at once when `signal` aborts. Leaves no listener behind. */
async function unlessAborted<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value | undefined> {
  if (signal === undefined) return promise;
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The first `count` bytes, or fewer where there are no more, and all bytes with them. Nothing is lost. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ readonly head: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const pieces = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
    held.push(piece.value);
    length += piece.value.length;
    if (length >= count) break;
  }
  const head = Buffer.concat(held);
  return { head, all: rejoin(head, pieces) };
}

async function* rejoin(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let piece = await rest.next(); !piece.done; piece = await rest.next()) yield piece.value;
  } finally {
    await rest.return?.();
  }
}
