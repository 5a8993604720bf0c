import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { isResumable, ScopsError, type Source } from '../event/index.ts';

/** Where a source stopped, in a small JSON file of its own, replaced atomically. */
export interface CheckpointFile {
  /** Take the source back to where the file says, if there is a file. */
  restore(source: Source): Promise<void>;
  keep(checkpoint: string): Promise<void>;
}

/** Throws ScopsError INPUT_INVALID for a damaged file or one of another source, OUTPUT_UNWRITABLE when it cannot be kept. */
export function checkpointFile(path: string): CheckpointFile {
  let name = '';
  return {
    async restore(source) {
      name = source.name;
      const saved = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw new ScopsError('SOURCE_UNREADABLE', `Cannot read the checkpoint "${path}".`, { cause: error });
      });
      if (saved === undefined) return;
      const { source: owner, checkpoint } = parse(path, saved);
      if (owner !== name || !isResumable(source)) {
        throw new ScopsError(
          'INPUT_INVALID',
          `The checkpoint "${path}" belongs to source "${owner}", not to "${name}".`,
        );
      }
      source.resume(checkpoint);
    },
    async keep(checkpoint) {
      try {
        await writeFileAtomic(path, `${JSON.stringify({ version: 1, source: name, checkpoint })}\n`);
      } catch (cause) {
        throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write the checkpoint "${path}".`, { cause });
      }
    },
  };
}

function parse(path: string, saved: string): { source: string; checkpoint: string } {
  try {
    const { version, source, checkpoint } = JSON.parse(saved);
    if (version === 1 && typeof source === 'string' && typeof checkpoint === 'string') return { source, checkpoint };
  } catch {
    // Falls through to the error below.
  }
  throw new ScopsError('INPUT_INVALID', `"${path}" is not a checkpoint of Scops. Delete it to read from the start.`);
}
