import { dayLength } from '../../logins/clock.ts';
import { shuffled } from '../../logins/world.ts';
import { apiOf } from '../apis.ts';
import type { Call } from '../call.ts';
import type { Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import type { Sighting } from '../findings.ts';

/** What GuardDuty notices of nothing. */
export type Odd = Omit<Sighting, 'incident'>;

/** A call of somebody's own making, from somewhere. */
export const isOwn = ({ by, from, api }: Call): boolean =>
  by.accessKeyId !== undefined &&
  by.json.invokedBy === undefined &&
  from.ip !== 'AWS Internal' &&
  !api.startsWith('sts:Assume');
const isLogin = ({ api, error }: Call): boolean => api === 'signin:ConsoleLogin' && error === undefined;

/** What GuardDuty may report of a call and of those after it that are alike. */
export function anomaly(stage: Stage, scenario: string, calls: readonly Call[], first: Call): Odd {
  const type = anomalyOf(first.api);
  const rest = calls.filter(
    (call) => call.time > first.time && call.by.principalId === first.by.principalId && anomalyOf(call.api) === type,
  );
  return { type, scenario, relevance: 0, calls: [first, ...rest.slice(0, stage.random.integer(12))] };
}

/** The odd calls of somebody's day: of their first sign-in and of one or two others. */
export function strangeDay(stage: Stage, scenario: string, calls: readonly Call[]): Odd[] {
  const { random } = stage;
  const odd: Odd[] = [];
  const login = calls.find(isLogin);
  if (login !== undefined && random.next() < 0.7)
    odd.push({ type: 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B', scenario, relevance: 0, calls: [login] });
  const own = shuffled(calls.filter(isOwn), random);
  // Writes and secrets are reported before the many reads.
  own.sort((a, b) => Number(apiOf(a.api).readOnly) - Number(apiOf(b.api).readOnly));
  if (own[0] !== undefined && (odd.length === 0 || random.next() < 0.5))
    odd.push(anomaly(stage, scenario, calls, own[0]));
  return odd;
}

/** The day of a call. */
export const dayNumber = ({ company }: Stage, { time }: Call): number =>
  Math.floor((time - company.calendar.start) / dayLength);

/** What the actor of a call called on that day. */
export function dayOf(stage: Stage, call: Call): readonly Call[] {
  const number = dayNumber(stage, call);
  const { cast } = stage;
  for (const actor of [...cast.workers, cast.runner, cast.pipelines, cast.scanner])
    for (const day of [number, number + 1, number - 1]) {
      const calls = actor.day(day);
      if (calls.some(({ id }) => id === call.id)) return calls;
    }
  return [];
}
