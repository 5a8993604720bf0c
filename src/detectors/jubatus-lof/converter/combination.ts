import type { FeatureVector } from '../../../algorithms/jubatus/index.ts';
import type { ConverterConfig } from '../config.ts';
import { type KeyMatcher, keyMatcher } from './key-matcher.ts';
import { type Types, typeNamed } from './text.ts';

/** No vector gets longer: texts may come from an attacker. */
export const mostFeatures = 65_536;

/** A rule that makes a feature of every two whose keys it takes. */
export interface Combination {
  readonly left: KeyMatcher;
  readonly right: KeyMatcher;
  readonly name: string;
  of(left: number, right: number): number;
}

const types: Types<Combination['of']> = new Map([
  ['add', (left, right) => left + right],
  ['mul', (left, right) => left * right],
]);

/** Throws ScopsError CONFIG_INVALID, naming `path`, when the rule's type is neither `add` nor `mul`. */
export function combination(rule: ConverterConfig['combination_rules'][number], path: string): Combination {
  return {
    left: keyMatcher(rule.key_left, rule.except_left, `${path} (left)`),
    right: keyMatcher(rule.key_right, rule.except_right, `${path} (right)`),
    name: rule.type,
    of: typeNamed(types, rule.type, path),
  };
}

/**
 * What to add: every combination of features, each pair once per rule, in their order, until there are `mostFeatures`. Takes
 * no longer than the combinations are many.
 */
export function combinations(plain: FeatureVector, rules: readonly Combination[]): FeatureVector {
  const made: (readonly [string, number])[] = [];
  const indices = plain.map((_, index) => index);
  for (const { left, right, name, of } of rules) {
    const [lefts, rights] = [plain.map(([key]) => left(key)), plain.map(([key]) => right(key))];
    const either = createCursor(indices.filter((index) => lefts[index] || rights[index]));
    const righthand = createCursor(indices.filter((index) => rights[index]));
    const lefthand = createCursor(indices.filter((index) => lefts[index]));
    for (const [i, [key, value]] of plain.entries()) {
      if (!lefts[i] && !rights[i]) continue;
      const partners = lefts[i] && rights[i] ? either : lefts[i] ? righthand : lefthand;
      for (const j of partners.after(i)) {
        if (plain.length + made.length >= mostFeatures) return made;
        const [otherKey, otherValue] = plain[j] as readonly [string, number];
        made.push([`${key}&${otherKey}/${name}`, of(value, otherValue)]);
      }
    }
  }
  return made;
}

interface Cursor {
  /** The ascending indices greater than `index`; to be asked with ascending ones. */
  after(index: number): Generator<number>;
}

function createCursor(indices: readonly number[]): Cursor {
  let start = 0;
  return {
    *after(index) {
      while (start < indices.length && (indices[start] as number) <= index) start++;
      for (let at = start; at < indices.length; at++) yield indices[at] as number;
    },
  };
}
