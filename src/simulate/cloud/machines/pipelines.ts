import { hour, second } from '../../logins/clock.ts';
import { sdks, terraform } from '../agents.ts';
import { assume, burst, type Chooser, taste } from '../burst.ts';
import type { Call } from '../call.ts';
import type { Company } from '../company.ts';
import { roleSession, stranger, uniqueId, userKey, webIdentity } from '../identity.ts';
import { anywhere } from '../internet.ts';
import { targetOf } from '../targets.ts';
import type { Actor } from './actor.ts';

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
