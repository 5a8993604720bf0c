import type { Context, Progress, Reject } from '../../src/event/index.ts';

export interface TestContext extends Context {
  readonly rejects: Reject[];
  readonly progressed: Progress[];
  readonly slept: number[];
  readonly printed: string[];
  readonly logged: string[];
}

/** A context that remembers, with a clock that moves only when somebody sleeps, and no network. */
export function testContext(overrides: Partial<Context> = {}): TestContext {
  let clock = Date.UTC(2026, 0, 2);
  const seen = { rejects: [] as Reject[], progressed: [] as Progress[], slept: [] as number[] };
  const printed: string[] = [];
  const logged: string[] = [];
  const note = (level: string) => (message: string) => void logged.push(`${level}: ${message}`);
  return {
    ...seen,
    printed,
    logged,
    now: () => clock,
    sleep: async (ms) => {
      clock += ms;
      seen.slept.push(ms);
    },
    fetch: async () => {
      throw new Error('This test has no network.');
    },
    env: {},
    stdin: (async function* () {})(),
    stdout: async (text) => void printed.push(text),
    reject: (reject) => void seen.rejects.push(reject),
    progress: (progress) => void seen.progressed.push(progress),
    log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    ...overrides,
  };
}
