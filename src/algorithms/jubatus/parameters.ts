/** One weighted term. NaN is left out, 0 is no feature and takes one away in a merge; beyond ±1e70 counts as ±1e70. */
type Feature = readonly [key: string, value: number];

/**
 * In order of production. The values of a key that comes twice are added; of 1.1.1 the last one is stored, and in a question
 * each counts.
 */
export type FeatureVector = readonly Feature[];

/**
 * '1.1.1' is the last release of Jubatus, quirks included, as built with GCC and C++98 like its packages, but for these: the
 * hash buckets of `euclid_lsh` forget the rows that went first once they hold a million numbers of rows that are gone, where
 * Jubatus counts them for ever; of rows unlearned or cleared, the last 65,536 take their old place among ties when they come
 * again; values that are not finite. 'fixed' repairs it: scores are always finite; the hashing engines compare all rows by
 * the distance that their hashes estimate (`euclid_lsh` the Euclidean one, `lsh` the angle), so that their other parameters
 * change nothing; ties go to the newer row.
 */
type Compatibility = '1.1.1' | 'fixed';

/** An engine of Jubatus' nearest_neighbor: a signature per row, compared with every other. */
export interface SignatureEngine {
  readonly method: 'euclid_lsh' | 'lsh';
  /** Bits of a signature. @default 64 */
  readonly hashNum?: number;
}

/** The recommender `euclid_lsh`: rows in hash buckets, searched by probing. */
export interface BucketEngine {
  readonly method: 'euclid_lsh';
  /** @default 64 */
  readonly hashNum?: number;
  /** @default 4 */
  readonly tableNum?: number;
  /** @default 100 */
  readonly binWidth?: number;
  /** @default 64 */
  readonly probeNum?: number;
  /** @default 1091 */
  readonly seed?: number;
}

/** Where a row goes: `inverted_index` one minus the cosine, `lsh` the share of bits that differ, the others a length. */
export type EngineParameters =
  | { readonly method: 'inverted_index' }
  | { readonly method: 'inverted_index_euclid'; readonly ignoreOrthogonal?: boolean }
  | { readonly method: 'lsh'; readonly hashNum?: number }
  | BucketEngine
  | { readonly method: 'nearest_neighbor_recommender'; readonly engine: SignatureEngine };

interface UnlearnerBounds {
  readonly maxSize: number;
  /** Whether a row goes only after the new one was taken in and the rows around it brought up to date. @default false */
  readonly isLate?: boolean;
}

export type UnlearnerParameters = UnlearnerBounds &
  (
    | {
        readonly method: 'lru';
        /**
         * Ids that are never unlearned: an id, `prefix*`, `*suffix` or `*`. With compat 'fixed' they come on top of `maxSize`,
         * else they are part of it, and rows are refused when no other is left.
         */
        readonly stickyPattern?: string;
        /** What the pattern means, where it is none of these. */
        readonly isSticky?: (id: string) => boolean;
      }
    | { readonly method: 'random'; readonly seed?: number }
  );

/** The parameters of Jubatus' anomaly engine. */
export interface LofParameters {
  /** With 'light_lof', `engine` is one of nearest_neighbor: `euclid_lsh` or `lsh`, of which only `hashNum` is read. */
  readonly method: 'lof' | 'light_lof';
  /** k, at least 2. */
  readonly nearestNeighborNum: number;
  /** How many rows around a new one are brought up to date, at least k. */
  readonly reverseNearestNeighborNum: number;
  /** Refuse the k-th copy of a row. */
  readonly ignoreKthSamePoint: boolean;
  readonly engine: EngineParameters;
  readonly unlearner?: UnlearnerParameters;
  readonly compat: Compatibility;
}

const signatureMethods: readonly string[] = ['euclid_lsh', 'lsh'];
const methods: readonly string[] = [...signatureMethods, 'inverted_index', 'inverted_index_euclid'];

function checkWhole(value: number, name: string, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number from ${least}; it is ${value}.`);
  }
}

/** @throws RangeError when a parameter is outside of what Jubatus takes. */
export function checkParameters(parameters: LofParameters): void {
  const { nearestNeighborNum: k, reverseNearestNeighborNum, engine, unlearner } = parameters;
  checkWhole(k, 'nearest_neighbor_num', 2);
  checkWhole(reverseNearestNeighborNum, 'reverse_nearest_neighbor_num', k);
  const offered = engine.method === 'nearest_neighbor_recommender' ? signatureMethods : methods;
  const { method } = engine.method === 'nearest_neighbor_recommender' ? engine.engine : engine;
  if (!offered.includes(method)) throw new RangeError(`The method ${method} is not offered.`);
  if (engine.method === 'euclid_lsh' || engine.method === 'lsh') checkWhole(engine.hashNum ?? 64, 'hash_num', 1);
  if (engine.method === 'euclid_lsh') {
    const { tableNum = 4, binWidth = 100, probeNum = 64, seed = 1091 } = engine;
    checkWhole(tableNum, 'table_num', 1);
    if (!(binWidth > 0 && binWidth < Infinity)) throw new RangeError(`bin_width must be above 0; it is ${binWidth}.`);
    checkWhole(probeNum, 'probe_num', 0);
    checkWhole(seed, 'seed', 0);
  }
  if (engine.method === 'nearest_neighbor_recommender') checkWhole(engine.engine.hashNum ?? 64, 'hash_num', 1);
  if (unlearner !== undefined) checkWhole(unlearner.maxSize, 'max_size', 1);
}
