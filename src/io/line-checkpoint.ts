import * as v from 'valibot';
import type { Place } from './place.ts';

/** Where reading lines stopped. */
export interface LineCheckpoint {
  /** Just after the last line that is done. */
  readonly place: Place;
  /** How many events and faults of the line after the place are done. */
  readonly done: number;
  /** Where that line ended when it had no line break yet. */
  readonly half: number | undefined;
  /** The reader's state at the place. */
  readonly state: string | undefined;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const schema = v.strictObject({
  version: v.literal(1),
  path: v.string(),
  inode: v.string(),
  print: v.string(),
  offset: count,
  line: count,
  done: v.optional(count, 0),
  half: v.optional(count),
  state: v.optional(v.string()),
});

export const writeCheckpoint = ({ place, done, half, state }: LineCheckpoint): string =>
  JSON.stringify({ version: 1, ...place, done: done > 0 ? done : undefined, half, state });

/** Throws when the text is no checkpoint. */
export function readCheckpoint(text: string): LineCheckpoint {
  const { version: _, done, half, state, ...place } = v.parse(schema, JSON.parse(text));
  return { place, done, half, state };
}
