import { providerKind } from '../../text/provider-kind.ts';
import * as attack from './attack.ts';
import { isEstablished, isTrusted, type Known, newnessOf, rarityOf, shareOf, trustOf } from './habit.ts';
import { inside, type Login } from './login.ts';
import { absent, address, country, narrow, provider, wide } from './network.ts';
import { termAt, type Verdict } from './terms.ts';
import type { User } from './user.ts';
import { whenceEnd } from './values.ts';

const agreeingInside = attack.agreeingInside.map(Math.log);
const agreeingOutside = attack.agreeing.map(Math.log);
const sharing = attack.sharing.map((share) => Math.log(share / attack.sharingOrdinary));
/** The share of a country that no user is from yet, and of how many users that much is known. */
const anyCountry = 0.02;
const assumedUsers = 5;
const strongest = 3;
/** After so many logins, a user's own habits weigh as much as the fleet's. */
const borrowed = 3;
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
function follow(
  verdict: Verdict,
  login: Login,
  user: User | undefined,
  left: number,
  known: Known,
  relaxed: boolean,
): Path {
  const { values, entries } = verdict;
  let newLevel = -1;
  let knownLevel = -1;
  let closed = false;
  let providerKnown = false;
  for (let level = 0; level < whenceEnd; level++) {
    if (values[level] === absent) continue;
    const entry = entries[level] as number;
    const isKnown = user !== undefined && entry >= 0 && (relaxed || isTrusted(user.bag(level), entry, login.time));
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
  const nats =
    user === undefined || knownLevel < 0
      ? 0
      : agreed(login, knownLevel, rarityOf(user.bag(knownLevel), entries[knownLevel] as number));
  // Where the user was twice, little is known of what is usual there, however much is known of elsewhere.
  const there = user === undefined || knownLevel < 0 ? 1 : shareOf(user.bag(knownLevel), entries[knownLevel] as number);
  const newness = newLevel < 0 ? 1 : newnessOf(user, newLevel, entries[newLevel] as number, left * there, known.fleet);
  return { nats: nats - Math.log(newness), newLevel, knownLevel, providerKnown };
}

const agreed = ({ country }: Login, level: number, rarity: number): number =>
  ((country === inside ? agreeingInside : agreeingOutside)[level] as number) + Math.log(rarity);

/** From where a login comes. */
export function networkTerm(verdict: Verdict, login: Login, user: User | undefined, left: number, known: Known): void {
  const { values, entries } = verdict;
  let finest = -1;
  let isKnown = false;
  let isSure = true;
  // Everything is known and trusted, but for the address where that changes: as of most logins.
  let isAsEver = user !== undefined;
  for (let level = 0; level < whenceEnd; level++) {
    const value = values[level] as number;
    if (value === absent) continue;
    isKnown = true;
    if (user === undefined) continue;
    const bag = user.bag(level);
    const entry = value < 0 ? -1 : bag.find(value);
    entries[level] = entry;
    if (entry < 0) {
      if (level !== address || finest < 0) isAsEver = false;
      continue;
    }
    finest = level;
    if (!isTrusted(bag, entry, login.time)) isAsEver = isSure = false;
  }
  if (!isKnown) return;
  if (user !== undefined && isAsEver) {
    const isNew = values[address] !== absent && (entries[address] as number) < 0;
    const newness = isNew ? newnessOf(user, address, -1, left, known.fleet) : 1;
    const rarity = rarityOf(user.bag(finest), entries[finest] as number);
    verdict.knownLevel = finest;
    if (isNew) verdict.newLevel = verdict.freshLevel = address;
    verdict.put(termAt.network, Math.max(least, agreed(login, finest, rarity / newness)));
    return;
  }
  const path = follow(verdict, login, user, left, known, true);
  const sure = isSure ? path : follow(verdict, login, user, left, known, false);
  verdict.newLevel = path.newLevel;
  verdict.knownLevel = path.knownLevel;
  verdict.freshLevel = sure.newLevel;
  if (sure.newLevel < 0 || sure.newLevel === path.newLevel) {
    verdict.freshness = isWithin(sure) ? 0 : 1;
    verdict.put(termAt.network, whole(verdict, login, path, user, known));
    return;
  }
  const entry = entries[sure.newLevel] as number;
  const trust = user === undefined || entry < 0 ? 0 : trustOf(user.bag(sure.newLevel), entry, login.time);
  verdict.freshness = isWithin(sure) ? 0 : 1 - trust;
  const nats =
    trust * whole(verdict, login, path, user, known) + (1 - trust) * whole(verdict, login, sure, user, known);
  verdict.put(termAt.network, nats);
}

const whole = (verdict: Verdict, login: Login, path: Path, user: User | undefined, known: Known): number =>
  Math.max(least, path.nats + addition(verdict, login, path, user, known));

/** Whether at most the address is new, of a network that is trusted. */
const isWithin = ({ newLevel }: Path): boolean => newLevel < 0 || newLevel === address;

/** What a provider and colleagues say where something of the network is new. */
function addition(verdict: Verdict, login: Login, path: Path, user: User | undefined, known: Known): number {
  if (path.newLevel < 0) return 0;
  const asn = login.levels[provider] as number;
  const nats = path.newLevel <= provider && asn !== absent ? providerPart(verdict, login, path) : 0;
  return nats + popularityPart(verdict, path, user, known) + sharedPart(verdict, path, user, known);
}

/**
 * How usual a new country is among the users, as long as little is known of this one: log p(it | attack) −
 * log p(it | somebody).
 */
function popularityPart(verdict: Verdict, { newLevel }: Path, user: User | undefined, { fleet }: Known): number {
  if (newLevel !== country) return 0;
  const value = verdict.values[country] as number;
  const own = isHolder(verdict, user, country);
  const others = value < 0 ? 0 : Math.max(0, (fleet.holders[country]?.get(value, 0) ?? 0) - own);
  const share = (others + assumedUsers * anyCountry) / (Math.max(0, fleet.countries - own) + assumedUsers);
  const nats = Math.log(attack.ofTheFleet + ((1 - attack.ofTheFleet) * anyCountry) / share);
  return Math.min(strongest, nats) * (borrowed / (borrowed + (user?.learnt ?? 0)));
}

function providerPart(verdict: Verdict, login: Login, { providerKnown, newLevel }: Path): number {
  if (providerKnown) return Math.log(attack.providerKnown.attack / attack.providerKnown.ordinary);
  verdict.provider = providerKind(login.levels[provider] as number, login.provider);
  const { abroad, near, ordinary } = attack.providers[verdict.provider];
  return Math.log((newLevel === country ? abroad : near) / ordinary);
}

function isHolder({ entries }: Verdict, user: User | undefined, level: number): 0 | 1 {
  const entry = entries[level] as number;
  return user !== undefined && entry >= 0 && isEstablished(user.bag(level), entry) ? 1 : 0;
}

/** Where colleagues come from is cheap, as far as there are at least `sharedBy` of them. */
function sharedPart(verdict: Verdict, path: Path, user: User | undefined, { fleet, sharedBy }: Known): number {
  let best = 0;
  for (let level = path.newLevel; level < whenceEnd; level++) {
    const value = verdict.values[level] as number;
    if (value < 0) continue;
    const holders = fleet.holders[level]?.get(value, 0) ?? 0;
    const others = holders - isHolder(verdict, user, level);
    const share = Math.min(1, Math.max(0, others - 1) / Math.max(1, sharedBy - 1));
    const isSite = level >= narrow || isSiteOf(level, value);
    const nats = share * (sharing[isSite ? narrow : level] as number);
    if (nats >= best) continue;
    best = nats;
    if (isSite) verdict.colleagues = others;
  }
  return best;
}
