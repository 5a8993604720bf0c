import * as attack from './attack.ts';
import { failuresTerm } from './failures.ts';
import { fadeOf, Habit, type Known, newnessOf } from './habit.ts';
import type { Login } from './login.ts';
import type { Names } from './names.ts';
import { absent, address, country, isHosting, levels, narrow, provider, region, unheard, wide } from './network.ts';
import { pauseTerm, rateTerm } from './pace.ts';
import { Verdict } from './terms.ts';
import { travelTerm } from './travel.ts';
import { hostDimension, keyDimension, methodDimension, sums, type User } from './user.ts';

/** As long as the hour of the week says little, this many logins at the fleet's hours count too. */
const borrowedHours = 12;
/** Somebody works at any hour now and then. */
const anyHour = 0.1;

/**
 * The logarithm of how much likelier a login is from an attacker than from its user, feature by feature, after Freeman,
 * Jain, Dürmuth, Biggio and Giacinto, "Who Are You? A Statistical Approach to Measuring User Authenticity" (NDSS 2016):
 * log p(x | attack) − log p(x | user), with the user's distribution backed off to the fleet's.
 */
export function judge(login: Login, user: User | undefined, known: Known): Verdict {
  const verdict = new Verdict();
  const fade = user === undefined ? 0 : fadeOf(user, login.time, known.halfLife);
  const logins = user === undefined ? 0 : user.sum(sums.logins) * fade;
  networkTerm(verdict, login, user, fade, known);
  keyTerm(verdict, login, user, fade, known);
  methodTerm(verdict, login, user, fade, known);
  hostTerm(verdict, login, user, fade, known);
  if (user !== undefined) {
    const density = user.rhythm.density(login.time, borrowedHours / Math.max(fade, 1e-6), known.fleet.rhythm);
    verdict.put(5, Math.max(-1, -Math.log(anyHour + (1 - anyHour) * density)) * (logins / (logins + 3)));
    travelTerm(verdict, login, user, logins, known);
    pauseTerm(verdict, login, user);
    rateTerm(verdict, login, user, known.names.find(login.host));
  }
  failuresTerm(verdict, login, user, known.fleet);
  if (login.reputation > 0) {
    const listed = newnessOf(user === undefined ? 0 : user.sum(sums.listed) * fade, Math.max(logins, 20), 0.005);
    verdict.put(9, Math.min(1, login.reputation) * Math.max(0, Math.log(attack.listed / listed)));
  }
  if (login.known !== '') verdict.put(10, attack.trusted);
  return verdict;
}

/** The number of a level's value: the network's own, or that of a word. */
export function levelValue(login: Login, level: number, names: Names): number {
  if (level !== country && level !== region) return login.levels[level] as number;
  const word = level === country ? login.country : login.region;
  if (word === '') return absent;
  const id = names.find(word);
  return id < 0 ? unheard : id;
}

/**
 * Along the levels, coarse to fine, up to the first that is new to the user: log p(an attacker agrees so far) −
 * log p(the user brings something new there). What lies finer is new for both and cancels out.
 */
function networkTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, known: Known): void {
  const { fleet, names } = known;
  let agreed = 1;
  let rarity = 0;
  let best = Number.POSITIVE_INFINITY;
  let providerKnown = false;
  let addressFamily = true;
  for (let level = 0; level < levels.length; level++) {
    const value = levelValue(login, level, names);
    if (value === absent) continue;
    const habit = new Habit(user, fade, level, value, fleet);
    if (habit.entry >= 0) {
      if (level === provider) providerKnown = true;
      if (level > provider && !addressFamily) continue;
      // A narrow network that the user knows counts, whatever a newer geo database says of it.
      if (verdict.newLevel >= 0 && (level < wide || (level < narrow && value < 2 ** 32))) continue;
      verdict.newLevel = -1;
      verdict.knownLevel = level;
      agreed = attack.agreeing[level] as number;
      rarity = habit.rarity;
      continue;
    }
    if (level > provider) addressFamily = false;
    if (verdict.newLevel >= 0) continue;
    verdict.newLevel = level;
    best = Math.min(best, Math.log(agreed / habit.newness) + rarity);
  }
  if (verdict.knownLevel < 0 && verdict.newLevel < 0) return;
  let nats = verdict.newLevel < 0 ? Math.log(agreed) + rarity : best;
  if (verdict.newLevel >= 0) {
    if (verdict.newLevel <= provider && login.levels[provider] !== absent)
      nats += providerPart(verdict, login, providerKnown);
    nats += sharedPart(verdict, login, known);
  }
  verdict.put(0, Math.max(Math.log(attack.agreeing[address] as number), nats));
}

function providerPart(verdict: Verdict, login: Login, isKnown: boolean): number {
  const { attack: bad, ordinary: good } = attack.hosting;
  if (isKnown) return Math.log(attack.providerKnown.attack / attack.providerKnown.ordinary);
  verdict.hosting = isHosting(login.levels[provider] as number, login.provider);
  return verdict.hosting ? Math.log(bad / good) : Math.log((1 - bad) / (1 - good));
}

/** Where colleagues come from is cheap, as far as there are at least `sharedBy` of them. */
function sharedPart(verdict: Verdict, login: Login, { fleet, names, sharedBy }: Known): number {
  let best = 0;
  for (let level = verdict.newLevel; level < levels.length; level++) {
    const value = levelValue(login, level, names);
    if (value < 0) continue;
    const holders = fleet.holders[level]?.get(value, 0) ?? 0;
    const share = Math.min(1, Math.max(0, holders - 1) / Math.max(1, sharedBy - 1));
    const nats = share * Math.log((attack.sharing[level] as number) / attack.sharingOrdinary);
    if (nats >= best) continue;
    best = nats;
    verdict.colleagues = holders;
  }
  return best;
}

const idOf = (word: string, names: Names): number => {
  const id = names.find(word);
  return id < 0 ? unheard : id;
};

function keyTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, { fleet, names }: Known): void {
  if (login.key === '') return;
  const habit = new Habit(user, fade, keyDimension, idOf(login.key, names), fleet);
  const { keyStolen } = attack;
  verdict.put(2, habit.entry < 0 ? Math.log((1 - keyStolen) / habit.newness) : Math.log(keyStolen));
}

function methodTerm(
  verdict: Verdict,
  login: Login,
  user: User | undefined,
  fade: number,
  { fleet, names }: Known,
): void {
  if (login.method === '' || user === undefined) return;
  const id = idOf(login.method, names);
  const habit = new Habit(user, fade, methodDimension, id, fleet);
  const bag = user.habit(methodDimension);
  const usual = habit.entry < 0 ? 0 : bag.weight(habit.entry) / Math.max(1, bag.total);
  const nats = Math.log(attack.methodShare(login.method) / Math.max(usual, habit.newness));
  verdict.put(3, Math.max(-1, nats));
}

function hostTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, { fleet, names }: Known): void {
  if (login.host === '') return;
  const habit = new Habit(user, fade, hostDimension, idOf(login.host, names), fleet);
  const { hostKnown } = attack;
  const nats = habit.entry < 0 ? Math.log((1 - hostKnown) / habit.newness) : Math.log(hostKnown) + habit.rarity;
  verdict.put(4, Math.max(-1, Math.min(nats, 4)));
}
