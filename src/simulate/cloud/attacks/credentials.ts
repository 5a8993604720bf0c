import { dayLength, minute, second } from '../../logins/clock.ts';
import type { Call } from '../call.ts';
import { disguise, type Episode, findCall, lair, play, type Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { userKey } from '../identity.ts';
import { keyOn } from '../people.ts';
import { loot, of } from './loot.ts';

/** An instance's credentials, taken through a hole in what runs on it, are used from elsewhere. */
function instanceCredentials(stage: Stage, outside: boolean): Episode {
  const { cast, random, company } = stage;
  const groups = cast.instances.filter(({ group }) => group !== 'ledger');
  const victim = findCall(stage, groups, ({ by }) => by.accessKeyId !== undefined && by.json.invokedBy === undefined);
  const kinds = ['hosting', 'hosting here', 'home'] as const;
  const kind = kinds[stage.turn % kinds.length]!;
  const elsewhere = stage.turn % 2 === 0;
  const variant = outside ? kind : elsewhere ? 'another region' : 'another account';
  const region = !outside && elsewhere ? company.second : company.region;
  const from = lair(stage, outside ? kind : 'cloud');
  const { by } = victim;
  const agent = disguise(stage, victim);
  const start = victim.time + minute + random.integer(30 * minute);
  const calls = play(
    stage,
    start,
    12 * second,
    { by, from, agent },
    [
      { api: 'sts:GetCallerIdentity' },
      ...(random.next() < 0.6
        ? [
            { api: 's3:ListBuckets', error: 'AccessDenied' },
            { api: 'iam:ListRoles', error: 'AccessDenied' },
          ]
        : []),
      { api: 'ssm:GetParameter', times: 1 + random.integer(4) },
      { api: 's3:ListObjects', times: 1 + random.integer(3), target: loot(company, random) },
      { api: 's3:GetObject', times: 8 + random.integer(30), target: loot(company, random) },
      { api: 'secretsmanager:GetSecretValue', times: 1 + random.integer(2), target: 'app/secret-3' },
    ].map((step) => ({ region, ...step })),
  );
  const type = `UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.${outside ? 'OutsideAWS' : 'InsideAWS'}`;
  return {
    variant,
    calls,
    sightings: [
      ...(random.next() < 0.75 ? [{ type, calls: calls.slice(1), relevance: 3 as const }] : []),
      { type: 'Exfiltration:S3/AnomalousBehavior', calls: of(calls, 's3:GetObject'), relevance: 3 },
    ],
  };
}

export const credentialsOutside = (stage: Stage): Episode => instanceCredentials(stage, true);
export const credentialsInside = (stage: Stage): Episode => instanceCredentials(stage, false);

/** A key of a user or of the runner is found in a public repository, by a program within minutes. */
export function leakedKey(stage: Stage): Episode {
  const { cast, company, random, day } = stage;
  const owners = company.people.filter(({ user }) => user?.kind === 'key');
  const machine = stage.turn % 3 === 2;
  const person = random.pick(owners);
  const used = machine ? findCall(stage, [cast.runner], ({ by }) => by.json.type === 'IAMUser') : undefined;
  const worker = cast.workers[person.index]!;
  const own = used ?? findCall(stage, [worker], ({ by }) => by.json.type === 'IAMUser');
  const by =
    used?.by ??
    userKey(person.user!.user, keyOn(company, person, Math.floor((own.time - company.calendar.start) / dayLength)));
  const kinds = ['hosting', 'vpn', 'hosting here', 'tor'] as const;
  const variant = kinds[stage.turn % kinds.length]!;
  const from = lair(stage, variant);
  const agent = disguise(stage, own);
  const start = own.time + 2 * minute + random.integer(day % 2 === 0 ? 30 * minute : 4 * 60 * minute);
  const name = random.pick(['support', 'backup-svc', 'ses-smtp-user', 'api-user']);
  const calls = play(stage, start, 3 * second, { by, from, agent }, [
    { api: 'sts:GetCallerIdentity' },
    { api: 'iam:ListUsers', ...(random.next() < 0.5 ? { error: 'AccessDenied' } : {}) },
    { api: 's3:ListBuckets' },
    { api: 'iam:GetAccountSummary', error: 'AccessDenied' },
    { api: 'ec2:DescribeRegions' },
    { api: 'ec2:DescribeInstances', region: 'us-east-1' },
    { api: 'servicequotas:GetServiceQuota', times: 2, region: 'us-east-1' },
    {
      api: 'ec2:RunInstances',
      times: 2 + random.integer(5),
      region: random.pick(['us-east-1', 'ap-south-1', company.region]),
      error: random.pick(['Client.UnauthorizedOperation', 'Client.VcpuLimitExceeded']),
    },
    { api: 'ec2:RunInstances', times: random.integer(3), region: 'us-east-1' },
    { api: 'iam:CreateUser', target: name, ...(random.next() < 0.5 ? { error: 'AccessDenied' } : {}) },
    { api: 'iam:AttachUserPolicy', target: name, error: 'AccessDenied' },
  ]);
  const listed = random.next() < 0.5 || variant === 'tor';
  const list = variant === 'tor' ? 'TorIPCaller' : 'MaliciousIPCaller';
  return {
    variant,
    calls,
    sightings: [
      ...(listed
        ? [
            {
              type: `UnauthorizedAccess:IAMUser/${list}`,
              calls: calls.slice(random.integer(4), 7),
              relevance: 3 as const,
            },
          ]
        : []),
      { type: anomalyOf('ec2:RunInstances'), calls: of(calls, 'ec2:RunInstances'), relevance: 3 },
      ...(random.next() < 0.5
        ? [{ type: anomalyOf('iam:ListUsers'), calls: calls.slice(1 + random.integer(4), 6), relevance: 2 as const }]
        : []),
    ],
  };
}

/** The pipeline's session is used by somebody who changed what it runs. */
export function pipelineAbuse(stage: Stage): Episode {
  const { cast, company, random } = stage;
  const victim = findCall(stage, [cast.pipelines], ({ by }) => by.principalId?.endsWith(':GitHubActions') === true);
  const kinds = ['home here', 'hosting', 'runners'] as const;
  const variant = kinds[stage.turn % kinds.length]!;
  const { by } = victim;
  const agent = disguise(stage, victim);
  const start = victim.time + minute + random.integer(25 * minute);
  const calls: Call[] = play(stage, start, 8 * second, { by, from: lair(stage, variant), agent }, [
    { api: 'sts:GetCallerIdentity' },
    { api: 'ecr:GetAuthorizationToken' },
    { api: 'lambda:ListFunctions20150331' },
    { api: 'lambda:GetFunction20150331v2', times: 2 + random.integer(6), target: 'send-receipts' },
    { api: 'secretsmanager:ListSecrets', ...(random.next() < 0.5 ? { error: 'AccessDenied' } : {}) },
    { api: 'secretsmanager:GetSecretValue', times: 1 + random.integer(5), target: 'app/secret-7' },
    { api: 'lambda:UpdateFunctionCode20150331v2', target: 'send-receipts' },
    { api: 's3:GetObject', times: random.integer(20), target: loot(company, random) },
  ]);
  return {
    variant,
    calls,
    sightings: [
      {
        type: anomalyOf('secretsmanager:GetSecretValue'),
        calls: of(calls, 'secretsmanager:GetSecretValue'),
        relevance: 3,
      },
      ...(random.next() < 0.5
        ? [{ type: anomalyOf('lambda:ListFunctions20150331'), calls: calls.slice(2, 6), relevance: 2 as const }]
        : []),
    ],
  };
}
