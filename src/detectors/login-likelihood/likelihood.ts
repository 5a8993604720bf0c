import { newnessOf as oftenNew } from '../../algorithms/newness.ts';
import * as attack from './attack.ts';
import { caseTerm } from './cases.ts';
import { clientTerm } from './client.ts';
import { failuresTerm } from './failures.ts';
import { type Known, mixed, newnessOf, rarityOf, shareOf, trustOf } from './habit.ts';
import type { Login } from './login.ts';
import { absent } from './network.ts';
import { pauseTerm, rateTerm } from './pace.ts';
import { termAt, Verdict } from './terms.ts';
import { travelTerm } from './travel.ts';
import { sums, type User } from './user.ts';
import { dimension, valuesOf } from './values.ts';
import { networkTerm } from './whence.ts';

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
  const verdict = new Verdict(valuesOf(login, known.names));
  const left = user === undefined ? 0 : user.left(login.time, known.halfLife);
  const logins = user === undefined ? 0 : user.sum(sums.logins) * left;
  networkTerm(verdict, login, user, left, known);
  keyTerm(verdict, login, user, left, known);
  if (user !== undefined) methodTerm(verdict, login, user, left, known);
  hostTerm(verdict, login, user, left, known);
  if (user !== undefined && login.client !== undefined) clientTerm(verdict, login, user, left, known);
  if (user !== undefined) {
    const density = user.rhythm.density(login.time, borrowedHours / Math.max(left, 1e-6), known.fleet.rhythm);
    const theirs = 1 - attack.usualHours + attack.usualHours * density;
    verdict.put(termAt.hour, Math.log(theirs / (anyHour + (1 - anyHour) * density)) * (logins / (logins + 3)));
    travelTerm(verdict, login, user, logins, known);
    pauseTerm(verdict, login, user);
    rateTerm(verdict, login, user);
  }
  failuresTerm(verdict, login, user, known.fleet);
  if (user !== undefined) caseTerm(verdict, login, user);
  if (login.reputation > 0) {
    const usual = attack.listedOrdinary[verdict.provider];
    const ordinary = oftenNew(user === undefined ? 0 : user.sum(sums.listed) * left, Math.max(logins, 100), usual);
    verdict.put(
      termAt.reputation,
      Math.min(1, login.reputation) * Math.max(0, Math.log(attack.listed / Math.max(usual, ordinary))),
    );
  }
  if (login.known !== '') verdict.put(termAt.trusted, attack.trusted);
  return verdict;
}

/** Where a value is in the user's habits, -1 where it is not; kept in the verdict. */
function find(verdict: Verdict, user: User | undefined, of: number): number {
  const value = verdict.values[of] as number;
  const entry = user === undefined || value < 0 ? -1 : user.bag(of).find(value);
  verdict.entries[of] = entry;
  return entry;
}

function keyTerm(verdict: Verdict, login: Login, user: User | undefined, left: number, { fleet }: Known): void {
  const of = dimension.key;
  if (verdict.values[of] === absent) return;
  const entry = find(verdict, user, of);
  const trust = user === undefined || entry < 0 ? 0 : trustOf(user.bag(of), entry, login.time);
  const fresh = trust === 1 ? 1 : (1 - attack.keyStolen) / newnessOf(user, of, entry, left, fleet);
  verdict.put(termAt.key, mixed(trust, attack.keyStolen, fresh));
}

function methodTerm(verdict: Verdict, login: Login, user: User, left: number, { fleet }: Known): void {
  const of = dimension.method;
  if (verdict.values[of] === absent) return;
  const entry = find(verdict, user, of);
  const bag = user.bag(of);
  const newness = newnessOf(user, of, entry, left, fleet);
  const attackers = attack.methodShare(login.method);
  const [trust, share] = entry < 0 ? [0, 0] : [trustOf(bag, entry, login.time), shareOf(bag, entry)];
  verdict.put(termAt.method, Math.max(-1, mixed(trust, attackers / Math.max(newness, share), attackers / newness)));
}

function hostTerm(verdict: Verdict, login: Login, user: User | undefined, left: number, { fleet }: Known): void {
  const of = dimension.host;
  if (verdict.values[of] === absent) return;
  const entry = find(verdict, user, of);
  const fresh = (1 - attack.hostKnown) / newnessOf(user, of, entry, left, fleet);
  if (user === undefined || entry < 0) {
    verdict.put(termAt.host, Math.max(-1, Math.log(fresh)));
    return;
  }
  const bag = user.bag(of);
  const known = Math.min(fresh, attack.hostKnown * rarityOf(bag, entry));
  verdict.put(termAt.host, Math.max(-1, mixed(trustOf(bag, entry, login.time), known, fresh)));
}
