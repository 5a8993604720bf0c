import type { Random } from '../../algorithms/random.ts';
import { shuffled } from '../logins/world.ts';
import { foreignAgents } from './agents.ts';
import type { Call, Diary, Origin } from './call.ts';
import type { Acting, Cast } from './cast.ts';
import type { Company } from './company.ts';
import type { Sighting } from './findings.ts';
import type { Identity } from './identity.ts';
import { anywhere } from './internet.ts';

/** A time in which the trail of an account keeps nothing, or nothing of contents; or in which GuardDuty is off. */
export interface Outage {
  readonly account: string;
  readonly from: number;
  readonly until: number;
  readonly what: 'all' | 'data' | 'findings';
}

/** What an incident adds to the trail and what GuardDuty notices of it. */
export interface Episode {
  readonly variant: string;
  readonly calls: readonly Call[];
  readonly sightings: readonly Omit<Sighting, 'scenario' | 'incident'>[];
  readonly outages?: readonly Outage[];
}

/** What an incident is made from. */
export interface Stage {
  readonly company: Company;
  readonly cast: Cast;
  readonly diary: Diary;
  readonly random: Random;
  /** Around which day. */
  readonly day: number;
  /** The intruder has the programs that the victim has. */
  readonly mimic: boolean;
  /** Which of a scenario's variants, a whole number. */
  readonly turn: number;
}

/** A call that fits, of the actors' days nearest to the stage's; undefined where there is none. */
export function seekCall(
  { company, day, random }: Stage,
  actors: readonly Acting[],
  fits: (call: Call) => boolean,
): Call | undefined {
  const { days } = company.calendar;
  const order = shuffled(actors, random);
  for (let away = 0; away < days; away++) {
    for (const at of [day + away, day - away]) {
      if (at < 3 || at >= days - 1) continue;
      for (const actor of order) {
        const found = actor.day(at).filter(fits);
        if (found.length > 0) return random.pick(found);
      }
    }
  }
  return undefined;
}

/** As `seekCall`, where there is always one. */
export function findCall(stage: Stage, actors: readonly Acting[], fits: (call: Call) => boolean): Call {
  const found = seekCall(stage, actors, fits);
  if (found === undefined) throw new RangeError('Nobody fits.');
  return found;
}

export type Lair = 'hosting' | 'hosting here' | 'home' | 'home here' | 'vpn' | 'tor' | 'cloud' | 'runners';

/** An address of an intruder; honest people and programs have some in networks of all these kinds as well. */
export function lair({ company, random }: Stage, kind: Lair): Origin {
  const { internet } = company;
  const abroad = random.pick(internet.abroad);
  const networks = {
    hosting: () => [...internet.of('hosting', abroad), ...internet.of('hosting', random.pick(internet.abroad))],
    'hosting here': () => internet.of('hosting', internet.country),
    home: () => [...internet.of('home', abroad), ...internet.of('mobile', abroad), ...internet.of('guest', abroad)],
    'home here': () => [...internet.of('home', internet.country), ...internet.of('mobile', internet.country)],
    vpn: () => internet.of('vpn'),
    tor: () => internet.of('tor'),
    cloud: () => internet.of('cloud'),
    runners: () => internet.of('runners'),
  }[kind]();
  return { ip: anywhere(random.pick(networks), random) };
}

/** What the intruder's program says of itself. */
export const disguise = ({ mimic, random }: Stage, victim: Call): string =>
  mimic && victim.agent !== 'AWS Internal' ? victim.agent : foreignAgents(random);

export interface Step {
  readonly api: string;
  /** How often. @default 1 */
  readonly times?: number;
  readonly target?: string | (() => string);
  readonly error?: string;
  readonly region?: string;
}

/** Calls of an intruder one after another; `pace` is the mean of milliseconds between two. */
export function play(
  stage: Stage,
  start: number,
  pace: number,
  about: { readonly by: Identity; readonly from: Origin; readonly agent: string; readonly account?: string },
  steps: readonly Step[],
): Call[] {
  const { diary, random, company } = stage;
  const made: Call[] = [];
  let time = start;
  for (const { api, times = 1, target, error, region = company.region } of steps) {
    for (let i = 0; i < times; i++) {
      const named = typeof target === 'function' ? target() : target;
      const { by, from, agent, account = by.account } = about;
      const call = { time, account, region, by, api, from, agent };
      made.push(
        diary.add({
          ...call,
          ...(named === undefined ? {} : { target: named }),
          ...(error === undefined ? {} : { error }),
        }),
      );
      time += 100 + Math.ceil(-Math.log(1 - random.next()) * pace);
    }
  }
  return made;
}
