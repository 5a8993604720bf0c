import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../event/index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The real world as a Context: the one place where clock, network, environment and standard streams come in. */
export function realWorld(overrides: Partial<Context> = {}): Context {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
    fetch: globalThis.fetch,
    env: process.env,
    stdin: process.stdin,
    stdout: (text) =>
      new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
    reject: () => undefined,
    progress: () => undefined,
    log: silent,
    ...overrides,
  };
}
