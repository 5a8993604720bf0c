import { createRandom } from '../random.ts';
import { Combiner, type CombinerState, trainCombiner } from './combiner.ts';
import { type Bounds, Family } from './family.ts';
import { Lookup } from './lookup.ts';
import { type FamilyState, restoreInto, saved } from './saved.ts';

export interface PairOptions {
  /**
   * Addresses that are kept of an entity, IPv4 and IPv6 each. Beyond it the least often seen go, and the nearest that stays
   * takes their pairs over. @default 4096
   */
  readonly mostAddressesPerEntity?: number;
  /** Places of 8 bytes for prefixes in which entities are counted, IPv4 and IPv6 each; a power of two. @default 4194304 */
  readonly mostPrefixes?: number;
}

export interface PairVerdict {
  /** Nats: above 0 speaks for somebody else, below 0 for the entity itself. */
  readonly value: number;
  /** What the entity's own addresses and those of all others bring to it; they add up. */
  readonly parts: { readonly own: number; readonly peers: number };
  /** The longest prefix of the address, in bits, that the entity was seen in; -1 when it has no address of the family. */
  readonly bits: number;
  /** Pairs of the entity in that prefix. */
  readonly count: number;
  /** Pairs of the entity in all. */
  readonly pairs: number;
  /** The words of the entity's nearest address, `[high]` or `[high, low]`. */
  readonly nearest: readonly number[] | undefined;
  /** Other entities that were seen in the same /24, of IPv6 /48. */
  readonly others: number;
}

export interface PairState {
  readonly mostAddressesPerEntity: number;
  readonly mostPrefixes: number;
  readonly v4: FamilyState;
  readonly v6: FamilyState;
  /** Absent before training. */
  readonly combiner4?: CombinerState;
  readonly combiner6?: CombinerState;
}

const mostEntities = 2 ** 24;

/**
 * How likely it is that an entity uses an address, from the pairs met so far alone: addresses are counted by prefixes, for the
 * entity and for all entities, and gradient-boosted trees weigh the counts against each other. Counting is online and in no
 * order; the trees stay good while the counts grow to some times as many. Until trained, the shares of
 * ever longer prefixes are multiplied instead (Freeman et al., 2016).
 */
export class PairLikelihood {
  readonly #bounds: Bounds;
  readonly #v4: Family;
  readonly #v6: Family;
  #combiner4: Combiner | undefined;
  #combiner6: Combiner | undefined;
  readonly #found = new Lookup();

  constructor({ mostAddressesPerEntity = 4096, mostPrefixes = 2 ** 22 }: PairOptions = {}) {
    if (!Number.isInteger(mostAddressesPerEntity) || mostAddressesPerEntity < 2)
      throw new RangeError('At least 2 addresses of an entity are kept.');
    if (!(mostPrefixes >= 1024 && mostPrefixes <= 2 ** 26 && Number.isInteger(Math.log2(mostPrefixes))))
      throw new RangeError('The places for prefixes are a power of two from 1024 to 67108864.');
    this.#bounds = { addresses: mostAddressesPerEntity, prefixes: mostPrefixes };
    this.#v4 = new Family(1, this.#bounds);
    this.#v6 = new Family(2, this.#bounds);
  }

  /**
   * Count that an entity was seen at an address: of IPv4 its 32 bits as `high`, of IPv6 the first 64 bits as `high` and `low`.
   * Throws RangeError unless the entity is a whole number from 0 and below 16777216.
   */
  add(entity: number, high: number, low: number | undefined): void {
    if (!Number.isInteger(entity) || entity < 0 || entity >= mostEntities)
      throw new RangeError(`An entity is a whole number from 0 and below ${mostEntities}.`);
    if (low === undefined) this.#v4.add(entity, high >>> 0, 0);
    else this.#v6.add(entity, high >>> 0, low >>> 0);
  }

  /** Take back all pairs of an entity. */
  forget(entity: number): void {
    this.#v4.replace(entity, undefined);
    this.#v6.replace(entity, undefined);
  }

  /** Judge a pair; changes nothing. An entity that was never met is judged by all entities together. */
  judge(entity: number, high: number, low: number | undefined): PairVerdict {
    const family = low === undefined ? this.#v4 : this.#v6;
    const combiner = low === undefined ? this.#combiner4 : this.#combiner6;
    const found = this.#found;
    const [first, second] = [high >>> 0, (low ?? 0) >>> 0];
    found.look(family, entity, first, second);
    combiner?.judge(family, entity, found);
    const own = combiner?.own ?? found.ownOdds(family.words);
    const peers = combiner?.peers ?? found.peersOdds(family.words, family.population);
    const list = family.list(entity);
    const { bits, count, nearest } = found;
    return {
      value: own + peers,
      parts: { own, peers },
      bits,
      count,
      pairs: this.#v4.list(entity).pairs + this.#v6.list(entity).pairs,
      nearest:
        nearest < 0 ? undefined : low === undefined ? [list.high(nearest)] : [list.high(nearest), list.low(nearest)],
      others: found.neighbours,
    };
  }

  /**
   * Learn to weigh the counts, some seconds for millions of pairs; the same seed and counts give the same. A family of addresses
   * with too few pairs or a single entity keeps what it had.
   */
  train(seed: number): void {
    const random = createRandom(seed);
    this.#combiner4 = trainCombiner(this.#v4, random.fork('4')) ?? this.#combiner4;
    this.#combiner6 = trainCombiner(this.#v6, random.fork('6')) ?? this.#combiner6;
  }

  /** All that is known, as flat arrays; a copy but for the trees. */
  state(): PairState {
    return {
      mostAddressesPerEntity: this.#bounds.addresses,
      mostPrefixes: this.#bounds.prefixes,
      v4: saved(this.#v4),
      v6: saved(this.#v6),
      ...(this.#combiner4 === undefined ? {} : { combiner4: this.#combiner4.state }),
      ...(this.#combiner6 === undefined ? {} : { combiner6: this.#combiner6.state }),
    };
  }

  /** Throws RangeError when the arrays do not fit together. */
  static restore(state: PairState): PairLikelihood {
    const model = new PairLikelihood(state);
    for (const [family, arrays] of [
      [model.#v4, state.v4],
      [model.#v6, state.v6],
    ] as const) {
      if (arrays.sizes.length > mostEntities) throw new RangeError('There are too many entities.');
      restoreInto(family, arrays, model.#bounds.addresses);
    }
    if (state.combiner4 !== undefined) model.#combiner4 = new Combiner(state.combiner4);
    if (state.combiner6 !== undefined) model.#combiner6 = new Combiner(state.combiner6);
    return model;
  }
}
