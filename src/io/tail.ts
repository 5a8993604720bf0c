import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isCompressedName } from './compressed-name.ts';
import { type Batch, readFiles } from './files.ts';
import { type FollowOptions, follow } from './follow.ts';
import { type InputFile, inodeOf, listFiles, unreadable } from './list.ts';
import { locate, type Place } from './place.ts';
import { oldestFirst, rotationOf } from './rotated.ts';

export interface TailOptions extends FollowOptions {
  /** Where rotated parts lie in folders by year (`2024/Feb/…`). Absent: in the file's own folder. */
  readonly archives?: string | undefined;
  /** Which names of those folders are parts. */
  readonly takes: (name: string) => boolean;
}

/**
 * The lines of a file that grows, through its rotations: by inode, so that under whichever name, the rest of the old
 * file is read before the new one. The old file may have been renamed, compressed, or may lie under its date, as with
 * Wazuh, whose alerts.json is a second name of `2024/Feb/ossec-alerts-14.json` and moves on to the next. Parts that came
 * and went in between are read too. With `from`, begins there; if that file is gone, says so in the log.
 * Ends only when `signal` aborts. Throws ScopsError SOURCE_UNREADABLE.
 */
export async function* tail(path: string, options: TailOptions): AsyncGenerator<Batch> {
  const { from, context, signal } = options;
  let next: Part = { path, ...(from && { from }) };
  if (from !== undefined) {
    const found = await find(path, from, options);
    if (found !== undefined) next = { path: found[0]!.path, from };
    else {
      next = { path };
      context.log.warn(
        `The file that "${path}" was when reading stopped is gone. What was written to it since may be missing.`,
      );
    }
  }
  for (let start = from === undefined ? options.start : 'start'; ; start = 'start') {
    const { from: _, ...rest } = options;
    const shared = { ...rest, start, ...(next.from && { from: next.from }) };
    const end: Place | undefined = isCompressedName(next.path)
      ? yield* readPart(next.path, shared)
      : yield* follow(next.path, path, shared);
    if (end === undefined || signal?.aborted) return;
    next = { path: (await find(path, end, options))?.[1]?.path ?? path };
  }
}

interface Part {
  readonly path: string;
  readonly from?: Place;
}

/** A part that was compressed does not grow any more. */
async function* readPart(path: string, options: FollowOptions): AsyncGenerator<Batch, Place> {
  const [file] = await listFiles([path], { takes: () => true, onSkip: () => undefined });
  let place: Place = { path, inode: file!.inode, print: '', offset: 0, line: 0, ...options.from };
  for await (const { lines, ...about } of readFiles([file!], options)) {
    const last = lines.at(-1)!;
    place = { ...about, offset: last.end, line: last.number };
    yield { ...about, lines };
  }
  return place;
}

/** The file that the place is in and all that came after it, the live one last; undefined when it is not found. */
async function find(path: string, place: Place, options: TailOptions): Promise<InputFile[] | undefined> {
  const live = await describe(path).catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  for (const parts of [await datedParts(path, options), await numberedParts(path)]) {
    const chain = [...parts.filter(({ inode }) => inode !== live.inode), live];
    const index = await locate(chain, place);
    if (index >= 0) return chain.slice(index);
  }
  return undefined;
}

async function datedParts(path: string, { archives, takes, context }: TailOptions): Promise<InputFile[]> {
  const folder = archives ?? dirname(path);
  const names = await readdir(folder).catch(() => []);
  const years = names.filter((name) => /^\d{4}$/.test(name)).sort();
  const onSkip = (skipped: string): void => context.log.warn(`"${skipped}" cannot be read and was left out.`);
  return listFiles(
    years.map((year) => join(folder, year)),
    { takes, onSkip },
  );
}

/** What logrotate leaves: `alerts.json.1`, `alerts.json.2.gz`, `alerts.json-20240214`; oldest first. */
async function numberedParts(path: string): Promise<InputFile[]> {
  const name = basename(path);
  const beside = (await readdir(dirname(path)))
    .filter((other) => isPartOf(name, other))
    .map((other) => join(dirname(path), other));
  const parts = await Promise.all(beside.map((part) => describe(part).catch(() => undefined)));
  return oldestFirst(parts.filter((part) => part !== undefined));
}

function isPartOf(name: string, other: string): boolean {
  const { stem, date, number } = rotationOf(other);
  return stem === name && (date ?? number) !== undefined;
}

async function describe(path: string): Promise<InputFile> {
  const about = await stat(path, { bigint: true });
  return { path, inode: inodeOf(about), size: Number(about.size) };
}
