import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { ScopsError } from '../event/index.ts';
import { isCompressedName } from '../io/compressed-name.ts';
import { rotationOf } from '../io/rotated.ts';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function isRotated(path: string): boolean {
  const { date, number } = rotationOf(basename(path));
  return (date ?? number) !== undefined || isCompressedName(path);
}

/**
 * That of these paths one is a log that grows, beside its rotated parts and folders of old ones. Throws ScopsError USAGE:
 * of two that grow, the one that is not followed would be read to its end and forgotten.
 */
export function checkFollowed(paths: readonly string[]): void {
  if (paths.includes('-')) throw new ScopsError('USAGE', 'Standard input cannot be followed.');
  if (paths.every(isFolder)) {
    throw new ScopsError('USAGE', `A folder cannot be followed: name the file in "${paths.at(-1)}" that grows.`);
  }
  const [one, other] = paths.filter((path) => !isFolder(path) && !isRotated(path));
  if (other === undefined) return;
  throw new ScopsError(
    'USAGE',
    `One log is followed at a time, and "${one}" and "${other}" are two: run one command for each, each with its own model file.`,
  );
}
