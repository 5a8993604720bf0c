import { hour, minute, second } from '../../logins/clock.ts';
import { browserOn } from '../agents.ts';
import type { Call } from '../call.ts';
import { type Episode, findCall, lair, play, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { root, uniqueId } from '../identity.ts';
import { within } from '../internet.ts';
import { signIn } from '../sign-in.ts';

/** A call of the security team in the account where its tools are. */
const keeper = (stage: Stage, day: number): Call =>
  findCall(
    { ...stage, day },
    stage.cast.team('security'),
    ({ by, api, from, agent }) =>
      by.accessKeyId !== undefined &&
      by.principalId?.includes('@') === true &&
      by.json.invokedBy === undefined &&
      !api.startsWith('sso') &&
      from.ip !== 'AWS Internal' &&
      agent !== 'AWS Internal',
  );

/** The owner of the account signs in for what nobody else may do. */
export function rootDay(stage: Stage): Episode {
  const { company, random, diary } = stage;
  const { tools } = company.accounts;
  const start = company.at(stage.day) + (8 + 9 * random.next()) * hour;
  const ip = within({ ...company.offices[0]!.block, bits: 30 }, random);
  const agent = browserOn('mac', 2, 138);
  const by = root(tools, start, uniqueId('ASIA', random));
  const login = diary.add({
    account: tools,
    region: 'us-east-1',
    from: { ip },
    agent,
    ...signIn('Yes'),
    time: start,
    by,
  });
  const calls = play(stage, start + minute, minute, { by, from: { ip }, agent }, [
    { api: 'ce:GetCostAndUsage', times: 4 },
    { api: 'iam:GetAccountSummary' },
    { api: 'support:CreateCase' },
  ]);
  return {
    variant: '',
    calls: [login, ...calls],
    sightings: [{ type: 'Policy:IAMUser/RootCredentialUsage', calls: [login, ...calls], relevance: 1 }],
  };
}

/** The watchers' own settings are changed by those who keep them. */
export function watchers(stage: Stage): Episode {
  const { company, cast, random } = stage;
  const { tools, prod } = company.accounts;
  const own = findCall(
    { ...stage, day: company.vpn.day },
    cast.team('security'),
    ({ by, api, from, agent }) =>
      by.account === tools &&
      by.accessKeyId !== undefined &&
      !api.startsWith('sso') &&
      from.ip !== 'AWS Internal' &&
      agent !== 'AWS Internal',
  );
  const lists = play(stage, own.time + minute, minute, { by: own.by, from: own.from, agent: own.agent }, [
    { api: 'guardduty:ListIPSets', target: 'detector' },
    { api: 'guardduty:UpdateIPSet', target: 'detector' },
  ]);
  const deploy = findCall(
    { ...stage, day: 4 + random.integer(company.calendar.days - 8) },
    [cast.runner],
    ({ by }) => by.account === prod && by.principalId?.endsWith(':terraform') === true,
  );
  const selectors = play(
    stage,
    deploy.time + 2 * second,
    2 * second,
    { by: deploy.by, from: deploy.from, agent: deploy.agent },
    [
      { api: 'cloudtrail:GetEventSelectors', target: 'org-trail' },
      { api: 'cloudtrail:PutEventSelectors', target: 'org-trail' },
    ],
  );
  return {
    variant: '',
    calls: [...lists, ...selectors],
    sightings: [
      { type: anomalyOf('guardduty:UpdateIPSet'), calls: lists.slice(1), relevance: 1 },
      { type: anomalyOf('cloudtrail:PutEventSelectors'), calls: selectors.slice(1), relevance: 1 },
    ],
  };
}

/** Once a quarter the security team goes through everybody's rights. */
export function accessReview(stage: Stage): Episode {
  const { random, day } = stage;
  const { time, by, from, agent } = keeper(stage, day);
  const calls = play(stage, time + minute, 20 * second, { by, from, agent }, [
    { api: 'iam:ListUsers' },
    { api: 'iam:GetAccountAuthorizationDetails', times: 2 },
    { api: 'iam:ListAccessKeys', times: 6 + random.integer(8), target: 'ci-runner' },
    { api: 'iam:ListAttachedUserPolicies', times: 6 },
    { api: 'secretsmanager:ListSecrets', times: 2 },
    { api: 'secretsmanager:GetSecretValue', target: 'app/secret-1', error: 'AccessDenied' },
  ]);
  const reads = calls.slice(0, -1);
  const from1 = random.integer(4);
  return {
    variant: '',
    calls,
    sightings: [
      { type: anomalyOf('iam:ListUsers'), calls: reads, relevance: 0 },
      { type: anomalyOf('iam:ListUsers'), calls: reads.slice(from1 + 1), relevance: 0 },
      { type: anomalyOf('secretsmanager:GetSecretValue'), calls: calls.slice(-1), relevance: 0 },
    ],
  };
}

/** Somebody of the security team looks at things through Tor, and at the company's own console too. */
export function torResearch(stage: Stage): Episode {
  const { random } = stage;
  const calls: Call[] = [];
  for (let round = 0; round < 3; round++) {
    const { time, by, agent } = keeper(stage, 5 + random.integer(stage.company.calendar.days - 8));
    const from = lair(stage, 'tor');
    calls.push(
      ...play(stage, time + minute, 15 * second, { by, from, agent }, [
        { api: 'sts:GetCallerIdentity' },
        { api: 'guardduty:ListFindings', times: 1 + random.integer(4) },
        { api: 'guardduty:GetFindings', times: 1 + random.integer(4) },
        { api: 's3:ListBuckets' },
      ]),
    );
  }
  calls.sort((a, b) => a.time - b.time);
  return {
    variant: '',
    calls,
    sightings: [
      { type: 'UnauthorizedAccess:IAMUser/TorIPCaller', calls, relevance: 1 },
      { type: 'Recon:IAMUser/TorIPCaller', calls: calls.slice(3), relevance: 1 },
      { type: anomalyOf('s3:ListBuckets'), calls: calls.slice(-2), relevance: 1 },
    ],
  };
}
