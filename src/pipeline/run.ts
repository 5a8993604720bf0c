import {
  type Context,
  type Event,
  type Finding,
  isCommittable,
  isLearner,
  isResumable,
  type Sink,
  type Source,
} from '../event/index.ts';
import { Experience } from '../triage/experience.ts';
import { defaultPause, Fold, foldRuns } from '../triage/fold.ts';
import { Gather } from '../triage/gather.ts';
import { createJudge, type Judgement } from '../triage/judge.ts';
import type { Limit } from '../triage/limit.ts';
import { rank } from '../triage/rank.ts';
import { Repeats } from '../triage/repeats.ts';
import { calibrationsOf, limitFor, type Trained } from './trained.ts';

export interface RunOptions {
  readonly source: Source;
  readonly trained: Trained;
  readonly sinks: readonly Sink[];
  readonly limit?: Limit;
  /** Findings of one host and kind with no longer pause than this between them become one; in milliseconds, 0 turns that off. */
  readonly pause?: number;
  /** The model learns every event after judging it, where it can. */
  readonly learns?: boolean;
  /** A live source's alike findings are told once in so many milliseconds, 0 turns that off. @default an hour */
  readonly repeat?: number;
  /** Within so many milliseconds of a live source's finding the entity's next ones wait, to be joined. @default a minute */
  readonly gather?: number;
  /**
   * Called with the source's place, at a moment when the model has learnt exactly the events up to it. What it returns
   * is called after every sink has accepted the findings of those events, and before a committable source is told so;
   * undefined when it is too early to keep anything again, which it never is the last time.
   */
  readonly keep?: (place: string, last: boolean, read: RunSummary) => (() => Promise<void>) | undefined;
  /** Called for every event that the model has an opinion on, before it is learnt; a promise is waited for. */
  readonly onJudged?: (event: Event, judgement: Judgement) => unknown;
  /** How often a live source's findings are delivered, in milliseconds. @default 2000 */
  readonly every?: number;
  readonly context: Context;
  readonly signal?: AbortSignal;
}

export interface RunSummary {
  readonly events: number;
  readonly judged: number;
  /** Findings delivered, after folding. */
  readonly findings: number;
  readonly from: number;
  readonly to: number;
}

/** While a live sink refuses, this many candidates may wait before reading stops. */
const mostWaiting = 5_000;
const minute = 60_000;
const longestPause = minute;
const hour = 60 * minute;

/**
 * Read, judge, fold, rank and deliver. A source that ends is ranked as a whole and delivered once; a live one is
 * delivered as it comes, each batch tried until the sinks accept it, and only then is the source's place kept. So a
 * crash at any moment repeats findings, and loses none. Throws what a sink throws when the source is not live.
 */
export async function run(options: RunOptions): Promise<RunSummary> {
  const { source, trained, sinks, context, signal } = options;
  const limit = limitFor(trained, options.limit);
  let judge = createJudge(trained.model, calibrationsOf(trained), limit);
  const pause = options.pause ?? (trained.model.unfolded === true ? 0 : defaultPause);
  const fold = new Fold(pause > 0);
  const repeats = new Repeats(pause > 0 ? (options.repeat ?? hour) : 0);
  const gather = new Gather(pause > 0 ? (options.gather ?? minute) : 0);
  const summary = { events: 0, judged: 0, findings: 0, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };

  const learner = options.learns === true && isLearner(trained.model) ? trained.model : undefined;
  const experience = learner && (trained.experience ?? new Experience(learner, trained.calibrations));
  let unsent: Finding[] = [];
  let kept: string | undefined;
  let busy = false;
  const placed = isResumable(source) || isCommittable(source) ? source : undefined;
  // Now, so that the places to come are exact; a source whose place nobody keeps need not take the trouble.
  if (options.keep !== undefined || isCommittable(source)) placed?.checkpoint();
  const flush = serial(async (last: boolean) => {
    const now = context.now();
    if (source.live === true && !last && !busy && gather.mayWait(fold.kept(), now)) return;
    const taken = fold.take();
    const told = source.live === true ? repeats.admit(taken, (left) => experience?.repeat(left)) : taken;
    const candidates = pause > 0 ? foldRuns(told, pause) : told;
    experience?.tell(trained.detector, candidates);
    const place = busy ? undefined : placed?.checkpoint();
    const keep = place === undefined || place === kept ? undefined : options.keep?.(place, last, summary);
    unsent = [...unsent, ...rank(trained.detector, candidates)];
    const patient = source.live === true && !last;
    const until = last ? AbortSignal.timeout(longestPause) : stop.signal;
    for (const sink of sinks) await deliver(sink, unsent, patient, context, until);
    gather.told(candidates, now);
    summary.findings += unsent.length;
    unsent = [];
    if (place === undefined || (options.keep !== undefined && keep === undefined)) return;
    await keep?.();
    if (isCommittable(source)) await source.commit(place);
    kept = place;
  });

  const stop = new AbortController();
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  if (signal?.aborted) stop.abort();
  let failure: unknown;
  const ticking =
    source.live === true
      ? tick(flush, options.every ?? 2000, context, stop.signal).catch((error: unknown) => {
          failure = stop.signal.aborted ? undefined : error;
          stop.abort();
        })
      : undefined;
  try {
    for await (const event of source.events(stop.signal)) {
      summary.events++;
      summary.from = Math.min(summary.from, event.time);
      summary.to = Math.max(summary.to, event.time);
      const judgement = judge(event);
      if (judgement !== undefined) {
        summary.judged++;
        const late = options.onJudged?.(event, judgement);
        if (late instanceof Promise) await late;
        if (judgement.candidate) fold.add(judgement.candidate);
      }
      if (learner !== undefined) {
        const flagged = judgement?.candidate !== undefined;
        const entity = judgement && learner.describe(event).entity;
        learner.learn(event, flagged);
        if (judgement && entity && experience?.count(event, entity, judgement.score, flagged) === true)
          judge = createJudge(learner, experience.calibrations, limit);
      }
      if (ticking === undefined || fold.size < mostWaiting) continue;
      busy = true;
      await flush(false);
      busy = false;
    }
  } finally {
    stop.abort();
    await ticking;
  }
  if (failure !== undefined) throw failure;
  await flush(true);
  for (const sink of sinks) await sink.close?.();
  if (repeats.left > 0) context.log.info(`${repeats.left} findings were like one told shortly before, and left out.`);
  if (fold.dropped > 0) {
    context.log.warn(`${fold.dropped} less strange candidates were left out: too many different ones came at once.`);
  }
  return summary;
}

async function tick(
  flush: (last: boolean) => Promise<void>,
  every: number,
  context: Context,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await context.sleep(every, signal);
    if (!signal.aborted) await flush(false);
  }
}

/** Calls never overlap: each waits for the ones before it. */
function serial<Argument>(work: (argument: Argument) => Promise<void>): (argument: Argument) => Promise<void> {
  let last = Promise.resolve();
  return (argument) => {
    const next = last.then(() => work(argument));
    last = next.catch(() => undefined);
    return next;
  };
}

async function deliver(
  sink: Sink,
  findings: readonly Finding[],
  patient: boolean,
  context: Context,
  signal: AbortSignal,
): Promise<void> {
  if (findings.length === 0) return;
  for (let pause = 1000; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      return await sink.write(findings, signal);
    } catch (error) {
      if (!patient || signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      context.log.warn(`Sink "${sink.name}" refused ${findings.length} findings; they stay queued. ${reason}`);
      await context.sleep(pause, signal);
    }
  }
}
