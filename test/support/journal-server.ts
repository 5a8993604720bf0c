import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon, run } from './programs.ts';
import { isLogFree, logSocket } from './syslog-server.ts';

/** A systemd-journald of its own, behind /dev/log. https://www.freedesktop.org/software/systemd/man/latest/systemd-journald.service.html */
export class JournalServer implements AsyncDisposable {
  /** Where its files are. */
  readonly directory: string;
  readonly #daemon: Daemon;
  readonly #runtime: string;

  private constructor(directory: string, daemon: Daemon, runtime: string) {
    this.directory = directory;
    this.#daemon = daemon;
    this.#runtime = runtime;
  }

  static async start(namespace: string): Promise<JournalServer> {
    if (!isLogFree()) throw new Error(`Something else listens on ${logSocket}.`);
    const machine = readFileSync('/etc/machine-id', 'utf8').trim();
    const runtime = `/run/systemd/journal.${namespace}`;
    const directories = ['/var/log/journal', '/run/log/journal'].map((each) => join(each, `${machine}.${namespace}`));
    for (const each of [runtime, ...directories]) rmSync(each, { recursive: true, force: true });
    const daemon = new Daemon('systemd-journald', [namespace]);
    const socket = join(runtime, 'dev-log');
    const directory = () => directories.find((each) => existsSync(each));
    await daemon.until(
      'its socket',
      () => lstatSync(socket, { throwIfNoEntry: false }) !== undefined && directory() !== undefined,
    );
    rmSync(logSocket, { force: true });
    symlinkSync(socket, logSocket);
    return new JournalServer(directory() as string, daemon, runtime);
  }

  /** What journalctl says of it, once. */
  async read(...args: string[]): Promise<string> {
    return (await run('journalctl', [`--directory=${this.directory}`, '--output=json', '--no-pager', ...args])).out;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(logSocket, { force: true });
    await this.#daemon[Symbol.asyncDispose]();
    for (const each of [this.#runtime, this.directory]) rmSync(each, { recursive: true, force: true });
  }
}
