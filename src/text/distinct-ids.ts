/** How many ids are remembered at least; at most twice as many. */
const remembered = 1024;

/** Hashes of ids in the order in which they were given, and how often each was. */
interface Given {
  readonly keys: number[];
  readonly counts: Map<number, number>;
  /** The first `told` keys as text, to which is only ever added. */
  text: string;
  told: number;
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
    const key = keyOf(id);
    const before = this.#newer.counts.get(key) ?? this.#older.counts.get(key) ?? 0;
    if (this.#newer.keys.length >= remembered) {
      this.#older = this.#newer;
      this.#newer = nothing();
    }
    add(this.#newer, key, before + 1);
    return before === 0 ? id : `${id}.${before}`;
  }

  /** At most 50 KB. Takes little time, so that a reader may ask for it at every line. */
  state(): string {
    return `${tell(this.#older)}|${tell(this.#newer)}`;
  }

  /** Throws RangeError for what is no state of this. */
  restore(state: string): void {
    const [older, newer, ...more] = state.split('|').map(parse);
    if (older === undefined || newer === undefined || more.length > 0) throw new RangeError('not a list of ids');
    this.#older = older;
    this.#newer = newer;
  }
}

/** Hash FNV-1a of the text's UTF-16, mixed, in 32 bits: a collision gives an id a number that it needs not have. */
function keyOf(id: string): number {
  let key = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) key = Math.imul(key ^ id.charCodeAt(at), 0x01000193);
  key = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  return key ^ (key >>> 13);
}

const nothing = (): Given => ({ keys: [], counts: new Map(), text: '', told: 0 });

function add({ keys, counts }: Given, key: number, count: number): void {
  keys.push(key);
  counts.set(key, count);
}

function tell(given: Given): string {
  for (const { keys, counts } = given; given.told < keys.length; given.told++) {
    const key = keys[given.told] as number;
    const count = counts.get(key) as number;
    given.text += count === 1 ? `${key.toString(36)} ` : `${key.toString(36)}=${count} `;
  }
  return given.text;
}

function parse(text: string): Given | undefined {
  const given = nothing();
  const entries = text.split(' ');
  if (entries.pop() !== '') return undefined;
  for (const entry of entries) {
    const parts = /^(-?[a-z0-9]{1,7})(?:=([1-9]\d{0,14}))?$/.exec(entry);
    if (parts === null) return undefined;
    add(given, Number.parseInt(parts[1] as string, 36), Number(parts[2] ?? 1));
  }
  return given;
}
