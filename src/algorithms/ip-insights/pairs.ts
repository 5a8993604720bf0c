import type { Octets } from './shape.ts';

/** Real pairs of an entity and an address. */
export interface Pairs {
  /** Row of each pair's entity in the table. */
  readonly entities: Uint32Array;
  /** Of IPv4 one word for each pair; of IPv6 two, its first 64 bits. */
  readonly addresses: Uint32Array;
}

export interface TrainingPairs {
  readonly v4: Pairs;
  readonly v6?: Pairs;
}

/** Count each entity's pairs. Throws RangeError for pairs that do not fit together or name an entity beyond `counts`. */
export function countPairs({ entities, addresses }: Pairs, octets: Octets, counts: Uint32Array): void {
  if (addresses.length !== entities.length * (octets / 4))
    throw new RangeError(`${addresses.length} words of addresses for ${entities.length} entities.`);
  for (const entity of entities) {
    if (entity >= counts.length) throw new RangeError(`Entity ${entity} of ${counts.length}.`);
    counts[entity]!++;
  }
}
