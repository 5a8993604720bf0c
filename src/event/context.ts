/** A record that could not be read: counted, kept, and never fatal. */
export interface Reject {
  readonly source: string;
  /** Where the record stood: a path, `-` for stdin, or `topic/partition`. */
  readonly file: string;
  /** 1-based line (or offset, for a stream). */
  readonly line: number;
  readonly reason: string;
  /** The record's beginning, at most 64 KiB of it. */
  readonly raw: string;
}

export interface Logger {
  /** Detail for somebody who looks for a fault. */
  debug(message: string): void;
  /** Something a person may want to know. Nothing to do. */
  info(message: string): void;
  /** Nothing is lost yet, but somebody should look. */
  warn(message: string): void;
  /** Data was lost or an operator must act. */
  error(message: string): void;
}

/** How far a source has come, in bytes of its input, or a detector in learning. */
export interface Progress {
  readonly bytes: number;
  /** Absent when nobody can know it. */
  readonly total?: number;
  /** What is counted where it is not bytes, such as `pairs`. */
  readonly unit?: string;
}

/** The outside world, handed to components: so a test hands in its own. */
export interface Context {
  now(): number;
  /** Resolve after `ms`, or at once when `signal` aborts. Does not throw. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  readonly fetch: typeof globalThis.fetch;
  /** Where secrets come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: (text: string) => Promise<void>;
  reject(reject: Reject): void;
  progress(progress: Progress): void;
  readonly log: Logger;
}
