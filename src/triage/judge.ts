import { quantile } from '../algorithms/index.ts';
import {
  type Entity,
  type Event,
  type EventKind,
  isLearner,
  type Model,
  type Related,
  type Score,
} from '../event/index.ts';
import { budgetThresholds, type Calibration, pValue } from './calibration.ts';
import type { Limit } from './limit.ts';

/** An event above its threshold, before folding and ranking. */
export interface Candidate {
  readonly event: Event;
  readonly score: Score;
  readonly threshold: number;
  readonly pValue?: number;
  readonly entity: Entity;
  readonly title: string;
  readonly count: number;
  /** The times of the earliest and the latest event that it stands for. */
  readonly first: number;
  readonly last: number;
  readonly related?: readonly Related[];
  /** The candidates that it stands for besides itself. */
  readonly others?: readonly Candidate[];
}

/** What was made of one event. `threshold` is Infinity for a kind that the limit says nothing of. */
export interface Judgement {
  readonly score: Score;
  readonly threshold: number;
  readonly pValue?: number;
  readonly candidate?: Candidate;
}

/** The score above which an event of each kind becomes a finding. */
export function thresholds(
  model: Model,
  calibrations: readonly Calibration[],
  limit: Limit,
): ReadonlyMap<EventKind, number> {
  if ('budget' in limit) {
    const wanted = budgetThresholds(calibrations, limit.budget);
    if (!isLearner(model)) return wanted;
    const kinds = [...model.kinds, ...wanted.keys()];
    return new Map(kinds.map((kind) => [kind, Math.max(wanted.get(kind) ?? model.suspicious, model.suspicious)]));
  }
  const cut = (kind: EventKind): number => {
    const negative = model.trainingScores(kind).map((score) => -score);
    // A kind that was not met in training, such as the findings of another product: what calls itself one is told still.
    if (negative.length === 0) return isLearner(model) ? model.suspicious : Number.POSITIVE_INFINITY;
    return -quantile(negative, limit.contamination); // as scikit-learn, whose interpolation rounds on this side
  };
  return new Map(model.kinds.map((kind) => [kind, cut(kind)]));
}

/** What a candidate that stands for one event says of it. */
export const alone = ({ time }: Event) => ({ count: 1, first: time, last: time });

/** What one that stands for several candidates says of them together. */
export const together = (candidates: readonly Pick<Candidate, 'count' | 'first' | 'last'>[]) => ({
  count: candidates.reduce((sum, { count }) => sum + count, 0),
  first: Math.min(...candidates.map(({ first }) => first)),
  last: Math.max(...candidates.map(({ last }) => last)),
});

/** A pure function from event to judgement; undefined for events the model has no opinion on. */
export function createJudge(
  model: Model,
  calibrations: readonly Calibration[],
  limit: Limit,
): (event: Event) => Judgement | undefined {
  const limits = thresholds(model, calibrations, limit);
  const byKind = new Map(calibrations.map((calibration) => [calibration.kind, calibration]));
  return (event) => {
    if (!model.accepts(event)) return undefined;
    const score = model.score(event);
    const threshold = limits.get(event.kind) ?? Number.POSITIVE_INFINITY;
    if (score.value <= threshold && score.always !== true) return { score, threshold };
    const calibration = byKind.get(event.kind);
    const p = calibration === undefined ? {} : { pValue: pValue(calibration, score.value) };
    const candidate = { event, score, threshold, ...p, ...model.describe(event), ...alone(event) };
    return { score, threshold, ...p, candidate };
  };
}
