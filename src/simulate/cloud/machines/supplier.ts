import { hour, minute, second } from '../../logins/clock.ts';
import { botoOn, sdks } from '../agents.ts';
import type { Habit } from '../apis.ts';
import { burst, type Chooser, taste } from '../burst.ts';
import type { Call } from '../call.ts';
import type { Company } from '../company.ts';
import { roleSession, stranger, uniqueId } from '../identity.ts';
import { type Block, part, within } from '../internet.ts';
import { targetOf } from '../targets.ts';
import type { Actor } from './actor.ts';

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
