import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ScopsError } from '../event/index.ts';
import { uncompressedName } from './compressed-name.ts';
import { ProgramMissing } from './decompress.ts';

/** A file to read. */
export interface InputFile {
  /** `-` is standard input. */
  readonly path: string;
  /** Device and number, by which a file is known under any name; '' for a pipe. */
  readonly inode: string;
  /** Absent when nobody can know it, as of a pipe. */
  readonly size?: number;
}

export interface ListOptions {
  /** Which names of a folder are taken, without the ending of a compressed file. */
  readonly takes: (name: string) => boolean;
  /** Called for what a folder holds and cannot be read, such as a link to nowhere. */
  readonly onSkip: (path: string) => void;
  /** Called in the end with the files of folders that were passed over because of their names, if any. */
  readonly onPass?: (paths: readonly string[]) => void;
}

/**
 * The files that `paths` name, in that order; a folder stands for the files in it and below, by date. A file that is
 * met twice, through a second name or a link, is listed once; so is one of `x`, `x.gz` and `x.zst` in one folder, `x` first.
 * Throws ScopsError SOURCE_UNREADABLE for a path that is not there and for a folder that may not be read.
 */
export async function listFiles(paths: readonly string[], options: ListOptions): Promise<InputFile[]> {
  const found: InputFile[] = [];
  const passed: InputFile[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === '-') found.push({ path, inode: '' });
    else await add(path, await readable(path, () => stat(path, { bigint: true })));
  }
  const unread = passed.filter(({ inode }) => !seen.has(inode));
  if (unread.length > 0) options.onPass?.(unread.map(({ path }) => path));
  return found;

  async function add(path: string, about: BigIntStats): Promise<void> {
    const inode = inodeOf(about);
    if (about.isFile() || about.isDirectory()) {
      if (seen.has(inode)) return;
      seen.add(inode);
    }
    if (about.isDirectory()) return addFolder(path);
    found.push(about.isFile() ? { path, inode, size: Number(about.size) } : { path, inode: '' });
  }

  async function addFolder(folder: string): Promise<void> {
    const folders: Named[] = [];
    const files: Named[] = [];
    const others: Named[] = [];
    for (const entry of await readable(folder, () => readdir(folder, { withFileTypes: true }))) {
      const taken = options.takes(uncompressedName(entry.name));
      const path = join(folder, entry.name);
      const about = await stat(path, { bigint: true }).catch(() => undefined);
      if (about?.isDirectory()) folders.push({ name: entry.name, about });
      else if (about?.isFile()) (taken ? files : others).push({ name: entry.name, about });
      else if (about === undefined && (entry.isDirectory() || taken)) options.onSkip(path);
    }
    const stems = new Set(files.map(({ name }) => stemOf(name)));
    const foreign = others.filter(({ name }) => !name.startsWith('.') && !stems.has(stemOf(name)));
    for (const { name, about } of foreign) passed.push({ path: join(folder, name), inode: inodeOf(about) });
    const kept = onceEach(files, ({ name }) => name);
    for (const { name, about } of [...folders.sort(byDate), ...kept.sort(byDate)]) await add(join(folder, name), about);
  }
}

/** A name up to its first dot: the same of a log's other forms and checksums. */
const stemOf = (name: string): string => name.split('.', 1)[0] as string;

interface Named {
  readonly name: string;
  readonly about: BigIntStats;
}

/** Without the compressed twins of what is there too, by name. */
export function onceEach<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  const names = items.map(nameOf);
  const first = new Map<string, string>();
  for (const name of names.toSorted()) {
    const plain = uncompressedName(name);
    if (name === plain || !first.has(plain)) first.set(plain, name);
  }
  return items.filter((_, at) => first.get(uncompressedName(names[at] as string)) === names[at]);
}

export const inodeOf = (about: BigIntStats): string => `${about.dev}:${about.ino}`;

/** When a file was last written, in epoch milliseconds; undefined when it is gone. */
export async function modifiedOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}

async function readable<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

export function unreadable(path: string, cause: unknown): ScopsError {
  if (cause instanceof ProgramMissing)
    return new ScopsError('SOURCE_UNREADABLE', `Cannot read "${path}": ${cause.message}.`, { cause });
  const code = (cause as NodeJS.ErrnoException).code ?? 'error';
  const why = code === 'ENOENT' ? 'no such file or folder' : code === 'EACCES' ? 'permission denied' : code;
  return new ScopsError('SOURCE_UNREADABLE', `Cannot read "${path}": ${why}.`, { cause });
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Order of names in a folder: months as months, numbers as numbers, and a day's later parts after its first, as in
 * `2024/Feb/ossec-alerts-09.json.gz`, `ossec-alerts-10.json`, `ossec-alerts-10-001.json`.
 */
function byDate(a: Named, b: Named): number {
  const [left, right] = [keyOf(a.name), keyOf(b.name)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] as string | number, right[i] as string | number];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return left.length - right.length || (a.name < b.name ? -1 : 1);
}

function keyOf(name: string): (string | number)[] {
  const month = months.indexOf(name.toLowerCase());
  if (month >= 0) return [month];
  const stem = uncompressedName(name).replace(/\.[a-z]+$/, '');
  return stem
    .split(/(\d+)/)
    .filter(Boolean)
    .map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : part));
}
