import type { Entity, Event, Learner, Score, Source } from '../event/index.ts';
import { Experience } from '../triage/experience.ts';
import type { Trained } from './trained.ts';

export interface LearnOptions {
  readonly detector: string;
  /** The options it was made with, as the user gave them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly source: Source;
  readonly model: Learner;
  /** Called with every event that the model has an opinion on, before it learns it; a promise is waited for. */
  readonly onScored?: (event: Event, score: Score, entity: Entity) => unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Let a model learn as it goes: every event is judged by what came before it, then learnt, or quarantined where the
 * model itself finds it suspicious. The scores so gathered calibrate it: none was given to an event that it knew.
 */
export async function learn(given: LearnOptions): Promise<{ readonly trained: Trained; readonly judged: number }> {
  const { detector, options, source, model, onScored, signal } = given;
  const experience = new Experience(model);
  const trained = { events: 0, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  let judged = 0;
  for await (const event of source.events(signal)) {
    trained.events++;
    trained.from = Math.min(trained.from, event.time);
    trained.to = Math.max(trained.to, event.time);
    if (model.accepts(event)) {
      judged++;
      const score = model.score(event);
      const { entity } = model.describe(event);
      const late = onScored?.(event, score, entity);
      if (late instanceof Promise) await late;
      model.learn(event, false);
      experience.count(event, entity, score, false);
    } else model.learn(event, false);
  }
  experience.recalibrate(true);
  const span = trained.events === 0 ? { events: 0, from: 0, to: 0 } : trained;
  const { calibrations } = experience;
  return { trained: { detector, options, model, calibrations, experience, trained: span }, judged };
}
