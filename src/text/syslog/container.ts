import type { Unreadable } from '../../event/index.ts';
import { createStamp, type DateOptions, readIsoDate } from './date.ts';
import { Line } from './line.ts';

const stamp = createStamp();
const line = new Line();

/** A line out of a container's JSON, and when the log driver took it. */
export interface Contained {
  readonly text: string;
  /** Epoch milliseconds; absent when the JSON has no time. */
  readonly time?: number;
}

/**
 * The line in Docker's json-file format, `{"log":"…\n","stream":"stderr","time":"…"}`, or in a collector's with `message`.
 * https://docs.docker.com/engine/logging/drivers/json-file/
 */
export function unwrap(json: string, options: DateOptions): Contained | Unreadable {
  let record: unknown;
  try {
    record = JSON.parse(json);
  } catch {
    return { reason: 'It is not JSON.' };
  }
  if (typeof record !== 'object' || record === null) return { reason: 'It is not a JSON object.' };
  const text = own(record, 'log') ?? own(record, 'message');
  if (text === undefined) return { reason: 'It has no text "log".' };
  const time = own(record, 'time') ?? own(record, '@timestamp');
  const dated = time !== undefined && time.length < 64 && readIsoDate(line.load(time).codes, 0, options, stamp);
  return { text: text.trimEnd(), ...(dated ? { time: stamp.time } : {}) };
}

function own(record: object, name: string): string | undefined {
  const value: unknown = Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
