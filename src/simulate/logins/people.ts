import type { Random } from '../../algorithms/random.ts';
import type { Host } from './fleet.ts';
import { Line } from './line.ts';
import type { City } from './places.ts';
import { firstOf, networksOf, shuffled, type World } from './world.ts';

type Role = 'developer' | 'admin' | 'support' | 'night' | 'consultant' | 'ci' | 'backup';
export type Auth = 'publickey' | 'certificate' | 'password' | 'keyboard-interactive/pam';

export interface Key {
  /** As sshd writes it, such as `ED25519`. */
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** Of a certificate, who signed it: type and fingerprint. */
  readonly authority?: string;
}

/** When somebody works, in local time. */
interface Rhythm {
  /** Hour of day when work begins. */
  readonly from: number;
  readonly hours: number;
  /** Weekdays of work, 0 is Sunday. */
  readonly days: readonly number[];
  /** Times of day at which they turn to servers, on average. */
  readonly bursts: number;
}

/** Somebody, or a machine, with an account. */
export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly role: Role;
  readonly auth: Auth;
  readonly city: City;
  readonly rhythm: Rhythm;
  /** The keys in use from the beginning: one a device. */
  readonly keys: readonly Key[];
  readonly home: Line;
  readonly mobile: Line;
  /** A commercial VPN that is always on. */
  readonly vpn: Line | undefined;
  /** Weekdays in the office. */
  readonly officeDays: readonly number[];
  /** How often a turn to the servers is made over the phone. */
  readonly roaming: number;
  /** Servers they use, the most usual first. */
  readonly hosts: readonly Host[];
  /** Servers they may use, and seldom do. */
  readonly rare: readonly Host[];
  /** They go from the bastion to the others. */
  readonly hops: boolean;
}

const firstNames =
  'alice bruno carla dario elena farid greta henrik ines jonas katya luca maren nadia oscar paula quentin rosa sanjay tilda umar vera wanda xavier yuki zora anton bella casper dina emil freya gustav hanna ivo jana karim lena milan nora olga pavel rita samir tess ulf viola wim yara'.split(
    ' ',
  );

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A SHA-256 fingerprint as OpenSSH prints it; the last of 43 digits has two zero bits. */
function fingerprint(random: Random): string {
  let digits = '';
  for (let i = 0; i < 42; i++) digits += alphabet[random.integer(64)];
  return `SHA256:${digits}${alphabet[random.integer(16) * 4]}`;
}

export const makeKey = (type: string, random: Random): Key => ({ type, fingerprint: fingerprint(random) });

/** Who is in a company of this size: the first twelve hold one of each, then it repeats. */
const staff: readonly (readonly [Role, Auth])[] = [
  ['ci', 'publickey'],
  ['backup', 'publickey'],
  ['admin', 'publickey'],
  ['developer', 'publickey'],
  ['developer', 'publickey'],
  ['support', 'password'],
  ['developer', 'publickey'],
  ['consultant', 'publickey'],
  ['night', 'publickey'],
  ['support', 'keyboard-interactive/pam'],
  ['developer', 'publickey'],
  ['developer', 'certificate'],
  ['admin', 'publickey'],
  ['developer', 'publickey'],
  ['developer', 'password'],
  ['developer', 'publickey'],
  ['developer', 'certificate'],
  ['admin', 'publickey'],
  ['developer', 'publickey'],
  ['support', 'password'],
  ['developer', 'publickey'],
  ['developer', 'publickey'],
  ['developer', 'certificate'],
  ['developer', 'publickey'],
  ['consultant', 'publickey'],
];

const bots: readonly Role[] = ['ci', 'backup'];
export const isBot = ({ role }: Person): boolean => bots.includes(role);

const workdays = [1, 2, 3, 4, 5];

function rhythmOf(role: Role, random: Random): Rhythm {
  if (role === 'ci') return { from: 7, hours: 14, days: [0, ...workdays, 6], bursts: 45 };
  if (role === 'backup') return { from: 0, hours: 24, days: [0, ...workdays, 6], bursts: 24 };
  if (role === 'night') return { from: 21 + random.next() * 1.5, hours: 8, days: [0, 1, 2, 3, 4], bursts: 7 };
  const from = 7 + random.next() * 3;
  if (role === 'support') return { from, hours: 8, days: workdays, bursts: 3 + 3 * random.next() };
  if (role === 'admin') return { from, hours: 9, days: workdays, bursts: 6 + 5 * random.next() };
  return { from, hours: 9, days: workdays, bursts: 3.5 + 5 * random.next() };
}

