import { hash } from 'node:crypto';
import * as v from 'valibot';
import { ScopsError } from '../../event/index.ts';
import type { Place } from '../../io/aws/object.ts';
import type { LogObject } from './listing.ts';

const nameLength = 11;
const mostNames = 1_000_000;

const day = v.pipe(v.string(), v.isoDate());
const name = v.pipe(v.string(), v.regex(/^[\w-]{11}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const saved = v.strictObject({
  version: v.literal(1),
  of: v.string(),
  from: v.optional(day),
  done: v.record(day, v.pipe(v.string(), v.regex(/^(?:[\w-]{11})*$/))),
  part: v.optional(v.strictObject({ object: name, record: count, done: count })),
});

interface Part extends Place {
  readonly object: string;
}

/** 64 bits of the hash of key and ETag: an object that is replaced is another one. */
const nameOf = ({ key, etag }: LogObject): string =>
  hash('sha256', `${key}\0${etag}`, 'buffer').toString('base64url', 0, 8);

export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const dayBefore = (day: string): string => dayOf(Date.parse(`${day}T00:00:00Z`) - 86_400_000);

/**
 * How far a bucket is read: every object that is done of the day that was reached and of the day before, because keys of
 * one day come in any order; and how far the one in progress is.
 */
export class Progress {
  readonly #of: string;
  /** By day: the names of what is done, and the same as one text. */
  readonly #done = new Map<string, { readonly names: Set<string>; text: string }>();
  #from: string | undefined;
  #part: Part | undefined;
  #encoded: string | undefined;

  /** `of` is what is read; a checkpoint of anything else is none. */
  constructor(of: string) {
    this.#of = of;
  }

  /** The day to begin at; undefined for the first there is. */
  get from(): string | undefined {
    return this.#from;
  }

  has(object: LogObject): boolean {
    return this.#done.get(object.day)?.names.has(nameOf(object)) === true;
  }

  /** Reading has reached a day: those before the day before it are over. True when objects of that one had to be let go. */
  reach(day: string): boolean {
    const before = dayBefore(day);
    const full = [...this.#done.values()].reduce((sum, { names }) => sum + names.size, 0) > mostNames;
    const from = full ? day : before;
    if (this.#from !== undefined && from <= this.#from) return false;
    this.#from = from;
    this.#encoded = undefined;
    for (const each of this.#done.keys()) if (each < from) this.#done.delete(each);
    return full;
  }

  finish(object: LogObject): void {
    const done = this.#done.get(object.day) ?? { names: new Set(), text: '' };
    this.#done.set(object.day, done);
    const name = nameOf(object);
    if (!done.names.has(name)) done.text += name;
    done.names.add(name);
    this.#part = undefined;
    this.#encoded = undefined;
  }

  /** An event of the object is done; what comes after it is at `place`. Gives a function, as it is called for every event. */
  within(object: LogObject): (place: Place) => void {
    const name = nameOf(object);
    return ({ record, done }) => {
      this.#part = { object: name, record, done };
      this.#encoded = undefined;
    };
  }

  /** Where to go on in an object. */
  placeIn(object: LogObject): Place | undefined {
    return this.#part?.object === nameOf(object) ? this.#part : undefined;
  }

  encode(): string {
    this.#encoded ??= JSON.stringify({
      version: 1,
      of: this.#of,
      ...(this.#from === undefined ? {} : { from: this.#from }),
      done: Object.fromEntries([...this.#done].map(([day, { text }]) => [day, text])),
      ...(this.#part === undefined ? {} : { part: this.#part }),
    });
    return this.#encoded;
  }

  /** Throws ScopsError INPUT_INVALID. */
  restore(checkpoint: string): void {
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), saved), checkpoint);
    if (!read.success || read.output.of !== this.#of) {
      const whose = read.success ? `is of ${read.output.of}, not of ${this.#of}` : 'is none of source "s3"';
      throw new ScopsError('INPUT_INVALID', `The checkpoint ${whose}.`);
    }
    const { from, done, part } = read.output;
    this.#from = from;
    this.#part = part;
    this.#encoded = undefined;
    this.#done.clear();
    for (const [day, text] of Object.entries(done)) {
      const names = Array.from({ length: text.length / nameLength }, (_, at) =>
        text.slice(at * nameLength, (at + 1) * nameLength),
      );
      this.#done.set(day, { names: new Set(names), text });
    }
  }
}
