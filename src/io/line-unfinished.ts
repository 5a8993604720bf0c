import { basename } from 'node:path';
import type { Context } from '../event/index.ts';
import { isCompressedName } from './compressed-name.ts';
import type { Batch } from './files.ts';
import { modifiedOf } from './list.ts';
import { rotationOf } from './rotated.ts';

/** A file that nobody has written to for so long ends as it is, in milliseconds. */
const still = 60_000;

/**
 * The batches without a last line that somebody may still be writing: one without a line break at the end of them all,
 * in a file that is no rotated part and was written to within the minute. The log says so. For a reader that comes again.
 */
export async function* finishedLines(batches: AsyncIterable<Batch>, context: Context): AsyncGenerator<Batch> {
  let held: Batch | undefined;
  for await (const batch of batches) {
    if (held !== undefined) yield held;
    held = isUnfinished(batch) ? batch : undefined;
    if (held === undefined) yield batch;
  }
  if (held === undefined) return;
  const modified = await modifiedOf(held.path);
  if (modified === undefined || Math.abs(context.now() - modified) >= still) yield held;
  else context.log.info(`The last line of "${held.path}" has no end yet and is left for the next time.`);
}

/** A splitter gives such a line alone. */
function isUnfinished({ path, inode, lines }: Batch): boolean {
  const [line] = lines;
  if (line === undefined || line.complete || line.fault !== undefined || inode === '') return false;
  const { date, number } = rotationOf(basename(path));
  return (date ?? number) === undefined && !isCompressedName(path);
}
