import { hour, minute, second } from '../../logins/clock.ts';
import { botoOn, sdks } from '../agents.ts';
import { burst, type Chooser, taste } from '../burst.ts';
import type { Call, Origin } from '../call.ts';
import type { Company } from '../company.ts';
import { roleSession, service, uniqueId } from '../identity.ts';
import { within } from '../internet.ts';
import { targetOf } from '../targets.ts';
import type { Actor } from './actor.ts';

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
              : { ip: api.startsWith('ssm') && random.next() < 0.1 ? 'AWS Internal' : home },
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
