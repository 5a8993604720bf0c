import { second } from '../../logins/clock.ts';
import { burst } from '../burst.ts';
import type { Call } from '../call.ts';
import type { Company } from '../company.ts';
import { roleSession, service } from '../identity.ts';
import { type Actor, moment } from './actor.ts';

/** Services that act for the company by themselves or with a role of their own. */
export class Services implements Actor {
  readonly name = 'services';
  readonly #company: Company;
  readonly #actor: number;

  constructor(company: Company, actor: number) {
    this.#company = company;
    this.#actor = actor;
  }

  day(day: number): readonly Call[] {
    const company = this.#company;
    const diary = company.diary(this.#actor, day, this.name);
    const { random } = diary;
    for (const account of Object.values(company.accounts)) {
      const at = { account, region: company.region };
      for (let i = 0; i < 24; i++) {
        const domain = random.pick(['cloudtrail', 'config', 'delivery.logs'] as const);
        const host = `${domain}.amazonaws.com`;
        diary.add({
          ...at,
          time: moment(company, day, diary),
          by: service(host, account),
          api: 's3:GetBucketAcl',
          from: { ip: host },
          agent: host,
          target: company.buckets[0]!,
          shared: diary.id(),
        });
      }
      for (const [name, host, apis] of linked) {
        const role = company.role(account, `AWSServiceRoleFor${name}`, `aws-service-role/${host}/`);
        for (let i = 0; i < 4; i++) {
          const created = moment(company, day, diary);
          const by = roleSession(role, name, { created, invokedBy: host });
          burst(diary, {
            from: created,
            count: 3 + random.integer(6),
            gap: second,
            by,
            region: company.region,
            origin: { ip: host },
            agent: host,
            api: () => random.pick(apis),
          });
        }
      }
      if (random.next() < 0.3)
        diary.add({
          ...at,
          time: moment(company, day, diary),
          by: { account, json: { accountId: account, invokedBy: 'kms.amazonaws.com' } },
          api: 'kms:RotateKey',
          from: { ip: 'kms.amazonaws.com' },
          agent: 'kms.amazonaws.com',
          eventType: 'AwsServiceEvent',
        });
    }
    return diary.calls;
  }
}

const linked: readonly (readonly [role: string, host: string, apis: readonly string[]])[] = [
  [
    'AutoScaling',
    'autoscaling.amazonaws.com',
    [
      'ec2:DescribeInstances',
      'ec2:DescribeInstanceStatus',
      'ec2:RunInstances',
      'ec2:TerminateInstances',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
  ],
  [
    'Config',
    'config.amazonaws.com',
    [
      'ec2:DescribeInstances',
      's3:ListBuckets',
      's3:GetBucketPolicy',
      'iam:ListRoles',
      'kms:ListKeys',
      'lambda:ListFunctions20150331',
    ],
  ],
  [
    'AmazonInspector2',
    'inspector2.amazonaws.com',
    ['ec2:DescribeInstances', 'ec2:DescribeVpcs', 'ssm:DescribeInstanceInformation', 'ecr:DescribeRepositories'],
  ],
];
