import type { Entity, Event, EventKind, Learner, Score } from '../event/index.ts';
import type { Calibration } from './calibration.ts';
import type { Candidate } from './judge.ts';
import { findingId } from './rank.ts';
import { unitOf } from './unit.ts';
import { type Day, ScoreWindow } from './window.ts';

/** Fewer judged events than this say nothing about a day. */
const fewest = 50;
/** Of so many entries that are not looked through yet, those no longer in quarantine go at once. */
const mostEntries = 2 ** 15;

/** An event in quarantine: what it scored, and the finding that told of it. */
export interface Entry {
  readonly kind: EventKind;
  readonly time: number;
  readonly unit: string;
  readonly value: number;
  /** The finding's id; '' when none told of it. */
  finding: string;
  /** When the model would learn it; 0 until that was looked up. */
  until: number;
  /** The date on which its score counts already. */
  counted?: number;
}

/** What is kept of an experience, but for the calibrations. */
export interface ExperienceState {
  readonly judged: number;
  readonly freed: boolean;
  readonly displaced: boolean;
  readonly days: readonly Day[];
  readonly held: readonly (readonly [event: string, entry: Entry])[];
}

/**
 * What triage remembers of the events that a learner judged: the scores of the latest days, to calibrate on, and which
 * finding tells of what is in quarantine.
 *
 * What is quarantined is no ordinary event, so its score counts only when it comes out: vouched for by a person, or old
 * enough to be learnt. Steadily so many then come out as go in, and a budget keeps its meaning. Before anything ever came
 * out, what goes in counts in its place; what somebody calls malicious is taken back.
 */
export class Experience {
  readonly #model: Learner;
  readonly #window: ScoreWindow;
  readonly #held: Map<string, Entry>;
  #judged: number;
  #freed: boolean;
  #calibrations: readonly Calibration[];
  #pruneAt = mostEntries;
  /** What is held by kind and unit, as long as nothing has come or gone. */
  #byUnit: Map<string, Entry[]> | undefined;

  constructor(model: Learner, calibrations: readonly Calibration[] = [], state?: ExperienceState) {
    this.#model = model;
    this.#window = new ScoreWindow(state?.days, state?.displaced);
    this.#held = new Map(state?.held);
    this.#judged = state?.judged ?? 0;
    this.#freed = state?.freed ?? false;
    this.#calibrations = calibrations;
  }

  /** Those in force: made when the latest day began. */
  get calibrations(): readonly Calibration[] {
    return this.#calibrations;
  }

  get state(): ExperienceState {
    const { days, displaced } = this.#window;
    return { judged: this.#judged, freed: this.#freed, displaced, days, held: [...this.#held] };
  }

  /**
   * Count a judged event, after the model has learnt it. `flagged` as the model was told.
   * Returns whether a day has begun with it, and so the calibrations are others.
   */
  count(event: Event, entity: Entity, score: Score, flagged: boolean): boolean {
    const { kind, time } = event;
    const unit = unitOf(event, entity, score);
    const { begun } = this.#window;
    this.#judged++;
    this.#byUnit = undefined;
    if (!flagged && score.value <= this.#model.suspicious) this.#window.add(kind, time, unit, score.value);
    else {
      const entry: Entry = { kind, time, unit, value: score.value, finding: '', until: 0 };
      if (!this.#freed) entry.counted = this.#window.add(kind, time, unit, score.value);
      this.#held.set(event.id, entry);
      if (this.#held.size > this.#pruneAt) this.#free(time);
    }
    if (this.#window.begun === begun) return false;
    this.#free(time);
    this.recalibrate(false);
    return true;
  }

  /** @param whole with the latest day, which may not be over. */
  recalibrate(whole: boolean): void {
    if (this.#judged < fewest) return;
    const fresh = this.#window.calibrations(this.#model.suspicious, whole);
    const counts = ({ scores }: Calibration): number => scores.length;
    // Files of before know of no days: what they bring stays until as much is known anew.
    const old = this.#calibrations.filter((before) => {
      const now = fresh.find(({ kind }) => kind === before.kind);
      return now === undefined || (!this.#window.displaced && counts(now) < counts(before) && now.days < before.days);
    });
    this.#calibrations = [...old, ...fresh.filter(({ kind }) => !old.some((each) => each.kind === kind))];
  }

  /** Findings are told of these candidates. */
  tell(detector: string, candidates: readonly Candidate[]): void {
    for (const candidate of candidates) {
      const finding = findingId(detector, candidate);
      for (const one of [candidate, ...(candidate.others ?? [])]) mark(this.#alike(one), one, finding);
    }
  }

  /** A candidate is like one that was told of before, and so left out: that finding stands for it too. */
  repeat(candidate: Candidate): void {
    const alike = this.#alike(candidate);
    const finding = alike.findLast((entry) => entry.finding !== '')?.finding;
    if (finding !== undefined) mark(alike, candidate, finding);
  }

  /** The finding that tells of a quarantined event; '' when none does. */
  findingOf(event: string): string {
    return this.#held.get(event)?.finding ?? '';
  }

  /** What a finding stands for, as far as it is in quarantine. */
  standsFor(finding: string): string[] {
    return [...this.#held].flatMap(([event, entry]) => (entry.finding === finding ? [event] : []));
  }

  /** A person's word on a quarantined event. False when it is not in quarantine. */
  settle(event: string, verdict: 'benign' | 'malicious'): boolean {
    if (!this.#model.settle(event, verdict)) return false;
    const entry = this.#held.get(event);
    this.#held.delete(event);
    this.#byUnit = undefined;
    if (entry === undefined) return true;
    const { kind, unit, value, counted } = entry;
    if (verdict === 'benign') this.#release(entry, entry.time);
    else if (counted !== undefined) this.#window.remove(kind, counted, unit, value);
    return true;
  }

  /** What has come out of quarantine by its age is ordinary until somebody says otherwise; what was pushed out is not. */
  #free(time: number): void {
    const waiting = new Set<string>();
    for (const { event, until } of this.#model.waiting()) {
      waiting.add(event);
      const entry = this.#held.get(event);
      if (entry !== undefined) entry.until = until;
    }
    for (const [event, entry] of this.#held) {
      if (waiting.has(event)) continue;
      this.#held.delete(event);
      if (entry.until === 0 || time < entry.until) continue;
      this.#release(entry, time);
      this.#freed = true;
    }
    this.#pruneAt = Math.max(mostEntries, 2 * this.#held.size);
  }

  /** What is held of a candidate's unit, in the order of its coming. */
  #alike({ event, entity, score }: Candidate): readonly Entry[] {
    this.#byUnit ??= Map.groupBy(this.#held.values(), ({ kind, unit }) => `${kind}\0${unit}`);
    return this.#byUnit.get(`${event.kind}\0${unitOf(event, entity, score)}`) ?? [];
  }

  #release({ kind, unit, value, time: happened, counted }: Entry, time: number): void {
    // Apart from what its unit scored on the day of its release.
    if (counted === undefined) this.#window.add(kind, time, `${unit}\0${Math.floor(happened / 86_400_000)}`, value);
  }
}

function mark(entries: readonly Entry[], { first, last }: Candidate, finding: string): void {
  for (const entry of entries) if (entry.time >= first && entry.time <= last) entry.finding = finding;
}
