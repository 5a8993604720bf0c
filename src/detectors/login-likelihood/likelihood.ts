import { newnessOf } from '../../algorithms/newness.ts';
import * as attack from './attack.ts';
import { caseTerm } from './cases.ts';
import { failuresTerm } from './failures.ts';
import { fadeOf, Habit, type Known } from './habit.ts';
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
  const fade = user === undefined ? 0 : fadeOf(user, login.time, known.halfLife);
  const logins = user === undefined ? 0 : user.sum(sums.logins) * fade;
  networkTerm(verdict, login, user, fade, known);
  keyTerm(verdict, login, user, fade, known);
  methodTerm(verdict, login, user, fade, known);
  hostTerm(verdict, login, user, fade, known);
  if (user !== undefined) {
    const density = user.rhythm.density(login.time, borrowedHours / Math.max(fade, 1e-6), known.fleet.rhythm);
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
    const ordinary = newnessOf(user === undefined ? 0 : user.sum(sums.listed) * fade, Math.max(logins, 100), usual);
    verdict.put(
      termAt.reputation,
      Math.min(1, login.reputation) * Math.max(0, Math.log(attack.listed / Math.max(usual, ordinary))),
    );
  }
  if (login.known !== '') verdict.put(termAt.trusted, attack.trusted);
  return verdict;
}

function keyTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, { fleet }: Known): void {
  const value = verdict.values[dimension.key] as number;
  if (value === absent) return;
  const habit = new Habit(user, fade, dimension.key, value, login.time, fleet);
  verdict.entries[dimension.key] = habit.entry;
  verdict.put(termAt.key, habit.nats(attack.keyStolen, (1 - attack.keyStolen) / habit.newness));
}

function methodTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, { fleet }: Known): void {
  const value = verdict.values[dimension.method] as number;
  if (value === absent || user === undefined) return;
  const habit = new Habit(user, fade, dimension.method, value, login.time, fleet);
  verdict.entries[dimension.method] = habit.entry;
  const share = attack.methodShare(login.method);
  const { newness } = habit;
  verdict.put(termAt.method, Math.max(-1, habit.nats(share / Math.max(newness, habit.share), share / newness)));
}

function hostTerm(verdict: Verdict, login: Login, user: User | undefined, fade: number, { fleet }: Known): void {
  const value = verdict.values[dimension.host] as number;
  if (value === absent) return;
  const habit = new Habit(user, fade, dimension.host, value, login.time, fleet);
  verdict.entries[dimension.host] = habit.entry;
  const fresh = (1 - attack.hostKnown) / habit.newness;
  verdict.put(termAt.host, Math.max(-1, habit.nats(Math.min(fresh, attack.hostKnown * habit.rarity), fresh)));
}
