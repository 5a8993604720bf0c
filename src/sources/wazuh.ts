import * as v from 'valibot';
import { defineSource, type Event, type Unreadable } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import { LineSource } from '../io/line-source.ts';
import { readWazuh } from '../text/wazuh/read.ts';

const options = v.strictObject({
  ...lineOptions(
    "Files, plain or compressed, or folders of them such as Wazuh's logs/alerts; '-' is standard input. Of a folder, *.json, *.jsonl and *.ndjson are read, compressed or not, by date.",
  ),
  archives: v.optional(
    v.pipe(
      v.string(),
      v.description("Folder with a followed file's earlier parts by year. Default: the folder that the file is in."),
    ),
  ),
});

/**
 * Alerts of Wazuh 4 and findings of Wazuh 5, from files.
 * https://documentation.wazuh.com/current/user-manual/manager/alert-management.html
 */
export const wazuh = defineSource({
  name: 'wazuh',
  summary:
    'Alerts of Wazuh 4 and findings of Wazuh 5: files, folders of archives, standard input, or a file that grows.',
  options,
  examples: [
    'scops fit --source wazuh:/var/ossec/logs/alerts',
    'scops score --source wazuh:alerts.json.gz',
    'zcat alerts.json.gz | scops score --source wazuh:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) => new LineSource({ name: 'wazuh', options: given, context, takes, reader: { read } }),
});

const takes = (name: string): boolean => /\.(?:json|jsonl|ndjson)(?:\.gz)?$/.test(name);

function read(line: string): readonly Event[] | Unreadable {
  const event = readWazuh(line);
  return 'reason' in event ? event : [event];
}
