/** How many ids are remembered at least; at most twice as many. */
const remembered = 1024;

/**
 * Tells equal records apart, such as two refused passwords within a second: their id, which comes of time and text, gets
 * a number from the second on. So an id is the same in every replay, and whichever other records are left out. Memory is
 * bounded: equal records more than a thousand records apart share an id.
 */
export class DistinctIds {
  #older = new Given();
  #newer = new Given();

  /** `part` is as much of the id as tells records apart. */
  next(id: string, part = id): string {
    const key = keyOf(part);
    let newer = this.#newer;
    let place = newer.placeOf(key);
    const before = newer.countAt(place) || this.#older.countAt(this.#older.placeOf(key));
    if (newer.size === remembered) {
      this.#newer = this.#older;
      this.#older = newer;
      newer = this.#newer;
      newer.clear();
      place = newer.placeOf(key);
    }
    newer.put(place, key, before + 1);
    return before === 0 ? id : `${id}.${before}`;
  }

  /** At most 50 KB. Takes little time, so that a reader may ask for it at every line. */
  state(): string {
    return `${this.#older.tell()}|${this.#newer.tell()}`;
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

/** Four times as many as ids, so that a place is found at once; a power of two. */
const places = remembered * 4;

/** Hashes of ids in the order in which they were given, and how often each was: an open hash table of fixed size. */
class Given {
  size = 0;
  readonly #keys = new Int32Array(remembered);
  readonly #counts = new Float64Array(remembered);
  /** One more than the index of the key whose place it is; 0 for a free one. */
  readonly #table = new Int16Array(places);
  /** The first `#told` keys as text, to which is only ever added. */
  #text = '';
  #told = 0;

  /** Of the key whose place it is; 0 for a free one. */
  countAt(place: number): number {
    const index = this.#table[place] as number;
    return index === 0 ? 0 : (this.#counts[index - 1] as number);
  }

  clear(): void {
    this.size = 0;
    this.#table.fill(0);
    this.#text = '';
    this.#told = 0;
  }

  put(place: number, key: number, count: number): void {
    this.#keys[this.size] = key;
    this.#counts[this.size] = count;
    this.#table[place] = ++this.size;
  }

  tell(): string {
    for (; this.#told < this.size; this.#told++) {
      const key = (this.#keys[this.#told] as number).toString(36);
      const count = this.#counts[this.#told] as number;
      this.#text += count === 1 ? `${key} ` : `${key}=${count} `;
    }
    return this.#text;
  }

  /** Its place in the table, or the free one where it belongs. */
  placeOf(key: number): number {
    for (let place = key & (places - 1); ; place = (place + 1) & (places - 1)) {
      const index = this.#table[place] as number;
      if (index === 0 || this.#keys[index - 1] === key) return place;
    }
  }
}

function parse(text: string): Given | undefined {
  const given = new Given();
  const entries = text.split(' ', remembered + 2);
  if (entries.pop() !== '' || entries.length > remembered) return undefined;
  for (const entry of entries) {
    const parts = /^(-?[a-z0-9]{1,7})(?:=([1-9]\d{0,14}))?$/.exec(entry);
    if (parts === null) return undefined;
    const key = Number.parseInt(parts[1] as string, 36) | 0;
    given.put(given.placeOf(key), key, Number(parts[2] ?? 1));
  }
  return given;
}
