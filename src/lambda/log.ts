import type { Logger, Reject } from '../event/index.ts';
import { jsonLine } from '../text/json-line.ts';

type Level = keyof Logger;

/** So many records that could not be read are told one by one in an invocation; the rest are counted. */
const mostRejects = 5;

/** What happens, as lines of JSON that CloudWatch Logs Insights takes apart. Holds no secret and no raw record. */
export class JsonLog {
  readonly #write: (line: string) => Promise<void>;
  readonly #now: () => number;
  readonly #verbose: boolean;
  #request: string | undefined;
  #rejects = 0;
  #pending: Promise<void> = Promise.resolve();

  constructor(write: (line: string) => Promise<void>, now: () => number, verbose: boolean) {
    this.#write = write;
    this.#now = now;
    this.#verbose = verbose;
  }

  /** A new invocation begins. */
  begin(request: string | undefined): void {
    this.#request = request;
    this.#rejects = 0;
  }

  get rejects(): number {
    return this.#rejects;
  }

  readonly logger: Logger = {
    debug: (message) => this.#verbose && this.tell('debug', message),
    info: (message) => this.tell('info', message),
    warn: (message) => this.tell('warn', message),
    error: (message) => this.tell('error', message),
  };

  tell(level: Level, message: string, more: Readonly<Record<string, unknown>> = {}): void {
    const request = this.#request === undefined ? {} : { request: this.#request };
    const line = jsonLine({ level, time: new Date(this.#now()).toISOString(), message, ...request, ...more });
    this.#pending = this.#pending.then(() => this.#write(line)).catch(() => undefined);
  }

  readonly reject = ({ source, file, line, reason }: Reject): void => {
    this.#rejects++;
    if (this.#rejects <= mostRejects) this.tell('warn', 'A record cannot be read.', { source, file, line, reason });
  };

  /** Resolves when everything is written: a function is frozen between invocations. */
  async flush(): Promise<void> {
    await this.#pending;
  }
}

/** An error in words. Those of the AWS SDK say little without their name. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain = error.name === 'Error' || error.name === 'ScopsError';
  return plain ? error.message : `${error.name}: ${error.message}`;
}
