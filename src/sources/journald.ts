import * as v from 'valibot';
import { defineSource, ScopsError } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import { LineSource } from '../io/line-source.ts';
import { JournalChild } from './journald/child.ts';
import { JournalReader } from './journald/reader.ts';

const { paths, ...lines } = lineOptions(
  "Files of `journalctl -o json`, plain or compressed, or folders of them; '-' is standard input. Of a folder, *.json, *.jsonl and *.ndjson are read, compressed or not, by date. None, with follow: the journal of this computer as it grows.",
);

/** No NUL, which no argument of a program can hold. */
const argument = (about: string) =>
  v.pipe(v.string(), v.minLength(1), v.regex(/^[^\0]*$/, 'Must not hold a NUL'), v.description(about));

const options = v.strictObject({
  ...lines,
  paths: v.optional(paths),
  directory: v.optional(
    argument(
      'Of the live journal: the folder of its files, such as /var/log/journal/remote where systemd-journal-remote gathers those of other computers.',
    ),
  ),
  unit: v.optional(argument('Of the live journal: only this unit, such as ssh.service.')),
  matches: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^(?:\+|[A-Z0-9_]+=[^\0]*)$/, 'Must be FIELD=value, or + for "or"'))),
      v.description('Of the live journal: only entries with these, such as _COMM=sshd; + between two means or.'),
    ),
    [],
  ),
  since: v.optional(
    argument(
      'Of the live journal, the first time: from then on, as journalctl --since takes it, such as -2h or today.',
    ),
  ),
  senders: v.optional(
    v.pipe(
      v.picklist(['root', 'any']),
      v.description(
        "Whose lines count as an SSH server's: those of root and of the server itself, or anybody's. Any user can write to the journal under any name.",
      ),
    ),
    'root',
  ),
  command: v.optional(argument('The program journalctl: a name on PATH, or a path.'), 'journalctl'),
});

/**
 * Logins in the systemd journal: what `journalctl -o json` wrote to files, or live from the journalctl of this computer.
 * https://www.freedesktop.org/software/systemd/man/latest/journalctl.html
 */
export const journald = defineSource({
  name: 'journald',
  summary: 'Logins in the systemd journal: files of `journalctl -o json`, or this computer’s journal as it grows.',
  options,
  examples: [
    'journalctl -o json | scops score --source journald:-',
    'scops score --source journald:journal.json.gz',
    'scops run --source journald --follow',
  ],
  target: (target) => ({ paths: target }),
  create(given, context) {
    const reader = new JournalReader(given.senders === 'any');
    if (given.paths !== undefined) {
      const settings = { name: 'journald', options: { ...given, paths: given.paths }, context, takes, reader };
      return new LineSource(settings);
    }
    if (given.follow) return new JournalChild(given, context, reader);
    throw new ScopsError('CONFIG_INVALID', 'Source "journald" needs paths, or follow for the journal as it grows.');
  },
});

const takes = (name: string): boolean => /\.(?:json|jsonl|ndjson)(?:\.gz)?$/.test(name);
