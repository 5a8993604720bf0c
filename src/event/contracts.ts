import type { Event, EventKind, Fields } from './event.ts';
import type { Entity, Finding, Score } from './finding.ts';

export interface Source {
  readonly name: string;
  /** The input does not end by itself: findings are delivered as they come, not ranked over the whole. */
  readonly live?: boolean;
  /**
   * Yield events in order until the input ends or `signal` aborts; then return, do not throw.
   * A record that cannot be read goes to `context.reject`. Anything else that fails: throw a ScopsError;
   * do not retry, the pipeline restarts you from the last checkpoint. Release what you opened on return.
   */
  events(signal?: AbortSignal): AsyncIterable<Event>;
}

/** A source that can start again where it stopped. */
export interface Resumable {
  /**
   * The place just after the last event that is done. An event is done when the next one is asked for
   * (so in a generator: `yield event; place = after;`), never before: what is in flight is read again after a crash.
   */
  checkpoint(): string;
  /** Called before `events`. Throws ScopsError INPUT_INVALID when `from` is not a checkpoint of this source. */
  resume(from: string): void;
}

/** A source whose other end keeps the checkpoint, such as a Kafka consumer group. */
export interface Committable {
  /** As in Resumable: just after the last event that is done. */
  checkpoint(): string;
  /** Called after every sink has accepted the findings of all events up to `checkpoint`. */
  commit(checkpoint: string): Promise<void>;
}

export const isResumable = (source: Source): source is Source & Resumable => 'resume' in source;
export const isCommittable = (source: Source): source is Source & Committable => 'commit' in source;

/** How much of its input a source understood. */
export interface Coverage {
  /** Records that were of its format, such as lines of sshd; other programs' lines do not count. */
  readonly records: number;
  readonly understood: number;
  /** The shapes not understood, most frequent first, at most 20: variable parts are `<*>`. Holds log text. */
  readonly unknown: readonly { readonly shape: string; readonly count: number }[];
}

/** A source that can say how much it understood so far. */
export interface Covering {
  coverage(): Coverage;
}

export const isCovering = (source: Source): source is Source & Covering => 'coverage' in source;

/** Adds facts to events, from a file or from a service. */
export interface Enricher {
  readonly name: string;
  /**
   * What is known about the event beyond what it says itself; the pipeline adds only fields that the event lacks.
   * Never throws and never rejects: what fails is a fact that is missing, said once in the log. Answer at once where
   * that is possible, with a promise where not; several events may be under way at a time.
   */
  enrich(event: Event): Promise<Fields> | Fields;
  /** What it knows and from when, for people: such as the date of a geo database. Called after the first `enrich`. */
  info?(): Readonly<Record<string, string | number>>;
  /** Release. Called once, after the last event. */
  close?(): Promise<void>;
}

/** An unfitted algorithm with its options. */
export interface Detector {
  readonly name: string;
  /** The kinds of event it looks at; absent means any. */
  readonly kinds?: readonly EventKind[];
  /** It looks at `raw`, so that must be kept; by its own measure no events need to be held back. */
  readonly readsRaw?: boolean;
  /** A model that knows nothing yet, of a detector whose models are learners. */
  begin?(): Learner;
  /** Learn what is ordinary. Throws ScopsError NOTHING_LEARNT when no event was of a kind it looks at. */
  fit(events: AsyncIterable<Event>): Promise<Model>;
  /** Throws ScopsError MODEL_FORMAT when `bytes` is not a model of this detector. */
  load(bytes: Uint8Array): Model;
}

/** A fitted detector. */
export interface Model {
  readonly detector: string;
  /** Whether this model has an opinion on the event. */
  accepts(event: Event): boolean;
  /** Pure: no state changes, same input, same output. */
  score(event: Event): Score;
  /** What the finding is about, in a few words, and whom it belongs to. */
  describe(event: Event): { readonly title: string; readonly entity: Entity };
  /** Every event above the threshold is a finding of its own, as where the same alerts as another tool's are wanted. */
  readonly unfolded?: boolean;
  /** The share of training events to call strange, where nobody said otherwise; absent, a budget is used. */
  readonly contamination?: number;
  /** The kinds of event it learnt, each with scores on a scale of its own. */
  readonly kinds: readonly EventKind[];
  /**
   * The scores of the training events of one kind, each judged as if it had not been trained on itself, one per event.
   * What `contamination` cuts.
   */
  trainingScores(kind: EventKind): Float64Array;
  save(): Uint8Array;
  /** What the model holds, for `scops model info`. */
  info(): Readonly<Record<string, string | number>>;
}

/** An event in quarantine, as a person needs it to judge. */
export interface Waiting {
  /** The event's id. */
  readonly event: string;
  readonly time: number;
  /** When it is learnt, unless somebody says otherwise before. */
  readonly until: number;
  readonly title: string;
  readonly entity: Entity;
}

/** A model that goes on learning from what it judged. `fit` is then the same as judging and learning one by one. */
export interface Learner extends Model {
  /**
   * Take in an event, judged just before where the model accepts it; also one that it has no opinion on, such as a
   * failed login. Those of a kind that it does not look at change nothing. What was `flagged`, or looks suspicious to the model itself, is quarantined:
   * kept apart until `settle` or its age lets it be learnt. Times may jump back; memory is bounded.
   */
  learn(event: Event, flagged: boolean): void;
  /** The score above which it quarantines by itself; what is below is not worth a finding, however many were wanted. */
  readonly suspicious: number;
  /** What is in quarantine, in the order in which it came. */
  waiting(): Iterable<Waiting>;
  /** A person's word on a quarantined event, by its id: learn it now, or drop it. False when it is not in quarantine. */
  settle(event: string, verdict: 'benign' | 'malicious'): boolean;
}

export const isLearner = (model: Model): model is Learner => 'learn' in model;

/** A model two of which can become one, as if fitted on both inputs. */
export interface Mergeable {
  /** Throws ScopsError MODEL_MISMATCH when the two were fitted with other options. */
  merge(other: Model): Model;
}

export const isMergeable = (model: Model): model is Model & Mergeable => 'merge' in model;

/** A model that can place events on a plane, for pictures. */
export interface Projectable {
  /** Rows as x, y pairs: `training` has 2n values for n distinct training rows of `kind` with their `counts`, `events` a pair per event. */
  project(
    kind: EventKind,
    events: readonly Event[],
  ): { readonly training: Float64Array; readonly counts: Float64Array; readonly events: Float64Array };
}

export const isProjectable = (model: Model): model is Model & Projectable => 'project' in model;

export interface Sink {
  readonly name: string;
  /**
   * Deliver; return once the other side has accepted. Retry what is worth a retry; throw ScopsError SINK_FAILED when
   * it was not accepted, and the pipeline hands the same findings in again. Must tolerate seeing a finding twice.
   */
  write(findings: readonly Finding[], signal?: AbortSignal): Promise<void>;
  /** Flush and release. Called once, after the last write. */
  close?(): Promise<void>;
}
