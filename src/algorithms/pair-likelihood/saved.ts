import { AddressList } from './address-list.ts';
import type { Family } from './family.ts';

/** The lists of one family of addresses, end to end. */
export interface FamilyState {
  /** How many addresses each entity has. */
  readonly sizes: Uint32Array;
  readonly highs: Uint32Array;
  /** As long as the high words for IPv6, empty for IPv4. */
  readonly lows: Uint32Array;
  readonly counts: Uint32Array;
}

export function saved(family: Family): FamilyState {
  const sizes = Uint32Array.from({ length: family.size }, (_, entity) => family.list(entity).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const highs = new Uint32Array(total);
  const lows = new Uint32Array(family.words === 1 ? 0 : total);
  const counts = new Uint32Array(total);
  for (let entity = 0, to = 0; entity < sizes.length; entity++) {
    const list = family.list(entity);
    for (let at = 0; at < list.size; at++, to++) {
      highs[to] = list.high(at);
      if (family.words === 2) lows[to] = list.low(at);
      counts[to] = list.count(at);
    }
  }
  return { sizes, highs, lows, counts };
}

/** Fill an empty family; `most` addresses an entity. Throws RangeError when the arrays do not fit together. */
export function restoreInto(family: Family, { sizes, highs, lows, counts }: FamilyState, most: number): void {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (highs.length !== total || counts.length !== total || lows.length !== (family.words === 1 ? 0 : total))
    throw new RangeError('The addresses of entities are cut short.');
  for (let entity = 0, from = 0; entity < sizes.length; entity++) {
    const size = sizes[entity]!;
    if (size > most) throw new RangeError('An entity has more addresses than are kept.');
    const list = new AddressList(family.words, size);
    for (let at = 0; at < size; at++, from++) {
      const [high, low] = [highs[from]!, family.words === 1 ? 0 : lows[from]!];
      const ordered =
        at === 0 || high > highs[from - 1]! || (high === highs[from - 1] && low > (lows[from - 1] ?? low));
      if (!ordered) throw new RangeError('The addresses of an entity are out of order.');
      if (counts[from] === 0 || !list.add(high, low, at, counts[from]!))
        throw new RangeError('The pairs of an entity cannot be counted.');
    }
    family.replace(entity, size === 0 ? undefined : list);
  }
}
