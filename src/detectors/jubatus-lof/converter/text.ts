import { refuse } from '../config.ts';
import { compileRegExp, found, replaced } from './regexp.ts';

/** A type of the configuration: its method and the method's parameters, all of them text. */
export type TypeConfig = Readonly<Record<string, string>> & { readonly method: string };

/** What a splitter makes of a text; a term that occurs again is given again. */
export type Splitter = (text: string) => Iterable<string>;

/** Parameters of `type`: all of `needed`, perhaps some of `optional`, and no others; else CONFIG_INVALID. */
export function checkParameters(
  type: TypeConfig,
  path: string,
  needed: readonly string[],
  optional: readonly string[] = [],
): void {
  for (const name of needed) if (!Object.hasOwn(type, name)) refuse(`${path}.${name}`, 'is missing.');
  for (const name of Object.keys(type)) {
    if (name !== 'method' && !needed.includes(name) && !optional.includes(name)) {
      refuse(`${path}.${name}`, `unknown parameter of "${type.method}".`);
    }
  }
}

/** Refuse a method that is none of ours; plugins of Jubatus are shared libraries in C++. */
export function refuseMethod(method: string, path: string): never {
  if (method === 'dynamic')
    refuse(path, 'plugins ("dynamic") are shared libraries of Jubatus and cannot be loaded here.');
  refuse(path, `there is no method "${method}".`);
}

/** A rule's type: one that the configuration defines, or the built-in one of that name. */
export function typeNamed(types: Readonly<Record<string, TypeConfig>>, name: string): TypeConfig {
  return Object.hasOwn(types, name) ? (types[name] as TypeConfig) : { method: name };
}

export function textFilter(type: TypeConfig, path: string): (text: string) => string {
  if (type.method !== 'regexp') refuseMethod(type.method, path);
  checkParameters(type, path, ['pattern', 'replace']);
  const expression = compileRegExp(type.pattern as string, 'gu', `${path}.pattern`);
  return (text) => replaced(expression, text, type.replace as string);
}

export function splitter(type: TypeConfig, path: string): Splitter {
  switch (type.method) {
    case 'str':
      checkParameters(type, path, []);
      return (text) => [text];
    case 'space':
      checkParameters(type, path, []);
      return (text) => text.split(' ').filter(Boolean);
    case 'ngram': {
      checkParameters(type, path, ['char_num']);
      const length = wholeNumber(type.char_num as string, 1, `${path}.char_num`);
      return (text) => ngrams(text, length);
    }
    case 'regexp': {
      checkParameters(type, path, ['pattern'], ['group']);
      const expression = compileRegExp(type.pattern as string, 'gu', `${path}.pattern`);
      const group = wholeNumber(type.group ?? '0', 0, `${path}.group`);
      return (text) => found(expression, text, group);
    }
    case 'split': {
      checkParameters(type, path, ['separators']);
      const separators = new Set(type.separators);
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

function wholeNumber(text: string, least: number, path: string): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least)) refuse(path, `"${text}" is not a whole number of at least ${least}.`);
  return number;
}
