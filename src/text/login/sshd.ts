import { type Line, type Word, wordOf } from '../syslog/line.ts';
import type { Draft, MessageReader, Told } from './draft.ts';
import { readInternal } from './sshd-internal.ts';
import { isStaged } from './sshd-lines.ts';
import { messages } from './sshd-messages.ts';
import { notPermitted } from './sshd-refusals.ts';
import { decodeVis } from './vis.ts';

interface Entry {
  readonly start: Word;
  readonly read: MessageReader;
}

/** The messages by the code of their first character. */
const byFirst: (readonly Entry[])[] = Array.from({ length: 256 }, (_, code) =>
  messages.filter(([start]) => start.charCodeAt(0) === code).map(([start, read]) => ({ start: wordOf(start), read })),
);

const faults = ['error: ', 'fatal: '].map(wordOf);
const levels = [...faults, ...['warning: ', 'info: '].map(wordOf)];

/** sshd, sshd-session and sshd-auth of OpenSSH (auth.c, packet.c, session.c, srclimit.c and others), old and new. */
export const readSshd: MessageReader = (line, at, end, draft): Told => {
  const kind = readEncoded(line, at, end, draft);
  const { 'user.name': name, 'login.certificate.id': id } = draft;
  if (name?.includes('\\')) draft['user.name'] = decoded(name, line, end);
  if (id?.includes('\\')) draft['login.certificate.id'] = decoded(id, line, end);
  return kind;
};

/**
 * What the unprivileged child says was encoded twice until OpenSSH 10.3. Names are cut out of the line before, so that
 * none can look like a field.
 */
function decoded(name: string, line: Line, end: number): string {
  const once = decodeVis(name);
  return once !== name && isStaged(line, end) ? decodeVis(once) : once;
}

function readEncoded(line: Line, at: number, end: number, draft: Draft): Told {
  const kind = tell(line, at, end, draft);
  if (kind !== undefined) return kind;
  const level = levels.find((word) => line.has(word, at));
  if (level !== undefined) {
    const words = at + level.length;
    return tell(line, words, end, draft) ?? readInternal(line, words, end, draft, faults.includes(level));
  }
  const internal = readInternal(line, at, end, draft, false);
  if (internal !== undefined) return internal;
  return line.text.includes('Authentication tried for ', at) ? notPermitted(line, at, end, draft) : undefined;
}

function tell(line: Line, at: number, end: number, draft: Draft): Told {
  const entries = byFirst[line.codes[at] as number] as readonly Entry[];
  for (let index = 0; index < entries.length; index++) {
    const { start, read } = entries[index] as Entry;
    if (!line.has(start, at)) continue;
    const kind = read(line, at + start.length, end, draft);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Where ` [preauth]` or ` [postauth]` begins at the end of the message, as the unprivileged child's messages have it. */
export function stageAt({ text, codes }: Line, at: number, end: number): number {
  if (codes[end - 1] !== 93) return end;
  const open = codes[end - 9] === 91 ? end - 9 : end - 10;
  if (open <= at || !(text.startsWith('[preauth]', open) || text.startsWith('[postauth]', open))) return end;
  let stop = open;
  while (stop > at && codes[stop - 1] === 32) stop--;
  return stop;
}
