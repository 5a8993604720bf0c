import { type Event, text } from '../../event/index.ts';
import { normalise } from '../../text/normalise.ts';

/** What the detector sees of one event. */
export interface Sighting {
  /** What is compared: a command or a path without what changes from run to run. */
  readonly text: string;
  /** The command or path as it came. */
  readonly example: string;
  readonly host: string;
  /** In what circumstances, in words: who, and by which program. Counted fleet-wide. */
  readonly circumstances: readonly [string, string];
  /** The same with names as they came: what a person reads. */
  readonly shown: readonly [string, string];
  readonly time: number;
}

/** The kinds of event that the detector looks at: mimizuku's FsNotify and AuditCommand. */
export const groups = ['file', 'process'] as const;
export type Group = (typeof groups)[number];

/** Kept of a command or path, for people. */
const longestExample = 300;
const unset = '4294967295';

/** Undefined when the event has neither a command nor a path. */
export function sight(event: Event): Sighting | undefined {
  const example = subject(event);
  if (example === undefined) return undefined;
  const host = text(event, 'host.name') ?? text(event, 'host.id') ?? 'unknown host';
  const seen = { text: normalise(example), example: example.slice(0, longestExample), host, time: event.time };
  const around = event.kind === 'file' ? aroundFile : aroundCommand;
  return { ...seen, circumstances: around(event, normalise), shown: around(event, (name) => name) };
}

/** The command line, or the path; a registry value with its key. */
export function subject(event: Event): string | undefined {
  if (event.kind === 'process') return text(event, 'process.command_line') ?? text(event, 'process.executable');
  if (event.kind !== 'file') return undefined;
  const path = text(event, 'file.path');
  const value = text(event, 'registry.value');
  return path === undefined || value === undefined ? path : `${path}\\${value}`;
}

function aroundCommand(event: Event, name: (text: string) => string): [string, string] {
  const user = text(event, 'user.name') ?? text(event, 'user.id') ?? 'unknown';
  const login = text(event, 'user.audit.name') ?? text(event, 'user.audit.id') ?? unset;
  const program = name(text(event, 'process.executable') ?? text(event, 'process.name') ?? 'an unknown program');
  const session = login === unset ? 'without a login' : `logged in as ${login}`;
  return [`user ${user} ${session}`, `${program} run by user ${user}`];
}

function aroundFile(event: Event, name: (text: string) => string): [string, string] {
  const user = text(event, 'user.name') ?? text(event, 'user.id') ?? 'unknown';
  const program = name(text(event, 'process.executable') ?? 'an unknown program');
  const folder = name(subject(event) ?? '')
    .split(/[/\\]/, 3)
    .join('/');
  return [`${program} run by user ${user} and changing files`, `${program} changing files in ${folder}`];
}
