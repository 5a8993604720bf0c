import type { Login, Process } from './step.ts';
import type { Host } from './world.ts';

/** How the kernel writes "no login": -1 as an unsigned number. */
export const unsetId = 4294967295;

/** FNV-1a of a text: 32 bits that stand for its content. */
export function textSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Hex digits that look like a checksum, a fixed function of `seed` and `salt`. `length` is a multiple of 8. */
export function digest(seed: number, salt: number, length: number): string {
  let text = '';
  let state = (seed ^ Math.imul(salt, 0x9e3779b1)) >>> 0;
  for (let i = 0; i < length; i += 8) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    text += ((mixed ^ (mixed >>> 14)) >>> 0).toString(16).padStart(8, '0');
  }
  return text;
}

interface Counters {
  pid: number;
  serial: number;
  session: number;
}

/** Hands out process, audit and login numbers, each machine its own, rising with time. */
export class Numbering {
  readonly #counters = new Map<string, Counters>();
  readonly #pids = new WeakMap<Process, number>();
  readonly #sessions = new WeakMap<Login, Map<string, number>>();

  #of(host: Host): Counters {
    const known = this.#counters.get(host.name);
    if (known) return known;
    const seed = textSeed(host.name);
    const counters = { pid: 20_000 + (seed % 9000), serial: 5000 + (seed % 70_000), session: 100 + (seed % 800) };
    this.#counters.set(host.name, counters);
    return counters;
  }

  pid(host: Host, process: Process | undefined): number {
    if (process === undefined) return 1;
    const known = this.#pids.get(process);
    if (known !== undefined) return known;
    this.pid(host, process.parent);
    const counters = this.#of(host);
    counters.pid = counters.pid > 4_190_000 ? 300 : counters.pid + 1 + (counters.serial % 3);
    this.#pids.set(process, counters.pid);
    return counters.pid;
  }

  serial(host: Host): number {
    const counters = this.#of(host);
    counters.serial += 7;
    return counters.serial;
  }

  /** A login has one number on each machine. */
  session(host: Host, login: Login): number {
    if (login.account === undefined) return unsetId;
    let sessions = this.#sessions.get(login);
    if (sessions === undefined) {
      sessions = new Map();
      this.#sessions.set(login, sessions);
    }
    const known = sessions.get(host.name);
    if (known !== undefined) return known;
    const next = ++this.#of(host).session;
    sessions.set(host.name, next);
    return next;
  }
}
