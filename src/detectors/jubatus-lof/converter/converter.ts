import { type FeatureVector, fnv1 } from '../../../algorithms/jubatus/index.ts';
import { ScopsError } from '../../../event/index.ts';
import { type ConverterConfig, refuse } from '../config.ts';
import { type Combination, combination, combine, mostFeatures } from './combination.ts';
import { type KeyMatcher, keyMatcher } from './key-matcher.ts';
import { type Compat, type NumberFeature, type NumberValue, numberFeature, numberFilter } from './number.ts';
import { type Splitter, splitter, textFilter, typeNamed } from './text.ts';
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
 * summed, and what is too large for squares is cut to 1e100. http://jubat.us/en/fv_convert.html
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
    if (config.binary_rules.length > 0) {
      refuse('converter.binary_rules', 'binary features come from plugins only, which cannot be loaded here.');
    }
    this.#textFilters = config.string_filter_rules.map((rule, index) => {
      const path = `converter.string_filter_rules.${index}`;
      const apply = textFilter(typeNamed(config.string_filter_types, rule.type), typePath('string_filter', rule, path));
      return { takes: keyMatcher(rule.key, rule.except, path), suffix: rule.suffix, apply };
    });
    this.#numberFilters = config.num_filter_rules.map((rule, index) => {
      const path = `converter.num_filter_rules.${index}`;
      const apply = numberFilter(typeNamed(config.num_filter_types, rule.type), typePath('num_filter', rule, path));
      return { takes: keyMatcher(rule.key, rule.except, path), suffix: rule.suffix, apply };
    });
    this.#textRules = config.string_rules.map((rule, index) => {
      const path = `converter.string_rules.${index}`;
      return {
        takes: keyMatcher(rule.key, rule.except, path),
        split: splitter(typeNamed(config.string_types, rule.type), typePath('string', rule, path)),
        ending: `@${rule.type}#${rule.sample_weight}/${rule.global_weight}`,
        sample: oneOf(sampleWeights, rule.sample_weight, `${path}.sample_weight`),
        global: oneOf(globalWeights, rule.global_weight, `${path}.global_weight`),
      };
    });
    this.#numberRules = config.num_rules.map((rule, index) => {
      const path = `converter.num_rules.${index}`;
      const type = typeNamed(config.num_types, rule.type);
      return {
        takes: keyMatcher(rule.key, rule.except, path),
        feature: numberFeature(type, rule.type, compat, typePath('num', rule, path)),
      };
    });
    this.#combinations = config.combination_rules.map((rule, index) =>
      combination(rule, config.combination_types, `converter.combination_rules.${index}`),
    );
    this.#hashes = config.hash_max_size === undefined ? undefined : BigInt(config.hash_max_size);
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
        checkKey(key);
        if (!takes(key)) continue;
        const counts = new Map<string, number>();
        for (const term of split(text.length > longestText ? text.slice(0, longestText) : text)) {
          counts.set(term, (counts.get(term) ?? 0) + 1);
        }
        for (const [term, count] of counts) {
          if (drafts.length >= mostFeatures) return;
          drafts.push({ key: `${key}$${term}${ending}`, value: weightOf(sample, count), global, group: key + ending });
        }
      }
    }
  }

  #addNumbers(drafts: Draft[], nums: NonNullable<Datum['nums']>): void {
    for (const [key, value] of nums) {
      checkKey(key);
      if (!Number.isFinite(Number(value))) throw invalid(`"${key}" is ${value}, which is no number to compare.`);
      for (const { takes, feature } of this.#numberRules) if (takes(key)) drafts.push(feature(key, value));
    }
  }

  #weighted(drafts: readonly Draft[], weights: Weights): FeatureVector {
    const fixed = this.#compat === 'fixed';
    const values = weights.weigh(drafts);
    const features = new Map<string, number>();
    for (const [index, { key }] of drafts.entries()) {
      const value = values[index] as number;
      if (fixed) {
        features.set(key, Math.max(-largest, Math.min(largest, (features.get(key) ?? 0) + value)));
      } else if (value !== 0) features.set(key, value);
    }
    if (this.#combinations.length > 0) combine(features, this.#combinations);
    return this.#hashes === undefined ? [...features] : hashed(features, this.#hashes, fixed);
  }
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

/** Where a rule's type is defined, or the rule itself where it names a built-in one. */
const typePath = (kind: string, rule: { readonly type: string }, path: string): string =>
  `converter.${kind}_types.${rule.type} (named by ${path}.type)`;

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

/** Names replaced by numbers below `size`. Jubatus lets the last of those that meet win; fixed, they are summed. */
function hashed(features: ReadonlyMap<string, number>, size: bigint, sums: boolean): FeatureVector {
  const cells = new Map<string, number>();
  for (const [key, value] of features) {
    const cell = String(fnv1(key) % size);
    cells.set(cell, sums ? (cells.get(cell) ?? 0) + value : value);
  }
  return [...cells];
}
