import { haversine } from '../../algorithms/haversine.ts';
import { newnessOf } from '../../algorithms/newness.ts';
import type { Names } from '../../text/names.ts';
import * as attack from './attack.ts';
import type { Known } from './habit.ts';
import type { Login } from './login.ts';
import { absent, address, narrow, provider } from './network.ts';
import { termAt, type Verdict } from './terms.ts';
import { mostSessions, session, sessionFields, sums, type User } from './user.ts';
import { dimension, type Values } from './values.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Geo data is wrong by this much without saying so. */
const nearby = 100;
/** Kilometres that one gets in some hours: by road and rail, or in the air, less what an airport takes. */
const within = (hours: number): number => Math.max(150 * hours, 900 * (hours - 1.5));
/** A place where the user was within so long is one they may still be at, the other being a VPN's exit. */
const lingering = 12 * hour;
/** Users of a VPN seem to jump; others do so once in so many logins. */
const jumps = 0.003;

/**
 * How much farther a login is than one gets since the user's past logins, each taken at the edge of where geo data says
 * that it may have been. The easiest journey from any place of the last hours counts, so that a VPN that goes up and
 * down alarms nobody; and an exit that many users share may be a VPN's, which says less of where a user is.
 */
export function travelTerm(verdict: Verdict, login: Login, user: User, logins: number, known: Known): void {
  if (verdict.freshLevel < 0 || verdict.freshLevel > narrow || Number.isNaN(login.latitude)) return;
  const { sessions } = user;
  let easiest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < sessions.length; at += sessionFields) {
    const latitude = sessions[at + session.latitude] as number;
    const asn = sessions[at + session.asn] as number;
    // Those of the same new network are of the same case.
    if (Number.isNaN(latitude) || (asn >= 0 && asn === login.levels[provider])) continue;
    const passed = Math.abs(login.time - (sessions[at + session.time] as number));
    if (easiest < Number.POSITIVE_INFINITY && passed > lingering) break;
    const accuracy = (sessions[at + session.accuracy] as number) + login.accuracy;
    const distance = haversine(latitude, sessions[at + session.longitude] as number, login.latitude, login.longitude);
    const hours = Math.max(passed, minute) / hour;
    const far = Math.max(0, distance - accuracy - nearby) / within(hours);
    if (far >= easiest) continue;
    easiest = far;
    verdict.tripFrom = at;
    verdict.kilometres = distance;
    verdict.kilometresAnHour = distance / hours;
    if (far === 0) return;
  }
  if (!(easiest > 1) || verdict.tripFrom < 0) return;
  const from = sessions[verdict.tripFrom + session.narrow] as number;
  const isExit = isShared(from, known) || isShared(login.levels[narrow] as number, known);
  const ordinary = Math.max(
    isExit ? attack.tooFastShared : attack.tooFastOrdinary[verdict.provider],
    newnessOf(user.sum(sums.tooFast), logins, jumps),
  );
  const sure = Math.min(1, easiest - 1);
  verdict.put(termAt.travel, verdict.freshness * sure * Math.max(0, Math.log(attack.tooFast / ordinary)));
}

const isShared = (value: number, { fleet, sharedBy }: Known): boolean =>
  value >= 0 && (fleet.holders[narrow]?.get(value, 0) ?? 0) >= sharedBy;

/** Put a login before the user's other sessions; the one from the same address goes, or the oldest of too many. */
export function remember({ sessions }: User, login: Login, values: Values, names: Names): void {
  const from = login.levels[address] as number;
  let at = 0;
  while (at < sessions.length && sessions[at] !== from) at += sessionFields;
  if (at >= sessions.length) {
    if (sessions.length < mostSessions * sessionFields) for (let i = 0; i < sessionFields; i++) sessions.push(0);
    else at -= sessionFields;
  }
  for (let i = at - 1; i >= 0; i--) sessions[i + sessionFields] = sessions[i] as number;
  sessions[session.address] = from;
  sessions[session.time] = login.time;
  sessions[session.latitude] = login.latitude;
  sessions[session.longitude] = login.longitude;
  sessions[session.accuracy] = login.accuracy;
  sessions[session.asn] = login.levels[provider] as number;
  sessions[session.city] = login.city === '' ? absent : names.add(login.city);
  sessions[session.key] = values[dimension.key] as number;
  sessions[session.narrow] = login.levels[narrow] as number;
}
