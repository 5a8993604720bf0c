import { basename } from 'node:path';
import * as v from 'valibot';
import {
  type Context,
  type Coverage,
  type Covering,
  type Event,
  type Resumable,
  ScopsError,
  type Source,
} from '../../event/index.ts';
import { JsonEvents, jsonFiles, jsonPlace } from '../../io/json-source.ts';
import type { InputFile } from '../../io/list.ts';
import { flat } from '../../io/streams.ts';
import { deliveryTime } from '../../text/aws/cloudtrail/file-name.ts';
import type { Tallying } from '../../text/aws/tally.ts';
import { CloudTrailReader } from './reader.ts';
import { Trail, type TrailInput } from './trail.ts';
import { TrailPlaces, trailId, trailPlace } from './trail-place.ts';

interface Options {
  readonly paths: readonly string[];
  readonly maxRecordBytes: number;
}

const name = 'cloudtrail';
const lists: ReadonlySet<string> = new Set(['Records', 'Events']);
const takes = (file: string): boolean => /\.(?:json|jsonl|ndjson)(?:\.gz)?$/.test(file);

/** `files` are those whose names tell no time. */
const checkpoint = v.strictObject({ version: v.literal(1), files: v.optional(jsonPlace), trail: trailPlace });

/** Events of files named otherwise, as they stand; then those of a trail's files, in the order of time. */
export class CloudTrailSource implements Source, Resumable, Covering, Tallying {
  readonly name = name;
  readonly #options: Options;
  readonly #context: Context;
  readonly #reader = new CloudTrailReader();
  readonly #files: JsonEvents;
  readonly #places = new TrailPlaces();
  #total: number | undefined;

  constructor(options: Options, context: Context) {
    this.#options = options;
    this.#context = context;
    const report = ({ bytes }: { readonly bytes: number }): void => this.#report(bytes);
    this.#files = new JsonEvents({ ...this.#settings(), context: { ...context, progress: report } });
  }

  checkpoint(): string {
    const { place } = this.#files;
    const files = place === undefined ? '' : `"files":${JSON.stringify(place)},`;
    return `{"version":1,${files}"trail":${this.#places.write()}}`;
  }

  resume(from: string): void {
    if (from === '') return;
    try {
      const { files, trail } = v.parse(checkpoint, JSON.parse(from));
      this.#files.place = files;
      this.#places.restore(trail);
    } catch (cause) {
      const message = `Not a checkpoint of source "${name}": ${from.slice(0, 200)}`;
      throw new ScopsError('INPUT_INVALID', message, { cause });
    }
  }

  events(signal?: AbortSignal): AsyncIterable<Event> {
    return flat(this.#batches(signal));
  }

  async *#batches(signal: AbortSignal | undefined): AsyncGenerator<Iterable<Event>, void> {
    const { files, trail, before, total } = await this.#list();
    this.#total = total;
    yield* this.#files.batches(files, signal);
    if (signal?.aborted) return;
    const merged = new Trail(this.#places, { ...this.#settings(), report: (bytes) => this.#report(before + bytes) });
    yield* merged.batches(this.#places.begin(trail), signal);
  }

  #settings() {
    const { maxRecordBytes } = this.#options;
    return { name, maxRecordBytes, lists, reader: this.#reader, context: this.#context };
  }

  #report(bytes: number): void {
    this.#context.progress(this.#total === undefined ? { bytes } : { bytes, total: this.#total });
  }

  /** The input's files, those of trails in order of delivery, and the bytes of the others and of all. */
  async #list() {
    const all = await jsonFiles({ options: this.#options, context: this.#context, takes });
    const files: InputFile[] = [];
    const trail: TrailInput[] = [];
    for (const file of all) {
      const time = file.inode === '' ? undefined : deliveryTime(basename(file.path));
      if (time === undefined) files.push(file);
      else trail.push({ ...file, time, id: trailId(file.path) });
    }
    trail.sort((a, b) => a.time - b.time);
    const sum = (list: readonly InputFile[]): number =>
      list.reduce((bytes, { size }) => bytes + (size ?? Number.NaN), 0);
    const total = sum(all);
    return { files, trail, before: sum(files), total: Number.isNaN(total) ? undefined : total };
  }

  coverage(): Coverage {
    return this.#reader.coverage();
  }

  tally(): ReturnType<Tallying['tally']> {
    return this.#reader.tally();
  }
}
