import { minute, second } from '../logins/clock.ts';
import { burst, type Chooser } from './burst.ts';
import type { Diary, Origin } from './call.ts';
import type { Company } from './company.ts';
import { userKey } from './identity.ts';
import { keyOn, type Person } from './people.ts';
import { targetOf } from './targets.ts';

/** A service calls on behalf of whoever works just now: it rolls out a stack, or is a desktop or a shell elsewhere. */
export function throughService(company: Company, { team }: Person, diary: Diary, habit: Chooser): void {
  const { random } = diary;
  const own = diary.calls.findLast(({ by }) => by.accessKeyId !== undefined);
  if (own === undefined) return;
  const deploys = team === 'platform' || team === 'developer';
  const host = random.pick(deploys ? ['cloudformation', 'cloudshell', 'cloudformation'] : ['appstream', 'cloudshell']);
  const domain = `${host}.amazonaws.com`;
  const by = { ...own.by, json: { ...own.by.json, invokedBy: domain } };
  const start = own.time + minute;
  const { account, region, from, agent } = own;
  diary.add({
    account,
    region,
    from,
    agent,
    by: own.by,
    time: start,
    api: host === 'cloudformation' ? 'cloudformation:CreateStack' : `${host}:CreateEnvironment`,
  });
  const made = [
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'lambda:CreateFunction20150331',
    'ec2:AuthorizeSecurityGroupIngress',
    's3:CreateBucket',
    'iam:GetRole',
  ];
  burst(diary, {
    from: start + 20 * second,
    count: 2 + random.integer(8),
    gap: 4 * second,
    by,
    region,
    origin: { ip: domain },
    agent: domain,
    api: () => (host === 'cloudformation' ? random.pick(made) : habit.pick(random)),
    target: (api) => targetOf(company, api, random),
  });
}

/** A new key for the old one. */
export function renewKey(
  company: Company,
  person: Person,
  diary: Diary,
  { from, day, origin }: { readonly from: number; readonly day: number; readonly origin: Origin },
): void {
  const { user } = person.user!;
  const old = userKey(user, keyOn(company, person, day - 1));
  const at = {
    account: user.account,
    region: 'us-east-1',
    by: old,
    from: origin,
    agent: person.agents.cli(day),
    target: user.name,
  };
  const fresh = { ...at, by: userKey(user, keyOn(company, person, day)) };
  diary.add({ ...at, time: from, api: 'iam:ListAccessKeys' });
  diary.add({ ...at, time: from + 20 * second, api: 'iam:CreateAccessKey' });
  diary.add({ ...fresh, time: from + 2 * minute, api: 'sts:GetCallerIdentity' });
  diary.add({ ...fresh, time: from + 3 * minute, api: 'iam:UpdateAccessKey' });
  diary.add({ ...fresh, time: from + 4 * minute, api: 'iam:DeleteAccessKey' });
}
