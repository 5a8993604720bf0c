import type { Random } from '../../algorithms/random.ts';
import { hour, minute, second } from '../logins/clock.ts';
import { burst, type Chooser, taste } from './burst.ts';
import type { Call, Diary, Origin } from './call.ts';
import type { Company } from './company.ts';
import { renewKey, throughService } from './errands.ts';
import { type Identity, portalUser, roleSession, samlUser, uniqueId, userConsole, userKey } from './identity.ts';
import { keyOn, type Person } from './people.ts';
import { signIn } from './sign-in.ts';
import { targetOf } from './targets.ts';
import { onPhone, type Place, placeOf } from './whereabouts.ts';

/** Permission sets by team, of the accounts where they have one. */
const permissions: Readonly<Record<string, readonly (readonly ['prod' | 'dev' | 'tools', string])[]>> = {
  developer: [
    ['dev', 'Developer'],
    ['dev', 'Developer'],
    ['prod', 'ReadOnly'],
  ],
  platform: [
    ['prod', 'AdministratorAccess'],
    ['dev', 'AdministratorAccess'],
    ['tools', 'AdministratorAccess'],
  ],
  analyst: [['prod', 'DataAnalyst']],
  security: [
    ['tools', 'SecurityAudit'],
    ['prod', 'SecurityAudit'],
  ],
  office: [
    ['tools', 'Billing'],
    ['prod', 'ReadOnly'],
  ],
};

/** A person's working days. */
export class Worker {
  readonly person: Person;
  readonly #company: Company;
  readonly #actor: number;
  readonly #taste: Chooser;

  constructor(company: Company, person: Person, actor: number) {
    this.#company = company;
    this.person = person;
    this.#actor = actor;
    this.#taste = taste(person.team, 0.8, company.random(`taste/${person.handle}`));
  }

