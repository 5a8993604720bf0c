import { hour, minute, second } from '../../logins/clock.ts';
import { disguise, type Episode, findCall, lair, type Outage, play, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { loot, of } from './loot.ts';

const ways = ['StopLogging', 'DeleteDetector', 'UpdateIPSet', 'PutEventSelectors'] as const;

const blinds: Readonly<Record<(typeof ways)[number], Outage['what'] | undefined>> = {
  StopLogging: 'all',
  DeleteDetector: 'findings',
  UpdateIPSet: undefined,
  PutEventSelectors: 'data',
};

/** First the watchers are blinded, then the contents of buckets are taken. */
export function blinding(stage: Stage): Episode {
  const { cast, company, random } = stage;
  const { prod } = company.accounts;
  const victim = findCall(
    stage,
    cast.team('platform'),
    ({ by, api }) =>
      by.account === prod &&
      by.accessKeyId !== undefined &&
      by.principalId?.includes('@') === true &&
      !api.startsWith('sso'),
  );
  const way = ways[stage.turn % ways.length]!;
  const from = lair(stage, random.pick(['hosting', 'home here', 'vpn', 'hosting here'] as const));
  const agent = disguise(stage, victim);
  const { by } = victim;
  const start = victim.time + 2 * minute + random.integer(25 * minute);
  const trail = `arn:aws:cloudtrail:${company.region}:${prod}:trail/org-trail`;
  const blind = play(stage, start, 30 * second, { by, from, agent }, [
    { api: 'sts:GetCallerIdentity' },
    { api: 's3:ListBuckets' },
    { api: 'cloudtrail:DescribeTrails' },
    ...(way === 'StopLogging' || way === 'PutEventSelectors' ? [{ api: `cloudtrail:${way}`, target: trail }] : []),
    ...(way === 'DeleteDetector'
      ? [{ api: 'guardduty:ListDetectors' }, { api: 'guardduty:DeleteDetector', target: 'detector' }]
      : []),
    ...(way === 'UpdateIPSet'
      ? [
          { api: 'guardduty:ListIPSets', target: 'detector' },
          { api: 'guardduty:UpdateIPSet', target: 'detector' },
        ]
      : []),
  ]);
  const done = blind.at(-1)!;
  const object = loot(company, random);
  const calls = play(stage, done.time + 40 * second, 4 * second, { by, from, agent }, [
    { api: 's3:ListObjects', times: 2, target: object },
    { api: 's3:GetObject', times: 30 + random.integer(60), target: object },
    { api: 's3:PutBucketPolicy', target: object().split('/')[0]! },
  ]);
  const stealth = { type: 'Stealth:IAMUser/CloudTrailLoggingDisabled', calls: [done], relevance: 3 as const };
  const unusual = { type: anomalyOf(`x:${way}`), calls: [done], relevance: 3 as const };
  const taken = { type: 'Exfiltration:S3/AnomalousBehavior', calls: of(calls, 's3:GetObject'), relevance: 3 as const };
  const until = done.time + hour + random.integer(4 * hour);
  const what = blinds[way];
  return {
    variant: way,
    calls: [...blind, ...calls],
    sightings: way === 'StopLogging' ? [stealth, taken] : way === 'PutEventSelectors' ? [unusual, taken] : [unusual],
    outages: what === undefined ? [] : [{ account: prod, from: done.time + second, until, what }],
  };
}

/** Through a service that calls for its user: what is logged is the service's address. */
export function behindService(stage: Stage): Episode {
  const { cast, company, random } = stage;
  const victim = findCall(
    stage,
    cast.team('platform', 'developer'),
    ({ by, api }) => by.accessKeyId !== undefined && by.principalId?.includes('@') === true && !api.startsWith('sso'),
  );
  const host = (['appstream.amazonaws.com', 'cloudformation.amazonaws.com', 'cloudshell.amazonaws.com'] as const)[
    stage.turn % 3
  ]!;
  const by = { ...victim.by, json: { ...victim.by.json, invokedBy: host } };
  const start = victim.time + minute + random.integer(25 * minute);
  const way = lair(stage, random.pick(['hosting', 'home here', 'home'] as const));
  const door = play(stage, start, 20 * second, { by: victim.by, from: way, agent: disguise(stage, victim) }, [
    {
      api: host.startsWith('cloudformation') ? 'cloudformation:CreateStack' : `${host.split('.')[0]}:CreateEnvironment`,
    },
  ]);
  const calls = play(stage, start + 2 * minute, 20 * second, { by, from: { ip: host }, agent: host }, [
    { api: 'sts:GetCallerIdentity' },
    { api: 'iam:CreateRole', target: 'support-access' },
    { api: 'iam:PutRolePolicy', target: 'support-access' },
    { api: 's3:ListBuckets' },
    { api: 's3:GetObject', times: 3 + random.integer(20), target: loot(company, random) },
  ]);
  return {
    variant: host,
    calls: [...door, ...calls],
    sightings: [{ type: anomalyOf('iam:PutRolePolicy'), calls: of(calls, 'iam:PutRolePolicy'), relevance: 3 }],
  };
}
