import type { Coverage, Event, Unreadable } from '../event/index.ts';

export interface OpenedFile {
  readonly path: string;
  /** When it was last written, in epoch milliseconds; absent for a pipe. */
  readonly modified?: number;
}

/** A record of a line that cannot be read, with its own text where the line holds others too. */
export interface Fault extends Unreadable {
  readonly raw?: string;
}

/** Turns the lines of one source into events. It may keep state between lines. */
export interface LineReader {
  /** Once, before the first file: to load what reading needs. Throws ScopsError. */
  prepare?(): Promise<void>;
  /** Before the first line of each file. */
  open?(file: OpenedFile): void;
  /** Instead of `open`, where reading goes on in the middle of a file after `restore`. */
  reopen?(file: OpenedFile): void;
  /** The events in a line, and faults among them: none when it is of no interest, or why it cannot be read. */
  read(line: string): readonly (Event | Fault)[] | Unreadable;
  /** At the end of each file: what is wrong with a record that waits for more lines. */
  finish?(): Unreadable | undefined;
  /** What a checkpoint keeps beside the place, such as the year of the last line. */
  state?(): string;
  /** Called before `open` or `reopen`. Throws when `state` is not one of its own. */
  restore?(state: string): void;
  coverage?(): Coverage;
}
