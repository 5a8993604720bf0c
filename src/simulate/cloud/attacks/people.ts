import { dayLength, hour, minute, second } from '../../logins/clock.ts';
import { browserOn, foreignAgents } from '../agents.ts';
import { type Episode, findCall, lair, play, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { uniqueId, userConsole, userKey } from '../identity.ts';
import { signIn } from '../sign-in.ts';
import { isSession, loot, of } from './loot.ts';

/** Somebody else signs in to the console with a user's password, and stays by a key of their own making. */
export function consoleTakeover(stage: Stage): Episode {
  const { company, cast, random, mimic } = stage;
  const person = random.pick(company.people.filter(({ user }) => user !== undefined));
  const { user } = person.user!;
  const victim = findCall(stage, [cast.workers[person.index]!], () => true);
  const kinds = ['home', 'hosting', 'vpn'] as const;
  const variant = kinds[stage.turn % kinds.length]!;
  const from = lair(stage, variant);
  const day = Math.floor((victim.time - company.calendar.start) / dayLength);
  const agent = mimic
    ? person.agents.browser(day)
    : browserOn(random.pick(['windows', 'linux'] as const), random.integer(2), 128 + random.integer(9));
  const start = victim.time - 7 * hour + random.integer(13 * hour);
  const mfa = random.next() < 0.4;
  const { diary } = stage;
  const at = { account: user.account, region: company.region, from, agent };
  const login = diary.add({ ...at, ...signIn(mfa ? 'Yes' : 'No'), time: start, by: userConsole(user, start, mfa) });
  const by = userConsole(user, start, mfa, uniqueId('ASIA', random));
  const calls = play(stage, start + 20 * second, 35 * second, { by, from, agent }, [
    { api: 'iam:ListUsers' },
    { api: 'iam:ListAccessKeys', target: user.name },
    { api: 's3:ListBuckets' },
    { api: 'iam:CreateAccessKey', target: user.name },
    { api: 'iam:AttachUserPolicy', target: user.name, ...(random.next() < 0.5 ? { error: 'AccessDenied' } : {}) },
    ...(random.next() < 0.5 ? [{ api: 'iam:CreateLoginProfile', target: 'backup-svc' }] : []),
  ]);
  const key = userKey(user, uniqueId('AKIA', random));
  const later = play(
    stage,
    calls.at(-1)!.time + 10 * minute,
    10 * second,
    { by: key, from, agent: mimic ? person.agents.cli(day) : foreignAgents(random) },
    [
      { api: 'sts:GetCallerIdentity' },
      { api: 's3:ListObjects', times: 2, target: loot(company, random) },
      { api: 's3:GetObject', times: random.integer(25), target: loot(company, random) },
    ],
  );
  return {
    variant,
    calls: [login, ...calls, ...later],
    sightings: [
      ...(random.next() < 0.6
        ? [{ type: 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B', calls: [login], relevance: 3 as const }]
        : []),
      { type: anomalyOf('iam:CreateAccessKey'), calls: of(calls, 'iam:CreateAccessKey'), relevance: 3 },
      ...(random.next() < 0.4
        ? [{ type: anomalyOf('iam:AttachUserPolicy'), calls: of(calls, 'iam:AttachUserPolicy'), relevance: 3 as const }]
        : []),
    ],
  };
}

/** Somebody of the house looks around for days, from where they always are. */
export function insider(stage: Stage): Episode {
  const { cast, company, random, day } = stage;
  const worker = random.pick(cast.team('developer', 'office', 'analyst').filter(({ person }) => person.starts < 0));
  const calls = [];
  for (let round = 0; round < 3; round++) {
    const again = { ...stage, day: Math.min(company.calendar.days - 2, day + round) };
    const own = findCall(
      again,
      [worker],
      ({ by, api, from }) =>
        isSession(by.principalId) &&
        by.accessKeyId !== undefined &&
        !api.startsWith('sso') &&
        from.ip !== 'AWS Internal',
    );
    const { by, from, agent } = own;
    const start = own.time + minute + random.integer(20 * minute);
    const agents = agent === 'AWS Internal' ? worker.person.agents.browser(day) : agent;
    calls.push(
      ...play(stage, start, 3 * minute, { by, from, agent: agents }, [
        { api: 'iam:ListUsers' },
        { api: 'iam:GetAccountAuthorizationDetails', ...(random.next() < 0.7 ? { error: 'AccessDenied' } : {}) },
        { api: 'iam:ListAccessKeys', times: 2 + random.integer(3), target: 'ci-runner' },
        { api: 's3:GetBucketPolicy', times: 2 + random.integer(4), target: () => random.pick(company.buckets) },
        { api: 'secretsmanager:ListSecrets' },
        {
          api: 'secretsmanager:GetSecretValue',
          times: 1 + random.integer(3),
          target: 'app/secret-11',
          ...(random.next() < 0.4 ? { error: 'AccessDenied' } : {}),
        },
      ]),
    );
  }
  calls.sort((a, b) => a.time - b.time);
  return {
    variant: worker.person.team,
    calls,
    sightings: [
      {
        type: anomalyOf('iam:ListUsers'),
        calls: calls.filter(({ api }) => anomalyOf(api) === anomalyOf('iam:ListUsers')).slice(random.integer(8)),
        relevance: 3,
      },
      ...(random.next() < 0.5
        ? [
            {
              type: anomalyOf('secretsmanager:GetSecretValue'),
              calls: of(calls, 'secretsmanager:GetSecretValue'),
              relevance: 3 as const,
            },
          ]
        : []),
    ],
  };
}
