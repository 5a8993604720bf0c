import type { Reason } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import { type Calibrated, oneIn } from './calibrated.ts';
import type { Case, Incident, Judged } from './incident.ts';

/** Parts of fewer nats are said together. */
const small = 0.25;
/** Less than is shown. */
const nothing = 0.05;
const named = 3;

export const natsOf = ({ evidence }: Reason): number => (typeof evidence.nats === 'number' ? evidence.nats : 0);

const inNats = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;

/** Against the actor first, then what may be benign, each from the heaviest; what is nothing last. Nats stand before words. */
export function inOrder(parts: readonly Reason[]): Reason[] {
  const worded = (reason: Reason): Reason => ({ ...reason, text: `(${inNats(natsOf(reason))}) ${reason.text}` });
  const against = parts.filter((part) => natsOf(part) >= nothing).sort((a, b) => natsOf(b) - natsOf(a));
  const benign = parts.filter((part) => natsOf(part) <= -nothing).sort((a, b) => natsOf(a) - natsOf(b));
  const rest = parts.filter((part) => Math.abs(natsOf(part)) < nothing);
  return [...against.map(worded), ...benign.map(worded), ...rest];
}

/**
 * The reasons of the strangest event, and one for all that they do not say: what is small, and that it is the strangest of
 * several. Their nats add up to `value`.
 */
export function behaviourParts({ score }: Judged, value: number, calls: number): readonly Reason[] {
  const said = score.reasons.filter((reason) => Math.abs(natsOf(reason)) >= small && reason.code !== 'rest');
  const rest = value - said.reduce((sum, reason) => sum + natsOf(reason), 0);
  if (Math.abs(rest) < 1e-9) return said;
  const others = calls > 2 ? `; the other ${calls - 1} calls are less strange` : '';
  const text = `Everything else about ${calls === 0 ? 'it' : 'the strangest call'}${others}.`;
  return [...said, { code: 'rest', text, evidence: { nats: rest, calls } }];
}

/** Reasons of the model that count nothing, such as how much it knows; what is nearest is known better here. */
export const remarks = ({ score, nearest }: Judged): readonly Reason[] =>
  score.reasons.filter(
    ({ code, evidence }) => typeof evidence.nats !== 'number' && (nearest === undefined || code !== 'nearest-known'),
  );

/** Which calls in the trail are behind a finding. */
export function callsReason({ calls, actions }: Case, incident: Incident, strangest: Judged): Reason {
  const frequent = [...actions].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const names = frequent.slice(0, named).map(([name, count]) => `${shorten(name, 64)}${count > 1 ? ` ×${count}` : ''}`);
  const more = frequent.length > named ? ` and ${frequent.length - named} other kinds` : '';
  const others = incident.calls - calls;
  const beside = others > 0 ? `; the actor made ${others} other ${others === 1 ? 'call' : 'calls'} in that time` : '';
  return {
    code: 'calls',
    text: `${calls} ${calls === 1 ? 'call' : 'calls'} behind this finding ${calls === 1 ? 'is' : 'are'} in the trail: ${names.join(', ')}${more}${beside}.`,
    evidence: { calls, 'calls of the actor': incident.calls, strangest: strangest.event.id },
  };
}

/** Where a finding's time lies, and what the trail has of its actor. */
export interface Whereabouts {
  readonly outside: 'before' | 'after' | undefined;
  readonly known: boolean;
}

/** Why no call behind a finding is in the trail. */
export function noCallsReason(found: Case, incident: Incident, { outside, known }: Whereabouts): Reason {
  const about = [found.action, [...found.addresses].slice(0, named).join(', ')].filter(Boolean).join(' from ');
  const { calls } = incident;
  const why =
    outside === 'before'
      ? 'its time lies before the trail begins'
      : outside === 'after'
        ? 'its time lies after the trail ends'
        : calls > 0
          ? `of ${calls} ${calls === 1 ? 'call' : 'calls'} that the actor made in that time none is ${about === '' ? 'it' : shorten(about, 200)}; data events may not be logged`
          : known
            ? 'the actor made no call in that time'
            : 'the trail has nothing of this actor at all';
  return {
    code: 'no-calls',
    text: `No call behind this finding is in the trail: ${why}. It is judged by what the finding says itself.`,
    evidence: { 'calls of the actor': calls },
  };
}

export const noPrincipal: Reason = {
  code: 'no-principal',
  text: 'GuardDuty names nobody who acted, so nothing is known of them: type and severity alone rank this.',
  evidence: {},
};

export const notJudged: Reason = {
  code: 'not-judged',
  text: 'The model has no opinion on this finding and the trail has no call behind it: type and severity alone rank it.',
  evidence: {},
};

/** How the score came about, and what it means. */
export function sumReason(
  score: number,
  parts: readonly Reason[],
  { pValue, probability }: Calibrated,
  days: number,
): Reason {
  const against = parts.reduce((sum, part) => sum + Math.max(0, natsOf(part)), 0);
  const benign = score - against;
  const rare = pValue === undefined ? '' : `; ${inDays(pValue, days)}`;
  const chance =
    probability < 0.01 ? 'below 0.01' : probability > 0.99 ? 'above 0.99' : `about ${probability.toFixed(2)}`;
  return {
    code: 'sum',
    text: `${against.toFixed(1)} nats speak for an intruder, ${Math.abs(benign).toFixed(1)} for something harmless${rare}. If 1 finding in ${oneIn} is an intruder's, the chance that this one is comes to ${chance}.`,
    evidence: { score, against, benign, probability, ...(pValue === undefined ? {} : { 'p-value': pValue }) },
  };
}

function inDays(pValue: number, days: number): string {
  const stranger = Math.round(pValue * (days + 1)) - 1;
  if (stranger === 0) return `none of ${days} ordinary days of actors is as strange`;
  return `${stranger} of ${days} ordinary days of actors ${stranger === 1 ? 'is' : 'are'} as strange`;
}
