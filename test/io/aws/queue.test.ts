import assert from 'node:assert/strict';
import { test } from 'node:test';
import { regionOf } from '../../../src/io/aws/queue.ts';

test("a queue's region is told by its address, of whatever kind", () => {
  for (const [host, region] of [
    ['sqs.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['sqs.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['eu-west-1.queue.amazonaws.com', 'eu-west-1'],
    ['sqs-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['sqs.eu-west-1.api.aws', 'eu-west-1'],
    ['vpce-0123456789abcdef0-abcdefgh.sqs.eu-west-1.vpce.amazonaws.com', 'eu-west-1'],
    ['vpce-0123456789abcdef0-abcdefgh-eu-west-1a.sqs.eu-west-1.vpce.amazonaws.com', 'eu-west-1'],
    ['queue.amazonaws.com', 'us-east-1'],
    ['127.0.0.1:9324', undefined],
    ['sqs.eu-west-1.amazonaws.com.example', undefined],
  ] as const)
    assert.equal(regionOf(`https://${host}/123456789012/q`), region, host);
});