  /** What they call on a day that begins at their local midnight. */
  day(day: number): readonly Call[] {
    const { person } = this;
    const company = this.#company;
    const { calendar } = company;
    const diary = company.diary(this.#actor, day, `person/${person.handle}`);
    const { random } = diary;
    const weekend = calendar.weekday(day) % 6 === 0;
    const off = random.next() > (weekend ? 0.06 : 0.91) && person.user?.renewed !== day;
    if (day < person.starts || off) return [];
    const midnight = calendar.midnight(person.zone, day);
    const begins = midnight + (person.hours.from + random.normal() * 0.6) * hour;
    const ends = midnight + (person.hours.to + Math.abs(random.normal()) * 0.8) * hour;
    const place = placeOf(company, person, day, random);
    const calls = Math.ceil(person.rate * Math.exp(0.4 * random.normal()) * (weekend ? 0.3 : 1));
    const sets = permissions[person.team]!;
    const sittings = weekend ? 1 : 1 + random.integer(3);
    for (let i = 0; i < sittings; i++) {
      const [account, set] = random.pick(sets);
      const from = begins + ((ends - begins) * (i + random.next() * 0.7)) / sittings;
      const shell = random.next() < person.shell;
      const share = Math.ceil(calls / sittings);
      if (!shell && person.user?.kind === 'console' && random.next() < 0.7)
        this.#console(diary, from, day, place, share);
      else this.#portal(diary, { from, day, place, share, shell, account: company.accounts[account], set });
    }
    if (random.next() < 0.12) throughService(company, person, diary, this.#taste);
    if (person.user?.kind === 'key' && random.next() < 0.7)
      this.#key(diary, begins + random.next() * (ends - begins), day, place);
    if (person.user !== undefined && person.user.kind === 'key' && person.user.renewed === day)
      renewKey(company, person, diary, { from: begins + hour, day, origin: this.#origin(place, random, false) });
    return diary.calls;
  }

  #origin(place: Place, random: Random, browser: boolean): Origin {
    return random.next() < this.person.shares.mobile * 0.3 ? onPhone(this.person, random) : place.from(random, browser);
  }

  #region(random: Random, day: number): string {
    const { region, second: other, rollout } = this.#company;
    if (this.person.pioneer && day >= rollout.day && random.next() < 0.2) return rollout.region;
    return random.next() < 0.9 ? region : other;
  }

  /** In by the access portal, then the console or the command line with the role's session. */
  #portal(
    diary: Diary,
    sitting: {
      readonly from: number;
      readonly day: number;
      readonly place: Place;
      readonly share: number;
      readonly shell: boolean;
      readonly account: string;
      readonly set: string;
    },
  ): void {
    const { person } = this;
    const company = this.#company;
    const { random } = diary;
    const { from, day, place, share, shell, account, set } = sitting;
    const { tools } = company.accounts;
    const browser = random.next() < 0.03 ? person.agents.phone : person.agents.browser(day);
    const origin = this.#origin(place, random, true);
    const portal = { region: company.region, from: origin, agent: browser };
    const user = portalUser(tools, person.portalId, person.email);
    diary.add({ ...portal, time: from, account: tools, by: user, api: 'sso:Authenticate' });
    const role = company.ssoRole(account, set);
    const key = uniqueId('ASIA', random);
    const created = from + (5 + random.integer(30)) * second;
    const identity = roleSession(role, person.email, { created, key, lasts: 8 * hour });
    diary.add({
      ...portal,
      time: created - second,
      account: tools,
      by: user,
      api: shell ? 'sso:GetRoleCredentials' : 'sso:Federate',
    });
    const provider = `arn:aws:iam::${account}:saml-provider/AWSSSO_DO_NOT_DELETE`;
    diary.add({
      ...portal,
      time: created,
      account,
      by: samlUser(account, provider, person.email),
      api: 'sts:AssumeRoleWithSAML',
      target: role.arn,
      from: shell ? { ip: 'sso.amazonaws.com' } : origin,
    });
    if (!shell)
      diary.add({
        ...portal,
        ...signIn('No'),
        time: created + second,
        account,
        by: roleSession(role, person.email, { created }),
      });
    this.#work(diary, identity, created + 20 * second, day, place, share, shell);
  }

  /** Bursts of calls through a sitting; the console itself calls some more. */
  #work(diary: Diary, by: Identity, from: number, day: number, place: Place, share: number, shell: boolean): void {
    const { agents } = this.person;
    const { random } = diary;
    const which = random.next();
    const program = which < 0.72 ? agents.cli(day) : which < 0.88 ? agents.sdk(day) : agents.tool;
    const region = this.#region(random, day);
    let time = from;
    for (let left = share; left > 0; ) {
      const count = Math.min(left, 2 + random.integer(14));
      const agent = shell ? program : agents.browser(day);
      const here = this.#origin(place, random, !shell);
      time = burst(diary, {
        from: time,
        count,
        gap: shell ? 9 * second : 4 * second,
        by,
        region: random.next() < 0.97 ? region : this.#region(random, day),
        origin: () => (!shell && random.next() < 0.07 ? { ip: 'AWS Internal' } : here),
        agent: () => (!shell && random.next() < 0.2 ? 'AWS Internal' : agent),
        api: () => this.#taste.pick(random),
        target: (api) => targetOf(this.#company, api, random),
        refused: 0.025,
      });
      left -= count;
      time += Math.ceil(-Math.log(1 - random.next()) * 12 * minute);
      if (by.expires !== undefined && time > by.expires) return;
    }
  }

  /** A user of IAM signs in with a password and a second factor. */
  #console(diary: Diary, from: number, day: number, place: Place, share: number): void {
    const { user } = this.person.user!;
    const { random } = diary;
    const origin = this.#origin(place, random, true);
    const at = {
      region: this.#company.region,
      from: origin,
      agent: this.person.agents.browser(day),
      account: user.account,
    };
    for (let wrong = random.next(); wrong < 0.06; wrong += 0.03)
      diary.add({
        ...at,
        ...signIn('No', 'Failure'),
        time: from - Math.ceil(random.next() * 40 * second),
        by: userConsole(user, from, false),
        error: 'Failed authentication',
      });
    diary.add({ ...at, ...signIn('Yes'), time: from, by: userConsole(user, from, true) });
    const key = uniqueId('ASIA', random);
    this.#work(diary, userConsole(user, from, true, key), from + 15 * second, day, place, share, false);
  }

  /** Scripts with the user's own key. */
  #key(diary: Diary, from: number, day: number, place: Place): void {
    const { person } = this;
    const { random } = diary;
    const by = userKey(person.user!.user, keyOn(this.#company, person, day));
    burst(diary, {
      from,
      count: 4 + random.integer(25),
      gap: 6 * second,
      by,
      region: this.#region(random, day),
      origin: this.#origin(place, random, false),
      agent: random.next() < 0.5 ? person.agents.cli(day) : person.agents.sdk(day),
      api: () => this.#taste.pick(random),
      target: (api) => targetOf(this.#company, api, random),
    });
  }
}
