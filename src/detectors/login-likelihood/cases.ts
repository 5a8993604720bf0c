import { later } from '../../algorithms/later.ts';
import type { Login } from './login.ts';
import { absent, address, narrow, provider } from './network.ts';
import { termAt, type Verdict } from './terms.ts';
import { caseFields, mostCases, type User } from './user.ts';

/** What was seen of a case counts half after this, in milliseconds. */
const halves = 12 * 3_600_000;
/** Who counts the logins of a case begins anew after such a pause, in milliseconds. */
const pause = 2 * halves;
/** Logins of one case are alike, so that each of them is not new evidence: this share of it counts. */
const counts = 0.5;
const [least, most] = [-2, 6];
const [which, sum, fact, when, how] = [0, 1, 2, 3, 4];
/** The terms that tell one login of a case from another: host and hour. */
const telling = [termAt.host, termAt.hour];
/** Those that are known of all once they are known of one: travel, pause and failures. */
const lasting = [termAt.travel, termAt.pause, termAt.failures];

const add = (verdict: Verdict, of: readonly number[]): number => {
  let all = 0;
  for (const term of of) all += verdict.parts[term] as number;
  return all;
};

/** What a login from a network that is new belongs together with. */
function caseOf({ levels }: Login): number {
  const asn = levels[provider] as number;
  if (asn !== absent) return asn;
  const around = levels[narrow] as number;
  return 2 ** 40 + (around !== absent && around < 2 ** 32 ? around : (levels[address] as number));
}

function find({ cases }: User, of: number): number {
  for (let at = 0; at < cases.length; at += caseFields) if (cases[at + which] === of) return at;
  return -1;
}

/**
 * The logins from a network that is new to the user are all the user's or all an intruder's: what was seen of the
 * earlier ones counts for the later ones, as in Wald's sequential test (1945). So a trip looks better the more of it is
 * as always, and an intruder who looks around looks worse.
 */
export function caseTerm(verdict: Verdict, login: Login, user: User): void {
  if (verdict.freshness === 0) return;
  const at = find(user, caseOf(login));
  if (at < 0) return;
  if (login.time - (user.cases[at + when] as number) < pause) verdict.caseLogins = user.cases[at + how] as number;
  const missing = Math.max(0, faded(user, at + fact, at, login.time) - add(verdict, lasting));
  verdict.put(termAt.case, verdict.freshness * (faded(user, at + sum, at, login.time) + missing));
}

function faded({ cases }: User, value: number, at: number, time: number): number {
  return (cases[value] as number) * 2 ** (-Math.max(0, time - (cases[at + when] as number)) / halves);
}

/** Count a login to its case. */
export function openCase(user: User, login: Login, verdict: Verdict): void {
  if (verdict.freshness === 0) return;
  const { cases } = user;
  const of = caseOf(login);
  let at = find(user, of);
  if (at < 0) {
    if (cases.length >= mostCases * caseFields) cases.splice(oldest(user), caseFields);
    at = cases.length;
    cases.push(of, 0, 0, login.time, 0);
  }
  const all = faded(user, at + sum, at, login.time) + counts * add(verdict, telling);
  cases[at + fact] = Math.max(faded(user, at + fact, at, login.time), add(verdict, lasting));
  cases[at + sum] = Math.min(most, Math.max(least, all));
  if (login.time - (cases[at + when] as number) >= pause) cases[at + how] = 0;
  cases[at + when] = later(cases[at + when] as number, login.time);
  (cases[at + how] as number) += 1;
}

function oldest({ cases }: User): number {
  let found = 0;
  for (let at = caseFields; at < cases.length; at += caseFields)
    if ((cases[at + when] as number) < (cases[found + when] as number)) found = at;
  return found;
}
