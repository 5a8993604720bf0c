import { principalLikelihood } from '../../../../src/detectors/principal-likelihood.ts';
import type { Detector, Event, Learner } from '../../../../src/event/index.ts';
import { parseOptions } from '../../../../src/pipeline/options.ts';
import { type Ranking, rankFindings } from '../../../../src/triage/cloud/rank.ts';
import { testContext } from '../../../../test/support/context.ts';
import type { RankingMethod, RankingTask } from './method.ts';

/** A model of the detector that knows nothing. */
export function begin(): Learner {
  const create = principalLikelihood.create as (settings: unknown, context: unknown) => Detector;
  return create(parseOptions(principalLikelihood, {}), testContext()).begin?.() as Learner;
}

async function* asked(events: Iterable<Event>): AsyncGenerator<Event> {
  yield* events;
}

const ranked = new WeakMap<RankingTask, Promise<Ranking>>();

/** As `scops cloud rank` does it; once for each task. */
export function rank(task: RankingTask): Promise<Ranking> {
  const { trail, findings } = task;
  const ranking = ranked.get(task) ?? rankFindings({ model: begin(), findings, trail: asked(trail) });
  ranked.set(task, ranking);
  return ranking;
}

/** In the order in which incidents are shown, and within each by the findings' own scores. */
function readingOrder({ findings }: RankingTask, { scores }: Ranking): number[] {
  const of = (at: number) => scores.get(findings[at]?.id ?? '') ?? { rank: Number.MAX_SAFE_INTEGER, score: 0 };
  const order = findings.map((_, at) => at).sort((a, b) => of(a).rank - of(b).rank || of(b).score - of(a).score);
  const places = findings.map(() => 0);
  for (const [place, at] of order.entries()) places[at] = -place;
  return places;
}

export const ours: RankingMethod = {
  name: 'scops cloud rank',
  scores: async (task) => readingOrder(task, await rank(task)),
};
