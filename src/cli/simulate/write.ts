import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import writeFileAtomic from 'write-file-atomic';
import { ScopsError } from '../../event/index.ts';
import type { Terminal } from '../terminal.ts';

/** Write lines to a file, compressed when its name ends in .gz, or to standard output. Throws OUTPUT_UNWRITABLE, and what making the lines throws. */
export async function writeLines(path: string, lines: Iterable<string>, terminal: Terminal): Promise<void> {
  async function* text(): AsyncGenerator<string> {
    for (const line of lines) {
      if (terminal.signal.aborted) return;
      yield `${line}\n`;
    }
  }
  if (path === '-') {
    for await (const line of text()) await terminal.context.stdout(line);
    return;
  }
  const file = createWriteStream(path);
  try {
    if (path.endsWith('.gz')) await pipeline(text, createGzip(), file);
    else await pipeline(text, file);
  } catch (cause) {
    throw cause instanceof ScopsError ? cause : unwritable(path, cause);
  }
}

/** Write a whole file, atomically. Throws ScopsError OUTPUT_UNWRITABLE. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

const unwritable = (path: string, cause: unknown): ScopsError =>
  new ScopsError('OUTPUT_UNWRITABLE', `Cannot write "${path}".`, { cause });
