import { basename } from 'node:path';
import type { Coverage, Event, Unreadable } from '../../event/index.ts';
import type { LineReader, OpenedFile } from '../../io/line-reader.ts';
import { rotationOf } from '../../io/rotated.ts';
import { DistinctIds } from '../../text/distinct-ids.ts';
import { readLoginLine } from '../../text/login/read.ts';
import { CoverageCount } from '../../text/shape.ts';
import { createYearClock } from '../../text/syslog/clock.ts';

export interface SshdReaderOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Minutes ahead of UTC, of lines without a zone. */
  readonly offset: number;
  /** The path of a log that grows while it is read. */
  readonly live?: string | undefined;
}

const dayLength = 86_400_000;

/**
 * Reads the lines of authentication logs. A line without a year gets the one that the file's end tells: the date in its
 * name, when it was written last, or the time now where it is a pipe or grows.
 */
export class SshdReader implements LineReader {
  readonly #options: SshdReaderOptions;
  readonly #clock;
  readonly #dates;
  readonly #ids = new DistinctIds();
  readonly #count = new CoverageCount();
  #end: () => number;

  constructor(options: SshdReaderOptions) {
    this.#options = options;
    this.#end = options.now;
    this.#clock = createYearClock({ end: () => this.#end() });
    this.#dates = { yearClock: this.#clock, offset: options.offset };
  }

  open(file: OpenedFile): void {
    this.reopen(file);
    this.#clock.open(() => this.#end());
  }

  reopen(file: OpenedFile): void {
    const end = this.#endOf(file);
    this.#end = end === undefined ? this.#options.now : () => end;
  }

  read(line: string): readonly Event[] | Unreadable {
    const read = readLoginLine(line, this.#dates);
    if ('reason' in read) return read;
    if (read.program !== undefined) {
      if (read.understood) this.#count.understood();
      else this.#count.unknown(read.message ?? '');
    }
    const { events } = read;
    let distinct: Event[] | undefined;
    for (let index = 0; index < events.length; index++) {
      const event = events[index] as Event;
      const id = this.#ids.next(event.id, read.print);
      if (id === event.id) continue;
      distinct ??= [...events];
      distinct[index] = { ...event, id };
    }
    return distinct ?? events;
  }

  state(): string {
    return `${this.#clock.state()} ${this.#ids.state()}`;
  }

  restore(state: string): void {
    const space = state.indexOf(' ');
    if (space < 0) throw new RangeError('no year clock in it');
    this.#clock.restore(state.slice(0, space));
    this.#ids.restore(state.slice(space + 1));
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  /** Undefined where a file has no end. A log is rotated on the day in its name, after its last line. */
  #endOf({ path, modified }: OpenedFile): number | undefined {
    const { date } = rotationOf(basename(path));
    if (date !== undefined) return date + dayLength;
    return path === this.#options.live ? undefined : modified;
  }
}
