import * as v from 'valibot';

/** The options that every source of lines has; `files` says what the paths are. */
export const lineOptions = (files: string) => ({
  paths: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((paths) => (typeof paths === 'string' ? [paths] : paths)),
    v.minLength(1, 'Name at least one'),
    v.description(files),
  ),
  follow: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Read the last path, a file, on and on as it grows, through its rotations; the paths before it first.',
      ),
    ),
    false,
  ),
  from: v.optional(
    v.pipe(
      v.picklist(['start', 'end']),
      v.description('Where a followed file is read from the first time; later, from where reading stopped.'),
    ),
    'start',
  ),
  maxLineBytes: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('Longer lines are rejected, not read.')),
    1_048_576,
  ),
});
