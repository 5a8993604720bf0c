import * as v from 'valibot';
import { ScopsError } from '../../event/index.ts';
import type { Place } from '../../io/aws/object.ts';

const nameLength = 11;
const mostNames = 4096;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const saved = v.strictObject({
  version: v.literal(1),
  queue: v.string(),
  /** The last message that is done, by its number in this run. */
  message: count,
  /** The last units that are done. */
  done: v.pipe(v.string(), v.regex(/^(?:[\w-]{11})*$/)),
  part: v.optional(v.strictObject({ unit: v.pipe(v.string(), v.regex(/^[\w-]{11}$/)), record: count, done: count })),
});

/**
 * How far a queue is read. The queue keeps what is not done; kept here is what tells a unit that comes again after a crash:
 * the names of the last 4,096 that are done, and how far the one in progress is.
 */
export class QueuePlace {
  readonly #queue: string;
  readonly #done = new Set<string>();
  #part: ({ readonly unit: string } & Place) | undefined;
  #message = 0;
  #encoded: string | undefined;

  constructor(queue: string) {
    this.#queue = queue;
  }

  has(unit: string): boolean {
    return this.#done.has(unit);
  }

  finishUnit(unit: string): void {
    this.#done.delete(unit);
    this.#done.add(unit);
    for (const oldest of this.#done) {
      if (this.#done.size <= mostNames) break;
      this.#done.delete(oldest);
    }
    this.#part = undefined;
    this.#encoded = undefined;
  }

  /** An event of the unit is done; what comes after it is at `place`. */
  within(unit: string, { record, done }: Place): void {
    this.#part = { unit, record, done };
    this.#encoded = undefined;
  }

  /** Where to go on in a unit. */
  placeIn(unit: string): Place | undefined {
    return this.#part?.unit === unit ? this.#part : undefined;
  }

  /** A message is done, or left: those before it are too. */
  passMessage(number: number): void {
    this.#message = number;
    this.#encoded = undefined;
  }

  encode(): string {
    this.#encoded ??= JSON.stringify({
      version: 1,
      queue: this.#queue,
      message: this.#message,
      done: [...this.#done].join(''),
      ...(this.#part === undefined ? {} : { part: this.#part }),
    });
    return this.#encoded;
  }

  /** The message that a checkpoint of this run reaches to. Throws ScopsError INPUT_INVALID. */
  messageOf(checkpoint: string): number {
    return this.#decode(checkpoint).message;
  }

  /** Throws ScopsError INPUT_INVALID. */
  restore(checkpoint: string): void {
    const { done, part } = this.#decode(checkpoint);
    this.#done.clear();
    for (let at = 0; at < done.length; at += nameLength) this.#done.add(done.slice(at, at + nameLength));
    this.#part = part;
    this.#encoded = undefined;
  }

  #decode(checkpoint: string): v.InferOutput<typeof saved> {
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), saved), checkpoint);
    if (read.success && read.output.queue === this.#queue) return read.output;
    const whose = read.success ? `is of "${read.output.queue}", not of "${this.#queue}"` : 'is none of source "sqs"';
    throw new ScopsError('INPUT_INVALID', `The checkpoint ${whose}.`);
  }
}
