import type { Buckets, ListedObject } from '../../io/aws/bucket.ts';
import { deliveryTime } from '../../text/aws/cloudtrail/file-name.ts';
import { isRegion, type ObjectKind, objectKey } from '../../text/aws/object-key.ts';
import { Tally } from '../../text/aws/tally.ts';

/** An object of a trail or of GuardDuty's export. */
export interface LogObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number | undefined;
  /** UTC, as YYYY-MM-DD. */
  readonly day: string;
  /** When it was delivered, in epoch milliseconds: CloudTrail names its files by that, GuardDuty at random. */
  readonly time: number;
}

export interface ListingSettings {
  readonly bucket: string;
  readonly prefix: string;
  /** Only these; all when there are none. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

const services: ReadonlyMap<string, ObjectKind> = new Map([
  ['CloudTrail', 'cloudtrail'],
  ['CloudTrail-Insight', 'insight'],
  ['GuardDuty', 'guardduty'],
]);
const kinds: ReadonlySet<ObjectKind> = new Set(services.values());

/** Pages of all folders together hold about so many objects; a day is put in order in runs of at most so many. */
const mostPaged = 50_000;
const mostInOrder = 200_000;
const parallel = 16;
/** Accounts and regions are new once in a blue moon. In milliseconds. */
const staleAfter = 600_000;

/** What a log bucket holds below a prefix, day by day. */
export class LogListing {
  readonly #buckets: Buckets;
  readonly #settings: ListingSettings;
  readonly #now: () => number;
  #passed = new Tally();
  #found: { readonly at: number; readonly folders: readonly string[] } | undefined;

  constructor(buckets: Buckets, settings: ListingSettings, now: () => number) {
    this.#buckets = buckets;
    this.#settings = settings;
    this.#now = now;
  }

  /** Objects in those folders that are no logs of ours, by what they are, as they were last met. */
  get passed(): Tally {
    return this.#passed;
  }

  /**
   * The objects from a day to a day, both included, in the order of days and therein of delivery, then key. The order
   * within a day of more than 200,000 objects is kept within so many.
   */
  async *days(from?: string, until?: string, signal?: AbortSignal): AsyncGenerator<readonly LogObject[], void> {
    this.#passed = new Tally();
    const folders = await this.#folders(signal);
    const size = Math.max(50, Math.min(1000, Math.ceil(mostPaged / Math.max(1, folders.length))));
    const cursors = folders.map((folder) => new Cursor(this.#objects(folder, size, from, until, signal)));
    for (;;) {
      await atOnce(cursors, (cursor) => cursor.fill());
      const day = cursors.reduce<string | undefined>(
        (least, { head }) => (head !== undefined && (least === undefined || head.day < least) ? head.day : least),
        undefined,
      );
      if (day === undefined) return;
      let objects: LogObject[] = [];
      for (const cursor of cursors) {
        for (; cursor.head?.day === day; await cursor.next()) {
          objects.push(cursor.head);
          if (objects.length < mostInOrder) continue;
          yield objects.sort(inOrder);
          objects = [];
        }
      }
      if (objects.length > 0) yield objects.sort(inOrder);
    }
  }

  /** Those that have a folder a day, looked for again once in a while. */
  async #folders(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const now = this.#now();
    if (this.#found === undefined || now - this.#found.at >= staleAfter) {
      this.#found = { at: now, folders: await this.#below(rootOf(this.#settings.prefix), signal) };
    }
    return this.#found.folders;
  }

  /** Walks down from where AWS begins to write. */
  async #below(folder: string, signal: AbortSignal | undefined): Promise<string[]> {
    const { kind, stream, account = '', region = '' } = objectKey(`${folder}-.json`);
    if (stream !== undefined) {
      return kinds.has(kind) && this.#wants('accounts', account) && this.#wants('regions', region) ? [folder] : [];
    }
    const inner: string[] = [];
    for await (const each of this.#buckets.folders(this.#settings.bucket, folder, signal))
      if (this.#descends(each.slice(folder.length, -1))) inner.push(each);
    const found = await atOnce(inner, (each) => this.#below(each, signal));
    return found.flat();
  }

  #descends(name: string): boolean {
    if (/^\d{12}$/.test(name)) return this.#wants('accounts', name);
    if (isRegion(name)) return this.#wants('regions', name);
    return name.startsWith('o-') || services.has(name);
  }

  #wants(list: 'accounts' | 'regions', name: string): boolean {
    const wanted = this.#settings[list];
    return wanted.length === 0 || wanted.includes(name);
  }

  async *#objects(
    folder: string,
    size: number,
    from: string | undefined,
    until: string | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LogObject, void> {
    const { stream = folder } = objectKey(`${folder}-.json`);
    const after = from === undefined ? undefined : `${stream}${from.replaceAll('-', '/')}`;
    const pages = this.#buckets.list(this.#settings.bucket, folder, { size, after, signal });
    for await (const page of pages) {
      for (const object of page) {
        const found = this.#logObject(object);
        if (found === undefined || (from !== undefined && found.day < from)) continue;
        if (until !== undefined && found.day > until) return;
        yield found;
      }
    }
  }

  #logObject({ key, etag, size, modified }: ListedObject): LogObject | undefined {
    const { kind, day } = objectKey(key);
    if (day !== undefined && kinds.has(kind)) {
      return { key, etag, size, day, time: deliveryTime(key.slice(key.lastIndexOf('/') + 1)) ?? within(day, modified) };
    }
    if (!key.endsWith('/')) this.#passed.add(kinds.has(kind) ? 'other' : kind);
    return undefined;
  }
}

/** Where AWS begins to write: `AWSLogs/` below the prefix, unless that says more already. */
function rootOf(prefix: string): string {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return folder.split('/').includes('AWSLogs') ? folder : `${folder}AWSLogs/`;
}

/** The time, or that of the day's end or beginning: a bucket that was copied is younger than what it holds. */
function within(day: string, time: number): number {
  const begin = Date.parse(`${day}T00:00:00Z`);
  return Math.max(begin, Math.min(time, begin + 86_399_999));
}

const inOrder = (a: LogObject, b: LogObject): number => a.time - b.time || (a.key < b.key ? -1 : 1);

/** The work of all items, for a few at a time. */
async function atOnce<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += parallel)
    results.push(...(await Promise.all(items.slice(at, at + parallel).map(work))));
  return results;
}

/** The objects of one folder, with the next in sight. */
class Cursor {
  readonly #objects: AsyncGenerator<LogObject, void>;
  #filled = false;
  head: LogObject | undefined;

  constructor(objects: AsyncGenerator<LogObject, void>) {
    this.#objects = objects;
  }

  async fill(): Promise<void> {
    if (!this.#filled) await this.next();
  }

  async next(): Promise<void> {
    this.#filled = true;
    const { value } = await this.#objects.next();
    this.head = value ?? undefined;
  }
}
