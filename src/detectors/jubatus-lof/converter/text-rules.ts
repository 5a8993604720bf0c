import { type ConverterConfig, refuse } from '../config.ts';
import { mostFeatures } from './combination.ts';
import { type KeyMatcher, keyMatcher } from './key-matcher.ts';
import { builtInSplitters, type Splitter, splitter, typeNamed, typesOf } from './text.ts';
import { type Draft, type GlobalWeight, globalWeights } from './weights.ts';

interface TextRule {
  readonly takes: KeyMatcher;
  readonly split: Splitter;
  /** From the term on: `@type#sample/global`. */
  readonly ending: string;
  readonly sample: SampleWeight;
  readonly global: GlobalWeight;
}

const sampleWeights = ['bin', 'tf', 'log_tf'] as const;
type SampleWeight = (typeof sampleWeights)[number];
const counting: ReadonlySet<GlobalWeight> = new Set(['idf', 'idf1', 'bm25']);
/** No text is read further, in UTF-16 units: it may come from an attacker. */
const longestText = 65_536;

/** Makes terms of texts, as the `string_rules` of a configuration say. */
export class TextRules {
  /** Whether weights depend on what came before. */
  readonly areCounting: boolean;
  readonly #rules: readonly TextRule[];

  constructor(config: ConverterConfig) {
    const splitters = typesOf(config.string_types, 'converter.string_types', splitter, builtInSplitters);
    this.#rules = config.string_rules.map((rule, index) => {
      const path = `converter.string_rules.${index}`;
      return {
        takes: keyMatcher(rule.key, rule.except, path),
        split: typeNamed(splitters, rule.type, path),
        ending: `@${rule.type}#${rule.sample_weight}/${rule.global_weight}`,
        sample: oneOf(sampleWeights, rule.sample_weight, `${path}.sample_weight`),
        global: oneOf(globalWeights, rule.global_weight, `${path}.global_weight`),
      };
    });
    this.areCounting = this.#rules.some(({ global }) => counting.has(global));
  }

  /** Adds terms to `drafts`, as long as those are not too many; `check` is told of each key that a rule takes. */
  add(drafts: Draft[], strings: readonly (readonly [string, string])[], check: (key: string) => void): void {
    for (const { takes, split, ending, sample, global } of this.#rules) {
      for (const [key, text] of strings) {
        if (!takes(key)) continue;
        const counts = new Map<string, number>();
        for (const term of split(text.length > longestText ? text.slice(0, longestText) : text)) {
          counts.set(term, (counts.get(term) ?? 0) + 1);
        }
        for (const [term, count] of counts) {
          if (drafts.length >= mostFeatures) return;
          check(key);
          drafts.push({ key: `${key}$${term}${ending}`, value: weightOf(sample, count), global, group: key + ending });
        }
      }
    }
  }
}

function weightOf(sample: SampleWeight, count: number): number {
  if (sample === 'bin') return 1;
  return sample === 'tf' ? count : Math.log(1 + count);
}

function oneOf<Name extends string>(names: readonly Name[], name: string, path: string): Name {
  const known = names.find((each) => each === name);
  return known ?? refuse(path, `"${name}" is none of ${names.join(', ')}.`);
}
