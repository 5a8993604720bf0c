import { murmur3 } from '../../text/hashing.ts';

/** The rows of entities in the table of vectors. */
export interface Entities {
  readonly size: number;
  /** -1 for an entity that has none. */
  row(entity: string): number;
  /** In order of their rows; absent where names are not kept. */
  readonly names?: readonly string[];
}

/** A row for each name. Throws RangeError when a name is there twice. */
export function exactEntities(names: readonly string[]): Entities {
  const rows = new Map(names.map((name, row) => [name, row]));
  if (rows.size !== names.length) throw new RangeError('An entity is listed twice.');
  return { size: names.length, names, row: (entity) => rows.get(entity) ?? -1 };
}

/** As at Amazon: any name has a row, which it may share with others, and no name is kept. */
export const hashedEntities = (size: number): Entities => ({ size, row: (entity) => (murmur3(entity) >>> 0) % size });

/** At most so many names, those met most often; of equals those met first. */
export function mostFrequent(counts: ReadonlyMap<string, number>, most: number): string[] {
  const names = [...counts.keys()];
  if (names.length <= most) return names;
  return names.sort((a, b) => (counts.get(b) as number) - (counts.get(a) as number)).slice(0, most);
}
