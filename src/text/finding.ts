import {
  type Entity,
  type EventKind,
  type Fields,
  type Finding,
  type Reason,
  type Related,
  text,
} from '../event/index.ts';

/** A finding as every sink writes it in JSON. Its shape is public: add to it, never change what a name means. */
export interface FindingRecord {
  readonly id: string;
  /** When it happened: ISO 8601, UTC. */
  readonly time: string;
  readonly detector: string;
  readonly title: string;
  /** Higher is stranger; the unit depends on the detector. */
  readonly score: number;
  readonly threshold: number;
  /** Absent when the model has no calibration. */
  readonly p_value?: number;
  /** That it is an intruder's, from 0 to 1; only of rankings, whose threshold means nothing. */
  readonly probability?: number;
  /** 1 is the strangest of its batch. */
  readonly rank: number;
  /** How many events it stands for. */
  readonly count: number;
  /** When the earliest and the latest of them happened; absent when there is one. */
  readonly first?: string;
  readonly last?: string;
  /** Other events above the threshold that it stands for, the strangest first; absent when there are none. */
  readonly related?: readonly Related[];
  readonly entity: Entity;
  readonly reasons: readonly Reason[];
  readonly event: {
    readonly id: string;
    readonly time: string;
    readonly source: string;
    readonly kind: EventKind;
    readonly fields: Fields;
  };
  /** The record as it came. Written by whoever writes your logs: escape it for wherever it goes. */
  readonly raw: string;
}

const furthest = 8.64e15;

/** Epoch milliseconds as ISO 8601 in UTC. A time no calendar has becomes the nearest one that it has. */
export function isoTime(time: number): string {
  return new Date(Math.min(Math.max(Math.trunc(time) || 0, -furthest), furthest)).toISOString();
}

export function findingRecord(finding: Finding): FindingRecord {
  const { event } = finding;
  return {
    id: finding.id,
    time: isoTime(finding.time),
    detector: finding.detector,
    title: finding.title,
    score: finding.score,
    threshold: finding.threshold,
    ...(finding.pValue === undefined ? {} : { p_value: finding.pValue }),
    ...(finding.probability === undefined ? {} : { probability: finding.probability }),
    rank: finding.rank,
    count: finding.count,
    ...(finding.first === undefined ? {} : { first: isoTime(finding.first) }),
    ...(finding.last === undefined ? {} : { last: isoTime(finding.last) }),
    ...(finding.related ? { related: finding.related } : {}),
    entity: { type: finding.entity.type, name: finding.entity.name },
    reasons: finding.reasons.map(({ code, text, evidence }) => ({ code, text, evidence })),
    event: {
      id: event.id,
      time: isoTime(event.time),
      source: event.source,
      kind: event.kind,
      fields: event.fields,
    },
    raw: event.raw,
  };
}

/** A number for a person: four digits that count, and no exponent where it can be helped. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(4)));

/** A probability as per cent: `12 %`, `> 99 %`, `< 1 %`. */
export const chance = (probability: number): string =>
  probability > 0.99 ? '> 99 %' : probability < 0.01 ? '< 1 %' : `${Math.round(100 * probability)} %`;

/** The score beside its threshold, in words. All ours: no log text. */
export function scoreInWords(finding: Finding): string {
  if (finding.probability !== undefined)
    return `score ${shortNumber(finding.score)}, chance ${chance(finding.probability)}`;
  const p = finding.pValue === undefined ? '' : `, p ${shortNumber(finding.pValue)}`;
  return `score ${shortNumber(finding.score)}, threshold ${shortNumber(finding.threshold)}${p}`;
}

/** `2026-01-02 10:11:12 UTC`. */
export const utc = (time: number): string => `${isoTime(time).slice(0, 19).replace('T', ' ')} UTC`;

/** How many events it stands for and since when, in words; undefined when it is one. */
export function standsFor({ count, first }: Finding): string | undefined {
  if (count <= 1) return undefined;
  return `stands for ${count} events${first === undefined ? '' : `, the first at ${utc(first)}`}`;
}

/** Whom it belongs to, and the host where that is something else. Holds log text. */
export function whereabouts(finding: Finding): string {
  const { type, name } = finding.entity;
  const host = text(finding.event, 'host.name');
  return host === undefined || host === name ? `${type} ${name}` : `${type} ${name} on ${host}`;
}
