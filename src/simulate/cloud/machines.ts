import { dayLength, hour, minute, second } from '../logins/clock.ts';
import { botoOn, sdks, terraform } from './agents.ts';
import type { Habit } from './apis.ts';
import { assume, burst, type Chooser, taste } from './burst.ts';
import type { Call, Diary, Origin } from './call.ts';
import type { Company } from './company.ts';
import { targetOf } from './humans.ts';
import { type Identity, roleSession, service, stranger, uniqueId, userKey, webIdentity } from './identity.ts';
import { anywhere, type Block, part, within } from './internet.ts';

/** Something that acts: what it calls on a day, always the same. */
export interface Actor {
  readonly name: string;
  day(day: number): readonly Call[];
}

/** A random moment of a day. */
const moment = (company: Company, day: number, diary: Diary): number =>
  company.at(day) + diary.random.integer(dayLength);

/** An instance with the role of its group; replaced by another now and then, with other credentials every six hours. */
export class Instance implements Actor {
  readonly name: string;
  readonly group: string;
  readonly #company: Company;
  readonly #actor: number;
  readonly #taste: Chooser;
  readonly #life: number;
  readonly #endpoint: string;

  constructor(company: Company, group: string, number: number, actor: number) {
    this.name = `instance/${group}/${number}`;
    this.group = group;
    this.#company = company;
    this.#actor = actor;
    const random = company.random(this.name);
    this.#taste = taste(group === 'web' ? 'web' : 'worker', 0.5, company.random(`taste/${group}`));
    this.#life = group === 'ledger' ? 4000 : 6 + random.integer(20);
    this.#endpoint = `vpce-0${random
      .integer(2 ** 32)
      .toString(16)
      .padStart(16, 'a')}`;
  }

  id(day: number): string {
    const draws = this.#company.random(`${this.name}/id/${Math.floor((day + this.#actor * 3) / this.#life)}`);
    return `i-0${draws
      .integer(2 ** 32)
      .toString(16)
      .padStart(8, '0')}${draws
      .integer(2 ** 32)
      .toString(16)
      .padStart(8, '0')}`;
  }

  day(day: number): readonly Call[] {
    const company = this.#company;
    const diary = company.diary(this.#actor, day, this.name);
    const { random } = diary;
    const { prod } = company.accounts;
    const role = company.role(prod, `${this.group}-instance-role`);
    const home =
      this.group === 'ledger' && day >= company.routedDay
        ? within({ ...company.datacentre, bits: 31 }, company.random('gate'))
        : company.natAddress(day);
    const inside = `10.20.${this.#actor % 250}.${20 + (this.#actor % 200)}`;
    for (let quarter = 0; quarter < 4; quarter++) {
      const created = company.at(day) + quarter * 6 * hour + this.#actor * 13 * second;
      const options = { created, key: uniqueId('ASIA', random), lasts: 7 * hour, ec2: true };
      const by = roleSession(role, this.id(day), options);
      const at = { time: created, account: prod, region: company.region };
      diary.add({
        ...at,
        by: service('ec2.amazonaws.com', prod),
        api: 'sts:AssumeRole',
        from: { ip: 'ec2.amazonaws.com' },
        agent: 'ec2.amazonaws.com',
        target: role.arn,
        shared: diary.id(),
      });
      for (let i = 0; i < 3; i++) {
        burst(diary, {
          from: created + minute + random.integer(5 * hour),
          count: 2 + random.integer(6),
          gap: 5 * second,
          by,
          region: company.region,
          origin: (api): Origin =>
            this.group !== 'ledger' && /^(?:s3|kms|sqs)/.test(api)
              ? { ip: inside, endpoint: this.#endpoint }
              : { ip: home },
          agent: (api) => (api.startsWith('ssm') ? sdks.agent : this.group === 'web' ? sdks.java : botoOn('linux', 38)),
          api: () => this.#taste.pick(random),
          target: (api) => targetOf(company, api, random),
          refused: 0.004,
        });
      }
      if (random.next() < 0.5) {
        const on = roleSession(role, this.id(day), { ...options, invokedBy: 'secretsmanager.amazonaws.com' });
        diary.add({
          ...at,
          time: created + random.integer(5 * hour),
          by: on,
          api: 'kms:Decrypt',
          from: { ip: 'secretsmanager.amazonaws.com' },
          agent: 'secretsmanager.amazonaws.com',
        });
      }
    }
    return diary.calls;
  }
}

/** A function, task or pod: a role's short sessions with names of their kind, from the addresses of the cloud. */
export class Workload implements Actor {
  readonly name: string;
  readonly #company: Company;
  readonly #actor: number;
  readonly #kind: 'lambda' | 'task' | 'pod';
  readonly #taste: Chooser;
  readonly #runs: number;

  constructor(company: Company, kind: 'lambda' | 'task' | 'pod', name: string, actor: number) {
    this.name = name;
    this.#company = company;
    this.#actor = actor;
    this.#kind = kind;
    const random = company.random(`workload/${name}`);
    this.#taste = taste(random.pick(['web', 'worker'] as const), 0.7, random);
    this.#runs = 3 + random.integer(12);
  }

  day(day: number): readonly Call[] {
    const company = this.#company;
    const diary = company.diary(this.#actor, day, `workload/${this.name}`);
    const { random } = diary;
    const { prod, dev } = company.accounts;
    const account = this.#actor % 3 === 0 ? dev : prod;
    const role = company.role(account, `${this.name}-role`);
    for (let run = 0; run < this.#runs; run++) {
      const created = moment(company, day, diary);
      const at = { time: created, account, region: company.region };
      const key = uniqueId('ASIA', random);
      const by = this.#session(role, created, key, diary);
      const ip =
        this.#kind === 'lambda'
          ? within(company.cloud.blocks[1 + random.integer(3)]!, random)
          : account === prod
            ? company.natAddress(day)
            : company.devNat;
      if (this.#kind === 'pod') {
        const provider = `oidc.eks.${company.region}.amazonaws.com/id/${'9F'.repeat(16)}`;
        diary.add({
          ...at,
          by: webIdentity(account, provider, `system:serviceaccount:apps:${this.name}`),
          api: 'sts:AssumeRoleWithWebIdentity',
          from: { ip },
          agent: sdks.go,
          target: role.arn,
        });
      } else {
        const domain = this.#kind === 'lambda' ? 'lambda.amazonaws.com' : 'ecs-tasks.amazonaws.com';
        diary.add({
          ...at,
          by: service(domain, account),
          api: 'sts:AssumeRole',
          from: { ip: domain },
          agent: domain,
          target: role.arn,
          shared: diary.id(),
        });
      }
      burst(diary, {
        from: created + second,
        count: 1 + random.integer(5),
        gap: 2 * second,
        by,
        region: company.region,
        origin: { ip },
        agent: this.#kind === 'lambda' ? sdks.node : this.#kind === 'pod' ? sdks.go : sdks.java,
        api: () => this.#taste.pick(random),
        target: (api) => targetOf(company, api, random),
      });
    }
    return diary.calls;
  }

  #session(role: ReturnType<Company['role']>, created: number, key: string, { random }: Diary): Identity {
    if (this.#kind === 'lambda') return roleSession(role, this.name, { created, key, lasts: 12 * hour });
    const hex = (): string =>
      random
        .integer(2 ** 32)
        .toString(16)
        .padStart(8, '0');
    if (this.#kind === 'task')
      return roleSession(role, hex() + hex() + hex() + hex(), { created, key, lasts: 6 * hour });
    return roleSession(role, `aws-go-sdk-${created * 1000}${100 + random.integer(900)}`, { created, key });
  }
}

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

/** Builds and deployments in the pipelines of a supplier, from ever other addresses of its cloud. */
export class Pipelines implements Actor {
  readonly name = 'pipelines';
  readonly #company: Company;
  readonly #actor: number;
  readonly #taste: Chooser;
  static readonly provider = 'token.actions.githubusercontent.com';

  constructor(company: Company, actor: number) {
    this.#company = company;
    this.#actor = actor;
    this.#taste = taste('deploy', 0.3, company.random('taste/pipelines'));
  }

  day(day: number): readonly Call[] {
    const company = this.#company;
    const diary = company.diary(this.#actor, day, this.name);
    const { random } = diary;
    const weekend = company.calendar.weekday(day) % 6 === 0;
    for (let runs = weekend ? random.integer(3) : 8 + random.integer(9); runs > 0; runs--) {
      const account = random.next() < 0.4 ? company.accounts.prod : company.accounts.dev;
      const created = company.at(day) + (6 + 14 * random.next()) * hour;
      const origin = { ip: anywhere(company.runners, random) };
      const role = company.role(account, 'pipeline-deploy');
      const repository = `repo:${company.domain.split('.')[0]}/${random.pick(['shop', 'api', 'ledger', 'site'])}:ref:refs/heads/main`;
      const provider = Pipelines.provider;
      const at = { time: created, account, region: company.region, from: origin };
      const agent =
        random.next() < 0.7
          ? sdks.node.replace(/ exec-env.*/, '')
          : `aws-cli/2.28.${day % 20} Python/3.13.4 Linux/6.11.0-1018 exe/x86_64`;
      diary.add({
        ...at,
        by: webIdentity(account, provider, repository),
        api: 'sts:AssumeRoleWithWebIdentity',
        agent,
        target: role.arn,
      });
      const by = roleSession(role, 'GitHubActions', {
        created,
        key: uniqueId('ASIA', random),
        web: `arn:aws:iam::${account}:oidc-provider/${provider}`,
      });
      burst(diary, {
        from: created + 20 * second,
        count: 8 + random.integer(24),
        gap: 6 * second,
        by,
        region: company.region,
        origin,
        agent,
        api: () => this.#taste.pick(random),
        target: (api) => targetOf(company, api, random),
      });
    }
    return diary.calls;
  }
}

/** The company's own runner at a hosting provider: a user with a key, who takes on the deployment role in all accounts. */
export class Runner implements Actor {
  readonly name = 'runner';
  readonly #company: Company;
  readonly #actor: number;
  readonly #taste: Chooser;
  readonly egress: string;

  constructor(company: Company, actor: number) {
    this.#company = company;
    this.#actor = actor;
    this.#taste = taste('terraform', 0.2, company.random('taste/runner'));
    const random = company.random('runner');
    this.egress = anywhere(random.pick(company.internet.of('hosting')), random);
  }

  day(day: number): readonly Call[] {
    const company = this.#company;
    const diary = company.diary(this.#actor, day, this.name);
    const { random } = diary;
    const { tools, prod, dev } = company.accounts;
    const user = company.user(tools, 'ci-runner');
    const origin = { ip: this.egress };
    const agent = terraform(12 + Math.floor(day / 40));
    const weekend = company.calendar.weekday(day) % 6 === 0;
    for (let runs = weekend ? 1 : 3 + random.integer(4); runs > 0; runs--) {
      const time = company.at(day) + (7 + 12 * random.next()) * hour;
      const by = userKey(user, uniqueId('AKIA', company.random('key/ci-runner')));
      const at = { region: company.region, from: origin, agent };
      const hub = company.role(tools, 'terraform-hub');
      assume(diary, { ...at, time, by, target: hub.arn }, tools, () => by);
      const first = roleSession(hub, 'terraform', { created: time, key: uniqueId('ASIA', random) });
      const account = random.pick([prod, dev]);
      const role = company.role(account, 'terraform-deploy');
      const created = time + 2 * second;
      assume(diary, { ...at, time: created, by: first, target: role.arn }, account, (call) =>
        stranger(call.by, account),
      );
      const session = roleSession(role, 'terraform', { created, key: uniqueId('ASIA', random) });
      burst(diary, {
        ...at,
        from: created + second,
        count: 30 + random.integer(70),
        gap: second,
        by: session,
        origin,
        api: () => this.#taste.pick(random),
        target: (api) => targetOf(company, api, random),
      });
    }
    return diary.calls;
  }
}

/** A supplier that reads: at night everything of the configuration, or all day the metrics; refused some of it. */
export class Supplier implements Actor {
  readonly name: string;
  readonly #company: Company;
  readonly #actor: number;
  readonly #taste: Chooser;
  readonly #habit: Habit;
  readonly addresses: Block;
  /** The supplier's own account. */
  readonly account: string;

  constructor(company: Company, name: 'scanner' | 'probe', actor: number) {
    this.name = name;
    this.#company = company;
    this.#actor = actor;
    this.#habit = name;
    this.#taste = taste(name, 0.2, company.random(`taste/${name}`));
    this.addresses = part(company.cloud.blocks[4]!, 29, company.random(`supplier/${name}`));
    this.account = name === 'scanner' ? '555555555555' : '666666666666';
  }

  day(day: number): readonly Call[] {
    const company = this.#company;
    const diary = company.diary(this.#actor, day, this.name);
    const { random } = diary;
    const scanner = this.#habit === 'scanner';
    const accounts = Object.values(company.accounts);
    const runs = scanner
      ? company.calendar.weekday(day) % 3 === 1
        ? [2.2]
        : []
      : Array.from({ length: 8 }, (_, i) => i * 3 + 0.1);
    for (const start of runs) {
      for (const account of scanner ? accounts : accounts.slice(0, 1)) {
        const created = company.at(day) + start * hour + random.integer(20 * minute);
        const origin = { ip: within(this.addresses, random) };
        const role = company.role(account, scanner ? 'posture-audit' : 'monitoring-integration');
        const agent = scanner ? botoOn('linux', 37) : sdks.go;
        const from = company.random(`supplier/${this.name}/role`);
        const by = { account: this.account, json: {}, principalId: `${uniqueId('AROA', from)}:worker` };
        diary.add({
          time: created,
          account,
          region: company.region,
          by: stranger(by, account),
          api: 'sts:AssumeRole',
          from: origin,
          agent,
          target: role.arn,
          shared: diary.id(),
        });
        const session = roleSession(role, scanner ? `audit-${created}` : 'integration', {
          created,
          key: uniqueId('ASIA', random),
        });
        burst(diary, {
          from: created + second,
          count: scanner ? 120 + random.integer(80) : 6 + random.integer(8),
          gap: second,
          by: session,
          region: scanner && random.next() < 0.3 ? company.second : company.region,
          origin,
          agent,
          api: () => this.#taste.pick(random),
          target: (api) => targetOf(company, api, random),
          refused: scanner ? 0.05 : 0.12,
        });
      }
    }
    return diary.calls;
  }
}
