import * as attack from './attack.ts';
import { Habit, type Known } from './habit.ts';
import { inside, type Login } from './login.ts';
import type { Names } from './names.ts';
import { absent, address, country, kindOf, levels, narrow, provider, region, unheard, wide } from './network.ts';
import { termAt, type Verdict } from './terms.ts';
import { insideDimension, type User } from './user.ts';

/** Servers inside have an address each, and change it seldom; they are a dimension of their own. */
export const dimensionOf = (login: Login, level: number): number =>
  level === address && login.country === inside ? insideDimension : level;

/** The number of a level's value: the network's own, or that of a word. */
export function levelValue(login: Login, level: number, names: Names): number {
  if (level !== country && level !== region) return login.levels[level] as number;
  const word = level === country ? login.country : login.region;
  if (word === '') return absent;
  const id = names.find(word);
  return id < 0 ? unheard : id;
}

/** How far a login's network is known: along the levels, coarse to fine, up to the first that is new. */
interface Path {
  readonly nats: number;
  /** The coarsest level that is new, and the finest that is not; -1 for none. */
  readonly newLevel: number;
  readonly knownLevel: number;
  readonly providerKnown: boolean;
}

/**
 * log p(an attacker agrees so far) − log p(the user brings something new there); what lies finer is new for both and
 * cancels out. A level is known when it is trusted, or, for `relaxed`, when it came before at all.
 */
function follow(login: Login, habits: readonly (Habit | undefined)[], relaxed: boolean): Path {
  const agreeing = login.country === inside ? attack.agreeingInside : attack.agreeing;
  let [newLevel, knownLevel, nats, base, closed] = [-1, -1, 0, 0, false];
  let providerKnown = false;
  for (let level = 0; level < levels.length; level++) {
    const habit = habits[level];
    if (habit === undefined) continue;
    const isKnown = habit.entry >= 0 && (relaxed || habit.trust === 1);
    if (isKnown && level === provider) providerKnown = true;
    if (isKnown && !closed) {
      // A narrow network that the user knows counts, whatever a newer geo database says of it.
      const trumps = level >= narrow || (level === wide && (login.levels[wide] as number) > 2 ** 32);
      if (newLevel >= 0 && !trumps) continue;
      newLevel = -1;
      knownLevel = level;
      base = Math.log(agreeing[level] as number) + habit.rarity;
      nats = base;
      continue;
    }
    if (level > provider) closed = true;
    if (newLevel >= 0) continue;
    newLevel = level;
    nats = base - Math.log(habit.newness);
  }
  return { nats, newLevel, knownLevel, providerKnown };
}

/** From where a login comes. */
export function networkTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, known: Known): void {
  const habits: (Habit | undefined)[] = [];
  let isKnown = false;
  for (let level = 0; level < levels.length; level++) {
    const value = levelValue(login, level, known.names);
    if (value === absent) habits.push(undefined);
    else {
      habits.push(new Habit(user, fade, dimensionOf(login, level), value, login.time, known.fleet));
      isKnown = true;
    }
  }
  if (!isKnown) return;
  const least = Math.log(attack.agreeing[address] as number);
  const sure = follow(login, habits, false);
  const path = follow(login, habits, true);
  verdict.newLevel = path.newLevel;
  verdict.knownLevel = path.knownLevel;
  verdict.freshLevel = sure.newLevel;
  const whole = (each: Path): number => Math.max(least, each.nats + addition(verdict, login, each, known));
  if (sure.newLevel < 0 || sure.newLevel === path.newLevel) {
    verdict.freshness = sure.newLevel < 0 ? 0 : 1;
    verdict.put(termAt.network, whole(path));
    return;
  }
  const trust = habits[sure.newLevel]?.trust ?? 0;
  verdict.freshness = 1 - trust;
  const trusted = trust * whole(path);
  verdict.put(termAt.network, trusted + (1 - trust) * whole(sure));
}

/** What a provider and colleagues say where something of the network is new. */
function addition(verdict: Verdict, login: Login, path: Path, known: Known): number {
  if (path.newLevel < 0) return 0;
  const asn = login.levels[provider] as number;
  const nats = path.newLevel <= provider && asn !== absent ? providerPart(verdict, login, path) : 0;
  return nats + sharedPart(verdict, login, path, known);
}

function providerPart(verdict: Verdict, login: Login, { providerKnown, newLevel }: Path): number {
  if (providerKnown) return Math.log(attack.providerKnown.attack / attack.providerKnown.ordinary);
  verdict.provider = kindOf(login.levels[provider] as number, login.provider);
  const { abroad, near, ordinary } = attack.providers[verdict.provider];
  return Math.log((newLevel === country ? abroad : near) / ordinary);
}

/** Where colleagues come from is cheap, as far as there are at least `sharedBy` of them. */
function sharedPart(verdict: Verdict, login: Login, path: Path, { fleet, names, sharedBy }: Known): number {
  let best = 0;
  for (let level = path.newLevel; level < levels.length; level++) {
    const value = levelValue(login, level, names);
    if (value < 0) continue;
    const holders = fleet.holders[dimensionOf(login, level)]?.get(value, 0) ?? 0;
    const others = holders - (path.newLevel === verdict.newLevel ? 0 : 1);
    const share = Math.min(1, Math.max(0, others - 1) / Math.max(1, sharedBy - 1));
    const nats = share * Math.log((attack.sharing[level] as number) / attack.sharingOrdinary);
    if (nats >= best) continue;
    best = nats;
    verdict.colleagues = others;
  }
  return best;
}
