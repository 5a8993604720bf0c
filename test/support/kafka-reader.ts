import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'valibot';
import type { Committable, Event, Source } from '../../src/event/index.ts';
import { kafka } from '../../src/sources/kafka.ts';
import { type TestContext, testContext } from './context.ts';

export type KafkaSource = Source & Committable;

/** A source with a clock that runs, and a context that remembers. */
export function openKafka(
  target: string,
  more: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): { readonly source: KafkaSource; readonly context: TestContext } {
  const context = testContext({
    env,
    now: Date.now,
    sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
  });
  const chosen = parse(kafka.options, { sessionTimeout: 6000, ...kafka.target?.(target), ...more });
  return { source: kafka.create(chosen, context) as KafkaSource, context };
}

/** Reads in the background until it is told to stop. */
export interface Reader extends AsyncDisposable {
  readonly ids: string[];
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export function startReading(source: Source, each: (event: Event) => Promise<void> | void = () => {}): Reader {
  const stop = new AbortController();
  const ids: string[] = [];
  const ended = (async () => {
    for await (const event of source.events(stop.signal)) {
      ids.push(event.id);
      await each(event);
    }
  })();
  ended.catch(() => undefined); // `stop` and `ended` hand it on
  return {
    ids,
    ended,
    async stop() {
      stop.abort();
      await ended;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended.catch(() => undefined);
    },
  };
}

/** Throws, with `what`, when `done` is not true within `ms`. */
export async function eventually(what: string, done: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`Not within ${ms / 1000} s: ${what}`);
    await wait(50);
  }
}
