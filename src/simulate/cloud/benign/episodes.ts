import { hour, minute, second } from '../../logins/clock.ts';
import { cliOn } from '../agents.ts';
import { of } from '../attacks/loot.ts';
import { taste } from '../burst.ts';
import { type Episode, findCall, lair, play, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { roleSession, stranger, uniqueId } from '../identity.ts';
import { targetOf } from '../targets.ts';
import { accessReview, rootDay, torResearch, watchers } from './keepers.ts';

const admin = (stage: Stage, account: string) =>
  findCall(
    stage,
    stage.cast.team('platform'),
    ({ by, api, from, agent }) =>
      by.account === account &&
      by.accessKeyId !== undefined &&
      by.principalId?.includes('@') === true &&
      !api.startsWith('sso') &&
      from.ip !== 'AWS Internal' &&
      agent !== 'AWS Internal',
  );

/** An administrator plays the intruder, announced, in the development account. */
function gameDay(stage: Stage): Episode {
  const { company, random } = stage;
  const { dev } = company.accounts;
  const own = admin({ ...stage, day: company.gameDay }, dev);
  const { by, from, agent } = own;
  const blinds = random.pick(['guardduty:UpdateDetector', 'guardduty:DeleteDetector', 'guardduty:UpdateIPSet']);
  const calls = play(stage, own.time + minute, 2 * minute, { by, from, agent }, [
    { api: 'iam:CreateUser', target: 'gameday' },
    { api: 'iam:CreateAccessKey', target: 'gameday' },
    { api: 'iam:AttachUserPolicy', target: 'gameday' },
    { api: 'cloudtrail:StopLogging', target: 'gameday-trail' },
    { api: blinds, target: 'detector' },
    { api: 'secretsmanager:GetSecretValue', times: 3, target: 'gameday/flag' },
    { api: 's3:PutBucketPolicy', target: random.pick(company.buckets) },
    { api: 'cloudtrail:StartLogging', target: 'gameday-trail' },
    { api: 'iam:DeleteUser', target: 'gameday' },
  ]);
  return {
    variant: '',
    calls,
    sightings: [
      { type: 'Stealth:IAMUser/CloudTrailLoggingDisabled', calls: of(calls, 'cloudtrail:StopLogging'), relevance: 1 },
      ...[
        'iam:CreateAccessKey',
        'iam:AttachUserPolicy',
        blinds,
        'secretsmanager:GetSecretValue',
        's3:PutBucketPolicy',
      ].map((api) => ({ type: anomalyOf(api), calls: of(calls, api), relevance: 1 as const })),
    ],
  };
}

/** Testers whom the company has paid, from a rented server, with a role made for them. */
function penTest(stage: Stage): Episode {
  const { company, random, diary } = stage;
  const { dev } = company.accounts;
  const from = lair(stage, random.pick(['hosting', 'hosting here'] as const));
  const role = company.role(dev, 'external-assessment');
  const agent = `${cliOn('linux', 22).replace(/Linux\/\S+/, 'Linux/6.12.13-amd64')} distrib#kali.2025`;
  const all = [];
  const habit = taste('scanner', 0.6, random);
  for (let day = 0; day < 3; day++) {
    const created =
      company.at(Math.min(company.pentestDay + day, company.calendar.days - 2)) + (8 + random.next() * 6) * hour;
    const tester = { account: '888888888888', principalId: uniqueId('AIDA', company.random('tester')), json: {} };
    diary.add({
      time: created,
      account: dev,
      region: company.region,
      by: stranger(tester, dev),
      api: 'sts:AssumeRole',
      from,
      agent,
      target: role.arn,
      shared: diary.id(),
    });
    const by = roleSession(role, 'assessment', { created, key: uniqueId('ASIA', random) });
    const steps = Array.from({ length: 30 + random.integer(50) }, () => {
      const api = habit.pick(random);
      const target = targetOf(company, api, random);
      return {
        api,
        ...(target === undefined ? {} : { target }),
        ...(random.next() < 0.2 ? { error: 'AccessDenied' } : {}),
      };
    });
    all.push(
      ...play(stage, created + second, 8 * second, { by, from, agent }, [
        ...steps,
        { api: 'secretsmanager:GetSecretValue', times: 2, target: 'app/secret-2' },
        { api: 'iam:CreateAccessKey', target: 'assessment', error: 'AccessDenied' },
      ]),
    );
  }
  const discovery = all.filter(({ api }) => anomalyOf(api).startsWith('Discovery:IAM'));
  return {
    variant: '',
    calls: all,
    sightings: [
      { type: 'PenTest:IAMUser/KaliLinux', calls: all.slice(0, 40), relevance: 1 },
      { type: 'Discovery:IAMUser/AnomalousBehavior', calls: discovery.slice(0, 30), relevance: 1 },
      {
        type: anomalyOf('secretsmanager:GetSecretValue'),
        calls: of(all, 'secretsmanager:GetSecretValue'),
        relevance: 1,
      },
      { type: 'Recon:IAMUser/MaliciousIPCaller.Custom', calls: discovery.slice(5, 20), relevance: 1 },
    ],
  };
}

/** Work in a region where there was none before. */
function rollout(stage: Stage): Episode {
  const { company, random } = stage;
  const { region, day } = company.rollout;
  const own = admin({ ...stage, day }, company.accounts.prod);
  const { by, from, agent } = own;
  const calls = play(stage, own.time + minute, 30 * second, { by, from, agent }, [
    { api: 'ec2:DescribeVpcs', region, times: 2 },
    { api: 'ec2:CreateVpc', region },
    { api: 'ec2:CreateSubnet', region, times: 3 },
    { api: 'ec2:CreateSecurityGroup', region },
    { api: 'ec2:RunInstances', region, times: 1 + random.integer(2), error: 'Client.VcpuLimitExceeded' },
    { api: 'ec2:RunInstances', region, times: 2 + random.integer(3) },
    { api: 'bedrock:ListFoundationModels', region, times: 2 },
    { api: 'bedrock:PutUseCaseForModelAccess', region },
    { api: 'bedrock:InvokeModel', region, times: 4 + random.integer(9) },
  ]);
  return {
    variant: region,
    calls,
    sightings: ['ec2:RunInstances', 'ec2:CreateVpc', 'bedrock:ListFoundationModels'].map((api) => ({
      type: anomalyOf(api),
      calls: of(calls, api),
      relevance: 0 as const,
    })),
  };
}

/** A bucket for the public's eyes. */
function publicBucket(stage: Stage): Episode {
  const { company, random } = stage;
  const own = admin(stage, company.accounts.dev);
  const bucket = random.pick(company.buckets);
  const calls = play(stage, own.time + minute, minute, { by: own.by, from: own.from, agent: own.agent }, [
    { api: 's3:GetBucketPublicAccessBlock', target: bucket },
    { api: 's3:DeleteBucketPublicAccessBlock', target: bucket },
    { api: 's3:PutBucketPolicy', target: bucket },
  ]);
  return {
    variant: '',
    calls,
    sightings: [
      { type: 'Policy:S3/BucketBlockPublicAccessDisabled', calls: calls.slice(1, 2), relevance: 1 },
      { type: 'Impact:S3/AnomalousBehavior.Permission', calls: calls.slice(2), relevance: 1 },
    ],
  };
}

/** What honest people do that looks like an attack; each seed has all of it. */
export const oddities = {
  'game-day': gameDay,
  'pen-test': penTest,
  rollout,
  'root-day': rootDay,
  watchers,
  'access-review': accessReview,
  'tor-research': torResearch,
  'public-bucket': publicBucket,
} as const satisfies Record<string, (stage: Stage) => Episode>;
