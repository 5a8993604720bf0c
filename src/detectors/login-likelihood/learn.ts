import { later } from '../../algorithms/later.ts';
import { failuresOf } from './failures.ts';
import type { Fleet } from './fleet.ts';
import { isEstablished, type Known, trusted } from './habit.ts';
import type { Login } from './login.ts';
import { absent, address } from './network.ts';
import { gapBin, learnRates } from './pace.ts';
import { termAt, type Verdict } from './terms.ts';
import { remember } from './travel.ts';
import { most, sums, type User } from './user.ts';
import { hear, whenceEnd } from './values.ts';

/** What came out of quarantine without a word is the user's own novelty or somebody else's: it counts by half. */
const doubtful = 0.5;
/** Failures before one login count so far for the fleet: one guesser does not make many failures usual. */
const mostFailures = 20;

/** A user with fewer logins does not yet say how often something new comes. */
const settled = 5;

const forgetter =
  (user: User, fleet: Fleet) =>
  (of: number, value: number, entry: number): void => {
    if (isEstablished(user.bag(of), entry)) fleet.hold(of, value, -1);
  };

/** A user who is let go no longer counts among those who come from somewhere. */
export function leave(user: User, fleet: Fleet): void {
  const forget = forgetter(user, fleet);
  for (const of of fleet.holders.keys()) {
    for (const value of user.bag(of).values()) forget(of, value, user.bag(of).find(value));
  }
}

/** How a login came to be learnt: just now, out of quarantine at a person's word, or without one. */
export type Learnt = 'live' | 'vouched' | 'in doubt';

/** Count one value of a login, for the user and for the fleet. */
function count(user: User, of: number, verdict: Verdict, time: number, how: Learnt, fleet: Fleet): void {
  const bag = user.bag(of);
  const value = verdict.values[of] as number;
  const hint = verdict.entries[of] as number;
  const entry = hint >= 0 && bag.value(hint) === value ? hint : bag.find(value);
  // Only some are asked who holds them.
  const wasHeld = fleet.holders[of] === undefined || (entry >= 0 && isEstablished(bag, entry));
  const isNew = how === 'in doubt' ? bag.doubt(value, time) : bag.add(value, time, entry);
  const surprising = canSurprise(of, verdict);
  const surprised = isNew && surprising && user.learnt > 0;
  if (surprised) bag.surprise(how === 'in doubt' ? doubtful : 1);
  if (surprising && how !== 'in doubt' && user.sum(sums.logins) >= settled) fleet.surprises.count(of, surprised);
  if (!isNew) {
    if (!wasHeld && isEstablished(bag, entry)) fleet.hold(of, value, 1);
    return;
  }
  const room = most[of] as number;
  if (bag.size > room) user.trim(of, room, forgetter(user, fleet));
}

/** Behind the first new level everything is new, and no surprise. */
function canSurprise(of: number, { newLevel, newClient }: Verdict): boolean {
  if (of < whenceEnd) return newLevel < 0 || of <= newLevel;
  return newClient < 0 || of <= newClient;
}

/** Take a login into its user's habits. */
export function learnHabits(user: User, login: Login, verdict: Verdict, known: Known, how: Learnt): void {
  const { fleet, names } = known;
  const { time } = login;
  if (user.learnt === 0) {
    user.fadedAt = time;
    user.since = time;
  }
  user.fade(time, known.halfLife, most, forgetter(user, fleet));
  const { values } = verdict;
  hear(values, login, names);
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== absent) count(user, at, verdict, time, how, fleet);
  }

  user.rhythm.add(time);
  fleet.rhythm.add(time);
  if (fleet.rhythm.total > 1e6) fleet.rhythm.fade(0.5);
  if (user.learntAt > Number.NEGATIVE_INFINITY) {
    (user.spans[0] as number) += 1;
    (user.spans[1 + gapBin(Math.max(0, time - user.learntAt))] as number) += 1;
  }
  (user.sums[sums.logins] as number) += 1;
  if (how === 'live') {
    // Later nobody knows any more how many there were at the time.
    const [here, anywhere] = [fleet.failures.get(login.levels[address] as number, time), failuresOf(user, time)];
    (user.sums[sums.failuresHere] as number) += here;
    (user.sums[sums.failuresAnywhere] as number) += anywhere;
    fleet.fumble(Math.min(mostFailures, here), Math.min(mostFailures, anywhere));
  }
  if ((verdict.parts[termAt.travel] as number) > 0) (user.sums[sums.tooFast] as number) += 1;
  if (login.reputation > 0) (user.sums[sums.listed] as number) += 1;
  if (how === 'live') learnRates(user, verdict);
  user.learnt++;
  if (time < user.since) user.since = time;
  const latest = later(user.learntAt, time);
  if (latest !== time) return;
  user.learntAt = time;
  remember(user, login, values, names);
}

/** A person says that a login was in order: what it came with is trusted as if it had come long ago. */
export function vouch(user: User, values: readonly number[], fleet: Fleet): void {
  for (const [at, value] of values.entries()) {
    const bag = user.bag(at);
    const entry = value < 0 ? -1 : bag.find(value);
    if (entry < 0) continue;
    const wasHeld = isEstablished(bag, entry);
    bag.vouch(value, trusted);
    if (!wasHeld) fleet.hold(at, value, 1);
  }
}
