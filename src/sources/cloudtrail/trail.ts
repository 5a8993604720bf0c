import type { Context, Event, Unreadable } from '../../event/index.ts';
import { readJsonFiles } from '../../io/json-files.ts';
import type { JsonRecord } from '../../io/json-record.ts';
import type { JsonOptions } from '../../io/json-splitter.ts';
import { keptBytes } from '../../io/lines.ts';
import type { InputFile } from '../../io/list.ts';
import type { CloudTrailReader } from './reader.ts';
import { byTime, type Held, type Progress, TimeMerge } from './time-merge.ts';
import type { TrailFile, TrailPlaces } from './trail-place.ts';

/** A file of a trail. */
export type TrailInput = InputFile & TrailFile;

interface TrailSettings extends JsonOptions {
  /** Of the source, for rejects. */
  readonly name: string;
  readonly reader: CloudTrailReader;
  readonly context: Context;
  /** How many bytes of the files were read. */
  readonly report: (bytes: number) => void;
  /** How many events are held at most, beside those of the file that is read. */
  readonly mostHeld?: number;
}

/** A record is delivered within 15 minutes or so. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html */
const usualLag = 20 * 60_000;
/** Who keeps a trail in files of a day each has records that are older than their file by that. */
const longestLag = 25 * 3_600_000;
const mostEvents = 30_000;
const mostCharacters = 48 * 1_048_576;

/**
 * The events of a trail's files in the order of time, of all accounts and regions together. A file's records are in no
 * order, and up to 20 minutes older than the file, or up to 25 hours where files read before had such, so that events are
 * held until no file to come can hold an earlier one; at most 30,000 of them or 48 Mi characters. What is later than that
 * comes late. Of a file of more, each part is put in order by itself.
 */
export class Trail {
  readonly #places: TrailPlaces;
  readonly #settings: TrailSettings;
  readonly #merge = new TimeMerge();
  readonly #mostHeld: number;
  #before = 0;
  #lag = usualLag;

  constructor(places: TrailPlaces, settings: TrailSettings) {
    this.#places = places;
    this.#settings = settings;
    this.#mostHeld = settings.mostHeld ?? mostEvents;
  }

  /** Of `files`, which are in order of delivery, those that are not done. */
  async *batches(files: readonly TrailInput[], signal: AbortSignal | undefined): AsyncGenerator<Iterable<Event>, void> {
    const merge = this.#merge;
    for (const file of files) {
      yield merge.take(({ time }) => time < file.time - this.#lag && !signal?.aborted);
      if (signal?.aborted) return;
      yield* this.#read(file, signal);
      if (signal?.aborted) return;
      yield merge.take(() => this.#isFull() && !signal?.aborted);
    }
    yield merge.take(() => !signal?.aborted);
  }

  #isFull(): boolean {
    return this.#merge.events > this.#mostHeld || this.#merge.characters > mostCharacters;
  }

  /** Hold the file's events. Those of a file of very many are given out before its end, part by part. */
  async *#read(file: TrailInput, signal: AbortSignal | undefined): AsyncGenerator<Iterable<Event>, void> {
    const { maxRecordBytes, lists, report } = this.#settings;
    const progress = this.#places.open(file);
    const context: Context = { ...this.#settings.context, progress: ({ bytes }) => report(this.#before + bytes) };
    let part = new Part();
    const reading = readJsonFiles([file], { maxRecordBytes, lists, context, signal });
    for await (const { path, records } of reading) {
      for (const record of records) this.#hold(part, path, record, progress);
      if (part.held.length <= this.#mostHeld && part.characters <= mostCharacters) continue;
      const full = part;
      part = new Part();
      let pending = true;
      this.#add(full, progress, () => {
        pending = false;
      });
      yield this.#merge.take(() => pending && !signal?.aborted);
      if (signal?.aborted) return;
    }
    this.#before += file.size ?? 0;
    if (signal?.aborted) return;
    const earliest = part.held.reduce((least, { event }) => Math.min(least, event.time), file.time);
    this.#lag = Math.max(this.#lag, Math.min(longestLag, file.time - earliest));
    this.#add(part, progress, () => this.#places.close(file));
  }

  #add({ held, end }: Part, progress: Progress, onDone: () => void): void {
    if (held.length > 0) this.#merge.add({ progress, events: held.sort(byTime), end, onDone });
    else {
      progress.record = Math.max(progress.record, end);
      progress.last = undefined;
      onDone();
    }
  }

  #hold(part: Part, path: string, record: JsonRecord, { record: done, last }: Progress): void {
    const { number, fault, text } = record;
    if (number <= done) return;
    part.end = number;
    const read = fault === undefined ? this.#settings.reader.read(text) : { reason: fault };
    if ('reason' in read) {
      this.#reject(path, record, read);
      return;
    }
    for (const event of read) {
      if (last !== undefined && number <= last.end && (event.time - last.time || number - last.record) <= 0) continue;
      part.held.push({ event, record: number });
      part.characters += event.raw.length;
    }
  }

  #reject(file: string, { number, text }: JsonRecord, { reason }: Unreadable): void {
    const { context, name } = this.#settings;
    context.reject({ source: name, file, line: number, reason, raw: text.slice(0, keptBytes) });
  }
}

/** Records of a file, as they are read. */
class Part {
  readonly held: Held[] = [];
  characters = 0;
  end = 0;
}
