import type { Random } from '../../algorithms/random.ts';
import * as logs from './logs.ts';
import { homeOf } from './processes.ts';
import { builtins, resolve } from './programs.ts';
import { commands } from './shell.ts';
import type { Change, LogRecord, Process, Purpose, Step } from './step.ts';
import { type Account, accounts, type Host, people } from './world.ts';

const everybody: readonly Account[] = [...Object.values(accounts), ...people.map((person) => person.account)];

/** Milliseconds between two commands: shortest and longest. */
export type Pace = readonly [number, number];
export const byHand: Pace = [2500, 38_000];
export const byScript: Pace = [12, 140];

const watched = /^\/(etc|usr|bin|sbin|boot|opt|srv|home|root|tmp|dev\/shm|var\/(www|spool\/cron|tmp|backups))\//;

/**
 * One job or login on one machine, written as lines of shell. It runs nothing: it lists the alerts that the lines
 * would have caused. `+ PATH`, `~ PATH` and `- PATH` say that the last command added, modified or deleted a file,
 * `% MODE PATH` that it changed only the mode; a watched file behind `>` is noticed by itself. A line indented by
 * two spaces runs as a child of the last line's process.
 */
export class Session {
  readonly steps: Step[] = [];
  readonly host: Host;
  readonly random: Random;
  time: number;
  purpose: Purpose;
  readonly #pace: Pace;
  #shell: Process;
  #last: Process;
  /** The last process of a line that was not indented. */
  #lead: Process;
  #cwd: string;

  constructor(options: {
    host: Host;
    random: Random;
    time: number;
    purpose: Purpose;
    shell: Process;
    cwd?: string;
    pace?: Pace;
  }) {
    this.host = options.host;
    this.random = options.random;
    this.time = Math.floor(options.time);
    this.purpose = options.purpose;
    this.#pace = options.pace ?? byScript;
    this.#shell = options.shell;
    this.#last = options.shell;
    this.#lead = options.shell;
    this.#cwd = options.cwd ?? (options.shell.login.account ? homeOf(options.shell.user) : '/');
  }

  get user(): Account {
    return this.#shell.user;
  }

  wait([shortest, longest]: Pace): this {
    this.time += shortest + this.random.integer(longest - shortest + 1);
    return this;
  }

  /** Any other alert, now. */
  log(record: LogRecord): this {
    this.steps.push({ type: 'log', time: this.time, host: this.host, purpose: this.purpose, record });
    this.time += 1 + this.random.integer(30);
    return this;
  }

  pid(): number {
    return 1000 + this.random.integer(31_000);
  }

  file(change: Change, path: string, mode?: string, modeOnly = false): this {
    const by = this.#last;
    this.time += 1 + this.random.integer(4);
    this.steps.push({
      type: 'file',
      time: this.time,
      host: this.host,
      purpose: this.purpose,
      path,
      change,
      by,
      cwd: this.#cwd,
      owner: by.effective,
      ...(mode !== undefined && { mode }),
      ...(modeOnly && { modeOnly }),
    });
    return this;
  }

  /** A new process of the shell's (or of `parent`'s), recorded by auditd. */
  exec(
    args: readonly string[],
    parent: Process = this.#shell,
    user: Account = parent.effective,
    effective: Account = user,
  ): Process {
    const program = resolve(args);
    const process: Process = {
      parent,
      user,
      effective,
      login: parent.login,
      executable: program.executable,
      name: program.name,
    };
    this.steps.push({
      type: 'exec',
      time: this.time,
      host: this.host,
      purpose: this.purpose,
      process,
      file: program.file,
      cwd: this.#cwd,
      args: program.args,
    });
    this.time += 2 + this.random.integer(12);
    this.#last = process;
    return process;
  }

  /** Run lines of shell, at the session's pace. */
  run(lines: readonly string[]): this {
    for (const line of lines) {
      if (line.startsWith('  ')) {
        const lead = this.#lead;
        this.inside(lead, [line.slice(2)]);
        this.#lead = lead;
      } else {
        this.#line(line);
        this.#lead = this.#last;
      }
    }
    return this;
  }

