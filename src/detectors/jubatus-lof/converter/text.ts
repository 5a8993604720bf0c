import { refuse } from '../config.ts';
import { integerFrom } from './parameter.ts';
import { compilePattern, found, replaced } from './regexp.ts';

/** A type of the configuration: its method and the method's parameters, all of them text; Jubatus minds no others. */
export type TypeConfig = Readonly<Record<string, string>> & { readonly method: string };

/** What a splitter makes of a text; a term that occurs again is given again. */
export type Splitter = (text: string) => Iterable<string>;

/** The parameter of that name. Throws ScopsError CONFIG_INVALID when there is none. */
export function parameterOf(type: TypeConfig, name: string, path: string): string {
  return Object.hasOwn(type, name) ? (type[name] as string) : refuse(`${path}.${name}`, 'is missing.');
}

/** Refuse a method that is none of ours; plugins of Jubatus are shared libraries in C++. */
export function refuseMethod(method: string, path: string): never {
  if (method === 'dynamic')
    refuse(path, 'plugins ("dynamic") are shared libraries of Jubatus and cannot be loaded here.');
  refuse(path, `there is no method "${method}".`);
}

export type Types<Made> = ReadonlyMap<string, Made>;

/** The types that a configuration defines, each made ready whether a rule names it or not, on top of the built-in ones. */
export function typesOf<Made>(
  defined: Readonly<Record<string, TypeConfig>>,
  path: string,
  make: (type: TypeConfig, path: string) => Made,
  builtIn: Readonly<Record<string, Made>> = {},
): Types<Made> {
  const types = new Map(Object.entries(builtIn));
  for (const [name, type] of Object.entries(defined)) types.set(name, make(type, `${path}.${name}`));
  return types;
}

/** The type that a rule names. Throws ScopsError CONFIG_INVALID. */
export function typeNamed<Made>(types: Types<Made>, name: string, path: string): Made {
  return types.get(name) ?? refuse(`${path}.type`, `there is no type "${name}".`);
}

export function textFilter(type: TypeConfig, path: string): (text: string) => string {
  if (type.method !== 'regexp') refuseMethod(type.method, path);
  const pattern = compilePattern(parameterOf(type, 'pattern', path), `${path}.pattern`);
  const replacement = parameterOf(type, 'replace', path);
  for (const [reference, what = ''] of replacement.matchAll(/\\(.)?/gsu)) {
    if (what !== '\\' && !(/^[0-9]$/.test(what) && Number(what) <= pattern.groups)) {
      refuse(`${path}.replace`, `"${reference}" is no group of the pattern.`);
    }
  }
  return (text) => replaced(pattern, text, replacement);
}

export const builtInSplitters: Readonly<Record<string, Splitter>> = {
  str: (text) => [text],
  space: (text) => text.split(/[ \t\f\n\r\v]/).filter(Boolean),
};

export function splitter(type: TypeConfig, path: string): Splitter {
  switch (type.method) {
    case 'ngram': {
      const length = integerFrom(parameterOf(type, 'char_num', path), 1, `${path}.char_num`);
      return (text) => ngrams(text, length);
    }
    case 'regexp': {
      const pattern = compilePattern(parameterOf(type, 'pattern', path), `${path}.pattern`);
      const group = integerFrom(type.group ?? '0', 0, `${path}.group`);
      if (group > pattern.groups) refuse(`${path}.group`, `the pattern has no group ${group}.`);
      return (text) => found(pattern, text, group);
    }
    case 'split': {
      const separators = new Set(parameterOf(type, 'separators', path));
      return (text) => pieces(text, separators);
    }
    default:
      return refuseMethod(type.method, path);
  }
}

function* ngrams(text: string, length: number): Generator<string> {
  const characters = [...text];
  for (let at = 0; at + length <= characters.length; at++) yield characters.slice(at, at + length).join('');
}

function* pieces(text: string, separators: ReadonlySet<string>): Generator<string> {
  let piece = '';
  for (const character of text) {
    if (!separators.has(character)) {
      piece += character;
      continue;
    }
    if (piece !== '') yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
