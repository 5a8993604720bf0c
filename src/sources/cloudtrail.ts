import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { jsonOptions } from '../io/json-source.ts';
import { CloudTrailSource } from './cloudtrail/source.ts';

const options = v.strictObject(
  jsonOptions(
    "Files of CloudTrail records, plain or compressed, or folders of them such as AWSLogs; '-' is standard input. As delivered, or as lists, one after another, or in the envelopes of EventBridge, SNS, Elasticsearch or Logstash. Of a folder, *.json, *.jsonl and *.ndjson are read, compressed or not. Files named as CloudTrail names them are read in the order of time, of all accounts and regions together; others before, as they stand.",
  ),
);

/**
 * Records of CloudTrail as events: calls and console sign-ins, with who acted under one name. A record that is delivered
 * twice is one event, as long as its copies are no more than 50,000 records apart and no resuming is between them. Of a
 * trail, events come in the order of time; those delivered more than 20 minutes late come late. Resuming in a trail that
 * grows leaves out files that turn up more than an hour after others of their time. Digests are passed over.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export const cloudtrail = defineSource({
  name: 'cloudtrail',
  summary: "AWS CloudTrail: calls and console sign-ins, from the trail's files or any other JSON of its records.",
  options,
  examples: [
    'scops fit --detector principal-likelihood --source cloudtrail:AWSLogs/123456789012/CloudTrail --model calls.scops',
    'aws cloudtrail lookup-events | scops score --model calls.scops --source cloudtrail:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) => new CloudTrailSource(given, context),
});
