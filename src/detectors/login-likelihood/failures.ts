import * as attack from './attack.ts';
import type { Fleet } from './fleet.ts';
import type { Login } from './login.ts';
import { address, narrow } from './network.ts';
import { termAt, type Verdict } from './terms.ts';
import { sums, type User } from './user.ts';

const day = 86_400_000;
/** Failures of a user halve in a week: slow guessing tries every hour or so (CrowdSec's slow brute force). */
const halve = 7 * day;
/** Of these some are usual: as many as over the last months. */
const halveLong = 120 * day;
/** Before a user is known: failures before a success, of everybody's and at least so many. They come in runs. */
const usual = 0.4;
/** So many logins of everybody's weigh as much as that. */
const assumed = 200;
const strongest = 6;

/** A time that is so far ahead of everything else was wrong, in milliseconds. */
const wrong = 30 * day;

/**
 * Count failures of a user. Those of a line with an old time count as much as any and move nothing: else one such line
 * would make a guessing run of the last hour look as old. `clock` is the time that the log has come to.
 */
export function failed(user: User, count: number, time: number, clock: number): void {
  const latest = Math.max(time, clock, user.learntAt);
  if (user.failuresAt > latest + wrong) user.failuresAt = latest;
  const passed = Math.max(0, time - user.failuresAt);
  user.failures = user.failures * 2 ** (-passed / halve) + count;
  user.failuresLong = user.failuresLong * 2 ** (-passed / halveLong) + count;
  user.failuresAt = Math.max(user.failuresAt, time);
}

/** Failures of a user of late. */
export const failuresOf = (user: User, time: number): number =>
  user.failures === 0 ? 0 : user.failures * 2 ** (-Math.max(0, time - user.failuresAt) / halve);

/** As many as are to be expected of late when the user fails as over the last months. */
const expected = (user: User, time: number): number =>
  (user.failuresLong * 2 ** (-Math.max(0, time - user.failuresAt) / halveLong) * halve) / halveLong;

/** Failures before a success of everybody: what they ask for is mistyped more in some places than in others. */
const often = ({ fumbles }: Fleet, sum: number): number =>
  Math.max(usual, ((fumbles[sum] as number) + usual * assumed) / ((fumbles[0] as number) + assumed));

/**
 * Honest failures before a success are geometric around the user's mean; those of guessers have the long tail
 * 1 / ((k + 1)(k + 2)), and a share of attackers guesses.
 */
function ratio(failures: number, mean: number, method: string): number {
  if (failures === 0) return 0;
  const guessed = attack.isGuessable(method) ? attack.guessed.secret : attack.guessed.key;
  const honest = failures * Math.log(mean / (1 + mean)) - Math.log1p(mean);
  const guessing = -Math.log((failures + 1) * (failures + 2));
  return Math.log(1 - guessed + guessed * Math.exp(Math.min(50, guessing - honest)));
}

/**
 * Failures before this success: at its address, in the network around it, and of its user from anywhere. They are often
 * the same failures, so the strongest counts alone. Guessing from elsewhere is nothing that a user at home can help.
 */
export function failuresTerm(verdict: Verdict, login: Login, user: User | undefined, fleet: Fleet): void {
  const { levels, method, time } = login;
  const here = fleet.failures.get(levels[address] as number, time);
  const around = fleet.failuresAround.get(levels[narrow] as number, time);
  const logins = user === undefined ? 0 : user.sum(sums.logins);
  const mean = (sum: number): number => ((user?.sum(sum) ?? 0) + often(fleet, sum) * 5) / (logins + 5);
  const isNew = verdict.freshLevel >= 0 && verdict.freshLevel <= narrow;
  let best = ratio(here, mean(sums.failuresHere), method);
  verdict.failures = here;
  if (isNew && around > here) {
    const nats = ratio(around, 2 * mean(sums.failuresHere), method);
    if (nats > best) [best, verdict.failures, verdict.failuresFrom] = [nats, around, 'network'];
  }
  if (isNew && user !== undefined) {
    const anywhere = failuresOf(user, time);
    const nats = ratio(anywhere, Math.max(mean(sums.failuresAnywhere), expected(user, time)), method);
    if (nats > best) [best, verdict.failures, verdict.failuresFrom] = [nats, anywhere, 'user'];
  }
  verdict.probes = fleet.probes.get(levels[address] as number, time);
  verdict.put(termAt.failures, Math.min(strongest, best));
}
