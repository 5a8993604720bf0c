import type { Random } from '../../algorithms/random.ts';
import * as logs from './logs.ts';
import { loginShell } from './processes.ts';
import { type Pace, Session } from './session.ts';
import type { Activity, Process, Step } from './step.ts';
import type { Account, Host, Role } from './world.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const dayLength = 24 * hour;

/** One day of the simulation. */
export interface Day {
  readonly index: number;
  /** Its first millisecond. */
  readonly start: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly working: boolean;
  /** `2026-03-02` */
  readonly date: string;
}

export function makeDay(start: number, index: number): Day {
  const begins = start + index * dayLength;
  const weekday = new Date(begins).getUTCDay();
  return {
    index,
    start: begins,
    weekday,
    working: weekday >= 1 && weekday <= 5,
    date: new Date(begins).toISOString().slice(0, 10),
  };
}

/** `20260302` of the day `offset` days away. */
export const compactDate = (day: Day, offset = 0): string =>
  new Date(day.start + offset * dayLength).toISOString().slice(0, 10).replaceAll('-', '');

/** `2026-03-02` of the day `offset` days away. */
export const isoDate = (day: Day, offset = 0): string =>
  new Date(day.start + offset * dayLength).toISOString().slice(0, 10);

/** What every part of a simulation shares. */
export class Plan {
  readonly hosts: readonly Host[];
  readonly random: Random;
  readonly scale: number;
  #sessions = 0;

  constructor(hosts: readonly Host[], random: Random, scale: number) {
    this.hosts = hosts;
    this.random = random;
    this.scale = scale;
  }

  with(role: Role): readonly Host[] {
    return this.hosts.filter((host) => host.role === role);
  }

  /** So many, times the scale; at least `least`. */
  amount(count: number, least = 1): number {
    return Math.max(least, Math.round(count * this.scale));
  }

  open(options: {
    host: Host;
    activity: Activity;
    time: number;
    random: Random;
    shell: Process;
    technique?: string;
    pace?: Pace;
    cwd?: string;
  }): Session {
    const { host, activity, technique, ...rest } = options;
    const session = `${host.name}-${activity}-${++this.#sessions}`;
    const attack = activity === 'attack';
    return new Session({ ...rest, host, purpose: { attack, ...(technique && { technique }), activity, session } });
  }

  /** A login over ssh with its own alerts; `leave` closes it. */
  enter(options: {
    host: Host;
    activity: Activity;
    time: number;
    random: Random;
    user: Account;
    address: string;
    tty?: string;
    technique?: string;
    pace?: Pace;
    password?: boolean;
  }): Session {
    const { user, address, password, tty = '(none)', ...rest } = options;
    const session = this.open({ ...rest, shell: loginShell(user, tty) });
    const accepted = password ? logs.sshPassword : logs.sshAccepted;
    const pid = session.pid();
    session.log(accepted(user, address, 32_768 + session.random.integer(28_000), pid));
    session.log(logs.pamOpened('sshd', user, { name: 'root', id: 0 }, pid));
    return session;
  }
}

export function leave(session: Session, user: Account): readonly Step[] {
  session.wait([300, 4000]).log(logs.pamClosed('sshd', user, session.pid()));
  return session.steps;
}

const hexDigits = '0123456789abcdef';
const mixedDigits = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export const randomText = (random: Random, length: number, alphabet = hexDigits): string =>
  Array.from({ length }, () => alphabet[random.integer(alphabet.length)]).join('');

/** What mktemp puts in place of its X's. */
export const mixedText = (random: Random, length: number): string => randomText(random, length, mixedDigits);

/** `count` different elements, in the list's order. */
export function some<T>(random: Random, list: readonly T[], count: number): T[] {
  const left = new Set(list.keys());
  while (left.size > Math.max(0, count)) left.delete([...left][random.integer(left.size)] as number);
  return [...left].map((index) => list[index] as T);
}
