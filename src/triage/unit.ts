import type { Entity, Event, Score } from '../event/index.ts';

/** What one finding stands for, however many events it is: an entity's, and of one group where they have one. */
export const unitOf = ({ id }: Event, { type, name }: Entity, { group }: Score): string =>
  `${type}\0${name}\0${group ?? id}`;
