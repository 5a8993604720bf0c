import { MersenneTwister } from './mersenne-twister.ts';
import type { UnlearnerParameters } from './parameters.ts';

/** Chooses which row goes when there are too many. */
export interface Unlearner {
  /** Whether there can be room for the row. */
  admits(id: string): boolean;
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

/** The row that was not updated for the longest time goes. */
function createLru(maxSize: number, isSticky: (id: string) => boolean, isFixed: boolean): Unlearner {
  /** The one not touched for longest first. */
  const links = new Set<string>();
  const sticky = new Set<string>();
  const isFull = (): boolean => links.size + (isFixed ? 0 : sticky.size) >= maxSize;
  const touch = (id: string): string | undefined => {
    const stays = isSticky(id);
    const known = (stays ? sticky : links).delete(id);
    const [oldest] = !known && isFull() && !(stays && isFixed) ? links : [];
    if (oldest !== undefined) links.delete(oldest);
    (stays ? sticky : links).add(id);
    return oldest;
  };
  return {
    admits: (id) => isFixed || sticky.size < maxSize || sticky.has(id),
    touch,
    forget: (id) => {
      if (!links.delete(id)) sticky.delete(id);
    },
    clear: () => {
      links.clear();
      sticky.clear();
    },
    ids: () => [...sticky, ...links],
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
    admits: () => true,
    touch: (id) => {
      if (places.has(id)) return undefined;
      const place = ids.length < maxSize ? ids.length : Math.floor(twister.double() * ids.length);
      const victim = ids[place];
      if (victim !== undefined) places.delete(victim);
      places.set(id, place);
      ids[place] = id;
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

export function createUnlearner(parameters: UnlearnerParameters, isFixed: boolean): Unlearner {
  if (parameters.method === 'random') return createRandomUnlearner(parameters.maxSize, parameters.seed ?? 0);
  const { maxSize, stickyPattern, isSticky = stickyTest(stickyPattern) } = parameters;
  return createLru(maxSize, isSticky, isFixed);
}
