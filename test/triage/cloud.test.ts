import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Event, Finding } from '../../src/event/index.ts';
import { type Ranking, type RankOptions, rankFindings } from '../../src/triage/cloud/rank.ts';
import { callLearner } from '../support/cloud/call-learner.ts';
import {
  alice,
  bob,
  calls,
  day,
  exfiltration,
  findings,
  hour,
  type Made,
  malicious,
  minute,
  type Reported,
  record,
  reported,
  sso,
  start,
  stream,
  web,
  work,
} from '../support/cloud/trail.ts';

const days = 14;
/** Of the last day but one. */
const then = start + 12 * day + 10 * hour;

const ordinary = [...work(alice, days), ...work(bob, days), ...work(web, days, '10.0.0'), ...work(sso, days)];

const rank = (reports: readonly Reported[], made: readonly Made[] = [], given: Partial<RankOptions> = {}) =>
  rankFindings({
    model: callLearner(),
    findings: findings(reports.map(reported)),
    trail: stream(calls([...ordinary, ...made.map(record)])),
    ...given,
  });

const reason = ({ reasons }: Finding, code: string) => reasons.find((each) => each.code === code);
const nats = ({ reasons }: Finding): number =>
  reasons.reduce((sum, { evidence }) => sum + (typeof evidence.nats === 'number' ? evidence.nats : 0), 0);
const [stranger, office] = ['203.0.113.9', '198.51.100.1'];

/** An intruder at work: so many calls, the first at `then`. */
const intrusion = (who: Made['who'], count = 30): Made[] =>
  Array.from({ length: count }, (_, i) => ({
    who,
    time: then + i * minute,
    ip: stranger,
    action: ['GetCallerIdentity', 'ListSecrets', 'GetSecretValue'][i % 3] as string,
    agent: 'Boto3/1.9',
  }));

