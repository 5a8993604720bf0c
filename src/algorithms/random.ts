/** Seeded pseudo-random numbers; the same seed gives the same sequence on every machine. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [0, below). */
  integer(below: number): number;
  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** Standard normal, by the polar method of Marsaglia and Bray (1964). */
  normal(): number;
  /** An independent stream, so that one part's draws do not shift another's. */
  fork(label: string): Random;
}

/** Mulberry32 by Tommy Ettinger (2017, public domain): 32 bits of state, period 2^32. */
export function createRandom(seed = 0): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (): number => {
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
    }
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    pick: (list) => list[integer(list.length)] as (typeof list)[number],
    normal,
    fork: (label) => {
      let hash = seed ^ 0x811c9dc5;
      for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
      return createRandom(hash);
    },
  };
}