  /** Run a command line as `sh -c` does (cron, system(3)): the shell shows up as a process of its own. */
  inShell(line: string, inner: readonly string[] = [line], shell = '/bin/sh'): this {
    this.wait(this.#pace);
    return this.inside(this.exec([shell, '-c', line]), inner);
  }

  /** Run lines as a child process of its own, such as a script's body. */
  inside(process: Process, lines: readonly string[]): this {
    const outer = this.#shell;
    const cwd = this.#cwd;
    this.#shell = process;
    this.run(lines);
    this.#shell = outer;
    this.#cwd = cwd;
    return this;
  }

  #line(line: string): void {
    const marker = line[0];
    const rest = line.slice(2);
    if (line[1] === ' ' && marker === '+') this.file('added', rest);
    else if (line[1] === ' ' && marker === '~') this.file('modified', rest);
    else if (line[1] === ' ' && marker === '-') this.file('deleted', rest);
    else if (line[1] === ' ' && marker === '%') {
      const gap = rest.indexOf(' ');
      this.file('modified', rest.slice(gap + 1), rest.slice(0, gap), true);
    } else {
      this.wait(this.#pace);
      for (const { args, output } of commands(line)) {
        this.#command(args);
        if (output && watched.test(output.path)) this.file(output.append ? 'modified' : 'added', output.path);
      }
    }
  }

  #command(args: readonly string[]): void {
    const [name = '', ...rest] = args;
    if (name === 'cd') {
      const target = rest[0] ?? homeOf(this.user);
      if (target === '..') this.#cwd = this.#cwd.slice(0, this.#cwd.lastIndexOf('/')) || '/';
      else this.#cwd = target.startsWith('/') ? target : `${this.#cwd}/${target}`;
    } else if (name === 'sudo') this.#sudo(rest);
    else if (builtins.has(name)) this.#last = this.#shell;
    else this.#noted(args, this.exec(args));
  }

  /** What a program says to syslog by itself. */
  #noted([name, ...rest]: readonly string[], by: Process): void {
    const last = rest.at(-1) ?? '';
    if (name === 'useradd') this.log(logs.userAdded({ name: last, id: 0 }, `/home/${last}`, this.pid()));
    if (name === 'crontab' && last === '-') this.log(logs.crontabReplaced(by.effective, this.pid()));
  }

  #sudo(words: readonly string[]): void {
    let at = 0;
    let target: Account = accounts.root;
    while (words[at]?.startsWith('-') === true) {
      if (words[at] === '-u') {
        const wanted = words[++at];
        target = everybody.find((candidate) => candidate.name === wanted) ?? accounts.root;
      }
      at++;
    }
    const command = words.slice(at);
    const by = this.user;
    const sudo = this.exec(['sudo', ...words], this.#shell, by, accounts.root);
    const program = resolve(command);
    const shown = [command[0]?.startsWith('/') ? command[0] : program.executable, ...command.slice(1)].join(' ');
    this.log(
      logs.sudoRun(
        by,
        target,
        this.#shell.login.tty === '(none)' ? 'unknown' : this.#shell.login.tty,
        this.#cwd,
        shown,
      ),
    );
    this.log(logs.pamOpened('sudo', target, by, this.pid()));
    this.#noted(command, this.exec(command, sudo, target));
    const last = this.#last;
    this.log(logs.pamClosed('sudo', target, this.pid()));
    this.#last = last;
  }

  /** `su - USER`, after which the session goes on as that user. */
  su(target: Account): this {
    const by = this.user;
    this.wait(this.#pace);
    const su = this.exec(['su', '-', target.name], this.#shell, by, accounts.root);
    this.log(logs.suRun(by, target, this.#shell.login.tty, this.pid()));
    this.log(logs.pamOpened('su', target, by, this.pid()));
    this.#cwd = homeOf(target);
    this.#shell = this.exec(['-bash'], su, target);
    return this;
  }
}