describe('ranking findings', () => {
  test('the finding that is strange for its actor is above the one that is ordinary for its own, whatever their severity', async () => {
    const {
      findings: found,
      scores,
      baseline,
      trail,
    } = await rank(
      [
        { id: 'usual', who: bob, from: then, to: then + 2 * hour, ip: office, severity: 8 },
        { id: 'theft', who: alice, from: then, to: then + 29 * minute, ip: stranger, severity: 2 },
      ],
      intrusion(alice),
    );
    assert.deepEqual(found.map(({ event, rank }) => [event.id, rank]), [['guardduty/theft', 1], ['guardduty/usual', 2]]); // biome-ignore format: a table
    const [theft, usual] = found as [Finding, Finding];
    assert.ok(theft.score > 5 && usual.score < 0, `${theft.score} and ${usual.score}`);
    assert.ok((theft.pValue ?? 1) < 0.05 && (usual.pValue ?? 0) > 0.2);
    assert.deepEqual(theft.entity, { type: 'user', name: 'alice' });
    assert.match(theft.title, /^MaliciousIPCaller\.Custom: alice from 203\.0\.113\.9$/);
    assert.match(
      reason(theft, 'calls')?.text ?? '',
      /^30 calls behind this finding are in the trail: GetCallerIdentity ×10/,
    );
    assert.match(reason(theft, 'nearest-history')?.text ?? '', /\w+ from 198\.51\.100\.\d with aws-cli at 2026-03-/);
    assert.ok(
      usual.reasons.some(({ evidence, text }) => Number(evidence.nats) < 0 && text.startsWith('Speaks for benign (−')),
    );
    assert.equal(scores.get('guardduty/theft')?.calls, 30);
    assert.equal(scores.get('guardduty/usual')?.calls, 2, 'those from that address');
    assert.equal(trail.events, ordinary.length + 30);
    assert.equal(baseline.length, trail.judged - trail.joined);
  });

  test('the parts of a score add up to it', async () => {
    const { findings: found } = await rank(
      [
        { id: 'a', who: alice, from: then, to: then + hour, ip: stranger, type: exfiltration, archived: true },
        { id: 'b', who: alice, from: then, to: then + hour, ip: stranger, severity: 9 },
        { id: 'c', who: bob, from: then, ip: stranger },
        { id: 'd', from: then, type: 'Recon:EC2/PortProbeUnprotectedPort', instance: 'i-0123456789abcdef0' },
      ],
      [...intrusion(alice), { who: alice, time: then + hour, ip: stranger, action: 'StopLogging', provider: 'cloudtrail.amazonaws.com' }], // biome-ignore format: one call
    );
    assert.equal(found.length, 3);
    for (const each of found) {
      assert.ok(Math.abs(nats(each) - each.score) < 1e-9, `${nats(each)} is not ${each.score}`);
      const sum = reason(each, 'sum')?.evidence as Record<string, number>;
      assert.ok(Math.abs((sum.against ?? 0) + (sum.benign ?? 0) - each.score) < 1e-9);
      assert.ok((sum.probability ?? -1) >= 0 && (sum.probability ?? 2) <= 1);
    }
  });

  test("an intruder's own calls do not make themselves ordinary", async () => {
    const many = intrusion(alice, 55);
    // Later the same again, about which GuardDuty reports a second time.
    const late = many.map((call) => ({ ...call, time: call.time + 26 * hour }));
    const reports: Reported[] = [
      { id: 'first', who: alice, from: then, to: then + 54 * minute, ip: stranger },
      { id: 'second', who: alice, from: then + 26 * hour, to: then + 26 * hour + 54 * minute, ip: stranger },
    ];
    const [clean, contaminated] = [await rank(reports, [...many, ...late]), await rank(reports, [...many, ...late], { contaminated: true })]; // biome-ignore format: a pair
    const behaviour = (ranking: Ranking, id: string): number =>
      ranking.scores.get(`guardduty/${id}`)?.behaviour as number;
    assert.equal(clean.findings.length, 2);
    assert.ok(behaviour(clean, 'second') > behaviour(clean, 'first') - 0.5);
    assert.ok(behaviour(contaminated, 'second') < behaviour(clean, 'second') - 2, 'learnt, it looks ordinary');
    const model = callLearner();
    const { trail } = await rank(reports, [...many, ...late], { model });
    assert.equal(model.learnt.length, trail.events - trail.joined);
  });

  test('what comes after a finding does not change its score', async () => {
    const reports: Reported[] = [{ id: 'a', who: alice, from: then, to: then + 29 * minute, ip: stranger }];
    const before = await rank(reports, intrusion(alice));
    const later = Array.from({ length: 200 }, (_, i) => ({ ...(intrusion(alice, 3)[i % 3] as Made), time: then + 30 * hour + i * minute })); // biome-ignore format: one call
    const after = await rank(reports, [...intrusion(alice), ...later]);
    assert.equal(after.findings[0]?.score, before.findings[0]?.score);
    assert.deepEqual(reason(after.findings[0] as Finding, 'nearest-history'), reason(before.findings[0] as Finding, 'nearest-history')); // biome-ignore format: a pair
  });

  test('same input, same output', async () => {
    const reports: Reported[] = ['a', 'b', 'c'].map((id) => ({ id, who: alice, from: then, ip: stranger, action: id }));
    assert.deepEqual(await rank(reports, intrusion(alice)), await rank(reports, intrusion(alice)));
    const turned = await rank(reports.toReversed(), intrusion(alice));
    assert.deepEqual(turned.findings, (await rank(reports, intrusion(alice))).findings);
  });
});

