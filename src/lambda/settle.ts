import { type Event, type Finding, ScopsError, type Sink } from '../event/index.ts';
import type { ObjectNotice } from '../text/aws/notification.ts';
import { Fold, foldRuns } from '../triage/fold.ts';
import type { Candidate } from '../triage/judge.ts';
import { rank } from '../triage/rank.ts';
import type { JsonLog } from './log.ts';
import type { Kept, Learnt, ModelKeeper } from './model-keeper.ts';

/** What was read of some messages. */
export interface Chunk {
  readonly objects: readonly ObjectNotice[];
  readonly events: readonly Event[];
}

export interface Settled {
  readonly events: number;
  readonly repeated: number;
  readonly judged: number;
  /** Without findings, which teach no habit. */
  readonly learnt: number;
  /** Delivered. */
  readonly findings: number;
  /** Left out because the model is young. */
  readonly held: number;
}

interface Judged {
  readonly learnt: Learnt;
  readonly judged: number;
  readonly findings: readonly Finding[];
}

/** So often somebody else's write may come before ours. */
const mostAttempts = 6;

/**
 * Judge, learn, deliver what was found, then write the model: only then is a chunk done. When another writer was there
 * before, the chunk is judged and learnt anew on top of what that one wrote. When anything fails, so does the whole chunk,
 * and nothing of it stays in memory: it can be handed in again. Findings may so come twice, and none is lost.
 */
export async function settle(
  chunk: Chunk,
  keeper: Pick<ModelKeeper, 'current' | 'save' | 'forget' | 'isQuiet'>,
  sinks: readonly Sink[],
  log: JsonLog,
  signal?: AbortSignal,
): Promise<Settled> {
  const told = new Set<string>();
  let held = 0;
  try {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const kept = await keeper.current();
      const news = chunk.objects.filter((object) => kept.seen.isNewObject(object)).length;
      const fresh = chunk.events
        .filter((event) => kept.seen.isNewEvent(event))
        .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
      const quiet = keeper.isQuiet(kept);
      const { learnt, judged, findings } = judge(kept, fresh);
      const wanted = findings.filter(({ id, event }) => !told.has(id) && !(quiet && event.kind !== 'finding'));
      if (attempt === 1) held = findings.length - wanted.length;
      if (wanted.length > 0) for (const sink of sinks) await sink.write(wanted, signal);
      for (const { id } of wanted) told.add(id);
      const unchanged = kept.learner === undefined || (news === 0 && fresh.length === 0);
      if (unchanged || (await keeper.save(kept, learnt))) {
        const repeated = chunk.events.length - fresh.length;
        const counts = {
          events: fresh.length,
          repeated,
          judged,
          learnt: kept.learner === undefined ? 0 : learnt.events,
        };
        return { ...counts, findings: told.size, held };
      }
      log.logger.info('Another writer of the model was there before: judging and learning on top of what it wrote.');
    }
  } catch (error) {
    keeper.forget();
    throw error;
  }
  throw new ScopsError('OUTPUT_UNWRITABLE', `The model was written by others ${mostAttempts} times in a row.`);
}

function judge(kept: Kept, events: readonly Event[]): Judged {
  const { trained, learner, seen, firsts } = kept;
  const fold = new Fold();
  /** What somebody else's product found keeps its own name: it is looked up by it. */
  const asked: Candidate[] = [];
  // A finding teaches no habit, and its time may be of long ago.
  const calls = events.filter(({ kind }) => kind !== 'finding');
  const learnt = { events: calls.length, from: calls[0]?.time ?? 0, to: calls.at(-1)?.time ?? 0 };
  let judged = 0;
  for (const event of events) {
    const judgement = kept.judge(event);
    if (judgement !== undefined) {
      judged++;
      firsts.note(event, judgement.score);
    }
    const candidate = judgement?.candidate;
    if (candidate?.score.always === true) asked.push({ ...candidate, score: firsts.before(event, candidate.score) });
    else if (candidate !== undefined) fold.add(candidate);
    learner?.learn(event, candidate !== undefined);
  }
  const candidates = fold.take().filter((candidate) => seen.isNewTold(candidate));
  const runs = trained.model.unfolded === true ? candidates : foldRuns(candidates);
  return { learnt, judged, findings: rank(trained.detector, [...asked, ...runs]) };
}
