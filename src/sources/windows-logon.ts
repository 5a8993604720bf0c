import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import { LineSource } from '../io/line-source.ts';
import { LogonReader } from './windows-logon/reader.ts';

const options = v.strictObject({
  ...lineOptions(
    "Files of events, plain or gzip, or folders of them; '-' is standard input. XML as Event Viewer and wevtutil export it, or JSON, an object a line. Of a folder, *.xml, *.json, *.jsonl and *.ndjson are read, with or without .gz, by date. Times without a zone are taken as UTC.",
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
  summary: "Logons of Windows' security log: Event XML, or JSON of Winlogbeat, EVTX converters, NXLog and PowerShell.",
  options,
  examples: [
    'scops score --source windows-logon:security.xml',
    'wevtutil qe Security /f:xml | scops score --source windows-logon:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) =>
    new LineSource({ name: 'windows-logon', options: given, context, takes, reader: new LogonReader() }),
});

const takes = (name: string): boolean => /\.(?:xml|json|jsonl|ndjson)(?:\.gz)?$/.test(name);
