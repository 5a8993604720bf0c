import type { Random } from '../../algorithms/random.ts';
import type { Calendar } from './clock.ts';
import type { Host } from './fleet.ts';
import type { Line } from './line.ts';
import type { Block, Network } from './networks.ts';
import type { Key, Person } from './people.ts';
import type { World } from './world.ts';

/** What happens to honest people and looks odd. Every simulation has them all. */
export const oddities = [
  'vpn-flap',
  'ci-bot',
  'new-laptop',
  'holiday-trip',
  'business-trip',
  'provider-change',
  'new-user',
  'night-emergency',
  'mobile-tethering',
  'office-move',
  'long-absence',
  'new-host',
] as const;
export type Oddity = (typeof oddities)[number];

/** How accounts are taken over. */
export const takeovers = [
  'stolen-key',
  'same-country-proxy',
  'password-spray',
  'slow-brute-force',
  'dormant-account',
  'impossible-travel',
  'lateral-movement',
  'bot-key',
] as const;
export type Takeover = (typeof takeovers)[number];

/** An oddity in somebody's life, in local days, the last one included. */
export interface Episode {
  readonly scenario: Oddity;
  readonly incident: string;
  readonly person: Person;
  readonly from: number;
  readonly to: number;
  /** Where they are online then, or from then on. */
  readonly lines: readonly Line[];
  /** What they log in with from then on. */
  readonly key?: Key;
  /** What they log in to from then on. */
  readonly host?: Host;
}

/** One account taken over. */
export interface Incident {
  readonly scenario: Takeover;
  readonly incident: string;
  readonly victim: Person;
  readonly day: number;
  /** The first success, epoch milliseconds. */
  readonly time: number;
  /** The victim is at work elsewhere at the same time. */
  readonly beside: boolean;
  /** Where it comes from; empty where it comes from inside. */
  readonly blocks: readonly Block[];
  readonly random: Random;
}

/** Everything that is decided before the first line is written. */
export interface Plan {
  readonly calendar: Calendar;
  readonly world: World;
  readonly fleet: readonly Host[];
  readonly people: readonly Person[];
  readonly office: Line;
  readonly episodes: readonly Episode[];
  readonly incidents: readonly Incident[];
  /** The last day at work of those who leave their account behind. */
  readonly quits: ReadonlyMap<Person, number>;
  /** Scale of the brute force from all over the internet. */
  readonly noise: number;
  readonly random: Random;
}

/** Every network that somebody ever logs in from honestly. */
export function usedNetworks({ office, episodes }: Pick<Plan, 'office' | 'episodes'>, person: Person): Set<Network> {
  const own = episodes.filter((episode) => episode.person === person);
  const lines = [person.home, person.mobile, ...(person.vpn ? [person.vpn] : []), ...own.flatMap(({ lines }) => lines)];
  if (person.officeDays.length > 0) lines.push(office);
  return new Set(lines.map(({ network }) => network));
}

/** Every server that somebody ever uses honestly. */
export function usedHosts({ episodes }: Pick<Plan, 'episodes'>, person: Person): Set<Host> {
  const own = episodes.filter((episode) => episode.person === person);
  return new Set([...person.hosts, ...person.rare, ...own.flatMap(({ host }) => (host ? [host] : []))]);
}

/** The keys that somebody has on a day, the newest first. */
export function keysOn({ episodes }: Pick<Plan, 'episodes'>, person: Person, day: number): readonly Key[] {
  const fresh = episodes.filter((each) => each.person === person && each.key !== undefined && each.from <= day);
  return [...fresh.flatMap(({ key }) => (key ? [key] : [])).reverse(), ...person.keys];
}
