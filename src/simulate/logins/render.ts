import type { Event } from '../../event/index.ts';
import { DistinctIds } from '../../text/distinct-ids.ts';
import { readLoginLine } from '../../text/login/read.ts';
import { createYearClock } from '../../text/syslog/clock.ts';
import type { LoginLabel } from './labels.ts';
import type { Step } from './step.ts';

/** One line of auth.log, the event that it is to the rest of Scops, and what it really is. */
export interface SimulatedLogin {
  readonly event: Event;
  readonly line: string;
  readonly label: LoginLabel;
}

/** Writes steps, handed in by time, as lines with RFC 3339 times, and reads them as the source `sshd` does. */
export class Renderer {
  readonly #ids = new DistinctIds();
  readonly #dates = { yearClock: createYearClock({ end: () => 0 }) };

  render({ time, host, program, message, from, purpose, success, user }: Step): SimulatedLogin {
    const stamp = new Date(time).toISOString();
    const line = `${stamp.slice(0, 23)}000+00:00 ${host.name} ${program}: ${message}`;
    const read = readLoginLine(line, this.#dates);
    const event = 'reason' in read ? undefined : read.events[0];
    if (event === undefined) throw new Error(`The simulator wrote a line that cannot be read: ${line}`);
    const id = this.#ids.next(event.id);
    const label = { id, success, user, ...purpose };
    const known = from !== undefined && 'source.ip' in event.fields ? from.fields : undefined;
    if (known === undefined && id === event.id) return { event, line, label };
    return { event: { ...event, id, fields: { ...event.fields, ...known } }, line, label };
  }
}
