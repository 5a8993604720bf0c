import type { Event, Learner, Score, Source } from '../event/index.ts';
import { Calibrator } from '../triage/calibration.ts';
import type { Trained } from './trained.ts';

/** So many days of scores are kept to calibrate on. */
const calibrationDays = 30;
/** Fewer scores than this say nothing about a day. */
const fewest = 50;

export interface LearnOptions {
  readonly detector: string;
  /** The options it was made with, as the user gave them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly source: Source;
  readonly model: Learner;
  /** Called with every event that the model has an opinion on, before it learns it. */
  readonly onScored?: (event: Event, score: Score) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Let a model learn as it goes: every event is judged by what came before it, then learnt, or quarantined where the
 * model itself finds it suspicious. The scores so gathered calibrate it: none was given to an event it knew.
 */
export async function learn(given: LearnOptions): Promise<{ readonly trained: Trained; readonly judged: number }> {
  const { detector, options, source, model, onScored, signal } = given;
  const calibrator = new Calibrator(calibrationDays);
  const trained = { events: 0, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  let judged = 0;
  for await (const event of source.events(signal)) {
    trained.events++;
    trained.from = Math.min(trained.from, event.time);
    trained.to = Math.max(trained.to, event.time);
    if (model.accepts(event)) {
      judged++;
      const score = model.score(event);
      calibrator.add(event, model.describe(event).entity, score);
      onScored?.(event, score);
    }
    model.learn(event, false);
  }
  const span = trained.events === 0 ? { events: 0, from: 0, to: 0 } : trained;
  const calibrations = judged < fewest ? [] : calibrator.settled();
  return { trained: { detector, options, model, calibrations, trained: span }, judged };
}
