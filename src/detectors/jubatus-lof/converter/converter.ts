import { type FeatureVector, fnv1 } from '../../../algorithms/jubatus/index.ts';
import { ScopsError } from '../../../event/index.ts';
import { type ConverterConfig, refuse } from '../config.ts';
import { type Combination, combination, combinations, mostFeatures } from './combination.ts';
import { type KeyMatcher, keyMatcher } from './key-matcher.ts';
import { builtInNumbers, type Compat, type NumberFeature, type NumberValue, numberFilter } from './number.ts';
import {
  builtInSplitters,
  refuseMethod,
  type Splitter,
  splitter,
  type Types,
  textFilter,
  typeNamed,
  typesOf,
} from './text.ts';
import { type Draft, type GlobalWeight, globalWeights, type Weights } from './weights.ts';

/** What Jubatus is told of one thing: texts and numbers by name, in order. A bigint is a number too large for one. */
export interface Datum {
  readonly strings?: readonly (readonly [key: string, value: string])[];
  readonly nums?: readonly (readonly [key: string, value: NumberValue])[];
}

interface Filter<Value> {
  readonly takes: KeyMatcher;
  readonly suffix: string;
  apply(value: Value): Value;
}

interface TextRule {
  readonly takes: KeyMatcher;
  readonly split: Splitter;
  /** From the term on: `@type#sample/global`. */
  readonly ending: string;
  readonly sample: SampleWeight;
  readonly global: GlobalWeight;
}

interface NumberRule {
  readonly takes: KeyMatcher;
  feature(key: string, value: NumberValue): NumberFeature;
}

const sampleWeights = ['bin', 'tf', 'log_tf'] as const;
type SampleWeight = (typeof sampleWeights)[number];
const counting: ReadonlySet<GlobalWeight> = new Set(['idf', 'idf1', 'bm25']);
/** No text is read further, in UTF-16 units: it may come from an attacker. */
const longestText = 65_536;
/** Squares of what is not greater, and their sums, stay finite. */
const largest = 1e100;

/**
 * Jubatus' fv_converter: a datum to a vector of named features. With compat 'fixed' numbers keep all their digits as
 * categories, features that are zero stay (so that they overwrite what was there), a feature that comes up twice is
 * summed, and what is too large for squares is cut to 1e100. Other than Jubatus in both: terms of one text come in its order,
 * not in that of a hash table (which the names of combinations show), a group of an expression that took no part is no term
 * and no error, and texts and vectors have a bound. http://jubat.us/en/fv_convert.html
 */
export class Converter {
  readonly #compat: Compat;
  readonly #textFilters: readonly Filter<string>[];
  readonly #numberFilters: readonly Filter<number>[];
  readonly #textRules: readonly TextRule[];
  readonly #numberRules: readonly NumberRule[];
  readonly #combinations: readonly Combination[];
  readonly #hashes: bigint | undefined;
  readonly #counts: boolean;

  /** Throws ScopsError CONFIG_INVALID for what only plugins of Jubatus can do. */
  constructor(config: ConverterConfig, compat: Compat) {
    this.#compat = compat;
    this.#refusePlugins(config);
    const textFilters = typesOf(config.string_filter_types, 'converter.string_filter_types', textFilter);
    const numberFilters = typesOf(config.num_filter_types, 'converter.num_filter_types', numberFilter);
    const splitters = typesOf(config.string_types, 'converter.string_types', splitter, builtInSplitters);
    const numbers = new Map(Object.entries(builtInNumbers(compat)));
    this.#textFilters = config.string_filter_rules.map((rule, index) =>
      filterOf(rule, textFilters, `converter.string_filter_rules.${index}`),
    );
    this.#numberFilters = config.num_filter_rules.map((rule, index) =>
      filterOf(rule, numberFilters, `converter.num_filter_rules.${index}`),
    );
    this.#textRules = config.string_rules.map((rule, index) => {
      const path = `converter.string_rules.${index}`;
      return {
        takes: keyMatcher(rule.key, rule.except, path),
        split: typeNamed(splitters, rule.type, path),
        ending: `@${rule.type}#${rule.sample_weight}/${rule.global_weight}`,
        sample: oneOf(sampleWeights, rule.sample_weight, `${path}.sample_weight`),
        global: oneOf(globalWeights, rule.global_weight, `${path}.global_weight`),
      };
    });
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
    this.#counts = this.#textRules.some(({ global }) => counting.has(global));
  }

  /** The vector, without changing the weights, as `calc_score` does. Throws ScopsError INPUT_INVALID. */
  convert(datum: Datum, weights: Weights): FeatureVector {
    return this.#weighted(this.#drafts(datum), weights);
  }

  /** The vector, after the datum was counted in `weights`, as `add`, `update` and `overwrite` do. */
  learn(datum: Datum, weights: Weights): FeatureVector {
    const drafts = this.#drafts(datum);
    if (this.#counts) weights.learn(drafts);
    return this.#weighted(drafts, weights);
  }

  #drafts({ strings = [], nums = [] }: Datum): Draft[] {
    for (const [key, value] of nums) {
      if (!Number.isFinite(Number(value))) throw invalid(`"${key}" is ${value}, which is no number to compare.`);
    }
    const drafts: Draft[] = [];
    this.#addTexts(drafts, strings);
    if (this.#textFilters.length > 0) this.#addTexts(drafts, filtered(strings, this.#textFilters, String));
    this.#addNumbers(drafts, nums);
    if (this.#numberFilters.length > 0) this.#addNumbers(drafts, filtered(nums, this.#numberFilters, Number));
    return drafts;
  }

  #addTexts(drafts: Draft[], strings: NonNullable<Datum['strings']>): void {
    for (const { takes, split, ending, sample, global } of this.#textRules) {
      for (const [key, text] of strings) {
        if (!takes(key)) continue;
        const counts = new Map<string, number>();
        for (const term of split(text.length > longestText ? text.slice(0, longestText) : text)) {
          counts.set(term, (counts.get(term) ?? 0) + 1);
        }
        for (const [term, count] of counts) {
          if (drafts.length >= mostFeatures) return;
          checkKey(key);
          drafts.push({ key: `${key}$${term}${ending}`, value: weightOf(sample, count), global, group: key + ending });
        }
      }
    }
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

function weightOf(sample: SampleWeight, count: number): number {
  if (sample === 'bin') return 1;
  return sample === 'tf' ? count : Math.log(1 + count);
}

function oneOf<Name extends string>(names: readonly Name[], name: string, path: string): Name {
  const known = names.find((each) => each === name);
  return known ?? refuse(path, `"${name}" is none of ${names.join(', ')}.`);
}

function filterOf<Value>(
  rule: ConverterConfig['num_filter_rules'][number],
  types: Types<(value: Value) => Value>,
  path: string,
): Filter<Value> {
  return {
    takes: keyMatcher(rule.key, rule.except, path),
    suffix: rule.suffix,
    apply: typeNamed(types, rule.type, path),
  };
}

/** What filters add: each sees what came in and what those before it made. */
function filtered<In, Value extends In>(
  given: readonly (readonly [string, In])[],
  filters: readonly Filter<Value>[],
  from: (value: In) => Value,
): (readonly [string, Value])[] {
  const made: (readonly [string, Value])[] = [];
  for (const { takes, suffix, apply } of filters) {
    for (const [key, value] of [...given, ...made]) {
      if (takes(key)) made.push([key + suffix, apply(from(value))]);
    }
  }
  return made;
}
