import type {
  EngineParameters,
  LofParameters,
  SignatureEngine,
  UnlearnerParameters,
} from '../../algorithms/jubatus/index.ts';
import { ScopsError } from '../../event/index.ts';
import { type JubatusConfig, readConfig, readUnlearner, refuse, type Unlearning } from './config.ts';
import { Converter } from './converter/converter.ts';
import { keyMatcher } from './converter/key-matcher.ts';
import type { Compat } from './converter/number.ts';

export interface SetupOptions {
  readonly compat: Compat;
  /** Told what is accepted but has no effect, or another one than in Jubatus. */
  readonly warn?: (message: string) => void;
  /** Where the configuration unlearns nothing or later: unlearn by age of use beyond this many rows. */
  readonly mostRows?: number;
}

/** A configuration made ready, for any number of models. */
export class Setup {
  readonly config: JubatusConfig;
  readonly compat: Compat;
  readonly converter: Converter;
  readonly parameters: LofParameters;

  /** Throws ScopsError CONFIG_INVALID, naming the key, for what Jubatus refuses and what cannot be done here. */
  constructor(json: unknown, { compat, warn = () => undefined, mostRows }: SetupOptions) {
    const config = readConfig(json, warn);
    const { parameter } = config;
    const own = unlearnerOf(config, warn);
    const bound: UnlearnerParameters | undefined =
      mostRows !== undefined && (own === undefined || own.maxSize > mostRows)
        ? { ...(own ?? { method: 'lru' }), maxSize: mostRows }
        : own;
    this.config = config;
    this.compat = compat;
    this.converter = new Converter(config.converter, compat);
    this.parameters = {
      method: config.method,
      nearestNeighborNum: parameter.nearest_neighbor_num,
      reverseNearestNeighborNum: parameter.reverse_nearest_neighbor_num,
      ignoreKthSamePoint: parameter.ignore_kth_same_point,
      engine: engineOf(parameter),
      ...(bound ? { unlearner: bound } : {}),
      compat,
    };
  }
}

/** The setup of a saved model. Throws ScopsError MODEL_FORMAT. */
export function savedSetup(json: unknown, options: SetupOptions): Setup {
  try {
    return new Setup(json, options);
  } catch (cause) {
    throw new ScopsError('MODEL_FORMAT', `This model's configuration cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

type Parameter = JubatusConfig['parameter'];

function engineOf(parameter: Parameter): EngineParameters {
  switch (parameter.method) {
    case 'euclid_lsh': {
      const given = parameter.parameter;
      if (!('table_num' in given)) return signature('parameter', parameter);
      return {
        method: 'euclid_lsh',
        hashNum: given.hash_num,
        tableNum: given.table_num,
        binWidth: given.bin_width,
        probeNum: given.probe_num,
        seed: given.seed,
      };
    }
    case 'inverted_index_euclid':
      return { method: 'inverted_index_euclid', ignoreOrthogonal: parameter.parameter?.ignore_orthogonal ?? false };
    case 'inverted_index':
      return { method: 'inverted_index' };
    case 'nearest_neighbor_recommender':
      return {
        method: 'nearest_neighbor_recommender',
        engine: signature('parameter.parameter', parameter.parameter),
      };
    default:
      return signature('parameter', parameter);
  }
}

interface Signature {
  readonly method: 'euclid_lsh' | 'lsh' | 'minhash';
  readonly parameter: { readonly hash_num: number };
}

function signature(path: string, { method, parameter }: Signature): SignatureEngine {
  if (method === 'minhash') refuse(`${path}.method`, '"minhash" is not offered here; "lsh" and "euclid_lsh" are.');
  return { method, hashNum: parameter.hash_num };
}

function unlearnerOf(
  { method, parameter }: JubatusConfig,
  warn: (message: string) => void,
): UnlearnerParameters | undefined {
  const own = readUnlearner('parameter', parameter, false);
  const { method: engine, parameter: inner } = parameter;
  const isPaired = engine !== 'nearest_neighbor_recommender';
  const within =
    method === 'lof' ? readUnlearner('parameter.parameter', inner as Unlearning | null, isPaired) : undefined;
  if (within !== undefined) {
    warn(
      'Jubatus configuration: the unlearner of "parameter.parameter" forgets whole rows, as that of "parameter" does.',
    );
  }
  const chosen = own ?? within;
  if (chosen === undefined) return undefined;
  // light_lof and the engines make room for a row first; lof itself does afterwards.
  const isLate = own !== undefined && method === 'lof';
  const { max_size: maxSize } = chosen;
  if (chosen.method === 'random') {
    return { method: 'random', maxSize, isLate, ...(typeof chosen.seed === 'number' ? { seed: chosen.seed } : {}) };
  }
  const { sticky_pattern: pattern } = chosen;
  return {
    method: 'lru',
    maxSize,
    isLate,
    ...(typeof pattern === 'string'
      ? { stickyPattern: pattern, isSticky: keyMatcher(pattern, undefined, 'sticky_pattern') }
      : {}),
  };
}
