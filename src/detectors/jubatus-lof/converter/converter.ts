import { type FeatureVector, fnv1 } from '../../../algorithms/jubatus/index.ts';
import { ScopsError } from '../../../event/index.ts';
import { type ConverterConfig, refuse } from '../config.ts';
import { type Combination, combination, combinations } from './combination.ts';
import { Filters } from './filters.ts';
import { type KeyMatcher, keyMatcher } from './key-matcher.ts';
import { builtInNumbers, type Compat, type NumberFeature, type NumberValue, numberFilter } from './number.ts';
import { refuseMethod, textFilter, typeNamed } from './text.ts';
import { TextRules } from './text-rules.ts';
import type { Draft, Weights } from './weights.ts';

/** What Jubatus is told of one thing: texts and numbers by name, in order. A bigint is a number too large for one. */
export interface Datum {
  readonly strings?: readonly (readonly [key: string, value: string])[];
  readonly nums?: readonly (readonly [key: string, value: NumberValue])[];
}

interface NumberRule {
  readonly takes: KeyMatcher;
  feature(key: string, value: NumberValue): NumberFeature;
}

/** Squares of what is not greater, and their sums, stay finite. */
const largest = 1e100;

/**
 * Jubatus' fv_converter: a datum to a vector of named features. With compat 'fixed' numbers keep all their digits as
 * categories, features that are zero stay (so that they overwrite what was there), a feature that comes up twice is
 * summed, and what is too large for squares is cut to 1e100. Other than Jubatus in both: terms of one text come in its order,
 * not in that of a hash table (which the names of combinations show), a group of an expression that took no part is no term
 * and no error, `split` goes on after a NUL, where Jubatus stops reading, and texts and vectors have a bound. http://jubat.us/en/fv_convert.html
 */
export class Converter {
  readonly #compat: Compat;
  readonly #textFilters: Filters<string>;
  readonly #numberFilters: Filters<number>;
  readonly #textRules: TextRules;
  readonly #numberRules: readonly NumberRule[];
  readonly #combinations: readonly Combination[];
  readonly #hashes: bigint | undefined;

  /** Throws ScopsError CONFIG_INVALID for what only plugins of Jubatus can do. */
  constructor(config: ConverterConfig, compat: Compat) {
    this.#compat = compat;
    this.#refusePlugins(config);
    const numbers = new Map(Object.entries(builtInNumbers(compat)));
    this.#textFilters = new Filters(config, 'string', textFilter, String);
    this.#numberFilters = new Filters(config, 'num', numberFilter, Number);
    this.#textRules = new TextRules(config);
    this.#numberRules = config.num_rules.map((rule, index) => {
      const path = `converter.num_rules.${index}`;
      const feature = typeNamed(numbers, rule.type, path);
      return {
        takes: keyMatcher(rule.key, rule.except, path),
        feature: (key, value) => feature(key, value, rule.type),
      };
    });
    this.#combinations = config.combination_rules.map((rule, index) =>
      combination(rule, `converter.combination_rules.${index}`),
    );
    this.#hashes = typeof config.hash_max_size === 'number' ? BigInt(config.hash_max_size) : undefined;
  }

  /** The vector, without changing the weights, as `calc_score` does. Throws ScopsError INPUT_INVALID. */
  convert(datum: Datum, weights: Weights): FeatureVector {
    return this.#weighted(this.#drafts(datum), weights);
  }

  /** The vector, after the datum was counted in `weights`, as `add`, `update` and `overwrite` do. */
  learn(datum: Datum, weights: Weights): FeatureVector {
    const drafts = this.#drafts(datum);
    if (this.#textRules.areCounting) weights.learn(drafts);
    return this.#weighted(drafts, weights);
  }

  #drafts({ strings = [], nums = [] }: Datum): Draft[] {
    for (const [key, value] of nums) {
      if (!Number.isFinite(Number(value))) throw invalid(`"${key}" is ${value}, which is no number to compare.`);
    }
    const drafts: Draft[] = [];
    this.#textRules.add(drafts, strings, checkKey);
    this.#textRules.add(drafts, this.#textFilters.made(strings), checkKey);
    this.#addNumbers(drafts, nums);
    this.#addNumbers(drafts, this.#numberFilters.made(nums));
    return drafts;
  }

  #addNumbers(drafts: Draft[], nums: NonNullable<Datum['nums']>): void {
    for (const [key, value] of nums) {
      for (const { takes, feature } of this.#numberRules) {
        if (!takes(key)) continue;
        checkKey(key);
        drafts.push(feature(key, value));
      }
    }
  }

  #weighted(drafts: readonly Draft[], weights: Weights): FeatureVector {
    const isFixed = this.#compat === 'fixed';
    const values = weights.weigh(drafts, isFixed);
    const weighed = drafts.map(({ key }, index): Feature => [key, values[index] as number]);
    const plain = isFixed ? summed(weighed) : weighed.filter(([, value]) => value !== 0);
    const added = this.#combinations.length === 0 ? [] : combinations(plain, this.#combinations);
    const features = isFixed ? [...new Map([...plain, ...added])] : [...plain, ...added];
    const size = this.#hashes;
    if (size === undefined) return features;
    const cells = features.map(([key, value]): Feature => [String(fnv1(key) % size), value]);
    return isFixed ? summed(cells) : cells;
  }

  #refusePlugins(config: ConverterConfig): void {
    for (const kind of ['num_types', 'combination_types', 'binary_types'] as const) {
      for (const [name, { method }] of Object.entries(config[kind]))
        refuseMethod(method, `converter.${kind}.${name}.method`);
    }
    if (config.binary_rules.length > 0) {
      refuse('converter.binary_rules', 'binary features come from plugins only, which cannot be loaded here.');
    }
  }
}

type Feature = FeatureVector[number];

/** Features that come up twice added together, none too large for squares. */
function summed(features: FeatureVector): Feature[] {
  const sums = new Map<string, number>();
  for (const [key, value] of features) {
    sums.set(key, Math.max(-largest, Math.min(largest, (sums.get(key) ?? 0) + value)));
  }
  return [...sums];
}

function checkKey(key: string): void {
  if (key.includes('$')) throw invalid(`the key "${key}" contains "$".`);
}

const invalid = (message: string): ScopsError => new ScopsError('INPUT_INVALID', `Datum for Jubatus: ${message}`);
