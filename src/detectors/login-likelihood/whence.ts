import { providerKind } from '../../text/provider-kind.ts';
import * as attack from './attack.ts';
import { Habit, isTrusted, type Known, rarityOf } from './habit.ts';
import { inside, type Login } from './login.ts';
import { absent, address, country, narrow, provider, unheard, wide } from './network.ts';
import { termAt, type Verdict } from './terms.ts';
import type { User } from './user.ts';
import { whenceEnd } from './values.ts';

const agreeingInside = attack.agreeingInside.map(Math.log);
const agreeingOutside = attack.agreeing.map(Math.log);
const least = agreeingOutside[address] as number;

/** Whether it is an IPv6 /48, which is what one site gets (RFC 6177). */
const isSiteOf = (level: number, value: number): boolean => level === wide && value > 2 ** 32;

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
  let newLevel = -1;
  let knownLevel = -1;
  let closed = false;
  let providerKnown = false;
  for (let level = 0; level < whenceEnd; level++) {
    const habit = habits[level];
    if (habit === undefined) continue;
    const isKnown = habit.entry >= 0 && (relaxed || habit.trust === 1);
    if (isKnown && level === provider) providerKnown = true;
    if (isKnown && !closed) {
      // A narrow network that the user knows counts, whatever a newer geo database says of it.
      const trumps = level >= narrow || isSiteOf(level, login.levels[level] as number);
      if (newLevel >= 0 && !trumps) continue;
      newLevel = -1;
      knownLevel = level;
      continue;
    }
    if (level > provider) closed = true;
    if (newLevel < 0) newLevel = level;
  }
  const agreeing = login.country === inside ? agreeingInside : agreeingOutside;
  const known = habits[knownLevel];
  const fresh = habits[newLevel];
  const agreed = known === undefined ? 0 : (agreeing[knownLevel] as number) + Math.log(known.rarity);
  return { nats: fresh === undefined ? agreed : agreed - Math.log(fresh.newness), newLevel, knownLevel, providerKnown };
}

/**
 * Whether everything of the network is known and trusted, but for the address where that changes, as of most logins;
 * then it is judged at once.
 */
function isAsEver(verdict: Verdict, login: Login, user: User, fade: number, { fleet }: Known): boolean {
  let finest = -1;
  let isNew = false;
  for (let level = 0; level < whenceEnd; level++) {
    const value = verdict.values[level] as number;
    if (value === absent) continue;
    const bag = user.habit(level);
    const entry = value < 0 ? -1 : bag.find(value);
    if (entry >= 0 && !isTrusted(bag, entry, login.time)) return false;
    if (entry < 0 && (level !== address || finest < 0)) return false;
    verdict.entries[level] = entry;
    if (entry < 0) isNew = true;
    else finest = level;
  }
  if (finest < 0) return false;
  const agreeing = (login.country === inside ? agreeingInside : agreeingOutside)[finest] as number;
  const rarity = rarityOf(user.habit(finest), verdict.entries[finest] as number);
  const newness = isNew ? new Habit(user, fade, address, unheard, login.time, fleet).newness : 1;
  verdict.knownLevel = finest;
  if (isNew) verdict.newLevel = verdict.freshLevel = address;
  verdict.put(termAt.network, Math.max(least, agreeing + Math.log(rarity / newness)));
  return true;
}

/** From where a login comes. */
export function networkTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, known: Known): void {
  if (user !== undefined && isAsEver(verdict, login, user, fade, known)) return;
  const habits: (Habit | undefined)[] = [];
  let isKnown = false;
  let isSure = true;
  for (let level = 0; level < whenceEnd; level++) {
    const value = verdict.values[level] as number;
    if (value === absent) {
      habits.push(undefined);
      continue;
    }
    const habit = new Habit(user, fade, level, value, login.time, known.fleet);
    habits.push(habit);
    verdict.entries[level] = habit.entry;
    isKnown = true;
    if (habit.entry >= 0 && habit.trust < 1) isSure = false;
  }
  if (!isKnown) return;
  const path = follow(login, habits, true);
  const sure = isSure ? path : follow(login, habits, false);
  verdict.newLevel = path.newLevel;
  verdict.knownLevel = path.knownLevel;
  verdict.freshLevel = sure.newLevel;
  const whole = (each: Path): number => Math.max(least, each.nats + addition(verdict, login, each, known));
  if (sure.newLevel < 0 || sure.newLevel === path.newLevel) {
    verdict.freshness = isWithin(sure) ? 0 : 1;
    verdict.put(termAt.network, whole(path));
    return;
  }
  const trust = habits[sure.newLevel]?.trust ?? 0;
  verdict.freshness = isWithin(sure) ? 0 : 1 - trust;
  verdict.put(termAt.network, trust * whole(path) + (1 - trust) * whole(sure));
}

/** Whether at most the address is new, of a network that is trusted. */
const isWithin = ({ newLevel }: Path): boolean => newLevel < 0 || newLevel === address;

/** What a provider and colleagues say where something of the network is new. */
function addition(verdict: Verdict, login: Login, path: Path, known: Known): number {
  if (path.newLevel < 0) return 0;
  const asn = login.levels[provider] as number;
  const nats = path.newLevel <= provider && asn !== absent ? providerPart(verdict, login, path) : 0;
  return nats + sharedPart(verdict, path, known);
}

function providerPart(verdict: Verdict, login: Login, { providerKnown, newLevel }: Path): number {
  if (providerKnown) return Math.log(attack.providerKnown.attack / attack.providerKnown.ordinary);
  verdict.provider = providerKind(login.levels[provider] as number, login.provider);
  const { abroad, near, ordinary } = attack.providers[verdict.provider];
  return Math.log((newLevel === country ? abroad : near) / ordinary);
}

/** Where colleagues come from is cheap, as far as there are at least `sharedBy` of them. */
function sharedPart(verdict: Verdict, path: Path, { fleet, sharedBy }: Known): number {
  let best = 0;
  for (let level = path.newLevel; level < whenceEnd; level++) {
    const value = verdict.values[level] as number;
    if (value < 0) continue;
    const holders = fleet.holders[level]?.get(value, 0) ?? 0;
    const others = holders - (path.newLevel === verdict.newLevel ? 0 : 1);
    const share = Math.min(1, Math.max(0, others - 1) / Math.max(1, sharedBy - 1));
    const isSite = level >= narrow || isSiteOf(level, value);
    const nats = share * Math.log((attack.sharing[isSite ? narrow : level] as number) / attack.sharingOrdinary);
    if (nats >= best) continue;
    best = nats;
    if (isSite) verdict.colleagues = others;
  }
  return best;
}
