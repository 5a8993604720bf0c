import { watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Context } from '../event/index.ts';
import type { Batch } from './files.ts';
import { type Line, LineSplitter } from './lines.ts';
import { inodeOf, unreadable } from './list.ts';
import { fingerprint, headBytes, type Place } from './place.ts';

export interface FollowOptions {
  readonly maxLineBytes: number;
  /** Begin here; otherwise at the file's start, or at its end. */
  readonly from?: Place;
  readonly start: 'start' | 'end';
  readonly context: Context;
  readonly signal?: AbortSignal | undefined;
}

const pieceBytes = 65_536;
/** How often a file is looked at that says nothing, and how long one that was replaced may still grow. */
const pollMilliseconds = 1000;

/**
 * The lines of the file at `path` as it grows, until `live` (its usual name) is another file and this one has stayed
 * as it is for a second. Returns the place at its end; undefined when `signal` aborts. A truncated file is read from
 * its start. Throws ScopsError SOURCE_UNREADABLE.
 */
export async function* follow(
  path: string,
  live: string,
  options: FollowOptions,
): AsyncGenerator<Batch, Place | undefined> {
  const { maxLineBytes, context, signal, from } = options;
  await using file = await openFile(path);
  const inode = inodeOf(await file.stat({ bigint: true }));
  using alarm = createAlarm(path, context, signal);
  const buffer = Buffer.allocUnsafe(pieceBytes);
  let offset = from?.offset ?? (options.start === 'end' ? await lastLineStart(file) : 0);
  let splitter = new LineSplitter({ maxLineBytes, offset, number: from?.line ?? 0 });
  let print = fingerprint(new Uint8Array());
  let line = from?.line ?? 0;
  const batch = (lines: Line[]): Batch => {
    line = lines.at(-1)?.number ?? line;
    return { path, inode, print, lines };
  };
  for (let drained = false, waited = true; !signal?.aborted; ) {
    if (waited) {
      const length = Number.parseInt(print, 10);
      const head = await readHead(file);
      const size = (await file.stat()).size;
      if (size < offset || fingerprint(head.subarray(0, length)) !== print) {
        context.log.warn(`"${path}" was truncated at byte ${offset}. What was written just before may be missing.`);
        offset = 0;
        line = 0;
        splitter = new LineSplitter({ maxLineBytes });
      }
      print = fingerprint(head);
    }
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    waited = bytesRead === 0;
    if (bytesRead > 0) {
      drained = false;
      offset += bytesRead;
      context.progress({ bytes: offset });
      const lines = splitter.push(buffer.subarray(0, bytesRead));
      if (lines.length > 0) yield batch(lines);
      continue;
    }
    if (await isReplaced(live, inode)) {
      if (drained) {
        const lines = splitter.end();
        if (lines.length > 0) yield batch(lines);
        return { path, inode, print, offset, line };
      }
      drained = true;
      await context.sleep(pollMilliseconds, signal);
    } else await alarm.wait(pollMilliseconds);
  }
  return undefined;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readHead(file: FileHandle): Promise<Uint8Array> {
  const head = Buffer.allocUnsafe(headBytes);
  const { bytesRead } = await file.read(head, 0, headBytes, 0);
  return head.subarray(0, bytesRead);
}

/** Just after the last line break: a line that is being written is not begun in its middle. */
async function lastLineStart(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const window = Buffer.allocUnsafe(Math.min(size, pieceBytes));
  const { bytesRead } = await file.read(window, 0, window.length, size - window.length);
  const last = window.subarray(0, bytesRead).lastIndexOf(0x0a);
  return last < 0 ? size : size - window.length + last + 1;
}

/** A name that is missing is about to come back, so the file is not replaced yet. */
async function isReplaced(live: string, inode: string): Promise<boolean> {
  const about = await stat(live, { bigint: true }).catch(() => undefined);
  return about !== undefined && inodeOf(about) !== inode;
}

interface Alarm extends Disposable {
  /** Until the file changes, `signal` aborts, or the time is over. */
  wait(milliseconds: number): Promise<void>;
}

/** Watches the file, not its folder: Wazuh writes to alerts.json under another name of the same file. */
function createAlarm(path: string, context: Context, signal: AbortSignal | undefined): Alarm {
  let rung = new AbortController();
  const ring = (): void => rung.abort();
  signal?.addEventListener('abort', ring);
  const close = watchFile(path, ring);
  return {
    async wait(milliseconds) {
      await context.sleep(milliseconds, rung.signal);
      rung = new AbortController();
    },
    [Symbol.dispose]() {
      close();
      signal?.removeEventListener('abort', ring);
    },
  };
}

/** Where files cannot be watched (a network share, no watches left), polling does alone. */
function watchFile(path: string, onChange: () => void): () => void {
  try {
    const watcher = watch(path, onChange).on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
