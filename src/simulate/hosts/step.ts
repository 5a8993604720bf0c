import type { Account, Host } from './world.ts';

/** What a simulated alert is about, for judging a detector; never a feature. */
export type Activity = 'routine' | 'noise' | 'admin' | 'build' | 'deploy' | 'iac' | 'upgrade' | 'attack';

/** Every activity that a simulation of Linux hosts promises. */
export const activities: readonly Activity[] = [
  'routine',
  'noise',
  'admin',
  'build',
  'deploy',
  'iac',
  'upgrade',
  'attack',
];

export interface Purpose {
  readonly attack: boolean;
  /** MITRE ATT&CK technique of an attack, such as `T1053.003`. */
  readonly technique?: string;
  readonly activity: Activity;
  /** The job or login that the alert belongs to. */
  readonly session: string;
}

/** A login as the kernel sees it; without an account it is a daemon's (auid unset). Its number is given when it is first seen. */
export interface Login {
  readonly account?: Account;
  readonly tty: string;
}

/** A process; its number is given when it is first seen. */
export interface Process {
  readonly parent?: Process;
  readonly user: Account;
  readonly effective: Account;
  readonly login: Login;
  readonly executable: string;
  readonly name: string;
}

interface Moment {
  readonly time: number;
  readonly host: Host;
  readonly purpose: Purpose;
}

export interface Exec extends Moment {
  readonly type: 'exec';
  readonly process: Process;
  /** The file as it was asked for: a script, not its interpreter. */
  readonly file: string;
  readonly cwd: string;
  readonly args: readonly string[];
}

export type Change = 'added' | 'modified' | 'deleted';

export interface FileChange extends Moment {
  readonly type: 'file';
  readonly path: string;
  readonly change: Change;
  /** Who wrote; the alert tells only where the host's `fim` is `whodata`. */
  readonly by: Process;
  readonly cwd: string;
  readonly owner: Account;
  /** As `ls` shows it, such as `rw-r--r--`. */
  readonly mode?: string;
  /** Whether only the mode changed. */
  readonly modeOnly?: boolean;
}

export interface RegistryChange extends Moment {
  readonly type: 'registry';
  readonly key: string;
  /** Absent for a change of the key itself. */
  readonly value?: { readonly name: string; readonly type: string };
  readonly change: Change;
}

/** An alert of any other rule, as Wazuh's decoders fill it in. */
export interface LogRecord {
  readonly rule: string;
  readonly description?: string;
  readonly fullLog: string;
  readonly program?: string;
  readonly decoder: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly location: string;
  readonly previous?: string;
  readonly frequency?: number;
}

export interface LogStep extends Moment {
  readonly type: 'log';
  readonly record: LogRecord;
}

export type Step = Exec | FileChange | RegistryChange | LogStep;