describe('findings and the calls behind them', () => {
  test('a role of the trail and its session in a finding are the same actor', async () => {
    const stolen = intrusion(web, 9);
    const elsewhere: Made[] = [
      { who: { ...web, session: 'i-0fedcba9876543210', key: 'ASIAOTHER' }, time: then, ip: '10.0.0.9' },
    ];
    const {
      findings: found,
      scores,
      trail,
    } = await rank(
      [{ id: 'role', who: web, from: then, to: then + 8 * minute, ip: stranger, type: exfiltration }],
      [...stolen, ...elsewhere],
    );
    assert.equal(scores.get('guardduty/role')?.calls, 9);
    assert.deepEqual(found[0]?.entity, { type: 'role', name: `WebRole/${web.session}` });
    assert.ok((found[0]?.score ?? 0) > 5);
    assert.equal(trail.joined, 9 + 3, 'the session alone, not the whole role');
  });

  test('a finding that names no session stands for the whole principal; one with a temporary key for that', async () => {
    const whole: Reported = {
      id: 'a',
      who: { ...sso, key: '' },
      sessionless: true,
      from: then,
      to: then + 8 * minute,
      ip: stranger,
    };
    assert.equal((await rank([whole], intrusion(sso, 9))).trail.joined, 12);
    const keyed: Reported = { id: 'a', who: sso, sessionless: true, from: then, to: then + 8 * minute, ip: stranger };
    const other = intrusion({ ...sso, key: 'ASIAANOTHER' }, 4);
    assert.equal((await rank([keyed], [...intrusion(sso, 9), ...other])).trail.joined, 12);
  });

  test('API name and address are asked for where the finding names them; IPv6 too', async () => {
    const six = '2001:db8:1::77';
    const made = intrusion(alice).map((call, i) => ({
      ...call,
      ip: i % 2 === 0 ? '2001:0DB8:0001:0:0:0:0:0077' : stranger,
    }));
    const { scores, findings: found } = await rank(
      [{ id: 'a', who: alice, from: then, to: then + hour, ip: six, action: 'GetSecretValue' }],
      made,
    );
    assert.equal(scores.get('guardduty/a')?.calls, 5);
    assert.match(found[0]?.title ?? '', / from 2001:db8:1::77$/);
    assert.match(reason(found[0] as Finding, 'calls')?.text ?? '', /the actor made 2\d other calls in that time/);
  });

  test('a sign-in to the console is found under the name that GuardDuty has for it', async () => {
    const login = { ...record({ who: alice, time: then, ip: stranger, action: 'ConsoleLogin', provider: 'signin.amazonaws.com' }), eventType: 'AwsConsoleSignIn', responseElements: { ConsoleLogin: 'Success' } }; // biome-ignore format: one record
    const { scores } = await rankFindings({
      model: callLearner(),
      findings: findings([reported({ id: 'a', who: alice, from: then, ip: stranger, action: 'ConsoleLogin' })]),
      trail: stream(calls([...ordinary, login])),
    });
    assert.equal(scores.get('guardduty/a')?.calls, 1);
  });

  for (const [name, report, made, words] of [
    [
      'data events',
      { id: 'a', who: alice, from: then, ip: stranger, action: 'GetObject' },
      [],
      /of 2 calls that the actor made in that time none is GetObject from 203\.0\.113\.9; data events may not be logged/,
    ],
    [
      'an actor without calls',
      { id: 'a', who: { ...alice, id: 'AIDANOBODY', key: 'AKIANOBODY' }, from: then, ip: stranger },
      [],
      /the trail has nothing of this actor at all/,
    ],
    [
      'an actor who was not there',
      { id: 'a', who: { ...alice, id: 'AIDAEARLY' }, from: then, ip: stranger },
      [{ who: { ...alice, id: 'AIDAEARLY' }, time: start, ip: office }],
      /the actor made no call in that time/,
    ],
    [
      'later than the trail',
      { id: 'a', who: alice, from: start + 60 * day, ip: stranger },
      [],
      /its time lies after what was read of the trail/,
    ],
    [
      'earlier than the trail',
      { id: 'a', who: alice, from: start - 60 * day, ip: stranger },
      [],
      /its time lies before what was read of the trail/,
    ],
  ] as const satisfies readonly (readonly [string, Reported, readonly Made[], RegExp])[]) {
    // biome-ignore format: a table
    test(`no call behind a finding: ${name}`, async () => {
      const { findings: found, scores } = await rank([report], made);
      const { text } = reason(found[0] as Finding, 'no-calls') ?? { text: '' };
      assert.match(text, /^No call behind this finding is in the trail: /);
      assert.match(text, words);
      assert.equal(scores.get('guardduty/a')?.calls, 0);
      assert.ok(Number.isFinite(scores.get('guardduty/a')?.behaviour), 'judged by its own fields');
    });
  }

  test('a finding that names nobody is ranked by type and severity, and says so', async () => {
    const { findings: found } = await rank([
      {
        id: 'probe',
        from: then,
        type: 'Recon:EC2/PortProbeUnprotectedPort',
        instance: 'i-0123456789abcdef0',
        severity: 2,
      },
      {
        id: 'coin',
        from: then,
        type: 'CryptoCurrency:EC2/BitcoinTool.B',
        instance: 'i-0123456789abcdef1',
        severity: 8,
      },
      { id: 'bucket', from: then, type: 'Policy:S3/BucketAnonymousAccessGranted', severity: 8 },
    ]);
    assert.deepEqual(
      found.map(({ event }) => event.id),
      ['guardduty/coin', 'guardduty/bucket', 'guardduty/probe'],
    );
    for (const each of found) {
      assert.match(reason(each, 'no-principal')?.text ?? '', /names nobody who acted/);
      assert.equal(each.pValue, undefined);
    }
    assert.deepEqual(
      found.map(({ entity }) => entity.type),
      ['instance', 'account', 'instance'],
    );
  });
});

