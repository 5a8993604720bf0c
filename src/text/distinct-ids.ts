import { murmur3 } from './hashing.ts';

/** How many ids are remembered at least; at most twice as many. */
const remembered = 1024;

/** Which ids were given how often, and the same as text, to which is only ever added. */
interface Given {
  readonly counts: Map<string, number>;
  text: string;
  ids: number;
}

/**
 * Tells equal records apart, such as two refused passwords within a second: their id, which comes of time and text, gets
 * a number from the second on. So an id is the same in every replay, and whichever other records are left out. Memory is
 * bounded: equal records more than a thousand records apart share an id.
 */
export class DistinctIds {
  #older = nothing();
  #newer = nothing();

  next(id: string): string {
    const key = (murmur3(id) >>> 0).toString(36);
    const before = this.#newer.counts.get(key) ?? this.#older.counts.get(key) ?? 0;
    if (this.#newer.ids >= remembered) {
      this.#older = this.#newer;
      this.#newer = nothing();
    }
    add(this.#newer, key, before + 1);
    return before === 0 ? id : `${id}.${before}`;
  }

  /** At most 50 KB. Takes no time, so that a reader may ask for it at every line. */
  state(): string {
    return `${this.#older.text}|${this.#newer.text}`;
  }

  /** Throws RangeError for what is no state of this. */
  restore(state: string): void {
    const [older, newer, ...more] = state.split('|').map(parse);
    if (older === undefined || newer === undefined || more.length > 0) throw new RangeError('not a list of ids');
    this.#older = older;
    this.#newer = newer;
  }
}

const nothing = (): Given => ({ counts: new Map(), text: '', ids: 0 });

function add(given: Given, key: string, count: number): void {
  given.counts.set(key, count);
  given.text += count === 1 ? `${key} ` : `${key}=${count} `;
  given.ids++;
}

function parse(text: string): Given | undefined {
  const given = nothing();
  const entries = text.split(' ');
  if (entries.pop() !== '') return undefined;
  for (const entry of entries) {
    const parts = /^([a-z0-9]{1,8})(?:=([1-9]\d{0,14}))?$/.exec(entry);
    if (parts === null) return undefined;
    add(given, parts[1] as string, Number(parts[2] ?? 1));
  }
  return given;
}
