import { createRandom, type Random } from '../../algorithms/random.ts';
import { type Calendar, dayLength } from '../logins/clock.ts';
import { firstOf, shuffled } from '../logins/world.ts';
import { Diary } from './call.ts';
import { type Role, type User, uniqueId } from './identity.ts';
import { type Block, Internet, type Network, part, within } from './internet.ts';
import { hire, type Person } from './people.ts';

export interface Office {
  readonly network: Network;
  readonly block: Block;
}

/** An address or a block that is replaced by another one day. */
interface Changing<T> {
  readonly before: T;
  readonly after: T;
  readonly day: number;
}

export interface CompanyOptions {
  readonly seed: number;
  readonly people: number;
  readonly calendar: Calendar;
}

const regionsOf: Readonly<Record<string, readonly string[]>> = {
  EU: ['eu-west-1', 'eu-central-1'],
  NA: ['us-west-2', 'us-east-2'],
  AS: ['ap-northeast-1', 'ap-southeast-1'],
};

const domains = ['example.com', 'example.org', 'example.net'];

/** The invented company: its accounts, people, networks, and what changes on which day. */
export class Company {
  readonly seed: number;
  readonly calendar: Calendar;
  readonly internet: Internet;
  readonly domain: string;
  /** Numbers that AWS' documentation uses. */
  readonly accounts = { prod: '111122223333', dev: '444455556666', tools: '777788889999' } as const;
  readonly region: string;
  readonly second: string;
  /** Where nobody has anything until the rollout. */
  readonly rollout: { readonly region: string; readonly day: number };
  readonly offices: readonly Office[];
  readonly datacentre: Block;
  readonly vpn: Changing<Block>;
  /** Instances of the prod account go out through these; one day a new gateway takes over. */
  readonly nat: Changing<string>;
  readonly devNat: string;
  /** From this day a role's instances are routed through the data centre. */
  readonly routedDay: number;
  readonly gameDay: number;
  readonly pentestDay: number;
  readonly people: readonly Person[];
  readonly buckets: readonly string[];
  readonly cloud: Network;
  readonly runners: Network;
  readonly #roles = new Map<string, Role>();

  constructor({ seed, people, calendar }: CompanyOptions) {
    const random = this.random('company', seed);
    this.seed = seed;
    this.calendar = calendar;
    this.internet = new Internet(random.fork('internet'));
    const { internet } = this;
    const { days } = calendar;
    const some = (from: number, to: number): number => Math.floor(days * (from + random.next() * (to - from)));
    this.domain = random.pick(domains);
    const choice = regionsOf[internet.country.continent] ?? regionsOf.EU!;
    this.region = choice[0]!;
    this.second = choice[1]!;
    this.rollout = { region: random.pick(['ap-southeast-2', 'ca-central-1', 'sa-east-1']), day: some(0.35, 0.8) };
    this.offices = internet
      .of('office')
      .map((network) => ({ network, block: part(firstOf(network.blocks), 24, random) }));
    this.datacentre = part(firstOf(internet.of('office')[1]!.blocks), 27, random);
    const [old, fresh] = internet.of('access');
    this.vpn = {
      before: part(firstOf(old!.blocks), 27, random),
      after: part(firstOf(fresh!.blocks), 27, random),
      day: some(0.35, 0.75),
    };
    this.cloud = firstOf(internet.of('cloud'));
    this.runners = firstOf(internet.of('runners'));
    const range = firstOf(this.cloud.blocks);
    this.nat = { before: within(range, random), after: within(range, random), day: some(0.3, 0.8) };
    this.devNat = within(range, random);
    this.routedDay = some(0.3, 0.7);
    this.gameDay = weekday(calendar, some(0.35, 0.9));
    this.pentestDay = weekday(calendar, some(0.35, 0.85));
    this.buckets = shuffled('assets invoices exports backups models events media reports'.split(' '), random).map(
      (name) => `${this.domain.split('.')[1]}-${name}-${random.integer(9000) + 1000}`,
    );
    this.people = hire(this, people, random.fork('people'));
  }

  /** Draws of their own for a name. */
  random(name: string, seed = this.seed): Random {
    return createRandom(seed).fork('cloud').fork(name);
  }

  /** The calls of an actor on a day: the same whenever they are asked for. */
  diary(actor: number, day: number, name: string): Diary {
    return new Diary(this.seed, actor * 4096 + day + 1, this.random(`${name}/${day}`));
  }

  role(account: string, name: string, path = ''): Role {
    const key = `${account} ${name}`;
    let role = this.#roles.get(key);
    if (role === undefined) {
      const id = uniqueId('AROA', this.random(`role/${key}`));
      role = { account, name, id, arn: `arn:aws:iam::${account}:role/${path}${name}` };
      this.#roles.set(key, role);
    }
    return role;
  }

  user(account: string, name: string): User {
    return { account, name, id: uniqueId('AIDA', this.random(`user/${account}/${name}`)) };
  }

  /** What IAM Identity Center makes of a permission set in an account. */
  ssoRole(account: string, permissions: string): Role {
    const suffix = this.random(`sso/${account}/${permissions}`)
      .integer(2 ** 32)
      .toString(16)
      .padStart(16, '0');
    return this.role(
      account,
      `AWSReservedSSO_${permissions}_${suffix}`,
      `aws-reserved/sso.amazonaws.com/${this.region}/`,
    );
  }

  vpnBlock(day: number): Block {
    return day < this.vpn.day ? this.vpn.before : this.vpn.after;
  }

  natAddress(day: number): string {
    return day < this.nat.day ? this.nat.before : this.nat.after;
  }

  /** Epoch milliseconds at UTC midnight. */
  at(day: number): number {
    return this.calendar.start + day * dayLength;
  }
}

/** The day, or the Monday after it where it is at a weekend. */
export function weekday(calendar: Calendar, day: number): number {
  const of = calendar.weekday(day);
  return Math.min(calendar.days - 2, of === 0 ? day + 1 : of === 6 ? day + 2 : day);
}
