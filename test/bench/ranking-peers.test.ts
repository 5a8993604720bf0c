import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSeen, severityAndFirstSeen } from '../../bench/support/cloud/peers/first-seen.ts';
import type { RankingTask } from '../../bench/support/cloud/peers/method.ts';
import { severity, severityNewest } from '../../bench/support/cloud/peers/severity.ts';
import { workshop, workshopRepaired } from '../../bench/support/cloud/peers/workshop.ts';
import type { Event } from '../../src/event/index.ts';
import { cloudTrailRecord } from '../../src/text/aws/cloudtrail/record.ts';
import { guardDutyFindings } from '../../src/text/aws/guardduty/finding.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const session = 'AROAEXAMPLEROLE000001:jane.doe@example.com';

function call(at: number, ip: string): Event {
  const record = {
    eventTime: new Date(at).toISOString(),
    eventName: 'ListBuckets',
    eventSource: 's3.amazonaws.com',
    eventType: 'AwsApiCall',
    userIdentity: {
      type: 'AssumedRole',
      principalId: session,
      accountId: '111122223333',
      sessionContext: { sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLEROLE000001', userName: 'Admin' } },
    },
    sourceIPAddress: ip,
    userAgent: 'aws-cli/2.1',
  };
  const read = cloudTrailRecord(record, JSON.stringify(record));
  assert.ok(!('reason' in read) && read.event !== undefined);
  return read.event;
}

function finding(id: string, at: number, ip: string, score: number, userAgent = 'aws-cli/2.1'): Event {
  const seen = new Date(at).toISOString();
  const record = {
    schemaVersion: '2.0',
    id,
    type: 'Discovery:S3/AnomalousBehavior',
    severity: score,
    accountId: '111122223333',
    updatedAt: seen,
    resource: { accessKeyDetails: { principalId: session, userType: 'AssumedRole', userName: 'Admin' } },
    service: {
      eventFirstSeen: seen,
      eventLastSeen: seen,
      action: {
        actionType: 'AWS_API_CALL',
        awsApiCallAction: {
          api: 'ListBuckets',
          serviceName: 's3.amazonaws.com',
          userAgent,
          remoteIpDetails: { ipAddressV4: ip },
        },
      },
    },
  };
  const [read] = guardDutyFindings(record, JSON.stringify(record));
  assert.ok(read !== undefined && !('reason' in read));
  return read.event;
}

const task: RankingTask = {
  seed: 1,
  trail: Array.from({ length: 300 }, (_, at) => call(start + at * (day / 50), '203.0.113.9')),
  findings: [
    finding('known', start + 5 * day, '203.0.113.9', 8),
    finding('elsewhere', start + 5 * day, '198.51.100.7', 5),
    finding('elsewhere, otherwise', start + 5 * day + 1, '198.51.100.7', 2, 'curl/8'),
    finding('forgotten', start + 40 * day, '203.0.113.9', 5),
  ],
};

test('severity ranks by severity alone, newest first where asked to', async () => {
  assert.deepEqual(await severity.scores(task), [8, 5, 2, 5]);
  const scores = Array.from(await severityNewest.scores(task));
  assert.ok((scores[3] as number) > (scores[1] as number) && (scores[0] as number) > (scores[3] as number));
});

test('first-seen rules count the terms that the principal did not have within fourteen days', async () => {
  const near = (list: ArrayLike<number>, wanted: number[]): void =>
    assert.deepEqual(
      Array.from(list, (each) => Math.round(each * 100) / 100),
      wanted,
    );
  near(await firstSeen.scores(task), [0.08, 1.05, 2.02, 3.05]);
  near(await severityAndFirstSeen.scores(task), [8, 6, 4, 8]);
});

test("the workshop's key of a role's finding was never trained, so it scores as anybody; repaired, an address tells", async () => {
  const published = Array.from(await workshop.scores(task));
  const repaired = Array.from(await workshopRepaired.scores(task));
  assert.notEqual(published[0], repaired[0]);
  const gap = ([known = 0, elsewhere = 0]: readonly number[]): number => elsewhere - known;
  assert.ok(gap(repaired) > 0.5, `${repaired}`);
  assert.ok(gap(repaired) > 2 * Math.abs(gap(published)), `${repaired} beside ${published}`);
});
