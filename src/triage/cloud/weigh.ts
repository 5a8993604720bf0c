import type { Event, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { ownerOf } from './call.ts';
import type { Case, Incident, Judged } from './incident.ts';
import { natsOf } from './nats.ts';
import { archived, findingType, severalTypes, severity } from './priors.ts';
import { behaviourParts } from './reasons.ts';

/** What the model says of what is behind a finding. */
interface Behaviour {
  readonly value: number;
  readonly judged: Judged;
  /** So many calls are behind it; 0 when the finding's own fields were judged. */
  readonly calls: number;
}

/** A finding of an incident with the parts of its score. */
export interface Weighed {
  readonly finding: Event;
  readonly about: Case;
  readonly behaviour: Behaviour | undefined;
  /** Each with `nats` in its evidence; they add up to the score. */
  readonly parts: readonly Reason[];
  readonly score: number;
}

/**
 * The strangest of: the calls behind a finding (or, when the trail has none, the finding's own fields), and all that the
 * actor called in that time.
 */
function behaviourOf(about: Case, incident: Incident): Behaviour | undefined {
  const found: Behaviour[] = [];
  const add = (value: number | undefined, judged: Judged | undefined, calls: number): void => {
    if (value !== undefined && judged !== undefined) found.push({ value, judged, calls });
  };
  if (about.calls > 0) add(about.strangest.value(), about.best, about.calls);
  else add(about.own?.score.value, about.own, 0);
  add(incident.strangest.value(), incident.best, incident.calls);
  return found.reduce<Behaviour | undefined>(
    (best, each) => (best && best.value >= each.value ? best : each),
    undefined,
  );
}

/** The findings of an incident, strangest first. A case's behaviour is the same for all its findings. */
export function weigh(incident: Incident): Weighed[] {
  const weighed = [...incident.cases.values()].flatMap((about) => {
    const behaviour = behaviourOf(about, incident);
    const shared = behaviour === undefined ? [] : behaviourParts(behaviour.judged, behaviour.value, behaviour.calls);
    return about.findings.map((finding): Weighed => {
      const own = [severity(finding), findingType(finding), archived(finding)].filter((part) => part !== undefined);
      const parts = [...shared, ...own];
      return { finding, about, behaviour, parts, score: parts.reduce((sum, part) => sum + natsOf(part), 0) };
    });
  });
  return weighed.sort(
    (a, b) => b.score - a.score || b.finding.time - a.finding.time || (a.finding.id < b.finding.id ? -1 : 1),
  );
}

/** What the findings of an incident are together, beyond the strangest of them. */
export const together = (findings: readonly Weighed[]): Reason | undefined =>
  severalTypes(findings.map(({ finding }) => text(finding, 'rule.name') ?? ''));

/** Whose ways the findings of an incident are about, as far as they name anybody. */
export const ownersOf = (findings: readonly Weighed[]): ReadonlySet<string> =>
  new Set(findings.map(({ finding }) => ownerOf(finding)).filter((owner) => owner !== ''));
