import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** How a program ended: its exit code, null when it was killed, and the beginning of what it said. */
export interface Ending {
  readonly code: number | null;
  readonly words: string;
}

const mostSaid = 2000;

/**
 * What a program of this computer makes of the bytes: they go to its standard input as it takes them, and its standard
 * output is read only as fast as the pieces are asked for. It is killed when nobody asks any more. Calls `onEnd` when
 * it has ended; code 127 is that there is no such program. Throws what `bytes` and `onEnd` throw.
 */
export async function* through(
  [program, ...args]: readonly [string, ...string[]],
  bytes: AsyncIterable<Uint8Array>,
  onEnd: (ending: Ending) => void,
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, args, { stdio: 'pipe', windowsHide: true });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (said: string) => {
    words = (words + said).slice(0, mostSaid);
  });
  const ended = once(child, 'close').then(
    ([code]) => code as number | null,
    () => 127,
  );
  let failure: { readonly error: unknown } | undefined;
  feed(bytes, child.stdin).catch((error: unknown) => {
    failure = { error };
    child.stdin.destroy();
  });
  try {
    yield* child.stdout;
    const code = await ended;
    if (failure !== undefined) throw failure.error;
    onEnd({ code, words });
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** A program that has ended takes no more: how it ended says why. */
async function feed(bytes: AsyncIterable<Uint8Array>, input: Writable): Promise<void> {
  input.on('error', () => undefined);
  for await (const piece of bytes) {
    if (!input.writable) return;
    await new Promise<void>((taken) => input.write(piece, () => taken()));
  }
  input.end();
}
