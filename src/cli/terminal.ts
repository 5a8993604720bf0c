import { closeSync, openSync, writeFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { type Context, type Logger, type Reject, ScopsError } from '../event/index.ts';
import { realWorld } from '../pipeline/world.ts';
import { visible } from '../text/escape.ts';
import { createProgress } from './progress.ts';

/** The switches every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** Commander's name for `--no-color`. */
  readonly color?: boolean;
  readonly rejects?: string;
}

type Style = Parameters<typeof styleText>[0];

/** One command's view of the terminal and the world. */
export interface Terminal {
  readonly context: Context;
  /** Findings and other results are machine-readable: asked for, or standard output is no terminal. */
  readonly json: boolean;
  readonly color: boolean;
  readonly width: number;
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal;
  /** A result, to standard output. */
  print(text: string): Promise<void>;
  /** A remark for a person, to standard error; silent with --quiet. */
  say(text: string): void;
  style(style: Style, text: string): string;
  /** How many records were rejected so far. */
  rejected(): number;
  /** Stop the progress bar, close the rejects file, and say what was rejected. */
  close(): Promise<void>;
}

export function openTerminal(options: CommonOptions): Terminal {
  const { stdout, stderr, env } = process;
  const color = options.color !== false && !env.NO_COLOR && (stdout.isTTY === true || Boolean(env.FORCE_COLOR));
  const quiet = options.quiet === true;
  const style = (as: Style, text: string): string => (color ? styleText(as, text, { validateStream: false }) : text);
  const progress = createProgress(!quiet && stderr.isTTY === true);
  const write = (text: string): void => {
    progress.above(() => stderr.write(`${text}\n`));
  };
  const log: Logger = {
    debug: (message) => void (options.verbose && write(visible(message))),
    info: (message) => void (options.verbose && write(visible(message))),
    warn: (message) => void (!quiet && write(`Warning: ${visible(message)}`)),
    error: (message) => void write(`Error: ${visible(message)}`),
  };
  const rejects = createRejects(options.rejects);
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const context = realWorld({
    log,
    progress: progress.update,
    reject: (reject) => {
      rejects.add(reject);
      if (options.verbose) log.debug(`${reject.file}:${reject.line}: rejected: ${reject.reason}`);
    },
  });
  return {
    context,
    json: options.json === true || stdout.isTTY !== true,
    color,
    width: Math.min(Math.max(stdout.columns || Math.trunc(Number(env.COLUMNS)) || 100, 40), 1000),
    signal: abort.signal,
    print: (text) => progress.above(() => context.stdout(text)),
    say: (text) => void (!quiet && write(text)),
    style,
    rejected: () => rejects.count,
    async close() {
      progress.stop();
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      rejects.close();
      if (rejects.count === 0 || quiet) return;
      const kept = options.rejects ? ` They are in ${options.rejects}.` : ' --rejects FILE keeps them.';
      write(
        `${rejects.count} ${rejects.count === 1 ? 'record' : 'records'} could not be read: ${rejects.summary()}.${kept}`,
      );
    },
  };
}

/** Written at once, not queued: a file of nothing but bad records must not pile up in memory. */
function createRejects(path: string | undefined) {
  let file: number | undefined;
  const reasons = new Map<string, { count: number; first: string }>();
  const failed = (cause: unknown): ScopsError =>
    new ScopsError('OUTPUT_UNWRITABLE', `Cannot write the rejects to "${path}".`, { cause });
  return {
    count: 0,
    add(reject: Reject): void {
      this.count++;
      const seen = reasons.get(reject.reason);
      if (seen) seen.count++;
      else if (reasons.size < 100) reasons.set(reject.reason, { count: 1, first: `${reject.file}:${reject.line}` });
      if (path === undefined) return;
      try {
        file ??= openSync(path, 'w');
        writeFileSync(file, `${JSON.stringify(reject)}\n`);
      } catch (cause) {
        throw failed(cause);
      }
    },
    summary: (): string =>
      [...reasons]
        .sort(([, a], [, b]) => b.count - a.count)
        .slice(0, 3)
        .map(([reason, { count, first }]) => `${count} × ${visible(reason)} (first at ${visible(first)})`)
        .join('; '),
    close(): void {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
