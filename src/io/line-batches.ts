import { stat } from 'node:fs/promises';
import { type Context, ScopsError } from '../event/index.ts';
import { type Batch, readFiles } from './files.ts';
import { type InputFile, listFiles } from './list.ts';
import { beginning, locate, type Place } from './place.ts';
import { tail } from './tail.ts';

export interface LineInput {
  readonly options: {
    readonly paths: readonly string[];
    readonly follow: boolean;
    readonly from: 'start' | 'end';
    readonly maxLineBytes: number;
    readonly archives?: string | undefined;
  };
  readonly context: Context;
  /** Which files of a folder are taken. */
  readonly takes: (name: string) => boolean;
  /** The order to read in, when not that of the paths. */
  readonly order?: (files: readonly InputFile[]) => readonly InputFile[] | Promise<readonly InputFile[]>;
}

/**
 * The lines of files, or of files and then one that grows, as the options of a source of lines say; after `from` where
 * that is given. Throws ScopsError SOURCE_UNREADABLE, and USAGE where a folder is to be followed; ends when `signal` aborts.
 */
export async function* lineBatches(
  { options, context, takes, order = (files) => files }: LineInput,
  from: Place | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch> {
  const { paths, follow, maxLineBytes, from: start, archives } = options;
  const onSkip = (path: string): void => context.log.warn(`"${path}" cannot be read and was left out.`);
  const onPass = (passed: readonly string[]): void => {
    const some = passed.slice(0, 3).map((path) => `"${path}"`);
    const more = passed.length > some.length ? ', …' : '';
    context.log.warn(
      `${passed.length} ${passed.length === 1 ? 'file' : 'files'} in folders passed over because of the name: ${some.join(', ')}${more}. To have one read, name the file itself.`,
    );
  };
  const shared = { maxLineBytes, context, signal };
  const followed = paths.at(-1);
  if (!follow || followed === undefined || followed === '-') {
    const files = await order(await listFiles(paths, { takes, onSkip, onPass }));
    yield* readFiles(files, { ...shared, ...(from && { from }) });
    return;
  }
  if ((await stat(followed).catch(() => undefined))?.isDirectory()) {
    throw new ScopsError('USAGE', `The folder "${followed}" cannot be followed: name the file in it that grows, last.`);
  }
  const before = await listFiles([followed, ...paths.slice(0, -1)], { takes, onSkip, onPass });
  const history = await order(before.slice(1));
  const resumed = from !== undefined && (await locate(history, from)) < 0;
  const rotating = { ...shared, takes, start, archives };
  if (history.length === 0 || resumed) {
    yield* tail(followed, { ...rotating, ...(from && { from }) });
    return;
  }
  const begin = await beginning(followed);
  yield* readFiles(history, { ...shared, ...(from && { from }) });
  yield* tail(followed, { ...rotating, from: begin });
}
