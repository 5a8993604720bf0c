import { lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon, mustRun } from './programs.ts';

/** Where syslog(3) sends. */
export const logSocket = '/dev/log';

/** Nobody listens there: it is not there, or points to nothing. */
export function isLogFree(): boolean {
  return statSync(logSocket, { throwIfNoEntry: false }) === undefined;
}

/** How rsyslogd writes a line, by the name of the file. */
const templates = {
  'traditional.log': 'RSYSLOG_TraditionalFileFormat',
  'rfc3339.log': 'RSYSLOG_FileFormat',
  'rfc5424.log': 'RSYSLOG_SyslogProtocol23Format',
} as const;

export const formats = Object.keys(templates) as (keyof typeof templates)[];

/** rsyslogd behind /dev/log, with a file of each format in its folder. */
export class SyslogServer implements AsyncDisposable {
  readonly #folder: string;
  readonly #daemon: Daemon;
  #marks = 0;

  private constructor(folder: string, daemon: Daemon) {
    this.#folder = folder;
    this.#daemon = daemon;
  }

  static async start(folder: string): Promise<SyslogServer> {
    if (!isLogFree()) throw new Error(`Something else listens on ${logSocket}.`);
    const socket = join(folder, 'socket');
    const actions = Object.entries(templates).map(
      ([name, template]) => `*.* action(type="omfile" file="${join(folder, name)}" template="${template}")`,
    );
    const configuration = join(folder, 'rsyslog.conf');
    writeFileSync(
      configuration,
      [
        `global(workDirectory="${folder}")`,
        'module(load="imuxsock" SysSock.Use="off")',
        `input(type="imuxsock" Socket="${socket}" RateLimit.Interval="0" UsePIDFromSystem="on")`,
        ...actions,
        '',
      ].join('\n'),
    );
    const daemon = new Daemon('rsyslogd', ['-n', '-iNONE', '-f', configuration]);
    await daemon.until('its socket', () => lstatSync(socket, { throwIfNoEntry: false }) !== undefined);
    rmSync(logSocket, { force: true });
    symlinkSync(socket, logSocket);
    return new SyslogServer(folder, daemon);
  }

  /** The lines of one format, once all that was said before is written. */
  async lines(format: (typeof formats)[number]): Promise<string[]> {
    const mark = `mark ${this.#marks++}.`;
    await mustRun('logger', ['--socket', logSocket, '--tag', 'scops', mark]);
    const read = () => readFileSync(join(this.#folder, format), 'utf8');
    await this.#daemon.until(`${format} has ${mark}`, () => read().includes(mark));
    return read().split('\n').filter(Boolean);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(logSocket, { force: true });
    await this.#daemon[Symbol.asyncDispose]();
  }
}
