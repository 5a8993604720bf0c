import type { Candidate } from './judge.ts';

const minute = 60_000;

export interface FoldOptions {
  /** More candidates than this on one entity, without a pause, are one storm. */
  readonly storm: number;
  /** The pause that ends a storm, in milliseconds. */
  readonly pause: number;
}

export const foldDefaults: FoldOptions = { storm: 20, pause: 10 * minute };

const keyOf = ({ entity, score, event }: Candidate): string =>
  JSON.stringify([entity.type, entity.name, event.kind, score.group ?? event.id]);

/** Join alike candidates of one entity: the strangest stands for all, the counts add up. */
export class Fold {
  readonly #kept = new Map<string, Candidate>();
  readonly #most: number;
  #dropped = 0;

  /** @param most how many different candidates are kept; beyond twice that the least strange half goes. */
  constructor(most = 10_000) {
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
    const key = keyOf(candidate);
    const kept = this.#kept.get(key);
    if (kept === undefined) this.#kept.set(key, candidate);
    else {
      const stands = candidate.score.value > kept.score.value ? candidate : kept;
      this.#kept.set(key, { ...stands, count: kept.count + candidate.count });
    }
    if (this.#kept.size > 2 * this.#most) this.#trim();
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

/** Replace each storm (a deploy, an upgrade, a scan) by its strangest candidate, which says how many it stands for. */
export function foldStorms(
  candidates: readonly Candidate[],
  { storm, pause }: FoldOptions = foldDefaults,
): Candidate[] {
  const quiet: Candidate[] = candidates.filter(({ score }) => score.always);
  const byEntity = Map.groupBy(
    candidates.filter(({ score }) => !score.always),
    ({ entity, event }) => JSON.stringify([entity.type, entity.name, event.kind]),
  );
  for (const group of byEntity.values()) {
    const ordered = group.toSorted((a, b) => a.event.time - b.event.time);
    let run: Candidate[] = [];
    const close = (): void => {
      quiet.push(...(run.length > storm ? [asOne(run)] : run));
      run = [];
    };
    for (const candidate of ordered) {
      const before = run.at(-1);
      if (before !== undefined && candidate.event.time - before.event.time > pause) close();
      run.push(candidate);
    }
    close();
  }
  return quiet;
}

function asOne(run: readonly Candidate[]): Candidate {
  const strangest = run.reduce((best, candidate) => (candidate.score.value > best.score.value ? candidate : best));
  const count = run.reduce((sum, candidate) => sum + candidate.count, 0);
  const first = run[0]?.event.time ?? 0;
  const minutes = Math.max(1, Math.round(((run.at(-1)?.event.time ?? first) - first) / minute));
  const reason = {
    code: 'storm',
    text: `The strangest of ${run.length} different findings on ${strangest.entity.name} within ${minutes} min.`,
    evidence: { findings: run.length, events: count, minutes },
  };
  return { ...strangest, count, score: { ...strangest.score, reasons: [...strangest.score.reasons, reason] } };
}
