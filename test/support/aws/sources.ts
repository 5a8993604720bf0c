import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'valibot';
import type { Committable, Covering, Event, Resumable, Source } from '../../../src/event/index.ts';
import { s3 } from '../../../src/sources/s3.ts';
import { sqs } from '../../../src/sources/sqs.ts';
import type { Tallying } from '../../../src/text/aws/tally.ts';
import { type TestContext, testContext } from '../context.ts';
import { awsEnvironment } from './store.ts';

/** A context with a clock that runs. */
export const runningContext = (): TestContext =>
  testContext({
    env: awsEnvironment,
    now: Date.now,
    sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
  });

export type S3 = Source & Resumable & Covering & Tallying;
export type Sqs = Source & Resumable & Committable & Covering & Tallying;
type Given = Readonly<Record<string, unknown>>;

/** Source `s3` of a store of the test's own. */
export function openS3(endpoint: string, target: string, more: Given = {}, context: TestContext = runningContext()) {
  const chosen = parse(s3.options, { endpoint, forcePathStyle: true, retries: 0, ...s3.target?.(target), ...more });
  return { source: s3.create(chosen, context) as S3, context };
}

/** Source `sqs` of a queue and a store of the test's own. */
export function openSqs(endpoint: string, target: string, more: Given = {}, context: TestContext = runningContext()) {
  const chosen = parse(sqs.options, {
    endpoint,
    forcePathStyle: true,
    retries: 0,
    wait: 1,
    visibility: 30,
    ...sqs.target?.(target),
    ...more,
  });
  return { source: sqs.create(chosen, context) as Sqs, context };
}

export async function ids(source: Source, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of source.events(signal) as AsyncIterable<Event>) found.push(id);
  return found;
}
