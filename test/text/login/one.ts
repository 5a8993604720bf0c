import assert from 'node:assert/strict';
import type { Event, Fields } from '../../../src/event/index.ts';
import { type LoginLine, readLoginLine } from '../../../src/text/login/read.ts';
import { createYearClock } from '../../../src/text/syslog/clock.ts';

/** What is read from a line, in a log that ended on 1 July 2026. */
export function readLine(line: string): LoginLine {
  const read = readLoginLine(line, { yearClock: createYearClock({ end: Date.UTC(2026, 6, 1) }) });
  assert.ok(!('reason' in read), line);
  return read;
}

/** The one event of a message of `program`, which must be understood. */
export function eventOf(message: string, program = 'sshd'): Event {
  const read = readLine(`May  4 03:02:01 web1 ${program}[42]: ${message}`);
  assert.ok(read.understood, message);
  assert.equal(read.events.length, 1, message);
  return read.events[0] as Event;
}

/** The fields without those of the header, and the kind. */
export function told(message: string, program?: string): Fields & { readonly kind: string } {
  const { kind, fields } = eventOf(message, program);
  const { 'host.name': host, 'process.name': name, 'process.pid': pid, ...rest } = fields;
  assert.deepEqual([host, pid], ['web1', 42]);
  assert.equal(typeof name, 'string');
  return { kind, ...rest };
}
