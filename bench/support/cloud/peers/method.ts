import type { Event } from '../../../../src/event/index.ts';

/** Findings to be ranked, and the trail that tells what is ordinary. */
export interface RankingTask {
  readonly seed: number;
  /** All records of the trail as events in the order of time, with the facts that enrichers add. */
  readonly trail: readonly Event[];
  /** Those of GuardDuty, each once, with the same facts. */
  readonly findings: readonly Event[];
}

/** Something that says in which order findings should be read. */
export interface RankingMethod {
  readonly name: string;
  /** One number for each finding, higher read first; those of one number in any order. */
  scores(task: RankingTask): ArrayLike<number> | Promise<ArrayLike<number>>;
}
