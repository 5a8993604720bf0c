import type { Finding } from '../event/index.ts';

/** Places on a plane. What is not finite is not drawn. */
export interface Points {
  /** x, y pairs: 2n values, in any unit. */
  readonly xy: Float64Array;
  /** How many events stand at each place; 1 each when absent. */
  readonly counts?: ArrayLike<number>;
}

/** Where a finding stands among the other events of its group. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  /** The rank of the finding that it belongs to. */
  readonly rank: number;
  readonly score: number;
  readonly threshold: number;
  /** What happened, in a few words. Log text. */
  readonly label: string;
}

/** Events that share one plane. Commands and files have different encodings, so each gets a panel of its own. */
export interface PictureGroup {
  readonly name: string;
  readonly training: Points;
  readonly events: Points;
  /** How many events the group had, when `events` is a sample of them. */
  readonly eventsSeen?: number;
  readonly findings: readonly Mark[];
}

/** What a picture or a page is drawn from; `Model.project` gives the points. */
export interface PictureInput {
  readonly title: string;
  /** When it was made, as an ISO 8601 time: an argument, so that the same input gives the same bytes. */
  readonly made: string;
  readonly groups: readonly PictureGroup[];
  /** Strangest first. */
  readonly findings: readonly Finding[];
  readonly summary: {
    /** How many events were scored. */
    readonly events: number;
    readonly findings: number;
    /** How many records could not be read. */
    readonly rejects: number;
    /** Time of the first and last event, epoch milliseconds; absent when there was no event. */
    readonly from?: number;
    readonly to?: number;
  };
  /** How many events each hour had, by the hour's start in epoch milliseconds (see `addHour`). For the page's time strip. */
  readonly hours?: ReadonlyMap<number, number>;
}

/** How many findings get a number in the scatter and a row in the short list. */
export const numbered = 15;

/** How many rings one picture draws; the strangest come first. */
export const rings = 300;

/** How many dots one picture draws, over all its panels: beyond that, neighbouring places are merged, never dropped. */
export const dots = 12_000;

/** How many panels one picture has. */
export const panels = 6;

/** The first findings by rank, over all groups: the ones that are drawn as rings, and the ones with a number. */
export function chosen(groups: readonly PictureGroup[]): { readonly drawn: number; readonly labelled: number } {
  const ranks = groups.flatMap((group) => group.findings.map((mark) => mark.rank)).sort((a, b) => a - b);
  const limit = (count: number) => (ranks.length > count ? (ranks[count - 1] as number) : Number.POSITIVE_INFINITY);
  return { drawn: limit(rings), labelled: limit(numbered) };
}

/**
 * How far a score stands above its threshold, as 0 (at the threshold or below) to 1 (the strangest of the batch), on a
 * logarithmic scale: scores of a density have no upper bound, and one of 1e9 must not make the others look ordinary.
 */
export function excess(findings: readonly { readonly score: number; readonly threshold: number }[]) {
  const above = ({ score, threshold }: { readonly score: number; readonly threshold: number }): number => {
    const share = Math.log1p(Math.max(0, score - threshold) / (Math.abs(threshold) || 1));
    return Number.isFinite(share) ? share : 0;
  };
  const most = findings.reduce((highest, finding) => Math.max(highest, above(finding)), 0);
  return (finding: { readonly score: number; readonly threshold: number }): number =>
    most === 0 ? 0 : above(finding) / most;
}

/** Count events of one moment for the time strip. */
export function addHour(hours: Map<number, number>, time: number, count = 1): void {
  const hour = Math.floor(time / 3_600_000) * 3_600_000;
  hours.set(hour, (hours.get(hour) ?? 0) + count);
}