const wanted: Readonly<Record<Role, { readonly pool: RegExp; readonly habit: number; readonly rare: number }>> = {
  developer: { pool: /^(?:app|web|stage|git|build|cache|queue|bastion)/, habit: 5, rare: 3 },
  admin: { pool: /./, habit: 9, rare: 5 },
  support: { pool: /^(?:web|mail|files|stage|app)/, habit: 3, rare: 2 },
  night: { pool: /^(?:mon|app|web|db|bastion|queue)/, habit: 6, rare: 3 },
  consultant: { pool: /^(?:stage|ml|db|app)/, habit: 3, rare: 2 },
  ci: { pool: /^(?:app|web|stage)/, habit: 6, rare: 0 },
  backup: { pool: /^(?:db|files|git|mail|ldap)/, habit: 5, rare: 0 },
};

/** The `index`-th account; everything it has comes from `random`. */
export function makePerson(index: number, world: World, fleet: readonly Host[], random: Random): Person {
  const [role, auth] = staff[index % staff.length] as readonly [Role, Auth];
  const bot = bots.includes(role);
  const round = Math.floor(index / staff.length);
  const stem = bot ? (role === 'ci' ? 'deploy' : 'backup') : (firstNames[index % firstNames.length] as string);
  const name = bot ? `${stem}${round === 0 ? '' : round + 1}` : `${stem}${index < firstNames.length ? '' : index}`;
  const country = role === 'consultant' ? random.pick(networksOf(world, 'home')).country : world.country;
  // Half of the staff lives where the company is.
  const city = random.next() < 0.5 ? firstOf(country.cities) : random.pick(country.cities);
  const dual = random.next() < 0.6;
  const cable = random.next() < 0.4;
  const hosting = networksOf(world, 'hosting');
  const provider = hosting[round % 3] as (typeof hosting)[number];
  const homes = networksOf(world, 'home', country).filter(({ blocks }) => blocks.some((block) => block.city === city));
  const home =
    role === 'ci'
      ? new Line(provider, firstOf(provider.blocks).city, { daily: 1, each: 0.9, dual: false }, random.fork('home'))
      : role === 'backup'
        ? new Line(provider, firstOf(provider.blocks).city, { daily: 0, each: 0, dual: true }, random.fork('home'))
        : new Line(random.pick(homes), city, { daily: cable ? 0.06 : 0.9, each: 0, dual }, random.fork('home'));
  const carrier = random.pick(networksOf(world, 'mobile', country));
  const mobile = new Line(carrier, firstOf(carrier.blocks).city, { daily: 1, each: 0.6, dual }, random.fork('mobile'));
  const egress = random.pick(networksOf(world, 'vpn'));
  const vpn =
    role === 'developer' && random.next() < 0.12
      ? new Line(egress, random.pick(egress.blocks).city, { daily: 0.8, each: 0.2, dual: false }, random.fork('vpn'))
      : undefined;
  const { pool, habit, rare } = wanted[role];
  const may = shuffled(
    fleet.filter((host) => pool.test(host.name)),
    random,
  );
  const type = random.next() < 0.2 ? 'RSA' : random.next() < 0.1 ? 'ECDSA' : 'ED25519';
  const keys = [makeKey(auth === 'certificate' ? 'ED25519-CERT' : type, random)];
  if (!bot && random.next() < 0.35) keys.push(makeKey('ED25519', random));
  const hops = role === 'admin' || (role === 'developer' && random.next() < 0.3);
  const bastion = hops ? fleet.slice(0, 1) : [];
  const local = city === firstOf(world.country.cities) && !bot;
  return {
    name,
    uid: bot ? 900 + index : 1000 + index,
    role,
    auth,
    city,
    rhythm: rhythmOf(role, random),
    keys,
    home,
    mobile,
    vpn,
    officeDays: local && role !== 'night' ? shuffled(workdays, random).slice(0, 1 + random.integer(4)) : [],
    roaming: bot || random.next() < 0.5 ? 0 : 0.03 + random.next() * 0.12,
    hosts: [...new Set([...bastion, ...may.slice(0, habit)])],
    rare: may.slice(habit, habit + rare),
    hops,
  };
}
