import { ScopsError } from '../../event/index.ts';
import type { NumberArray } from '../../io/model-file.ts';
import type { Sighting } from './sighting.ts';

/** A distinct text and what is known of it. */
export interface Known {
  readonly text: string;
  readonly example: string;
  count: number;
  first: number;
  last: number;
}

/** How often a text was seen on a host in certain circumstances. Numbers refer to `texts` and `names`. */
export interface Fact {
  readonly text: number;
  readonly host: number;
  readonly circumstances: readonly [number, number];
  readonly count: number;
}

/**
 * Everything that was learnt of one kind of event, in the order in which it first came: adding the sightings of one
 * ledger and then another's gives the same ledger as adding all of them to one.
 */
export class Ledger {
  readonly texts: Known[] = [];
  readonly names: string[] = [];
  /** The text of every sighting in order, where that order matters. */
  readonly sequence: number[] = [];
  readonly #ordered: boolean;
  readonly #textIds = new Map<string, number>();
  readonly #nameIds = new Map<string, number>();
  readonly #facts = new Map<string, number>();
  #total = 0;

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  get total(): number {
    return this.#total;
  }

  add({ text, example, host, circumstances, time }: Sighting): void {
    const id = this.#know({ text, example, count: 1, first: time, last: time });
    const [one, other] = circumstances;
    this.#note(id, this.#name(host), this.#name(one), this.#name(other), 1);
    if (this.#ordered) this.sequence.push(id);
  }

  copy(): Ledger {
    const copy = new Ledger(this.#ordered);
    copy.addAll(this);
    return copy;
  }

  addAll(other: Ledger): void {
    const ids = other.texts.map((known) => this.#know(known));
    const names = other.names.map((name) => this.#name(name));
    for (const { text, host, circumstances, count } of other.facts()) {
      const [a, b] = circumstances;
      this.#note(ids[text] as number, names[host] as number, names[a] as number, names[b] as number, count);
    }
    for (const text of other.sequence) this.sequence.push(ids[text] as number);
  }

  *facts(): Generator<Fact> {
    for (const [key, count] of this.#facts) {
      const [text, host, a, b] = key.split(' ').map(Number) as [number, number, number, number];
      yield { text, host, circumstances: [a, b], count };
    }
  }

  /** The number of a text, or undefined when it was never seen. */
  find(text: string): number | undefined {
    return this.#textIds.get(text);
  }

  /** The number of a name, or undefined when it was never seen. */
  nameId(name: string): number | undefined {
    return this.#nameIds.get(name);
  }

  #know(known: Known): number {
    const { text, count, first, last } = known;
    const id = this.#textIds.get(text);
    if (id === undefined) {
      this.#textIds.set(text, this.texts.length);
      return this.texts.push({ ...known }) - 1;
    }
    const mine = this.texts[id] as Known;
    mine.count += count;
    mine.first = Math.min(mine.first, first);
    mine.last = Math.max(mine.last, last);
    return id;
  }

  #name(name: string): number {
    const id = this.#nameIds.get(name);
    if (id !== undefined) return id;
    this.#nameIds.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  #note(text: number, host: number, a: number, b: number, count: number): void {
    const key = `${text} ${host} ${a} ${b}`;
    this.#facts.set(key, (this.#facts.get(key) ?? 0) + count);
    this.#total += count;
  }

  /** Plain data for a model file, its arrays named with `prefix`. */
  save(prefix: string): Record<string, NumberArray> {
    const facts = [...this.facts()].flatMap(({ text, host, circumstances, count }) => [
      text,
      host,
      ...circumstances,
      count,
    ]);
    return {
      [`${prefix}texts`]: pack(this.texts.map(({ text, example }) => (example === text ? [text] : [text, example]))),
      [`${prefix}names`]: pack(this.names),
      [`${prefix}times`]: Float64Array.from(this.texts.flatMap(({ first, last }) => [first, last])),
      [`${prefix}facts`]: Uint32Array.from(facts),
      [`${prefix}sequence`]: Uint32Array.from(this.sequence),
    };
  }

  /** Throws ScopsError MODEL_FORMAT when the data does not fit together. */
  static load(prefix: string, arrays: Readonly<Record<string, NumberArray>>, ordered: boolean): Ledger {
    const ledger = new Ledger(ordered);
    const texts = unpack(arrays[`${prefix}texts`]);
    const names = unpack(arrays[`${prefix}names`]);
    const times = arrays[`${prefix}times`];
    const facts = arrays[`${prefix}facts`];
    const sequence = arrays[`${prefix}sequence`];
    if (!(times instanceof Float64Array && facts instanceof Uint32Array && sequence instanceof Uint32Array))
      throw foreign();
    if (times.length !== 2 * texts.length || facts.length % 5 !== 0) throw foreign();
    for (const [i, entry] of texts.entries()) {
      if (!Array.isArray(entry) || !entry.every((part) => typeof part === 'string') || entry.length === 0)
        throw foreign();
      const [text, example = text] = entry as [string, string?];
      if (ledger.#textIds.has(text)) throw foreign();
      ledger.#know({ text, example, count: 0, first: times[2 * i] as number, last: times[2 * i + 1] as number });
    }
    for (const name of names) {
      if (typeof name !== 'string') throw foreign();
      ledger.#name(name);
    }
    for (let i = 0; i < facts.length; i += 5) {
      const [text, host, a, b, count] = facts.subarray(i, i + 5) as unknown as [number, number, number, number, number];
      const known = ledger.texts[text];
      if (known === undefined || count === 0 || Math.max(host, a, b) >= ledger.names.length) throw foreign();
      known.count += count;
      ledger.#note(text, host, a, b, count);
    }
    if (ordered && sequence.length !== ledger.total) throw foreign();
    for (const text of sequence) {
      if (text >= ledger.texts.length) throw foreign();
      ledger.sequence.push(text);
    }
    return ledger;
  }
}

const foreign = (cause?: unknown): ScopsError =>
  new ScopsError('MODEL_FORMAT', 'This model file holds data that the detector "lof" did not write.', { cause });

const pack = (values: readonly unknown[]): Uint8Array => new TextEncoder().encode(JSON.stringify(values));

function unpack(bytes: NumberArray | undefined): unknown[] {
  try {
    const values: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (Array.isArray(values)) return values;
  } catch (cause) {
    throw foreign(cause);
  }
  throw foreign();
}
