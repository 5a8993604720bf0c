import { basename } from 'node:path';
import * as v from 'valibot';
import { type Context, type Event, type Fields, text } from '../event/index.ts';
import { parseIp } from '../text/ip.ts';
import { databasePaths } from './database-paths.ts';
import { FreshFile } from './fresh-file.ts';
import { Recent } from './recent.ts';

/** Records of networks, such as a database of places. */
export interface NetworkData {
  /** What it is, in its own words. */
  readonly type: string;
  /** When the data was made, in epoch milliseconds. */
  readonly built: number;
  /** Absent when that is only the time of the file. */
  readonly dated?: true;
  /** The record of the network that a canonical address is in. Throws where the data is damaged. */
  get(ip: string): unknown;
}

/** Options of a component that reads such data. */
export const networkOptions = (files: string) => ({
  database: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((paths) => (typeof paths === 'string' ? [paths] : paths)),
    v.minLength(1, 'Name at least one'),
    v.description(files),
  ),
  maxAgeDays: v.optional(
    v.pipe(v.number(), v.minValue(1), v.description('Warn when the data is older than so many days.')),
    30,
  ),
  cacheSize: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('How many addresses to remember the answers for.')),
    20_000,
  ),
});

export interface NetworkSettings {
  readonly user: string;
  readonly options: { readonly database: readonly string[]; readonly maxAgeDays: number; readonly cacheSize: number };
  /** Extensions of the files to look for where a folder or a package is named, the preferred first. */
  readonly formats: readonly string[];
  readonly parse: (bytes: Buffer, path: string, modified: number) => NetworkData;
  /** What a record says. */
  readonly facts: (record: unknown) => Fields;
  readonly context: Context;
}

interface Known {
  readonly file: FreshFile<NetworkData>;
  data: NetworkData;
  /** 0, or how often it has been called old. */
  told: number;
  damaged: boolean;
}

const day = 86_400_000;
const manySilent = 20;
const nothing: Fields = Object.freeze({});

/**
 * What files say about the address of an event: of several files the first that knows it. Answers are remembered. Files
 * that are replaced are read anew; those that are old, or damaged somewhere, are said to be so once.
 */
export class NetworkFiles {
  readonly #settings: NetworkSettings;
  readonly #known: readonly Known[];
  readonly #answers: Recent<string, Fields>;
  /** How many records said nothing that is asked for; NaN once one did. */
  #silent = 0;

  /** Throws ScopsError SOURCE_UNREADABLE or INPUT_INVALID for a file that cannot be used. */
  constructor(settings: NetworkSettings) {
    const { options, user, formats, parse, context } = settings;
    this.#settings = settings;
    this.#answers = new Recent(options.cacheSize);
    this.#known = options.database
      .flatMap((name) => databasePaths(name, formats))
      .map((path) => {
        const read = (bytes: Buffer, modified: number): NetworkData => parse(bytes, path, modified);
        const file = new FreshFile({ user, path, parse: read }, context);
        return { file, data: file.current(), told: 0, damaged: false };
      });
    for (const known of this.#known) this.#checkAge(known);
  }

  /** Never throws. The same object for the same address, so not to be changed. */
  facts(event: Event): Fields {
    this.#refresh();
    const given = text(event, 'source.ip');
    if (given === undefined) return nothing;
    const answer = this.#answers.get(given);
    if (answer !== undefined) return answer;
    const ip = parseIp(given);
    const facts = ip === undefined ? nothing : this.#look(ip);
    this.#answers.set(given, facts);
    return facts;
  }

  /** Type, date and age of each file. */
  info(): Readonly<Record<string, string | number>> {
    const now = this.#settings.context.now();
    return Object.fromEntries(
      this.#known.map(({ file, data }) => {
        const built = new Date(data.built).toISOString().slice(0, 10);
        const since = data.dated ? 'made on' : 'in a file of';
        return [basename(file.path), `${data.type}, ${since} ${built}, ${days(Math.max(0, ageOf(data, now)))} old`];
      }),
    );
  }

  #refresh(): void {
    for (const known of this.#known) {
      const data = known.file.current();
      if (data !== known.data) {
        Object.assign(known, { data, told: 0, damaged: false });
        this.#answers.clear();
      }
      this.#checkAge(known);
    }
  }

  #look(ip: string): Fields {
    for (const known of this.#known) {
      try {
        const record = known.data.get(ip);
        if (record === undefined) continue;
        const facts = this.#settings.facts(record);
        if (Object.keys(facts).length > 0) {
          this.#silent = Number.NaN;
          return facts;
        }
        if (++this.#silent === manySilent) {
          const what = `knows ${manySilent} addresses and says nothing about them that enricher "${this.#settings.user}" looks for: it seems to be of another kind`;
          this.#warn(known, what);
        }
      } catch (error) {
        if (!known.damaged)
          this.#warn(known, `is damaged: the record of ${ip} cannot be read (${(error as Error).message})`);
        known.damaged = true;
      }
    }
    return nothing;
  }

  #checkAge(known: Known): void {
    const { maxAgeDays } = this.#settings.options;
    const age = ageOf(known.data, this.#settings.context.now());
    const due = age > 3 * maxAgeDays ? 2 : age > maxAgeDays ? 1 : 0;
    if (due <= known.told) return;
    known.told = due;
    const so =
      due === 2 ? 'much of it is wrong by now. Replace it before trusting what it says' : 'addresses move; update it';
    this.#warn(known, `is ${days(age)} old: ${so}`);
  }

  #warn({ file, data }: Known, what: string): void {
    this.#settings.context.log.warn(`${this.#settings.user}: "${file.path}" (${data.type}) ${what}.`);
  }
}

const ageOf = ({ built }: NetworkData, now: number): number => Math.floor((now - built) / day);
const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);
