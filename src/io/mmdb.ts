import { Reader } from 'mmdb-lib';
import { ScopsError } from '../event/index.ts';
import { measure } from './mmdb-bounds.ts';
import { Recent } from './recent.ts';

const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
/** Of the metadata, by the format's definition. */
const mostMetadata = 131_072;
const mostShared = 16_384;

/**
 * A database of networks in MaxMind's format, of any vendor, held in memory. Each record is measured before the library
 * reads it, so a damaged or hostile file costs an error, not the process. https://maxmind.github.io/MaxMind-DB/
 */
export class Mmdb {
  /** Such as 'GeoLite2-City'. */
  readonly type: string;
  /** When the data was made, in epoch milliseconds. */
  readonly built: number;
  readonly dated = true;
  readonly #file: Buffer;
  readonly #reader: Reader<Record<string, never>>;
  readonly #ipVersion: number;
  readonly #data: number;
  /** What pointers point at, as the library wants it kept: records of one city are read once. */
  readonly #shared = new Recent<number, object>(mostShared);
  #fresh = false;

  /** Throws ScopsError INPUT_INVALID when the bytes are no such database. */
  constructor(file: Buffer, path: string) {
    this.#file = file;
    try {
      measureMetadata(file);
      this.#reader = new Reader(file, { cache: { get: (at) => this.#find(at as number), set: this.#keep } });
    } catch (cause) {
      throw notDatabase(
        path,
        'code' in (cause as Error) ? 'it points outside of itself' : (cause as Error).message,
        cause,
      );
    }
    const { databaseType, buildEpoch, ipVersion, nodeCount, searchTreeSize } = this.#reader.metadata;
    if (
      typeof databaseType !== 'string' ||
      Number.isNaN(buildEpoch.getTime()) ||
      (ipVersion !== 4 && ipVersion !== 6)
    ) {
      throw notDatabase(path, 'it does not say what it is');
    }
    if (!Number.isInteger(nodeCount) || searchTreeSize + 16 > file.length) throw notDatabase(path, 'it is cut short');
    this.type = databaseType.slice(0, 100);
    this.built = buildEpoch.getTime();
    this.#ipVersion = ipVersion;
    this.#data = searchTreeSize + 16;
  }

  /**
   * The record of the network that a canonical address is in, undefined when there is none. Not to be changed: it may
   * be shared. Throws RangeError, TypeError or Error when what should be there is damaged.
   */
  get(ip: string): unknown {
    if (this.#ipVersion === 4 && ip.includes(':')) return undefined;
    this.#fresh = true;
    return this.#reader.get(ip) ?? undefined;
  }

  /** The library asks here for each value before reading it: first for the record, then for what is within. */
  #find(at: number): object | undefined {
    const known = this.#shared.get(at);
    if (this.#fresh && known === undefined)
      measure(this.#file, this.#data, at, { values: 2048, bytes: 65_536 }, this.#isKnown);
    this.#fresh = false;
    return known;
  }

  /** Asking also keeps it for longer than one record can need: so what was not measured is not read. */
  readonly #isKnown = (at: number): boolean => this.#shared.get(at) !== undefined;

  readonly #keep = (at: string | number, value: object): void => {
    this.#shared.set(at as number, value);
  };
}

function measureMetadata(file: Buffer): void {
  const found = file.lastIndexOf(marker);
  if (found < 0) throw new RangeError('it has no metadata at its end');
  const start = found + marker.length;
  if (file.length - start > mostMetadata) throw new RangeError('its metadata is too long');
  // A map of 15 reads as a byte of the marker: the library, which searches backwards, could begin elsewhere.
  if (file[start] === 0xef) throw new RangeError('its metadata is malformed');
  measure(file, start, start, { values: 2048, bytes: mostMetadata }, () => false);
}

const notDatabase = (path: string, why: string, cause?: unknown): ScopsError =>
  new ScopsError('INPUT_INVALID', `"${path}" is not a whole database in MaxMind's format (.mmdb): ${why}.`, { cause });