describe('incidents', () => {
  test('findings about one actor and session are one, the strangest stands for it and counts are summed', async () => {
    const { findings: found, scores } = await rank(
      [
        { id: 'a', who: alice, from: then, to: then + 10 * minute, ip: stranger, count: 3 },
        {
          id: 'b',
          who: alice,
          from: then + hour,
          to: then + 2 * hour,
          ip: office,
          type: 'Discovery:IAMUser/AnomalousBehavior',
          count: 4,
        },
        { id: 'c', who: bob, from: then, ip: office },
        { id: 'd', who: alice, from: then - 6 * day, ip: office },
      ],
      intrusion(alice),
    );
    assert.equal(found.length, 3, 'five days apart is another incident');
    const [first] = found as [Finding];
    assert.equal(first.event.id, 'guardduty/a');
    assert.deepEqual([first.count, first.first, first.last], [7, then, then + 2 * hour]);
    assert.deepEqual(
      first.related?.map(({ event }) => event),
      ['guardduty/b'],
    );
    assert.match(first.title, /, with 1 other finding$/);
    assert.equal(reason(first, 'several-types')?.evidence.nats, 0.7);
    assert.equal(scores.get('guardduty/b')?.rank, 1);
  });

  test("an instance's finding and its stolen credentials' are one incident", async () => {
    const { findings: found } = await rank(
      [
        { id: 'a', who: web, from: then, to: then + 8 * minute, ip: stranger, type: exfiltration },
        { id: 'b', from: then - hour, type: 'Backdoor:EC2/C&CActivity.B', instance: web.session as string },
      ],
      intrusion(web, 9),
    );
    assert.equal(found.length, 1);
    assert.equal(found[0]?.event.id, 'guardduty/a');
  });

  test("an instance's later finding that names nobody does not hide the calls of its stolen credentials", async () => {
    const instance = web.session as string;
    const { scores, trail } = await rank(
      [
        { id: 'a', who: web, from: then, to: then + 8 * minute, ip: stranger, type: exfiltration },
        { id: 'b', from: then + 30 * hour, type: 'Backdoor:EC2/C&CActivity.B', instance },
      ],
      intrusion(web, 9),
    );
    assert.equal(scores.get('guardduty/a')?.calls, 9);
    assert.ok(trail.joined >= 9);
  });

  test('who blinds the defenders is raised with all findings; a refusal less', async () => {
    const report: Reported = { id: 'a', who: alice, from: then, to: then + 29 * minute, ip: stranger };
    const blind = (made: Partial<Made>): Made => ({ who: alice, time: then + 3 * hour, ip: stranger, provider: 'cloudtrail.amazonaws.com', action: 'StopLogging', ...made }); // biome-ignore format: one call
    const nats = async (...made: Made[]): Promise<number> => {
      const { findings: found } = await rank([report], [...intrusion(alice), ...made]);
      return Number(reason(found[0] as Finding, 'blinding')?.evidence.nats ?? 0);
    };
    assert.equal(await nats(), 0);
    assert.equal(await nats(blind({})), 3);
    assert.equal(await nats(blind({ error: 'AccessDenied' })), 1);
    assert.equal(await nats(blind({}), blind({ action: 'DeleteTrail' })), 3, 'one thing counts once');
    assert.equal(
      await nats(blind({}), blind({ action: 'UpdateIPSet', provider: 'guardduty.amazonaws.com' })),
      4,
      'two are little more than one',
    );
    assert.equal(await nats(blind({ who: bob })), 0, 'somebody else');
    assert.equal(await nats(blind({ time: then + 30 * hour })), 0, 'long after');
    const bucket = { provider: 's3.amazonaws.com', action: 'PutBucketPolicy' };
    assert.equal(await nats(blind({ ...bucket, parameters: { bucketName: 'acme-cloudtrail-logs' } })), 3);
    assert.equal(await nats(blind({ ...bucket, parameters: { bucketName: 'acme-website' } })), 0);
    const habit = Array.from({ length: 40 }, (_, i) => blind({ action: 'UpdateTrail', time: start + (i + 1) * 6 * hour, ip: office, agent: 'aws-cli/2' })); // biome-ignore format: one call
    const usual = await nats(...habit, blind({ action: 'UpdateTrail', ip: office, agent: 'aws-cli/2' }));
    assert.ok(usual > 0 && usual <= 0.4, `${usual}`);
    const archive = { action: 'ArchiveFindings', provider: 'guardduty.amazonaws.com' };
    assert.equal(await nats(blind(archive)), 1, 'whoever works with findings archives some');
    const once = blind({ time: start + 2 * day });
    assert.equal(await nats(once, blind({})), 1, 'it did so before');
    assert.equal(await nats({ ...once, who: bob }, blind({})), 3, 'somebody else did so before');
  });

  test('who was refused hundreds of times before is still seen to blind the defenders', async () => {
    const refused = Array.from(
      { length: 300 },
      (_, i): Made => ({
        who: alice,
        time: start + 5 * day + i * minute,
        ip: office,
        action: 'PutBucketPolicy',
        provider: 's3.amazonaws.com',
        error: 'AccessDenied',
        parameters: { bucketName: `b${i}-logs` },
      }),
    );
    const stop = { who: alice, time: then + minute, ip: stranger, action: 'StopLogging', provider: 'cloudtrail.amazonaws.com' }; // biome-ignore format: one call
    const { findings: found } = await rank([{ id: 'a', who: alice, from: then, ip: stranger }], [...refused, stop]);
    assert.match(reason(found[0] as Finding, 'blinding')?.text ?? '', /called StopLogging on CloudTrail/);
  });

  test('a trail that fell silent is noted', async () => {
    const busy = calls([...ordinary, ...Array.from({ length: days * 24 * 6 }, (_, i) => record({ who: bob, time: start + i * 10 * minute, ip: office }))]); // biome-ignore format: one record
    const note = async (trail: readonly Event[]) => {
      const reports = findings([reported({ id: 'a', who: alice, from: then, ip: stranger })]);
      const { findings: found } = await rankFindings({ model: callLearner(), findings: reports, trail: stream(trail) });
      return reason(found[0] as Finding, 'trail-gap')?.text;
    };
    assert.equal(await note(busy), undefined);
    const parts = [0, 1, 2].flatMap((part) => busy.filter((_, i) => i % 3 === part));
    assert.equal(await note(parts), undefined, 'out of order is not silence');
    const silent = busy.filter(({ time }) => time < then + hour || time > then + 7 * hour);
    assert.match(
      (await note(silent)) ?? '',
      /has no records between 2026-03-14 1\d:\d\d and 2026-03-14 17:\d\d UTC, although it usually has 10 an hour then/,
    );
  });
});

