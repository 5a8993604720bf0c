import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { defineSource, ScopsError } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import { LineSource } from '../io/line-source.ts';
import type { InputFile } from '../io/list.ts';
import { LogonReader } from './windows-logon/reader.ts';

const options = v.strictObject({
  ...lineOptions(
    "Files of events, plain or compressed, or folders of them; '-' is standard input. XML as Event Viewer and wevtutil export it, or JSON, an object a line, or CSV under a heading. Of a folder, *.xml, *.json, *.jsonl, *.ndjson and *.csv are read, compressed or not, by date. Times without a zone are taken as UTC.",
  ),
  maxLineBytes: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(268_435_456),
      v.description('Longer lines are rejected, not read. Event Viewer exports all events on one line.'),
    ),
    67_108_864,
  ),
});

/**
 * Logons in the security log of Windows: events 4624, 4625, 4648, 4768, 4769, 4771 and 4776.
 * https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4624
 */
export const windowsLogon = defineSource({
  name: 'windows-logon',
  summary:
    "Logons of Windows' security log: Event XML, or JSON of Winlogbeat, EVTX converters, NXLog, PowerShell and Azure, or its CSV.",
  options,
  examples: [
    'scops score --source windows-logon:security.xml',
    'wevtutil qe Security /f:xml | scops score --source windows-logon:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) =>
    new LineSource({ name: 'windows-logon', options: given, context, takes, order, reader: new LogonReader() }),
});

const takes = (name: string): boolean => /\.(?:xml|json|jsonl|ndjson|csv)(?:\.gz)?$/.test(name);

/** The files as they are. Throws ScopsError SOURCE_UNREADABLE where one is a log of Windows in its own binary form. */
async function order(files: readonly InputFile[]): Promise<readonly InputFile[]> {
  for (const { path, inode } of files) {
    if (inode !== '' && (await isEvtx(path))) {
      const remedy = `Convert it first: "evtx_dump -o jsonl ${path}", or on Windows "wevtutil qe ${path} /lf /f:xml".`;
      throw new ScopsError('SOURCE_UNREADABLE', `Cannot read "${path}": it is an EVTX file. ${remedy}`);
    }
  }
  return files;
}

/** Whether a file begins as a log of Windows does; not one that cannot be read, which is said where it is read. */
async function isEvtx(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === 'ElfFile\0';
  } catch {
    return false;
  }
}
