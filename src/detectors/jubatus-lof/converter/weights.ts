/** How often features occurred over all documents, by which global weights are reckoned. */
export interface Draft {
  readonly key: string;
  /** The sample weight of a term, or the value of a number. */
  readonly value: number;
  /** Absent for numbers. */
  readonly global?: GlobalWeight;
  /** The key without its term: terms of one group make up a document's length for bm25. */
  readonly group?: string;
}

export const globalWeights = ['bin', 'idf', 'idf1', 'bm25', 'weight'] as const;
export type GlobalWeight = (typeof globalWeights)[number];

export interface WeightsState {
  readonly documents: number;
  readonly frequencies: readonly (readonly [key: string, documents: number])[];
  readonly groups: readonly (readonly [group: string, length: number, documents: number])[];
  readonly given: readonly (readonly [key: string, weight: number])[];
}

/** Of keys beyond this many, those not seen for longest are forgotten; Jubatus keeps all. */
const mostKeys = 1_000_000;
const [saturation, normalisation] = [1.2, 0.75];

/** Okapi BM25 with k1 = 1.2 and b = 0.75. Robertson and Zaragoza (2009), https://doi.org/10.1561/1500000019 */
function bm25(value: number, documents: number, frequency: number, relativeLength: number): number {
  const rarity = Math.log((documents - frequency + 0.5) / (frequency + 0.5));
  const damped = value + saturation * (1 - normalisation + normalisation * relativeLength);
  return (rarity * value * (saturation + 1)) / damped;
}

export class Weights {
  #documents = 0;
  readonly #frequencies = new Map<string, number>();
  readonly #groups = new Map<string, { readonly length: number; readonly documents: number }>();
  readonly #given = new Map<string, number>();

  /** The weight of a feature whose rule has the global weight `weight`; `key` is without the part from `#` on. */
  give(key: string, weight: number): void {
    this.#given.set(key, weight);
  }

  /** Count a document. */
  learn(drafts: readonly Draft[]): void {
    this.#documents++;
    for (const { key } of drafts) {
      const before = this.#frequencies.get(key) ?? 0;
      this.#frequencies.delete(key);
      this.#frequencies.set(key, before + 1);
      if (this.#frequencies.size > mostKeys) this.#frequencies.delete(this.#frequencies.keys().next().value as string);
    }
    for (const [group, length] of groupLengths(drafts)) {
      const before = this.#groups.get(group);
      this.#groups.set(group, {
        length: (before?.length ?? 0) + length,
        documents: (before?.documents ?? 0) + 1,
      });
    }
  }

  /**
   * Values with their global weights, in the order of `drafts`.
   * @param isLenient Whether terms of a group never seen weigh as if it were as long as always; Jubatus drops them.
   */
  weigh(drafts: readonly Draft[], isLenient: boolean): number[] {
    const lengths = groupLengths(drafts);
    return drafts.map((draft) => {
      const { key, value, global } = draft;
      if (global === undefined || global === 'bin') return value;
      if (global === 'weight') return value * (this.#given.get(key.slice(0, key.lastIndexOf('#'))) ?? 0);
      const frequency = this.#frequencies.get(key) ?? 0;
      if (global === 'bm25') {
        const length = this.#relativeLength(draft, lengths) ?? (isLenient ? 1 : Infinity);
        return bm25(value, this.#documents, frequency, length);
      }
      const idf = Math.log((this.#documents + 1) / (frequency + 1));
      return value * (global === 'idf1' ? idf + 1 : idf);
    });
  }

  #relativeLength({ group = '' }: Draft, lengths: ReadonlyMap<string, number>): number | undefined {
    const known = this.#groups.get(group);
    return known === undefined || known.length === 0
      ? undefined
      : ((lengths.get(group) ?? 0) * known.documents) / known.length;
  }

  clear(): void {
    this.#documents = 0;
    this.#frequencies.clear();
    this.#groups.clear();
    this.#given.clear();
  }

  save(): WeightsState {
    return {
      documents: this.#documents,
      frequencies: [...this.#frequencies],
      groups: [...this.#groups].map(([group, { length, documents }]) => [group, length, documents]),
      given: [...this.#given],
    };
  }

  static load({ documents, frequencies, groups, given }: WeightsState): Weights {
    const weights = new Weights();
    weights.#documents = documents;
    for (const [key, count] of frequencies) weights.#frequencies.set(key, count);
    for (const [group, length, count] of groups) weights.#groups.set(group, { length, documents: count });
    for (const [key, weight] of given) weights.#given.set(key, weight);
    return weights;
  }
}

function groupLengths(drafts: readonly Draft[]): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { global, group, value } of drafts) {
    if (global === 'bm25' && group !== undefined) lengths.set(group, (lengths.get(group) ?? 0) + value);
  }
  return lengths;
}
