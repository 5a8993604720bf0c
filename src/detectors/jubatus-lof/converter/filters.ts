import type { ConverterConfig } from '../config.ts';
import { type KeyMatcher, keyMatcher } from './key-matcher.ts';
import { type TypeConfig, typeNamed, typesOf } from './text.ts';

interface Filter<Value> {
  readonly takes: KeyMatcher;
  readonly suffix: string;
  apply(value: Value): Value;
}

/** Makes further values of those that rules name, under their keys with a suffix. */
export class Filters<Value> {
  readonly #filters: readonly Filter<Value>[];
  readonly #from: (given: unknown) => Value;

  /** `kind` is the start of the configuration's keys, `from` what a value is before it is filtered. */
  constructor(
    config: ConverterConfig,
    kind: 'string' | 'num',
    make: (type: TypeConfig, path: string) => (value: Value) => Value,
    from: (given: unknown) => Value,
  ) {
    const types = typesOf(config[`${kind}_filter_types`], `converter.${kind}_filter_types`, make);
    this.#from = from;
    this.#filters = config[`${kind}_filter_rules`].map((rule, index) => {
      const path = `converter.${kind}_filter_rules.${index}`;
      return {
        takes: keyMatcher(rule.key, rule.except, path),
        suffix: rule.suffix,
        apply: typeNamed(types, rule.type, path),
      };
    });
  }

  /** What filters add: each sees what came in and what those before it made. */
  made(given: readonly (readonly [string, unknown])[]): (readonly [string, Value])[] {
    const made: (readonly [string, Value])[] = [];
    for (const { takes, suffix, apply } of this.#filters) {
      for (const [key, value] of [...given, ...made]) {
        if (takes(key)) made.push([key + suffix, apply(this.#from(value))]);
      }
    }
    return made;
  }
}
