import { loginLikelihood } from '../../../src/detectors/login-likelihood.ts';
import type { Detector, Event, Fields, Learner, Score } from '../../../src/event/index.ts';
import { parseOptions } from '../../../src/pipeline/options.ts';
import { testContext } from '../context.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** A Monday. */
export const monday = Date.UTC(2026, 4, 4);

export function detector(options: Readonly<Record<string, unknown>> = {}): Detector {
  const create = loginLikelihood.create as (settings: unknown, context: unknown) => Detector;
  return create(parseOptions(loginLikelihood, options), testContext());
}

export const begin = (options?: Readonly<Record<string, unknown>>): Learner => detector(options).begin?.() as Learner;

const place = (code: string, name: string, region: string, city: string, lat: number, lon: number): Fields => ({
  'source.geo.country_iso_code': code,
  'source.geo.country_name': name,
  'source.geo.region_iso_code': `${code}-${region}`,
  'source.geo.city_name': city,
  'source.geo.location.lat': lat,
  'source.geo.location.lon': lon,
  'source.geo.accuracy_km': 20,
});
const network = (number: number, name: string): Fields => ({
  'source.as.number': number,
  'source.as.organization.name': name,
});

const berlin = place('DE', 'Germany', 'BE', 'Berlin', 52.52, 13.41);
const munich = place('DE', 'Germany', 'BY', 'Munich', 48.14, 11.58);
const telekom = network(3320, 'Deutsche Telekom AG');
const vodafone = network(3209, 'Vodafone GmbH');

/** Addresses of documentation, and where a geo database would put them. */
export const homes = {
  home: { 'source.ip': '203.0.113.7', ...berlin, ...telekom },
  /** Another address of the same /24, of the same /16, and of the same provider. */
  near: { 'source.ip': '203.0.113.99', ...berlin, ...telekom },
  wide: { 'source.ip': '203.0.7.5', ...berlin, ...telekom },
  far: { 'source.ip': '198.51.100.5', ...berlin, ...telekom },
  other: { 'source.ip': '192.0.2.9', ...berlin, ...vodafone },
  munich: { 'source.ip': '192.0.2.77', ...munich, ...vodafone },
  abroad: {
    'source.ip': '198.18.0.9',
    ...place('FI', 'Finland', '18', 'Helsinki', 60.17, 24.94),
    ...network(16086, 'DNA Oyj'),
  },
  hosting: {
    'source.ip': '198.18.9.9',
    ...place('FI', 'Finland', '18', 'Helsinki', 60.17, 24.94),
    ...network(24940, 'Hetzner Online GmbH'),
  },
  tokyo: {
    'source.ip': '198.19.0.1',
    ...place('JP', 'Japan', '13', 'Tokyo', 35.69, 139.69),
    ...network(2516, 'KDDI'),
  },
} as const satisfies Record<string, Fields>;

export const laptop = 'SHA256:laptop';

let count = 0;

/** A login of alice's on web1 with her key. */
export function login(time: number, from: Fields = homes.home, more: Fields = {}): Event {
  const fields: Fields = {
    'event.action': 'ssh',
    'event.outcome': 'success',
    'user.name': 'alice',
    'host.name': 'web1',
    'login.method': 'publickey',
    'login.key.fingerprint': laptop,
    ...from,
    ...more,
  };
  count++;
  return { id: `login-${count}`, time, source: 'test', kind: 'login', fields, raw: '' };
}

export function failure(time: number, from: Fields, more: Fields = {}): Event {
  const { 'login.key.fingerprint': _, ...fields } = login(time, from, {
    'event.outcome': 'failure',
    'login.method': 'password',
    ...more,
  }).fields;
  count++;
  return { id: `failure-${count}`, time, source: 'test', kind: 'login', fields, raw: '' };
}

/** Four logins a working day for so many weeks, from `monday` on; when the next week begins. */
export function weeks(model: Learner, number: number, from: Fields = homes.home, more: Fields = {}): number {
  for (let at = 0; at < 7 * number; at++) {
    if (at % 7 > 4) continue;
    for (const oclock of [8, 10, 13, 15]) model.learn(login(monday + at * day + oclock * hour, from, more), false);
  }
  return monday + 7 * number * day;
}

/** Judge, then learn. */
export function meet(model: Learner, event: Event, flagged = false): Score {
  const score = model.score(event);
  model.learn(event, flagged);
  return score;
}

export const codes = (score: Score): string[] => score.reasons.map(({ code }) => code);
export const said = (score: Score, code: string): string | undefined =>
  score.reasons.find((reason) => reason.code === code)?.text;
