import type { Entity, Event, Finding, Learner, Score } from '../event/index.ts';
import { Calibrator, pValue } from '../triage/calibration.ts';
import { defaultPause, Fold, foldRuns } from '../triage/fold.ts';
import { alone, type Candidate, thresholds } from '../triage/judge.ts';
import type { Limit } from '../triage/limit.ts';
import { rank } from '../triage/rank.ts';
import { type LearnOptions, learn } from './learn.ts';
import { limitFor, type Trained } from './trained.ts';

export interface ReviewOptions extends Omit<LearnOptions, 'onScored'> {
  readonly limit?: Limit | undefined;
  /** Findings of one entity with no longer pause than this between them become one; in milliseconds, 0 turns that off. */
  readonly pause?: number;
  /** Which events may become findings; all are learnt. */
  readonly shows?: (event: Event) => boolean;
  /** Called with every event that is judged, before it is learnt; a promise is waited for. */
  readonly onJudged?: (event: Event, score: Score) => unknown;
}

export interface Review {
  readonly trained: Trained;
  /** Strangest first. */
  readonly findings: readonly Finding[];
  /** What came nearest to a finding, when there is none. */
  readonly nearest?: Candidate;
  readonly judged: number;
  /** How many of them `shows` let through. */
  readonly shown: number;
}

/** So many days of scores are kept to calibrate on. */
const calibrationDays = 30;
/** Fewer scores than this say nothing about a day. */
const fewest = 50;
/** So many different candidates are kept at a time. */
const most = 2_000;

/**
 * Learn a whole input and bring what was strange in it, each event judged by what came before it alone. The limit is
 * applied in the end, when it is known how many candidates there were a day.
 */
export async function review(options: ReviewOptions): Promise<Review> {
  const { model, limit, pause = defaultPause, shows = () => true, onJudged } = options;
  const fold = new Fold(pause > 0, most);
  const calibrator = new Calibrator(calibrationDays);
  let nearest: Candidate | undefined;
  let shown = 0;
  const onScored = (event: Event, score: Score, entity: Entity): unknown => {
    calibrator.add(event, entity, score);
    const late = onJudged?.(event, score);
    if (!shows(event)) return late;
    shown++;
    const found = score.value > model.suspicious || score.always === true;
    if (found) fold.add(candidateOf(model, event, score));
    else if (nearest === undefined || score.value > nearest.score.value) nearest = candidateOf(model, event, score);
    return late;
  };
  const { trained: learnt, judged } = await learn({ ...options, onScored });
  const trained = { ...learnt, ...(limit ? { limit } : {}) };
  // The budget is one for this input as it is, with what is strange in it; later ones are for ordinary days.
  const calibrations = judged < fewest ? [] : calibrator.settled();
  const cuts = thresholds(model, calibrations, limitFor(trained, limit));
  const byKind = new Map(calibrations.map((calibration) => [calibration.kind, calibration]));
  const candidates = fold.take().flatMap((folded): Candidate[] => {
    const { score, event } = folded;
    const candidate = { ...folded, threshold: cuts.get(event.kind) ?? Number.POSITIVE_INFINITY };
    if (score.value <= candidate.threshold && score.always !== true) {
      if (nearest === undefined || score.value > nearest.score.value) nearest = candidate;
      return [];
    }
    const calibration = byKind.get(event.kind);
    return [{ ...candidate, ...(calibration ? { pValue: pValue(calibration, score.value) } : {}) }];
  });
  const folded = pause > 0 ? foldRuns(candidates, pause) : candidates;
  trained.experience?.tell(trained.detector, folded);
  const findings = rank(trained.detector, folded);
  return { trained, findings, ...(nearest && findings.length === 0 ? { nearest } : {}), judged, shown };
}

const candidateOf = (model: Learner, event: Event, score: Score): Candidate => ({
  event,
  score,
  threshold: model.suspicious,
  ...model.describe(event),
  ...alone(event),
});
