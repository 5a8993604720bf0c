import { MersenneTwister } from './mersenne-twister.ts';
import type { UnlearnerParameters } from './parameters.ts';

/** Chooses which row goes when there are too many. */
export interface Unlearner {
  /** The row is new, or was updated; returns the id of the row that has to make room for it. */
  touch(id: string): string | undefined;
  forget(id: string): void;
  clear(): void;
  /** Ids in the order that matters. */
  ids(): string[];
  /** The state of the random numbers, when there is one. */
  random?(): Uint32Array;
  restore(ids: readonly string[], random?: Uint32Array): void;
}

/** @throws RangeError for a regular expression, which Jubatus takes and this does not. */
function stickyTest(pattern: string | undefined): (id: string) => boolean {
  if (pattern === undefined) return () => false;
  if (pattern === '' || pattern === '*') return () => true;
  if (pattern.length > 1 && pattern.startsWith('/') && pattern.endsWith('/')) {
    throw new RangeError(`sticky_pattern takes no regular expressions such as ${pattern}: write prefix* or *suffix.`);
  }
  if (pattern.startsWith('*')) return (id) => id.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return (id) => id.startsWith(pattern.slice(0, -1));
  return (id) => id === pattern;
}

interface Link {
  readonly id: string;
  older: Link;
  newer: Link;
}

/** The row that was not updated for the longest time goes. */
function createLru(maxSize: number, stickyPattern: string | undefined): Unlearner {
  const sticky = stickyTest(stickyPattern);
  const links = new Map<string, Link>();
  // A ring: `newer` of the end is the oldest.
  const end = { id: '' } as Link;
  end.older = end;
  end.newer = end;
  const unlink = (link: Link): void => {
    link.older.newer = link.newer;
    link.newer.older = link.older;
    links.delete(link.id);
  };
  const touch = (id: string): string | undefined => {
    if (sticky(id)) return undefined;
    const known = links.get(id);
    const oldest = known === undefined && links.size >= maxSize ? end.newer : undefined;
    if (known !== undefined) unlink(known);
    if (oldest !== undefined) unlink(oldest);
    const link: Link = { id, older: end.older, newer: end };
    end.older.newer = link;
    end.older = link;
    links.set(id, link);
    return oldest?.id;
  };
  return {
    touch,
    forget: (id) => {
      const link = links.get(id);
      if (link !== undefined) unlink(link);
    },
    clear: () => {
      links.clear();
      end.older = end;
      end.newer = end;
    },
    ids: () => {
      const ids: string[] = [];
      for (let link = end.newer; link !== end; link = link.newer) ids.push(link.id);
      return ids;
    },
    restore: (ids) => {
      for (const id of ids) touch(id);
    },
  };
}

/** Any row goes. */
function createRandomUnlearner(maxSize: number, seed: number): Unlearner {
  let twister = new MersenneTwister(seed);
  const ids: string[] = [];
  const places = new Map<string, number>();
  const forget = (id: string): void => {
    const place = places.get(id);
    if (place === undefined) return;
    const last = ids.pop()!;
    if (last !== id) {
      ids[place] = last;
      places.set(last, place);
    }
    places.delete(id);
  };
  return {
    touch: (id) => {
      if (places.has(id)) return undefined;
      const victim = ids.length >= maxSize ? ids[Math.floor(twister.double() * ids.length)] : undefined;
      if (victim !== undefined) forget(victim);
      places.set(id, ids.length);
      ids.push(id);
      return victim;
    },
    forget,
    clear: () => {
      ids.length = 0;
      places.clear();
    },
    ids: () => [...ids],
    random: () => twister.state(),
    restore: (saved, random) => {
      for (const id of saved) {
        places.set(id, ids.length);
        ids.push(id);
      }
      if (random !== undefined) twister = MersenneTwister.from(random);
    },
  };
}

export function createUnlearner(parameters: UnlearnerParameters): Unlearner {
  return parameters.method === 'lru'
    ? createLru(parameters.maxSize, parameters.stickyPattern)
    : createRandomUnlearner(parameters.maxSize, parameters.seed ?? 0);
}
