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

/** A pause of more than a week, against the pauses that the user usually makes. */
export function pauseTerm(verdict: Verdict, { time }: Login, user: User): void {
  const gap = time - user.learntAt;
  if (!(gap > week) || gap === Number.POSITIVE_INFINITY) return;
  let longer = 0.5;
  for (let bin = gapBin(gap); bin < gapBins; bin++) longer += user.gaps[1 + bin] as number;
  const share = longer / ((user.gaps[0] as number) + 1);
  verdict.put(termAt.pause, Math.min(strongest, Math.max(0, Math.log(attack.longPause / share))));
}

/** What a window holds at a time, this login included: each counts e^(-age / window). */
export function rateAt(user: User, window: number, time: number): number {
  const passed = Math.max(0, time - user.ratesAt);
  return (user.rates[window] as number) * Math.exp(-passed / (windows[window] as number));
}

/** What a login to a host adds to a window. */
const counts = (user: User, window: number, host: number): number =>
  window < hostWindow || host !== user.lastHost ? 1 : 0;

/** Count a login in all windows, and keep the time. */
export function countLogin(user: User, host: number, time: number): void {
  for (let window = 0; window < windows.length; window++)
    user.rates[window] = rateAt(user, window, time) + counts(user, window, host);
  user.ratesAt = Math.max(user.ratesAt, time);
  user.lastHost = host;
}

/** Learn what the windows hold at a login that was just counted. */
export function learnRates(user: User): void {
  for (let window = 0; window < windows.length; window++) {
    const log = Math.log(Math.max(1, user.rates[window] as number));
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
  const host = verdict.values[dimension.host] as number;
  let best = 0;
  for (let window = 0; window < windows.length; window++) {
    const count = rateAt(user, window, login.time) + counts(user, window, host);
    const mean = usual(user, window, 0);
    const over = Math.log(count) - mean;
    if (over < leastOver) continue;
    const far = over / Math.sqrt(Math.max(leastSpread * leastSpread, usual(user, window, 1) - mean * mean));
    if (far < 2) continue;
    const nats = tail(far) - tail(far / 4) - Math.log(4);
    if (nats <= best) continue;
    best = nats;
    verdict.window = window;
    verdict.logins = count;
  }
  verdict.put(termAt.rate, Math.min(strongest, best));
}

const tail = (far: number): number => 2.5 * Math.log1p((far * far) / 4);
