import { shorten } from '../text/escape.ts';
import { type Candidate, together } from './judge.ts';
import { unitOf } from './unit.ts';

const minute = 60_000;

/** A pause of this many milliseconds ends a run of findings. */
export const defaultPause = 5 * minute;

/** So many of the others are named in the one that stands for a run. */
const mostRelated = 20;
const mostNamed = 3;

const keyOf = ({ entity, score, event }: Candidate): string => `${event.kind}\0${unitOf(event, entity, score)}`;

/** Join alike candidates of one entity: the strangest stands for all, the counts add up. */
export class Fold {
  readonly #kept = new Map<string, Candidate>();
  readonly #alike: boolean;
  readonly #most: number;
  #dropped = 0;

  /**
   * @param alike whether alike candidates are joined at all; without, only the bound on memory remains.
   * @param most how many different candidates are kept; beyond twice that the least strange half goes.
   */
  constructor(alike = true, most = 10_000) {
    this.#alike = alike;
    this.#most = most;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** How many candidates were let go because too many different ones came. */
  get dropped(): number {
    return this.#dropped;
  }

  add(candidate: Candidate): void {
    const key = this.#alike ? keyOf(candidate) : candidate.event.id;
    const kept = this.#kept.get(key);
    if (kept === undefined) this.#kept.set(key, candidate);
    else {
      const stands = candidate.score.value > kept.score.value ? candidate : kept;
      this.#kept.set(key, { ...stands, ...together([kept, candidate]) });
    }
    if (this.#kept.size > 2 * this.#most) this.#trim();
  }

  kept(): Iterable<Candidate> {
    return this.#kept.values();
  }

  /** Everything kept, and start anew. */
  take(): Candidate[] {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    return all;
  }

  #trim(): void {
    const entries = [...this.#kept].sort(([, a], [, b]) => b.score.value - a.score.value);
    for (const [key, { count }] of entries.slice(this.#most)) {
      this.#kept.delete(key);
      this.#dropped += count;
    }
  }
}

/**
 * Candidates of one entity and kind that follow each other without a pause are one piece of work, be it an intruder's
 * session or a deploy: the strangest stands for all and names the others. What the user's own lists ask for stays apart.
 */
export function foldRuns(candidates: readonly Candidate[], pause = defaultPause): Candidate[] {
  const folded: Candidate[] = candidates.filter(({ score }) => score.always);
  const byEntity = Map.groupBy(
    candidates.filter(({ score }) => !score.always),
    ({ entity, event }) => JSON.stringify([entity.type, entity.name, event.kind]),
  );
  for (const group of byEntity.values()) {
    let run: Candidate[] = [];
    for (const candidate of group.toSorted((a, b) => a.event.time - b.event.time)) {
      const before = run.at(-1);
      if (before !== undefined && candidate.event.time - before.event.time > pause) {
        folded.push(asOne(run));
        run = [];
      }
      run.push(candidate);
    }
    folded.push(asOne(run));
  }
  return folded;
}

function asOne(run: readonly Candidate[]): Candidate {
  const [strangest, ...others] = run.toSorted((a, b) => b.score.value - a.score.value) as [Candidate, ...Candidate[]];
  if (others.length === 0) return strangest;
  const whole = together(run);
  const first = run[0]?.event.time ?? 0;
  const minutes = Math.max(1, Math.round(((run.at(-1)?.event.time ?? first) - first) / minute));
  const named = others.slice(0, mostNamed).map(({ title }) => shorten(title, 80));
  const more = others.length > named.length ? ` and ${others.length - named.length} more` : '';
  const reason = {
    code: 'run',
    text: `The strangest of ${run.length} within ${minutes} min; the others: ${named.join('; ')}${more}.`,
    evidence: { findings: run.length, events: whole.count, minutes },
  };
  return {
    ...strangest,
    ...whole,
    score: { ...strangest.score, reasons: [...strangest.score.reasons, reason] },
    related: others
      .slice(0, mostRelated)
      .map(({ event, score, title }) => ({ event: event.id, score: score.value, title })),
    others,
  };
}
