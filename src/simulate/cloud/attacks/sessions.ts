import { minute, second } from '../../logins/clock.ts';
import { assume, taste } from '../burst.ts';
import { disguise, type Episode, findCall, lair, play, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { roleSession, stranger, uniqueId } from '../identity.ts';
import { anywhere } from '../internet.ts';
import { targetOf } from '../targets.ts';
import { isSession, loot, of } from './loot.ts';

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
  const start = victim.time + 2 * minute + random.integer(45 * minute);
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
  const start = victim.time + minute + random.integer(25 * minute);
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
