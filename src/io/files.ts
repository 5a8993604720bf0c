import { createReadStream } from 'node:fs';
import type { Context } from '../event/index.ts';
import { Damaged, ProgramMissing, plain } from './decompress.ts';
import { type Line, LineSplitter } from './lines.ts';
import { type InputFile, unreadable } from './list.ts';
import { locate, type Place, printOf } from './place.ts';
import { abortable, counting } from './streams.ts';

/** Lines of one file, in order. */
export interface Batch {
  readonly path: string;
  readonly inode: string;
  readonly print: string;
  readonly lines: readonly Line[];
}

export interface ReadOptions {
  readonly maxLineBytes: number;
  /** Begin here and leave out the files before. */
  readonly from?: Place;
  readonly context: Context;
  readonly signal?: AbortSignal | undefined;
}

const pieceBytes = 262_144;

/**
 * The lines of files, one after another; what is compressed is decompressed. Streamed: memory does not grow with the files.
 * Compressed data that is cut short or damaged gives what came before, and a last line with the fault.
 * Reports compressed bytes as progress. Throws ScopsError SOURCE_UNREADABLE; ends when `signal` aborts.
 */
export async function* readFiles(files: readonly InputFile[], options: ReadOptions): AsyncGenerator<Batch> {
  const { context, from, signal } = options;
  const first = from === undefined ? 0 : await locate(files, from);
  if (first < 0) {
    context.log.warn(
      `The "${from?.path}" in which reading stopped is not there any more. Reading everything that is; if it was rotated, name its rotated parts too, such as ${from?.path}*, or its end is left out.`,
    );
  }
  const total = files.some(({ size }) => size === undefined)
    ? undefined
    : files.reduce((sum, { size }) => sum + (size as number), 0);
  let before = 0;
  for (const [index, file] of files.entries()) {
    if (signal?.aborted) return;
    if (index >= first) {
      const report = (bytes: number): void =>
        context.progress(total === undefined ? { bytes: before + bytes } : { bytes: before + bytes, total });
      yield* readFile(file, index === first ? from : undefined, options, report);
    }
    before += file.size ?? 0;
  }
}

async function* readFile(
  file: InputFile,
  from: Place | undefined,
  { maxLineBytes, context, signal }: ReadOptions,
  report: (bytes: number) => void,
): AsyncGenerator<Batch> {
  const about = { path: file.path, inode: file.inode, print: '' };
  let splitter = new LineSplitter({ maxLineBytes });
  try {
    if (file.inode !== '') about.print = await printOf(file.path);
    let skip = 0;
    if (from !== undefined && from.offset > 0) {
      splitter = new LineSplitter({ maxLineBytes, offset: from.offset, number: from.line });
      skip = from.offset;
    }
    const stream = file.path === '-' ? context.stdin : createReadStream(file.path, { highWaterMark: pieceBytes });
    for await (const piece of plain(counting(abortable(stream, signal), report))) {
      const rest = skip < piece.length ? piece.subarray(skip) : undefined;
      skip -= Math.min(skip, piece.length);
      if (rest === undefined) continue;
      const lines = splitter.push(rest);
      if (lines.length > 0) yield { ...about, lines };
    }
    if (signal?.aborted) return;
  } catch (error) {
    if (error instanceof Damaged && !(error instanceof ProgramMissing)) {
      yield { ...about, lines: splitter.end(error.message) };
      return;
    }
    throw unreadable(file.path, error);
  }
  const last = splitter.end();
  if (last.length > 0) yield { ...about, lines: last };
}
