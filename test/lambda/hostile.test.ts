import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batch, bridged, created, dayAt, deploy, guardDutyFinding, keyOf, signIn } from '../support/lambda.ts';
import { S3Server } from '../support/s3-server.ts';

/** Values that break naive readers, in the place of any part of a message. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    '\u0000',
    '%',
    's3:TestEvent',
    Number.MAX_VALUE,
    -0,
    null,
    '[]',
    '{}',
  ),
);

/** A message of a known shape with one of its parts, anywhere, replaced. */
const broken = fc
  .tuple(
    fc.constantFrom(
      created('trail', keyOf('a')),
      bridged('GuardDuty Finding', guardDutyFinding('f', dayAt(0))),
      bridged('AWS Console Sign In via CloudTrail', signIn('alice', dayAt(0), '203.0.113.1', 'id')),
      JSON.stringify({ Type: 'Notification', TopicArn: 't', Message: created('trail', keyOf('b')) }),
    ),
    fc.nat(60),
    odd,
  )
  .map(([text, at, value]) => {
    let seen = 0;
    return JSON.stringify(JSON.parse(text, (_, part) => (seen++ === at ? value : part)));
  });

test('whatever comes, every message is done or comes again, and those beside it are not harmed', async () => {
  await using s3 = await S3Server.start();
  const { handler } = deploy(s3);
  let good = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.string(), fc.json(), broken), { maxLength: 8 }), async (bodies) => {
      const own = bridged('AWS Console Sign In via CloudTrail', signIn('bob', dayAt(0) + good++ * 1000, '203.0.113.2'));
      const answer = await handler(batch(...bodies, own));
      const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [];
      assert.equal(new Set(failed).size, failed.length);
      for (const id of failed) assert.match(id, /^m\d$/);
      assert.ok(!failed.includes(`m${bodies.length}`), 'the good one failed');
    }),
  );
});

test('an event of no known form fails the invocation with a reason, or is passed over', async () => {
  await using s3 = await S3Server.start();
  const { handler } = deploy(s3);
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (event) => {
      await handler(event).then(
        (answer) => assert.ok(answer === undefined || answer.batchItemFailures.length >= 0),
        (error: unknown) => assert.match(String(error), /^ScopsError: The event failed/),
      );
    }),
  );
});
