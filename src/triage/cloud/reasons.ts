import type { Reason } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import { type Calibrated, oneIn } from './calibrated.ts';
import type { Case, Incident, Judged } from './incident.ts';
import { natsOf } from './nats.ts';

/** Parts of fewer nats are said together. */
const small = 0.25;
/** Less than is shown. */
const nothing = 0.05;
const named = 3;

const inNats = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;

/** Against the actor first, then what may be benign (the other way round where that weighs more), each from the heaviest; what is nothing last. Nats stand before words. */
export function inOrder(parts: readonly Reason[]): Reason[] {
  const worded = (reason: Reason): Reason => {
    const nats = natsOf(reason);
    return {
      ...reason,
      text: `${nats < 0 ? 'Speaks for benign ' : ''}(${inNats(nats)})${nats < 0 ? ':' : ''} ${reason.text}`,
    };
  };
  const against = parts.filter((part) => natsOf(part) >= nothing).sort((a, b) => natsOf(b) - natsOf(a));
  const benign = parts.filter((part) => natsOf(part) <= -nothing).sort((a, b) => natsOf(a) - natsOf(b));
  const none = parts.filter((part) => Math.abs(natsOf(part)) < nothing);
  const isBenign = parts.reduce((sum, part) => sum + natsOf(part), 0) < 0;
  const both = isBenign ? [...benign, ...against] : [...against, ...benign];
  return [...both.map(worded), ...none];
}

/**
 * The reasons of the strangest event, and one for all that they do not say: what is small, and that it is the strangest of
 * several. Their nats add up to `value`; a remainder below what is shown goes to the first.
 */
export function behaviourParts({ score }: Judged, value: number, calls: number): readonly Reason[] {
  const said = score.reasons.filter((reason) => Math.abs(natsOf(reason)) >= small && reason.code !== 'rest');
  const rest = value - said.reduce((sum, reason) => sum + natsOf(reason), 0);
  const [first, ...more] = said;
  if (first !== undefined && Math.abs(rest) < nothing) {
    return [{ ...first, evidence: { ...first.evidence, nats: natsOf(first) + rest } }, ...more];
  }
  const others = calls > 2 ? `, and that the other ${calls - 1} calls are less strange` : '';
  const text = `Smaller things about ${calls === 0 ? 'it' : 'the strangest call'}${others}.`;
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
      ? 'its time lies before what was read of the trail'
      : outside === 'after'
        ? 'its time lies after what was read of the trail'
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
  const likeness = pValue === undefined ? '' : `${inWords(pValue, days)}; `;
  const assumed = `if 1 finding in ${oneIn} is an intruder's, this one is with a chance ${percent(probability)}`;
  const sentence = `${likeness}${assumed}`;
  return {
    code: 'sum',
    text: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} (${against.toFixed(1)} nats for it, ${Math.abs(benign).toFixed(1)} against).`,
    evidence: { score, against, benign, probability, ...(pValue === undefined ? {} : { 'p-value': pValue }) },
  };
}

const percent = (probability: number): string =>
  probability < 0.01 ? 'below 1 %' : probability > 0.99 ? 'above 99 %' : `of about ${Math.round(100 * probability)} %`;

const counts = new Intl.NumberFormat('en');

/** How what the actor did compares with ordinary days of actors. */
function inWords(pValue: number, days: number): string {
  const stranger = Math.round(pValue * (days + 1)) - 1;
  const how =
    pValue < 0.002 ? 'very unlike its actor' : pValue < 0.02 || stranger === 0 ? 'unlike its actor' : pValue < 0.1 ? 'a little unlike its actor' : 'much as its actor is on ordinary days'; // biome-ignore format: a scale
  const all = `${counts.format(days)} ordinary days of actors`;
  if (stranger === 0) return `${how}: stranger than all ${all}`;
  return `${how}: ${counts.format(stranger)} of ${all} ${stranger === 1 ? 'is' : 'are'} as strange`;
}
