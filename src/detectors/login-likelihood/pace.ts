import { later } from '../../algorithms/later.ts';
import * as attack from './attack.ts';
import type { Login } from './login.ts';
import { termAt, type Verdict } from './terms.ts';
import { gapBins, hostWindow, sums, type User, windows } from './user.ts';
import { dimension } from './values.ts';

const hour = 3_600_000;
const week = 168 * hour;
const strongest = 4;

export const gapBin = (gap: number): number =>
  Math.min(gapBins - 1, Math.max(0, Math.floor(Math.log2(gap / hour + 1))));

/** How long ago the user's latest login was, whether it was learnt or is in quarantine. */
export const pauseOf = ({ learntAt, ratesAt }: User, time: number): number => time - Math.max(learntAt, ratesAt);

/** A pause of more than a week, against the pauses that the user usually makes. */
export function pauseTerm(verdict: Verdict, { time }: Login, user: User): void {
  const gap = pauseOf(user, time);
  if (!(gap > week)) return;
  let longer = 0.5;
  for (let bin = gapBin(gap); bin < gapBins; bin++) longer += user.spans[1 + bin] as number;
  const share = longer / ((user.spans[0] as number) + 1);
  verdict.put(termAt.pause, Math.min(strongest, Math.max(0, Math.log(attack.longPause / share))));
}

/** After so many times its length, nothing that a number shows is left in a window. */
const forgotten = 64;

/** What the windows hold, this login included: each counts e^(-age / window). */
function count(verdict: Verdict, time: number, user: User): void {
  const passed = Math.max(0, time - user.ratesAt);
  const isOther = verdict.values[dimension.host] !== user.lastHost;
  for (let window = 0; window < windows.length; window++) {
    const age = passed / (windows[window] as number);
    const left = age > forgotten ? 0 : (user.rates[window] as number) * Math.exp(-age);
    const held = left + (window < hostWindow || isOther ? 1 : 0);
    verdict.counts[window] = held;
    verdict.logs[window] = held > 1 ? Math.log(held) : 0;
  }
}

/** Keep what the windows hold after a login that was just judged. */
export function countLogin(user: User, { counts, values }: Verdict, time: number): void {
  for (let window = 0; window < windows.length; window++) user.rates[window] = counts[window] as number;
  user.ratesAt = later(user.ratesAt, time);
  user.lastHost = values[dimension.host] as number;
}

/** Learn what the windows usually hold at a login. */
export function learnRates(user: User, { logs }: Verdict): void {
  for (let window = 0; window < windows.length; window++) {
    const log = logs[window] as number;
    (user.sums[sums.rates + 2 * window] as number) += log;
    (user.sums[sums.rates + 2 * window + 1] as number) += log * log;
  }
}

/** Logins of the kind "now and then" that every user is taken to have had: the log of their count, and its spread. */
const assumed = 6;
const assumedMean = Math.log(2);
const assumedSquare = assumedMean ** 2 + 0.5;

/** Nobody is so regular that a spread of less is to be relied on; what is not twice that above the mean is usual. */
const leastSpread = 0.2;
const leastOver = 2 * leastSpread;

/** The mean of the logarithm of a window's count, or of its square. */
function usual(user: User, window: number, square: 0 | 1): number {
  const known = user.sum(sums.rates + 2 * window + square);
  const more = assumed * (square === 0 ? assumedMean : assumedSquare);
  return (known + more) / (user.sum(sums.logins) + assumed);
}

/** What a window usually holds at a login of the user. */
export const usualRate = (user: User, window: number): number => Math.exp(usual(user, window, 0));

/**
 * More logins, or to more hosts, in some window than is usual for the user: Student's t with four degrees of freedom on
 * the logarithm of the count, whose tail is heavy, because bursts are; against a spread of four times as much.
 */
export function rateTerm(verdict: Verdict, login: Login, user: User): void {
  count(verdict, login.time, user);
  let best = 0;
  for (let window = 0; window < windows.length; window++) {
    const mean = usual(user, window, 0);
    const over = (verdict.logs[window] as number) - mean;
    if (over < leastOver) continue;
    const far = over / Math.sqrt(Math.max(leastSpread * leastSpread, usual(user, window, 1) - mean * mean));
    if (far < 2) continue;
    const nats = tail(far) - tail(far / 4) - Math.log(4);
    if (nats <= best) continue;
    best = nats;
    verdict.window = window;
    verdict.logins = verdict.counts[window] as number;
  }
  verdict.put(termAt.rate, Math.min(strongest, best));
}

const tail = (far: number): number => 2.5 * Math.log1p((far * far) / 4);
