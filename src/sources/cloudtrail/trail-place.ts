import * as v from 'valibot';
import { fingerprint } from '../../text/login/identity.ts';
import type { Progress } from './time-merge.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What of a trail is done: files before `since`, those of `done`, and parts of those of `open`. */
export const trailPlace = v.strictObject({
  since: v.pipe(v.number(), v.finite()),
  done: v.array(v.string()),
  open: v.array(
    v.strictObject({
      id: v.string(),
      record: count,
      last: v.optional(v.strictObject({ time: v.pipe(v.number(), v.finite()), record: count, end: count })),
    }),
  ),
});
type TrailPlace = v.InferOutput<typeof trailPlace>;

/** A file of a trail under the id that it has in places. */
export interface TrailFile {
  readonly id: string;
  /** When it was delivered. */
  readonly time: number;
}

/** How much later than others of its time a file may turn up, and be read by those who resume. */
const patience = 3_600_000;
const mostDone = 4096;
/** Names tell no seconds. */
const minute = 60_000;

/**
 * Which files of a trail are done, and up to where the others are. A trail grows in many folders at once, so that new
 * files come between old ones: the names of the done ones of the last hour are remembered, at most 4,096 of them.
 */
export class TrailPlaces {
  #since = 0;
  readonly #done = new Map<string, number>();
  readonly #open = new Map<string, { readonly time: number; readonly progress: Progress }>();
  /** Where reading was when it stopped. */
  readonly #before = new Map<string, Progress>();
  #written: string | undefined;

  restore({ since, done, open }: TrailPlace): void {
    this.#since = since;
    for (const id of done) this.#done.set(id, Number.POSITIVE_INFINITY);
    for (const { id, record, last } of open) this.#before.set(id, { record, last });
  }

  /** JSON. Cheap enough for every event. */
  write(): string {
    this.#written ??= `"since":${this.#since},"done":${JSON.stringify([...this.#done.keys()])}`;
    const open: object[] = [];
    for (const [id, progress] of this.#before) open.push({ id, ...progress });
    for (const [id, { progress }] of this.#open)
      if (progress.record > 0 || progress.last !== undefined) open.push({ id, ...progress });
    return `{${this.#written},"open":${JSON.stringify(open)}}`;
  }

  /** The files that are still to be read, of all that there are. What is not among them is forgotten. */
  begin<File extends TrailFile>(files: readonly File[]): File[] {
    const times = new Map(files.map(({ id, time }) => [id, time]));
    for (const id of this.#done.keys()) {
      const time = times.get(id);
      if (time === undefined) this.#done.delete(id);
      else this.#done.set(id, time);
    }
    for (const id of this.#before.keys()) if (!times.has(id)) this.#before.delete(id);
    this.#written = undefined;
    return files.filter(({ id, time }) => time >= this.#since && !this.#done.has(id));
  }

  /** Where to go on in the file. */
  open({ id, time }: TrailFile): Progress {
    const progress = this.#before.get(id) ?? { record: 0, last: undefined };
    this.#before.delete(id);
    this.#open.set(id, { time, progress });
    return progress;
  }

  close({ id, time }: TrailFile): void {
    this.#open.delete(id);
    this.#done.set(id, time);
    this.#written = undefined;
    let horizon = time;
    for (const each of this.#open.values()) horizon = Math.min(horizon, each.time);
    if (horizon - patience > this.#since) this.#forget(horizon - patience);
    for (const [, first] of this.#done) {
      if (this.#done.size <= mostDone || this.#since >= horizon) return;
      this.#forget(Math.min(horizon, first + minute));
    }
  }

  /** All files before are done. */
  #forget(since: number): void {
    this.#since = since;
    for (const [id, time] of this.#done) if (time < since) this.#done.delete(id);
  }
}

/** A file is known under its path from AWSLogs on, wherever that is; decompressed or not. */
export const trailId = (path: string): string =>
  fingerprint(path.slice(Math.max(0, path.lastIndexOf('AWSLogs'))).replace(/\.gz$/, ''));
