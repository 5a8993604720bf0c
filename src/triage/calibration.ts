import { conformalPValue, conformalThreshold } from '../algorithms/index.ts';
import type { Event, EventKind, Model } from '../event/index.ts';

/** What held-back ordinary events of one kind scored, folded as findings would be. */
export interface Calibration {
  readonly kind: EventKind;
  /** Ascending. One per host, group and day: what one finding would have stood for. */
  readonly scores: Float64Array;
  /** How long the held-back events span, in days. */
  readonly days: number;
}

const day = 86_400_000;
const hour = day / 24;

/** Judge ordinary events that `model` has not seen. Spans below an hour count as an hour. */
export function calibrate(model: Model, events: readonly Event[]): Calibration[] {
  const units = new Map<EventKind, Map<string, number>>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    if (!model.accepts(event)) continue;
    first = Math.min(first, event.time);
    last = Math.max(last, event.time);
    const { value, group } = model.score(event);
    const { entity } = model.describe(event);
    const key = JSON.stringify([entity.type, entity.name, group ?? event.id, Math.floor(event.time / day)]);
    const ofKind = units.get(event.kind) ?? new Map<string, number>();
    units.set(event.kind, ofKind.set(key, Math.max(value, ofKind.get(key) ?? value)));
  }
  const days = Math.max(last - first, hour) / day;
  return [...units].map(([kind, values]) => ({ kind, scores: Float64Array.from(values.values()).sort(), days }));
}

/** The share of held-back ordinary findings at least this strange, never 0 (Vovk, Gammerman and Shafer 2005). */
export function pValue(calibration: Calibration, score: number): number {
  return conformalPValue(calibration.scores, score);
}

/**
 * A threshold for each kind such that ordinary days like the held-back ones bring `budget` findings a day over all
 * kinds together. Where too few events were held back to promise so little, the threshold is the strangest of them.
 */
export function budgetThresholds(calibrations: readonly Calibration[], budget: number): Map<EventKind, number> {
  const perDay = calibrations.reduce((sum, { scores, days }) => sum + scores.length / days, 0);
  const rate = Math.min(1, budget / perDay);
  return new Map(calibrations.map(({ kind, scores }) => [kind, conformalThreshold(scores, rate).threshold]));
}

/** Two calibrations of one kind as one: spans that overlap are one fleet's days, others follow each other. */
export function mergeCalibrations(
  left: readonly Calibration[],
  right: readonly Calibration[],
  overlap: boolean,
): Calibration[] {
  const kinds = new Set([...left, ...right].map(({ kind }) => kind));
  return [...kinds].map((kind) => {
    const both = [...left, ...right].filter((calibration) => calibration.kind === kind);
    const scores = Float64Array.from(both.flatMap((calibration) => [...calibration.scores])).sort();
    const spans = both.map(({ days }) => days);
    return { kind, scores, days: overlap ? Math.max(...spans) : spans.reduce((sum, span) => sum + span, 0) };
  });
}
