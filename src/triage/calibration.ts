import { conformalPValue, conformalThreshold } from '../algorithms/index.ts';
import type { Entity, Event, EventKind, Model, Score } from '../event/index.ts';
import { unitOf } from './unit.ts';

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

/** Gathers what ordinary events scored: of each host, group and day the highest, as one finding would stand for them. */
export class Calibrator {
  readonly #kinds = new Map<EventKind, Map<number, Map<string, number>>>();
  readonly #most: number;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /** @param most So many days are kept; a new one displaces the oldest. */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  add(event: Event, entity: Entity, score: Score): void {
    const { value } = score;
    this.#first = Math.min(this.#first, event.time);
    this.#last = Math.max(this.#last, event.time);
    const days = entry(this.#kinds, event.kind);
    const date = Math.floor(event.time / day);
    const units = entry(days, date);
    if (days.size > this.#most) days.delete(Math.min(...days.keys()));
    const key = unitOf(event, entity, score);
    units.set(key, Math.max(value, units.get(key) ?? value));
  }

  /** What was gathered; spans below an hour count as an hour. */
  all(): Calibration[] {
    const days = Math.max(this.#last - this.#first, hour) / day;
    return [...this.#kinds].map(([kind, dates]) => ({ kind, scores: scoresOf([...dates.values()]), days }));
  }

  /** Without the first fifth of the days, when a model that learns as it goes knew little. */
  settled(): Calibration[] {
    return [...this.#kinds].flatMap(([kind, dates]) => {
      const order = [...dates].sort(([a], [b]) => a - b).map(([, units]) => units);
      const kept = order.slice(Math.floor(order.length / 5));
      return kept.length < 2
        ? this.all().filter((all) => all.kind === kind)
        : { kind, scores: scoresOf(kept), days: kept.length };
    });
  }
}

function entry<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<Inner, Value>();
  map.set(key, made);
  return made;
}

const scoresOf = (days: readonly Map<string, number>[]): Float64Array =>
  Float64Array.from(days.flatMap((units) => [...units.values()])).sort();

/** Judge ordinary events that `model` has not seen. */
export function calibrate(model: Model, events: readonly Event[]): Calibration[] {
  const calibrator = new Calibrator();
  for (const event of events) {
    if (model.accepts(event)) calibrator.add(event, model.describe(event).entity, model.score(event));
  }
  return calibrator.all();
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
