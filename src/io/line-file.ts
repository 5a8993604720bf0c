import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Logger, ScopsError } from '../event/index.ts';

export interface LineFileOptions {
  readonly path: string;
  /** Keep what the file holds; false begins it anew at the first write. */
  readonly append: boolean;
  /** What every line of ours begins with: an unfinished last line is removed only when it is ours. */
  readonly prefix: string;
  readonly log: Logger;
}

const chunk = 65_536;

/**
 * Whole lines at the end of a file, on disk when `write` returns. The file is opened for each write, so a rotated one
 * is made anew. For one writer: a crash in mid-line leaves a piece of a line, which the next run's first write removes.
 * Everything that fails is a ScopsError OUTPUT_UNWRITABLE.
 */
export class LineFile {
  readonly #options: LineFileOptions;
  #prepared = false;

  constructor(options: LineFileOptions) {
    this.#options = options;
  }

  /** `lines` ends with a newline, or is empty: then the file is only made ready. */
  async write(lines: string): Promise<void> {
    const { path } = this.#options;
    try {
      await using file = await open(path, 'a+', 0o640);
      const regular = (await file.stat()).isFile();
      const first = !this.#prepared;
      if (first && regular) await this.#prepare(file);
      this.#prepared = false;
      let rest = Buffer.from(lines);
      while (rest.length > 0) rest = rest.subarray((await file.write(rest)).bytesWritten);
      if (regular) await file.sync();
      if (first && regular) await syncFolder(path);
      this.#prepared = true;
    } catch (error) {
      if (error instanceof ScopsError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? 'failed';
      throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write findings to "${path}" (${code}).`, { cause: error });
    }
  }

  /** Make sure that the file is there, even when nothing was written. */
  async close(): Promise<void> {
    if (!this.#prepared) await this.write('');
  }

  #begun = false;

  async #prepare(file: FileHandle): Promise<void> {
    if (!this.#options.append && !this.#begun) await file.truncate(0);
    else await this.#repair(file);
    this.#begun = true;
  }

  async #repair(file: FileHandle): Promise<void> {
    const { path, prefix, log } = this.#options;
    const { size } = await file.stat();
    const end = await afterLastNewline(file, size);
    if (end === size) return;
    const tail = await read(file, end, Math.min(size - end, Buffer.byteLength(prefix)));
    const zeros = tail[0] === 0; // some file systems fill what a power cut took with zeros
    if (!zeros && !prefix.startsWith(tail.toString('latin1'))) {
      throw new ScopsError(
        'OUTPUT_UNWRITABLE',
        `"${path}" ends in the middle of a line that Scops did not write. End that line, or give another path.`,
      );
    }
    await file.truncate(end);
    log.warn(`Removed ${size - end} bytes of an unfinished last line from "${path}".`);
  }
}

async function afterLastNewline(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= chunk) {
    const start = Math.max(0, end - chunk);
    const at = (await read(file, start, end - start)).lastIndexOf(0x0a);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** So that a new file's name is on disk too. Not every file system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(dirname(path), 'r');
    await folder.sync();
  } catch {}
}