describe('hostile input', () => {
  test('huge counts, severities beyond the scale, far times and control characters', async () => {
    const odd = findings([reported({ id: 'a\u001b[31m', who: { ...alice, name: 'al\u202eice' }, from: then, ip: stranger, type: `X:${'y'.repeat(5000)}` })]); // biome-ignore format: one finding
    const twisted = [Number.NaN, 1e308, -1e308, Number.POSITIVE_INFINITY].map(
      (severity, i): Event => ({
        ...(odd[0] as Event),
        id: `guardduty/${i}`,
        fields: {
          ...(odd[0] as Event).fields,
          'event.severity': severity,
          'aws.finding.count': severity,
          'aws.finding.first_seen': 0,
          'aws.finding.remote_ips': [],
        },
      }),
    );
    const ranking = await rankFindings({
      model: callLearner(),
      findings: [...odd, ...twisted],
      trail: stream(calls(ordinary)),
    });
    for (const each of ranking.findings) {
      assert.ok(Number.isFinite(each.score) && Number.isFinite(each.count) && each.count <= 5e9);
      assert.ok(each.title.length < 1000 && each.reasons.every(({ text }) => text.length < 2000));
    }
    assert.ok([...ranking.scores.values()].every(({ score }) => Number.isFinite(score)));
    assert.equal(ranking.scores.size, 5);
    assert.ok(ranking.trail.joined < ordinary.length / 4, 'ninety days at most, of one principal');
  });

  test('10,000 findings about one actor, all different, take no long', { timeout: 20_000 }, async () => {
    const reports = Array.from({ length: 10_000 }, (_, i): Reported => ({ id: `f${i}`, who: alice, from: then + (i % 600) * 1000, to: then + hour, ip: `203.0.${i % 250}.${i % 199}`, action: `Api${i}` })); // biome-ignore format: one finding
    const { findings: found, scores } = await rank(reports, intrusion(alice, 300));
    assert.equal(found.length, 1);
    assert.equal(found[0]?.count, 10_000);
    assert.equal(found[0]?.related?.length, 20);
    assert.equal(scores.size, 10_000);
  });

  test('whatever the fields hold, every finding comes back once, with a finite score', async () => {
    const text = fc.oneof(
      fc.constantFrom('alice', 'i-0abcdef1234567890', 'ASIA', '__proto__', 'StopLogging', ''),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const value = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 }));
    const names =
      'aws.principal.id aws.principal.session aws.principal.type aws.principal.class aws.access_key.id event.action event.provider event.outcome event.severity source.ip source.address rule.name user.name user.roles cloud.instance.id cloud.account.id aws.finding.count aws.finding.first_seen aws.finding.last_seen aws.finding.remote_ips aws.finding.sample user_agent.original'.split(
        ' ',
      );
    const event = (kind: 'api' | 'finding') =>
      fc.record({ time: fc.integer({ min: -1e13, max: 1e14 }), fields: fc.dictionary(fc.constantFrom(...names), value), raw: text }).map((made) => ({ ...made, kind, source: 'test' })); // biome-ignore format: one record
    const numbered = <Made>(all: Made[]): (Made & { id: string })[] =>
      all.map((each, i) => ({ ...each, id: `test/${i}` }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(event('finding'), { maxLength: 12 }),
        fc.array(event('api'), { maxLength: 30 }),
        async (some, trail) => {
          const all: Event[] = numbered(some);
          const ranking = await rankFindings({ model: callLearner(), findings: all, trail: stream(numbered(trail)) });
          assert.deepEqual([...ranking.scores.keys()].sort(), all.map(({ id }) => id).sort());
          for (const each of ranking.findings)
            assert.ok(Number.isFinite(each.score) && Math.abs(nats(each) - each.score) < 1e-6);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('no findings, or no trail, is no fault', async () => {
    assert.deepEqual((await rank([])).findings, []);
    const { findings: found, trail } = await rankFindings({ model: callLearner(), findings: findings([reported({ id: 'a', who: alice, from: then, type: malicious })]), trail: stream([]) }); // biome-ignore format: one call
    assert.equal(found.length, 1);
    assert.equal(trail.events, 0);
    assert.equal(found[0]?.pValue, undefined);
  });
});
