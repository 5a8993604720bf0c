import type { Finding } from '../event/index.ts';
import type { Candidate } from './judge.ts';

/** Stable across replays. */
export const findingId = (detector: string, { event }: Pick<Candidate, 'event'>): string => `${detector}:${event.id}`;

/** Strangest first: by p-value where both have one, else by how far above the threshold; ties by time, then id. */
export function rank(detector: string, candidates: readonly Candidate[]): Finding[] {
  return candidates
    .toSorted(
      (a, b) =>
        (a.pValue ?? 0) - (b.pValue ?? 0) ||
        excess(b) - excess(a) ||
        a.event.time - b.event.time ||
        (a.event.id < b.event.id ? -1 : 1),
    )
    .map((candidate, index) => ({
      id: findingId(detector, candidate),
      time: candidate.event.time,
      detector,
      title: candidate.title,
      score: candidate.score.value,
      threshold: candidate.threshold,
      ...(candidate.pValue === undefined ? {} : { pValue: candidate.pValue }),
      rank: index + 1,
      entity: candidate.entity,
      reasons: candidate.score.reasons,
      count: candidate.count,
      ...(candidate.count > 1 ? { first: candidate.first, last: candidate.last } : {}),
      ...(candidate.related ? { related: candidate.related } : {}),
      event: candidate.event,
    }));
}

const excess = ({ score, threshold }: Candidate): number =>
  Number.isFinite(threshold) && threshold > 0 ? score.value / threshold : score.value;
