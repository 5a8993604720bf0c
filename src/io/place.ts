import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Damaged, plain } from './decompress.ts';
import { type InputFile, inodeOf } from './list.ts';

/** A point in a file that is found again after the file got another name, or was compressed. */
export interface Place {
  readonly path: string;
  readonly inode: string;
  /** How many bytes the file began with when it was first looked at (at most 1024), and their hash. */
  readonly print: string;
  /** Bytes, of the decompressed text. */
  readonly offset: number;
  /** Lines before it. */
  readonly line: number;
}

export const headBytes = 1024;

/** What a file's first bytes are, so that another one under its name or with its inode is not taken for it. */
export const printOf = async (path: string): Promise<string> => fingerprint(await readHead(path, headBytes));

export const fingerprint = (head: Uint8Array): string => `${head.length}:${hash('sha256', head).slice(0, 32)}`;

/** Whether the file still begins with what `print` was made of. False when it cannot be read. */
export async function begins(path: string, print: string): Promise<boolean> {
  const length = Number.parseInt(print, 10);
  if (!(length > 0 && length <= headBytes)) return false;
  try {
    return fingerprint(await readHead(path, length)) === print;
  } catch {
    return false;
  }
}

/** The beginning of a file. Throws what `stat` throws. */
export async function beginning(path: string): Promise<Place> {
  const inode = inodeOf(await stat(path, { bigint: true }));
  return { path, inode, print: await printOf(path), offset: 0, line: 0 };
}

/** Which of `files` the place is in: -1 when none. Looks first under its inode, then its path, then from the end. */
export async function locate(files: readonly InputFile[], place: Place): Promise<number> {
  const near = (file: InputFile): number => Number(file.inode !== place.inode) + Number(file.path !== place.path);
  const order = files.map((_, index) => files.length - 1 - index).sort((a, b) => near(files[a]!) - near(files[b]!));
  const wasEmpty = place.print.startsWith('0:');
  for (const index of order) {
    const { path, inode } = files[index] as InputFile;
    if (inode === '') continue;
    if (wasEmpty ? inode === place.inode : await begins(path, place.print)) return index;
  }
  return -1;
}

async function readHead(path: string, length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let left = length;
  try {
    for await (const piece of plain(createReadStream(path, { highWaterMark: 16_384 }))) {
      pieces.push(piece.subarray(0, left));
      left -= Math.min(left, piece.length);
      if (left === 0) break;
    }
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
  }
  return Buffer.concat(pieces);
}
