import { hour, second } from '../../logins/clock.ts';
import { sdks } from '../agents.ts';
import { burst, type Chooser, taste } from '../burst.ts';
import type { Call, Diary } from '../call.ts';
import type { Company } from '../company.ts';
import { type Identity, roleSession, service, uniqueId, webIdentity } from '../identity.ts';
import { within } from '../internet.ts';
import { targetOf } from '../targets.ts';
import { type Actor, moment } from './actor.ts';

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
