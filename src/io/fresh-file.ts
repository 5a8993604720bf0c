import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Context, ScopsError } from '../event/index.ts';
import { unreadable } from './list.ts';

const pause = 60_000;
/** Of a compressed file, unpacked: a small one must not fill the memory. */
const mostBytes = 2 ** 31;

export interface FreshFileOptions<Content> {
  /** The component, for messages. */
  readonly user: string;
  readonly path: string;
  /** `modified` in epoch milliseconds. Throws ScopsError INPUT_INVALID or CONFIG_INVALID for what it cannot take. */
  readonly parse: (bytes: Buffer, modified: number) => Content;
}

/**
 * What is in a file, plain or gzip, that somebody else replaces now and then, such as a database of addresses. A newer
 * file is taken within a minute; as long as that cannot be read, the older content stays, and the log says so once.
 */
export class FreshFile<Content> {
  readonly path: string;
  readonly #options: FreshFileOptions<Content>;
  readonly #context: Context;
  #content: Content;
  /** By which a changed file is known. */
  #mark: string;
  #looked: number;
  #told = false;

  /** Throws ScopsError SOURCE_UNREADABLE, or what `parse` throws. */
  constructor(options: FreshFileOptions<Content>, context: Context) {
    this.#options = options;
    this.#context = context;
    this.path = options.path;
    const about = look(options.path);
    this.#content = read(options, about.modified);
    this.#mark = about.mark;
    this.#looked = context.now();
  }

  /** The content; looks at most once a minute whether the file is another. */
  current(): Content {
    const now = this.#context.now();
    if (Math.abs(now - this.#looked) < pause) return this.#content;
    this.#looked = now;
    try {
      const about = look(this.path);
      if (about.mark !== this.#mark) {
        this.#mark = about.mark;
        this.#content = read(this.#options, about.modified);
        this.#context.log.info(`${this.#options.user}: "${this.path}" is new and was read.`);
      }
      this.#told = false;
    } catch (error) {
      if (!this.#told) {
        this.#context.log.warn(
          `${this.#options.user}: the newer "${this.path}" cannot be used, what was read before stays: ${(error as Error).message}`,
        );
      }
      this.#told = true;
    }
    return this.#content;
  }
}

function look(path: string): { readonly mark: string; readonly modified: number } {
  try {
    const { dev, ino, size, ctimeNs, mtimeMs } = statSync(path, { bigint: true });
    return { mark: `${dev}:${ino}:${size}:${ctimeNs}`, modified: Number(mtimeMs) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function read<Content>({ path, parse }: FreshFileOptions<Content>, modified: number): Content {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: mostBytes });
    } catch (cause) {
      throw new ScopsError('INPUT_INVALID', `"${path}" is gzip data that is damaged, cut short or too large.`, {
        cause,
      });
    }
  }
  return parse(bytes, modified);
}
