import type { Coverage } from '../event/index.ts';

const mask = '<*>';
/** Longer texts are cut, so that a shape stays readable and time bounded. */
const longest = 400;
const mostWords = 40;

/** Whose next word names somebody or something. */
const naming: ReadonlySet<string> = new Set(
  'user users by for from to account login logname group hostname realm principal name rhost ruser'.split(' '),
);

/** What stands after those and names nobody. */
const grammar: ReadonlySet<string> = new Set(
  'a an the this that its all any no not user users group groups host invalid illegal unknown authenticating peer client server remote account accounts address connection authentication is was were are has have with in on at as and or by for from to of'.split(
    ' ',
  ),
);

/**
 * The fixed part of a log message, such as `Bad packet length <*>`: quoted parts, numbers, addresses, paths,
 * hexadecimal, values and the words that name somebody are `<*>`. Messages of one statement in a program mostly have one
 * shape. At most 400 characters of the message are looked at. Linear time.
 */
export function shapeOf(message: string): string {
  const words = maskQuoted(message.slice(0, longest)).trim().split(/\s+/);
  const shape: string[] = [];
  let before = '';
  for (const word of words.slice(0, mostWords)) {
    const core = bare(word);
    const names = naming.has(before) && !grammar.has(core.toLowerCase()) && !word.includes(mask);
    const masked = names ? around(word, core) : maskWord(word, core);
    if (masked !== mask || shape.at(-1) !== mask) shape.push(masked);
    before = core.toLowerCase();
  }
  if (words.length > mostWords || message.length > longest) shape.push('…');
  return shape.join(' ');
}

/** A quote opens a quoted part only at a word's beginning, so that an apostrophe does not. */
const maskQuoted = (text: string): string => text.replace(/(^|[\s=([:,])(?:"[^"]*"|'[^']*'|`[^'`]*['`])/g, `$1${mask}`);

function maskWord(word: string, core: string): string {
  if (word.includes(mask)) return word;
  const equals = word.indexOf('=');
  if (equals > 0 && /^[A-Za-z_.-]+$/.test(word.slice(0, equals)))
    return equals === word.length - 1 ? word : `${word.slice(0, equals + 1)}${mask}`;
  const variable =
    !/^[A-Za-z][A-Za-z_'-]*(?:\([A-Za-z_:-]*\)?)?$/.test(core) || core.length > 40 || /^[0-9a-fA-F]{8,}$/.test(core);
  return variable && /[\p{L}\p{N}]/u.test(core) ? around(word, core) : word;
}

/** The word without the punctuation around it. */
const bare = (word: string): string => word.replace(/^[[({<"'`,;:]+/, '').replace(/[\])}>"'`,;:.!?]{1,8}$/, '');

/** The word with its core masked and its punctuation kept. */
function around(word: string, core: string): string {
  if (core === '') return word;
  const at = word.indexOf(core);
  return `${word.slice(0, at)}${mask}${word.slice(at + core.length)}`;
}

const mostShapes = 512;
const mostReported = 20;

/**
 * Counts how much of its input a reader understood. Of the shapes not understood the frequent ones are kept, at most
 * 512, so that an attacker's own lines cost no memory; a shape that was dropped in between counts from then on.
 */
export class CoverageCount {
  #records = 0;
  #understood = 0;
  readonly #shapes = new Map<string, number>();

  understood(): void {
    this.#records++;
    this.#understood++;
  }

  /** A record of the reader's format whose message it does not know. */
  unknown(message: string): void {
    this.#records++;
    const shape = shapeOf(message);
    if (!this.#shapes.has(shape) && this.#shapes.size >= mostShapes) this.#prune();
    this.#shapes.set(shape, (this.#shapes.get(shape) ?? 0) + 1);
  }

  coverage(): Coverage {
    const unknown = this.#byCount()
      .slice(0, mostReported)
      .map(([shape, count]) => ({ shape, count }));
    return { records: this.#records, understood: this.#understood, unknown };
  }

  #byCount(): [string, number][] {
    return [...this.#shapes].sort(([, a], [, b]) => b - a);
  }

  #prune(): void {
    for (const [shape] of this.#byCount().slice(mostShapes / 2)) this.#shapes.delete(shape);
  }
}
