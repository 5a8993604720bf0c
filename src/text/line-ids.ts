import { murmur3 } from './hashing.ts';

/** How many lines are remembered at least; at most twice as many. */
const remembered = 1024;

/** Names with how often each was given, and the same as text, to which is only ever added. */
interface Given {
  readonly counts: Map<string, number>;
  text: string;
  lines: number;
}

/**
 * Names lines by their time and text, so that a line has the same name in every replay, whatever file it was moved to
 * and whichever lines are left out around it. Equal lines of one time, such as two failed passwords within a second, are
 * numbered. Memory is bounded: equal lines more than a thousand lines apart share a name.
 */
export class LineIds {
  readonly #prefix: string;
  #older = nothing();
  #newer = nothing();

  /** `prefix` is the source's name. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** `time` in epoch milliseconds. */
  next(time: number, line: string): string {
    const name = `${time.toString(36)}.${(murmur3(line) >>> 0).toString(36)}`;
    const before = this.#newer.counts.get(name) ?? this.#older.counts.get(name) ?? 0;
    if (this.#newer.lines >= remembered) {
      this.#older = this.#newer;
      this.#newer = nothing();
    }
    add(this.#newer, name, before + 1);
    return before === 0 ? `${this.#prefix}/${name}` : `${this.#prefix}/${name}.${before}`;
  }

  /** At most 60 KB; takes no time, so that a reader may ask for it at every line. */
  state(): string {
    return `${this.#older.text}|${this.#newer.text}`;
  }

  /** Throws RangeError for what is no state of this. */
  restore(state: string): void {
    const [older, newer, ...more] = state.split('|').map(parse);
    if (older === undefined || newer === undefined || more.length > 0) throw new RangeError('not a list of names');
    this.#older = older;
    this.#newer = newer;
  }
}

const nothing = (): Given => ({ counts: new Map(), text: '', lines: 0 });

function add(given: Given, name: string, count: number): void {
  given.counts.set(name, count);
  given.text += count === 1 ? `${name} ` : `${name}=${count} `;
  given.lines++;
}

function parse(text: string): Given | undefined {
  const given = nothing();
  const entries = text.split(' ');
  if (entries.pop() !== '') return undefined;
  for (const entry of entries) {
    const parts = /^(-?[a-z0-9]+\.[a-z0-9]+)(?:=([1-9]\d{0,14}))?$/.exec(entry);
    if (parts === null) return undefined;
    add(given, parts[1] as string, Number(parts[2] ?? 1));
  }
  return given;
}
