import { dayLength, hour, minute, second } from '../../logins/clock.ts';
import { browserOn, foreignAgents } from '../agents.ts';
import { assume, taste } from '../burst.ts';
import { disguise, type Episode, findCall, lair, play, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { roleSession, stranger, uniqueId, userConsole, userKey } from '../identity.ts';
import { anywhere } from '../internet.ts';
import { signIn } from '../sign-in.ts';
import { targetOf } from '../targets.ts';
import { loot, of } from './loot.ts';

const isSession = (principalId: string | undefined): boolean => principalId?.includes('@') === true;

/** A person's session, taken from their browser, is used beside them from a line in their own country. */
export function stolenSession(stage: Stage): Episode {
  const { cast, company, random } = stage;
  const victim = findCall(
    stage,
    cast.team('developer', 'analyst', 'platform'),
    ({ by, api }) => isSession(by.principalId) && by.accessKeyId !== undefined && !api.startsWith('sso'),
  );
  const person = company.people.find(({ email }) => victim.by.principalId?.endsWith(email))!;
  const own = stage.turn % 2 === 0;
  const from = own ? { ip: anywhere(person.home.network, random) } : lair(stage, 'home here');
  const agent = disguise(stage, victim);
  const habit = taste(person.team, 0.8, company.random(`taste/${person.handle}`));
  const start = victim.time + 4 * minute + random.integer(90 * minute);
  const usual = play(
    stage,
    start,
    20 * second,
    { by: victim.by, from, agent },
    Array.from({ length: 6 + random.integer(12) }, () => {
      const api = habit.pick(random);
      const target = targetOf(company, api, random);
      return { api, ...(target === undefined ? {} : { target }) };
    }),
  );
  const calls = play(stage, usual.at(-1)!.time + minute, 25 * second, { by: victim.by, from, agent }, [
    { api: 'secretsmanager:ListSecrets' },
    { api: 'secretsmanager:GetSecretValue', times: 2 + random.integer(8), target: 'app/secret-9' },
    { api: 's3:GetObject', times: 3 + random.integer(25), target: loot(company, random) },
  ]);
  const all = [...usual, ...calls];
  return {
    variant: own ? "the victim's provider" : 'another provider',
    calls: all,
    sightings: [
      {
        type: anomalyOf('secretsmanager:GetSecretValue'),
        calls: of(calls, 'secretsmanager:GetSecretValue'),
        relevance: 3,
      },
      ...(random.next() < 0.4
        ? [
            {
              type: 'Discovery:S3/AnomalousBehavior',
              calls: of(calls, 's3:GetObject').slice(0, 3),
              relevance: 2 as const,
            },
          ]
        : []),
    ],
  };
}

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
  const start = victim.time - 6 * hour + random.integer(14 * hour);
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

/** From a person's session in one account on to a powerful role in production. */
export function rolePivot(stage: Stage): Episode {
  const { cast, company, random, diary } = stage;
  const { prod, dev } = company.accounts;
  const victim = findCall(
    stage,
    cast.team('developer'),
    ({ by, api }) =>
      isSession(by.principalId) && by.account === dev && by.accessKeyId !== undefined && !api.startsWith('sso'),
  );
  const kinds = ["the victim's place", 'hosting', 'home here'] as const;
  const variant = kinds[stage.turn % kinds.length]!;
  const from = variant === "the victim's place" ? victim.from : lair(stage, variant);
  const agent = disguise(stage, victim);
  const start = victim.time + minute + random.integer(hour);
  const first = play(stage, start, 20 * second, { by: victim.by, from, agent }, [
    { api: 'sts:GetCallerIdentity' },
    { api: 'iam:ListRoles' },
    { api: 'organizations:ListAccounts', error: 'AccessDenied' },
  ]);
  const role = company.role(prod, random.pick(['terraform-deploy', 'OrganizationAccountAccessRole']));
  const before = diary.calls.length;
  const time = first.at(-1)!.time + 30 * second;
  assume(diary, { time, region: company.region, by: victim.by, from, agent, target: role.arn }, prod, (call) =>
    stranger(call.by, prod),
  );
  const assumed = diary.calls.slice(before);
  const session = random.pick(['terraform', 'maintenance', String(victim.by.principalId).split(':')[1]!]);
  const by = roleSession(role, session, { created: time, key: uniqueId('ASIA', random) });
  const calls = play(stage, time + 20 * second, 20 * second, { by, from, agent }, [
    { api: 's3:ListBuckets' },
    { api: 'rds:DescribeDBInstances' },
    { api: 'rds:CreateDBSnapshot' },
    { api: 'secretsmanager:GetSecretValue', times: 1 + random.integer(3), target: 'app/secret-1' },
    { api: random.pick(['iam:UpdateAssumeRolePolicy', 'iam:AttachRolePolicy']), target: role.name },
  ]);
  const last = calls.at(-1)!;
  return {
    variant,
    calls: [...first, ...assumed, ...calls],
    sightings: [
      { type: anomalyOf(last.api), calls: [last], relevance: 3 },
      ...(random.next() < 0.5
        ? [{ type: anomalyOf('rds:CreateDBSnapshot'), calls: of(calls, 'rds:CreateDBSnapshot'), relevance: 3 as const }]
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
