import { type Event, isResumable, type Learner, type Source } from '../event/index.ts';
import { FindingMerge } from '../text/aws/guardduty/merge.ts';
import { type Ranking, rankFindings } from '../triage/cloud/rank.ts';
import { placeOf, resumeAt } from './memory.ts';
import type { Trained } from './trained.ts';

/** So many findings are ranked at a time; of more, the first. */
export const mostFindings = 100_000;
/** So many days of actors are kept to compare with. */
const mostDays = 2 ** 17;
const day = 86_400_000;

export interface CloudRankOptions {
  readonly detector: string;
  /** The detector's options, as the user gave them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly model: Learner;
  /** What the model file held, when the model goes on. */
  readonly trained?: Trained | undefined;
  /** The name of the model file, for messages. */
  readonly path?: string | undefined;
  readonly trail: Source;
  readonly findings: readonly Event[];
  /** Milliseconds: see RankOptions. */
  readonly margin?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Rank findings against a trail that the model learns on the way; it is read on from where the model stopped. What days of
 * actors scored is kept with the model, as the calibration of findings. Throws ScopsError MODEL_MISMATCH when the model
 * learnt from another source.
 */
export async function rankCloud(
  given: CloudRankOptions,
): Promise<{ readonly ranking: Ranking; readonly trained: Trained }> {
  const { detector, options, model, trained, trail, findings, margin, signal } = given;
  if (trained !== undefined) resumeAt(trail, trained, given.path ?? 'in memory');
  const before = trained?.calibrations.find(({ kind }) => kind === 'finding')?.scores;
  const ranking = await rankFindings({
    model,
    findings,
    trail: trail.events(signal),
    signal,
    ...(margin === undefined ? {} : { margin }),
    ...(before === undefined ? {} : { before }),
  });
  const { events, from, to } = spanOf(ranking, trained);
  return {
    ranking,
    trained: {
      detector,
      options,
      model,
      calibrations: [{ kind: 'finding', scores: thinned(ranking.ordinary), days: Math.max(to - from, day / 24) / day }],
      trained: { events, from, to },
      ...(isResumable(trail) ? { place: placeOf(trail) } : {}),
    },
  };
}

function spanOf({ trail }: Ranking, before: Trained | undefined): Trained['trained'] {
  const { events, from, to } = trail;
  const past = before?.trained.events ? before.trained : undefined;
  if (events === 0) return past ?? { events: 0, from: 0, to: 0 };
  if (past === undefined) return { events, from, to };
  return { events: past.events + events, from: Math.min(past.from, from), to: Math.max(past.to, to) };
}

/** Every so manyth of ascending scores: their distribution stays. */
function thinned(scores: Float64Array): Float64Array {
  const step = Math.ceil(scores.length / mostDays);
  return step <= 1 ? scores : scores.filter((_, index) => index % step === 0);
}

/** All findings of a source since a time, each once as it stands at the end, up to the number that is ranked. */
export async function gather(source: Source, since: number, signal?: AbortSignal): Promise<Event[]> {
  const merge = new FindingMerge();
  const findings: Event[] = [];
  for await (const event of source.events(signal)) {
    if (event.kind !== 'finding' || event.time < since) continue;
    const oldest = merge.add(event);
    if (oldest !== undefined && findings.length < mostFindings) findings.push(oldest);
  }
  return [...findings, ...merge.end()].slice(0, mostFindings);
}
