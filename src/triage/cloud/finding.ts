import type { Entity, Event, Finding, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import { calibrate } from './calibrated.ts';
import { addressesOf, callOf, numberOf, seen } from './call.ts';
import type { Incident } from './incident.ts';
import { natsOf } from './nats.ts';
import {
  callsReason,
  inOrder,
  noCallsReason,
  noPrincipal,
  notJudged,
  remarks,
  sumReason,
  type Whereabouts,
} from './reasons.ts';
import { together, type Weighed } from './weigh.ts';

const mostRelated = 20;
const longest = 128;
/** Counts are of GuardDuty, but a file may say anything. */
const mostCount = 1e9;

/** What the whole trail says of an incident. */
export interface Known {
  /** Ascending: what ordinary days of actors scored. */
  readonly ordinary: Float64Array;
  readonly whereabouts: Whereabouts;
  readonly blinding: Reason | undefined;
  readonly silence: Reason | undefined;
}

/** An incident as one finding, not yet ranked: the strangest of its findings stands for it and names the others. */
export function asFinding(
  incident: Incident,
  weighed: readonly [Weighed, ...Weighed[]],
  known: Known,
  detector: string,
): Omit<Finding, 'rank'> {
  const [strangest, ...others] = weighed;
  const { finding, behaviour } = strangest;
  const extra = [together(weighed), known.blinding].filter((part) => part !== undefined);
  const parts = [...strangest.parts, ...extra];
  const score = parts.reduce((sum, part) => sum + natsOf(part), 0);
  const calibrated = calibrate(behaviour?.value, score - (behaviour?.value ?? 0), known.ordinary);
  const all = weighed.map((each) => each.finding);
  const count = all.reduce((sum, each) => sum + countOf(each), 0);
  return {
    id: `${detector}:${finding.id}`,
    time: finding.time,
    detector,
    title: titleOf(finding, others.length),
    score,
    threshold: 0,
    probability: calibrated.probability,
    ...(calibrated.pValue === undefined ? {} : { pValue: calibrated.pValue }),
    entity: entityOf(finding),
    reasons: [
      sumReason(score, parts, calibrated, known.ordinary.length),
      ...behind(strangest, incident, known),
      ...inOrder(parts),
      ...notes(strangest, known),
    ],
    count,
    ...(count > 1 ? { first: Math.min(...bounds(all)), last: Math.max(...bounds(all)) } : {}),
    ...(others.length > 0 ? { related: others.slice(0, mostRelated).map(relatedOf) } : {}),
    event: finding,
  };
}

const relatedOf = ({ finding, score }: Weighed) => ({ event: finding.id, score, title: titleOf(finding, 0) });

function countOf(finding: Event): number {
  const count = numberOf(finding, 'aws.finding.count') ?? 1;
  return Math.min(mostCount, Math.max(1, Math.round(count)));
}

function bounds(findings: readonly Event[]): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const finding of findings) {
    const times = seen(finding);
    first = Math.min(first, times.first);
    last = Math.max(last, times.last);
  }
  return [first, last];
}

/** Which calls are behind a finding, and what the actor did before that is most like them. */
function behind({ about, behaviour, finding }: Weighed, incident: Incident, { whereabouts }: Known): Reason[] {
  const { principal, key } = callOf(finding);
  const found: (Reason | undefined)[] = [];
  if (about.calls > 0 && behaviour !== undefined) found.push(callsReason(about, incident, behaviour.judged));
  else if (principal === undefined && key === undefined) found.push(noPrincipal);
  else found.push(noCallsReason(about, incident, whereabouts), behaviour === undefined ? notJudged : undefined);
  return [...found, behaviour?.judged.nearest].filter((reason) => reason !== undefined);
}

/** What counts nothing but should be known. */
function notes({ behaviour, finding }: Weighed, { silence }: Known): Reason[] {
  const said = behaviour === undefined ? [] : remarks(behaviour.judged);
  const isSample = finding.fields['aws.finding.sample'] === true;
  return [...said, isSample ? sample : undefined, silence].filter((reason) => reason !== undefined);
}

const sample: Reason = {
  code: 'sample',
  text: 'This is a sample finding, which GuardDuty makes up on request: nothing of the sort has happened.',
  evidence: {},
};

function titleOf(finding: Event, others: number): string {
  const [address, ...addresses] = addressesOf(finding);
  const from = address === undefined ? '' : ` from ${shorten(address, longest)}`;
  const more = addresses.length > 0 ? ` and ${addresses.length} more` : '';
  const also = others > 0 ? `, with ${others} other ${others === 1 ? 'finding' : 'findings'}` : '';
  const who = shorten(personOf(finding) ?? entityOf(finding).name, longest);
  return `${shorten(nameOf(text(finding, 'rule.name') ?? 'Finding'), longest)}: ${who}${from}${more}${also}`;
}

/** A type without what all of its kind share: `Persistence AnomalousBehavior`, `InstanceCredentialExfiltration.OutsideAWS`. */
function nameOf(type: string): string {
  const colon = type.indexOf(':');
  const slash = type.indexOf('/', colon);
  if (colon < 0 || slash < 0) return type;
  const name = type.slice(slash + 1);
  return name.startsWith('AnomalousBehavior') ? `${type.slice(0, colon)} ${name}` : name;
}

/** Of a person with a role of IAM Identity Center: `ann@example.net (AdministratorAccess)`. */
function personOf(finding: Event): string | undefined {
  const { session } = callOf(finding);
  const [, set] = /^AWSReservedSSO_(.{1,64})_[0-9a-f]{16}$/.exec(text(finding, 'user.roles') ?? '') ?? [];
  return session === undefined || set === undefined ? undefined : `${session} (${set})`;
}

/** Who acted, or what was acted upon where nobody is named. */
function entityOf(finding: Event): Entity {
  const { principal, session, key } = callOf(finding);
  if (principal !== undefined) {
    const type = text(finding, 'aws.principal.type') ?? 'principal';
    const role = text(finding, 'user.roles');
    const name = (type === 'role' ? role : text(finding, 'user.name')) ?? principal;
    return { type, name: session === undefined ? name : `${name}/${session}` };
  }
  if (key !== undefined) return { type: 'access key', name: key };
  const instance = text(finding, 'cloud.instance.id');
  if (instance !== undefined) return { type: 'instance', name: instance };
  const account = text(finding, 'cloud.account.id') ?? 'unknown';
  return { type: 'account', name: account };
}
