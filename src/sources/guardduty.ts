import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { jsonOptions } from '../io/json-source.ts';
import { GuardDutySource } from './guardduty/source.ts';

const options = v.strictObject({
  ...jsonOptions(
    "Files of GuardDuty findings, plain or compressed, or folders of them; '-' is standard input. JSON of GetFindings or an SDK, EventBridge's events, the export to S3, Security Hub's format (ASFF), or OCSF: objects, lists, or an object a line. Of a folder, *.json, *.jsonl and *.ndjson are read, compressed or not, by date.",
  ),
  samples: v.optional(
    v.pipe(v.boolean(), v.description('Read the sample findings too that GuardDuty makes up on request.')),
    false,
  ),
});

/**
 * Findings of GuardDuty as events, each once: the updates of one finding within the input are merged, so events come
 * when the whole input is read (at most 50,000 findings are held), and reading does not resume in the middle.
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings.html
 */
export const guardduty = defineSource({
  name: 'guardduty',
  summary: 'AWS GuardDuty: findings in any of the forms that AWS writes them in, the updates of each merged.',
  options,
  examples: [
    'scops cloud rank --trail AWSLogs --findings findings.json',
    'aws guardduty get-findings --detector-id ID --finding-ids IDS | scops explain --model calls.scops --source guardduty:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) => new GuardDutySource(given, context),
});
