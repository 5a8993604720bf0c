import { haversine } from '../../algorithms/haversine.ts';
import * as attack from './attack.ts';
import { type Known, newnessOf } from './habit.ts';
import type { Login } from './login.ts';
import { narrow, provider } from './network.ts';
import type { Verdict } from './terms.ts';
import { mostSessions, session, sessionFields, sums, type User } from './user.ts';

const hour = 3_600_000;
/** Geo data is wrong by this much without saying so. */
const nearby = 100;
/** From this speed on a journey is doubtful, and from the other on it cannot be: an airliner's, without the way to it. */
const [doubtful, impossible] = [400, 900];
/** A place where the user was within so long is one they may still be at, the other being a VPN's exit. */
const lingering = 12 * hour;
/** Users of a VPN seem to jump; others do so once in so many logins. */
const jumps = 0.003;

/**
 * Kilometres an hour since the user's past logins, each at the edge of where geo data says that it may have been. The
 * slowest journey from any place of the last hours counts, so that a VPN that goes up and down alarms nobody; exits
 * that many users share say nothing of where a user is.
 */
export function travelTerm(verdict: Verdict, login: Login, user: User, logins: number, known: Known): void {
  if (verdict.freshLevel < 0 || verdict.freshLevel > narrow || Number.isNaN(login.latitude)) return;
  const { sessions } = user;
  if (isShared(login.levels[narrow] as number, known)) return;
  let slowest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < sessions.length; at += sessionFields) {
    const time = sessions[at + session.time] as number;
    const latitude = sessions[at + session.latitude] as number;
    if (Number.isNaN(latitude) || !speaks(user, at, login, known)) continue;
    const passed = Math.abs(login.time - time);
    if (slowest < Number.POSITIVE_INFINITY && passed > lingering) break;
    const accuracy = (sessions[at + session.accuracy] as number) + login.accuracy;
    const distance = haversine(latitude, sessions[at + session.longitude] as number, login.latitude, login.longitude);
    const way = Math.max(0, distance - accuracy - nearby);
    const speed = way / (Math.max(passed, 60_000) / hour);
    if (speed >= slowest) continue;
    slowest = speed;
    verdict.tripFrom = at;
    verdict.kilometres = distance;
    verdict.kilometresAnHour = distance / (Math.max(passed, 60_000) / hour);
    if (way === 0) break;
  }
  if (verdict.tripFrom < 0) return;
  const sure = Math.min(1, Math.max(0, (slowest - doubtful) / (impossible - doubtful)));
  const fast = Math.max(attack.tooFastOrdinary[verdict.provider], newnessOf(user.sum(sums.tooFast), logins, jumps));
  verdict.put(1, verdict.freshness * sure * Math.max(0, Math.log(attack.tooFast / fast)));
}

/** Whether a past login says where the user was: not one of the same new network, nor one through a shared exit. */
function speaks(user: User, at: number, login: Login, known: Known): boolean {
  const asn = user.sessions[at + session.asn] as number;
  if (asn >= 0 && asn === login.levels[provider]) return false;
  return !isShared(user.sessions[at + session.narrow] as number, known);
}

const isShared = (value: number, { fleet, sharedBy }: Known): boolean =>
  value >= 0 && (fleet.holders[narrow]?.get(value, 0) ?? 0) >= sharedBy;

/** Put a login before the user's other sessions; the one from the same address goes, or the oldest of too many. */
export function remember({ sessions }: User, values: readonly number[]): void {
  let at = 0;
  while (at < sessions.length && sessions[at] !== values[session.address]) at += sessionFields;
  if (at >= sessions.length && sessions.length < mostSessions * sessionFields) {
    for (let i = 0; i < sessionFields; i++) sessions.push(0);
  }
  const end = Math.min(at, sessions.length - sessionFields);
  sessions.copyWithin(sessionFields, 0, end);
  for (let i = 0; i < sessionFields; i++) sessions[i] = values[i] as number;
}
