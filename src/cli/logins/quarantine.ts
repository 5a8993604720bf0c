import { isLearner, type Waiting } from '../../event/index.ts';
import { visible } from '../../text/escape.ts';
import { isoTime } from '../../text/finding.ts';
import { jsonLine } from '../../text/json-line.ts';
import { counted, moment } from '../common.ts';
import type { Terminal } from '../terminal.ts';
import { loadLearner } from './settle.ts';

/** Logins in quarantine that one word settles. */
interface Group {
  readonly id: string;
  /** The one that gave the finding its name, else the only one. */
  readonly stands: Waiting;
  readonly all: readonly Waiting[];
}

/** Show what waits in a model's quarantine, oldest first, as what a word settles at once. */
export async function quarantine({ model: path }: { readonly model?: string }, terminal: Terminal): Promise<void> {
  const trained = await loadLearner(path, terminal);
  const waiting = isLearner(trained.model) ? [...trained.model.waiting()] : [];
  const ids = Map.groupBy(
    waiting,
    ({ event }) => trained.experience?.findingOf(event) || `${trained.detector}:${event}`,
  );
  const groups = [...ids].map(([id, all]): Group => {
    const stands = all.find(({ event }) => id.endsWith(`:${event}`)) ?? (all[0] as Waiting);
    return { id, stands, all };
  });
  for (const group of groups) await terminal.print(terminal.json ? jsonLine(record(group)) : inWords(group));
  terminal.say(
    waiting.length === 0
      ? 'Nothing waits in quarantine.'
      : `${counted(waiting.length, 'login')} in quarantine, to be settled by ${counted(groups.length, 'word')}: --benign ID or --malicious ID.`,
  );
}

const record = ({ id, stands, all }: Group) => ({
  id,
  time: isoTime(stands.time),
  title: stands.title,
  entity: stands.entity,
  count: all.length,
  until: isoTime(Math.min(...all.map(({ until }) => until))),
  events: all.map(({ event }) => event),
});

function inWords({ id, stands, all }: Group): string {
  const others = all.length === 1 ? '' : `, with ${counted(all.length - 1, 'other')}`;
  const until = moment(Math.min(...all.map((each) => each.until)));
  return `${moment(stands.time)}  ${visible(stands.title)}${others}; learnt after ${until}\n  ${visible(id)}\n`;
}
