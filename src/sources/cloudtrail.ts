import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { JsonSource, jsonOptions } from '../io/json-source.ts';
import { CloudTrailReader } from './cloudtrail/reader.ts';

const options = v.strictObject(
  jsonOptions(
    "Files of CloudTrail records, plain or gzip, or folders of them such as AWSLogs; '-' is standard input. As delivered, or as lists, one after another, or in the envelopes of EventBridge, SNS, Elasticsearch or Logstash. Of a folder, *.json, *.jsonl and *.ndjson are read, with or without .gz, by date.",
  ),
);

/**
 * Records of CloudTrail as events: calls and console sign-ins, with who acted under one name. A record that is delivered
 * twice is one event, as long as its copies are no more than 50,000 records apart and no resuming is between them.
 * Digests are passed over. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export const cloudtrail = defineSource({
  name: 'cloudtrail',
  summary: "AWS CloudTrail: calls and console sign-ins, from the trail's files or any other JSON of its records.",
  options,
  examples: [
    'scops fit --source cloudtrail:AWSLogs/123456789012/CloudTrail',
    'aws cloudtrail lookup-events | scops score --source cloudtrail:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) => {
    const reader = new CloudTrailReader();
    const source = new JsonSource({ name: 'cloudtrail', options: given, context, takes, lists, reader });
    return Object.assign(source, { tally: () => reader.tally() });
  },
});

const lists: ReadonlySet<string> = new Set(['Records', 'Events']);

const takes = (name: string): boolean => /\.(?:json|jsonl|ndjson)(?:\.gz)?$/.test(name);
