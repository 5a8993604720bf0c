import { createReadStream } from 'node:fs';
import type { Context } from '../event/index.ts';
import { Damaged, ProgramMissing, plain } from './decompress.ts';
import type { JsonRecord } from './json-record.ts';
import { type JsonOptions, JsonSplitter } from './json-splitter.ts';
import { type InputFile, unreadable } from './list.ts';
import { fingerprint, headBytes } from './place.ts';
import { abortable, counting, peek } from './streams.ts';

/** Records of one file, in order. */
export interface JsonBatch {
  readonly path: string;
  readonly inode: string;
  /** Of the file's beginning; '' for a pipe. See `fingerprint`. */
  readonly print: string;
  readonly records: readonly JsonRecord[];
}

export interface JsonReadOptions extends JsonOptions {
  readonly context: Context;
  readonly signal?: AbortSignal | undefined;
}

const pieceBytes = 262_144;

/**
 * The records of files of JSON, one file after another; what is compressed is decompressed. Streamed: memory does not grow with the
 * files, nor with the lists in them. Compressed data that is cut short or damaged gives what came before, and a last
 * record with the fault. Reports compressed bytes as progress. Throws ScopsError SOURCE_UNREADABLE; ends when `signal`
 * aborts.
 */
export async function* readJsonFiles(files: readonly InputFile[], options: JsonReadOptions): AsyncGenerator<JsonBatch> {
  const { context, signal } = options;
  const total = files.some(({ size }) => size === undefined)
    ? undefined
    : files.reduce((sum, { size }) => sum + (size as number), 0);
  let before = 0;
  for (const file of files) {
    if (signal?.aborted) return;
    const report = (bytes: number): void =>
      context.progress(total === undefined ? { bytes: before + bytes } : { bytes: before + bytes, total });
    yield* readFile(file, options, report);
    before += file.size ?? 0;
  }
}

async function* readFile(
  { path, inode }: InputFile,
  options: JsonReadOptions,
  report: (bytes: number) => void,
): AsyncGenerator<JsonBatch> {
  const { context, signal } = options;
  const splitter = new JsonSplitter(options);
  let print = '';
  try {
    const stream = path === '-' ? context.stdin : createReadStream(path, { highWaterMark: pieceBytes });
    const { head, all } = await peek(plain(counting(abortable(stream, signal), report)), headBytes);
    if (inode !== '') print = fingerprint(head.subarray(0, headBytes));
    for await (const piece of all) {
      const records = splitter.push(piece);
      if (records.length > 0) yield { path, inode, print, records };
    }
    if (signal?.aborted) return;
  } catch (error) {
    if (!(error instanceof Damaged) || error instanceof ProgramMissing) throw unreadable(path, error);
    yield { path, inode, print, records: splitter.end(error.message) };
    return;
  }
  const records = splitter.end();
  if (records.length > 0) yield { path, inode, print, records };
}
