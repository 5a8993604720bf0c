import { basename, dirname, join } from 'node:path';
import { isCompressedName, uncompressedName } from './compressed-name.ts';
import { type InputFile, modifiedOf, onceEach } from './list.ts';

/** What a log's name says of its rotation. */
export interface Rotation {
  /** The name before it was rotated: `auth.log` of `auth.log.2.gz`. */
  readonly stem: string;
  /** When it was rotated, in epoch milliseconds, to the day or the second, as in `secure-20161010`. */
  readonly date?: number;
  /** How many rotations ago, as in `auth.log.1`. */
  readonly number?: number;
}

const dated = /^(.+)[-._](\d{4})-?(\d{2})-?(\d{2})(?:[-T]?(\d{2})(?:(\d{2})(\d{2})?)?)?(\.[a-z]+)?$/;
const stamped = /^(.+)[-._](\d{9,10})(\.[a-z]+)?$/;
const numbered = /^(.+)\.(\d{1,6})(\.[a-z]+)?$/;

/**
 * The rotation in a file's name: those of logrotate (`auth.log.2.gz`, `secure-20161010`, `-2016-10-10`, `-2016101013`,
 * `-1476057600`, each also before an extension: `auth-20161010.log`) and `secure.20161010`.
 * https://github.com/logrotate/logrotate/blob/main/logrotate.8.in (dateext, dateformat, extension)
 */
export function rotationOf(name: string): Rotation {
  const plain = uncompressedName(name);
  const byDate = dated.exec(plain);
  if (byDate !== null) {
    const [, stem, year, month, day, hour = '0', minute = '0', second = '0', extension = ''] = byDate;
    const date = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    const real = new Date(date).getUTCDate() === Number(day) && Number(month) >= 1 && Number(month) <= 12;
    if (real && Number(year) >= 1970 && Number(year) < 2100) return { stem: `${stem}${extension}`, date };
  }
  const byStamp = stamped.exec(plain);
  if (byStamp !== null) return { stem: `${byStamp[1]}${byStamp[3] ?? ''}`, date: Number(byStamp[2]) * 1000 };
  const byNumber = numbered.exec(plain);
  if (byNumber !== null) return { stem: `${byNumber[1]}${byNumber[3] ?? ''}`, number: Number(byNumber[2]) };
  return { stem: plain };
}

interface Part extends Rotation {
  readonly file: InputFile;
  /** When it ended, as far as name or file system say. */
  readonly ended: number;
}

/**
 * Rotated logs, oldest first, in whatever order they were named: the parts of one log by date, then by number from high
 * to low, then the one that is still written; different logs as they ended. Of `x`, `x.gz` and `x.zst` together, only the first.
 */
export async function oldestFirst(files: readonly InputFile[]): Promise<InputFile[]> {
  const once = onceEach(files, ({ path }) => path);
  const logs = new Map<string, Part[]>();
  for (const part of await Promise.all(once.map(describe))) {
    const log = join(dirname(part.file.path), part.stem);
    const parts = logs.get(log);
    if (parts === undefined) logs.set(log, [part]);
    else parts.push(part);
  }
  return merge([...logs.values()].map((parts) => parts.sort(byAge))).map(({ file }) => file);
}

async function describe(file: InputFile): Promise<Part> {
  const rotation = rotationOf(basename(file.path));
  const modified = file.inode === '' ? undefined : await modifiedOf(file.path);
  return { ...rotation, file, ended: rotation.date ?? modified ?? Number.POSITIVE_INFINITY };
}

function byAge(a: Part, b: Part): number {
  return kindOf(a) - kindOf(b) || (a.date ?? 0) - (b.date ?? 0) || (b.number ?? 0) - (a.number ?? 0);
}

function kindOf({ date, number }: Part): number {
  if (date !== undefined) return 0;
  return number === undefined ? 2 : 1;
}

/** Always the log whose next part ended first; each log keeps its order. */
function merge(logs: readonly (readonly Part[])[]): Part[] {
  const at = logs.map(() => 0);
  const merged: Part[] = [];
  for (;;) {
    let next = -1;
    let ended = Number.NaN;
    for (const [index, parts] of logs.entries()) {
      const part = parts[at[index] as number];
      if (part === undefined || ended <= part.ended) continue;
      next = index;
      ended = part.ended;
    }
    if (next < 0) return merged;
    merged.push(logs[next]?.[at[next] as number] as Part);
    at[next] = (at[next] as number) + 1;
  }
}

/** The paths with a log that is still written last, as a reader that follows the last one needs it. */
export function liveLast(paths: readonly string[]): string[] {
  const isOld = (path: string): boolean => {
    const { date, number } = rotationOf(basename(path));
    return (date ?? number) !== undefined || isCompressedName(path);
  };
  return [...paths.filter(isOld), ...paths.filter((path) => !isOld(path))];
}
