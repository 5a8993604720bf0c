import {
  fitLocalOutlierFactor,
  fitProjection,
  type LocalOutlierFactor,
  localOutlierFactorFrom,
  project,
  type SparseRows,
  uniqueRows,
} from '../../algorithms/index.ts';
import type { Reason, Score } from '../../event/index.ts';
import { encodeTexts } from './encode.ts';
import type { Ledger } from './ledger.ts';
import { createMemo } from './memo.ts';
import { Evidence } from './reasons.ts';
import type { Sighting } from './sighting.ts';

/** Judges the sightings of one kind of event by what a ledger holds. Pure once made. */
export interface Ranker {
  score(sighting: Sighting): Score;
  /** One per sighting in the ledger, each judged without itself. */
  trainingScores(): Float64Array;
  /** What is too dear to find again on loading, to be handed in again then. */
  readonly state: RankerState;
  project(texts: readonly string[]): { training: Float64Array; counts: Float64Array; events: Float64Array };
}

export type RankerState = Readonly<Record<string, Uint32Array | Float64Array>>;

export interface RankerOptions {
  readonly neighbors: number;
  readonly duplicates: 'keep' | 'collapse';
}

/** How new a text is, from 0 (seen all the time) to 1 (like nothing known). */
interface Novelty {
  readonly value: number;
  readonly reasons: readonly Reason[];
  readonly isNew?: boolean;
}

const memoSize = 8_000;
/** Up to here a text is known; above, it is new. */
const known = 0.3;
/** Keeps ordinary circumstances from hiding a new text. */
const floor = 0.5;

/**
 * Score = novelty × (0.5 + mean surprise of the circumstances), novelty and surprise between 0 and 1.
 *
 * Novelty of a new text: 0.3 + 0.7 · r / (1 + r), where r is its local outlier factor over the distinct texts times the
 * distance to the nearest of them. Novelty of a known text: 0.3 · (rarity of the text)². Rarity and surprise of
 * something seen n times among N are ln((N + 1) / (n + 1)) / ln(N + 1): 1 for what was never seen, 0 for what is
 * always there.
 */
export function createRanker(ledger: Ledger, options: RankerOptions, saved?: RankerState): Ranker {
  const texts = ledger.texts.map(({ text }) => text);
  const rows = encodeTexts(texts);
  const counts = ledger.texts.map(({ count }) => count);
  const lof =
    saved === undefined
      ? fitLocalOutlierFactor(rows, { ...options, weights: counts })
      : restore(uniqueRows(rows).rows, saved, options);
  const total = ledger.total;
  const evidence = new Evidence(ledger);

  const novelty = createMemo(memoSize, (text: string): Novelty => {
    const id = ledger.find(text);
    if (id !== undefined) {
      return { value: knownValue(total, counts[id] as number), reasons: [evidence.seen(id)] };
    }
    const query = encodeTexts([text]);
    const near = lof.neighbors(query, 0, 1);
    const [row, distance] = [near.rows[0] ?? 0, near.distances[0] ?? 0];
    return {
      value: newValue(lof.scoreRow(query, 0), distance),
      reasons: [evidence.nearest(row, distance)],
      isNew: true,
    };
  });

  return {
    score: (sighting) => {
      const { value, reasons, isNew } = novelty(sighting.text);
      const [a, b] = sighting.circumstances;
      const surprise = (rarity(total, evidence.times(a)) + rarity(total, evidence.times(b))) / 2;
      return {
        value: value * (floor + surprise),
        reasons: [
          ...reasons,
          ...(isNew === true ? evidence.newWords(sighting.example) : []),
          ...evidence.circumstances(sighting),
        ],
        group: groupOf(sighting),
      };
    },
    trainingScores: () => trainingScores(ledger, rows, lof),
    get state() {
      return stateOf(lof);
    },
    project: (others) => {
      const projection = fitProjection(rows, { weights: counts });
      return {
        training: project(projection, rows),
        counts: Float64Array.from(counts),
        events: project(projection, encodeTexts(others)),
      };
    },
  };
}

/** The rows are made again from the texts; neighbours and densities are what takes time. */
function stateOf(lof: LocalOutlierFactor<SparseRows>): RankerState {
  const { header, arrays } = lof.state();
  const { offsets: _, columns: __, values: ___, ...kept } = arrays;
  return { ...kept, fitted: Float64Array.of(header.neighbors, header.threshold) };
}

/** Throws RangeError when the state is not one of these rows. */
function restore(
  { offsets, columns, values }: SparseRows,
  { fitted, ...kept }: RankerState,
  { duplicates }: RankerOptions,
): LocalOutlierFactor<SparseRows> {
  const [neighbors = Number.NaN, threshold = Number.NaN] = fitted ?? [];
  return localOutlierFactorFrom({
    header: { kind: 'sparse', metric: 'euclidean', algorithm: 'auto', duplicates, neighbors, threshold, columns: 0 },
    arrays: { ...kept, offsets, columns, values: Float64Array.from(values) },
  }) as LocalOutlierFactor<SparseRows>;
}

/** What was seen n times among `total`: 1 for never, 0 for always. */
const rarity = (total: number, times: number): number => Math.log((total + 1) / (times + 1)) / Math.log(total + 1);
const knownValue = (total: number, times: number): number => known * rarity(total, times) ** 2;

function newValue(factor: number, distance: number): number {
  const strangeness = factor * distance;
  return known + (1 - known) * (strangeness / (1 + strangeness));
}

/** Files that one program changes in one folder look the same, and so do commands with one text. */
function groupOf({ text, circumstances }: Sighting): string {
  const cut = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'));
  return circumstances[1].includes(' changing files in ')
    ? `${circumstances[1]} ${text.slice(0, Math.max(0, cut)).split(/[/\\]/, 5).join('/')}`
    : text;
}

/** What was seen for no longer than this was seen on one occasion: a day, or a fifth of a shorter training. */
function longestOccasion({ texts }: Ledger): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const text of texts) {
    first = Math.min(first, text.first);
    last = Math.max(last, text.last);
  }
  return Math.min(86_400_000, (last - first) / 5);
}

/** An upgrade or a deploy repeats what it does within minutes, so a text seen on one occasion only counts as new. */
function trainingScores(ledger: Ledger, rows: SparseRows, lof: LocalOutlierFactor<SparseRows>): Float64Array {
  const others = Math.max(1, ledger.total - 1);
  const factors = lof.trainingScores();
  const occasion = longestOccasion(ledger);
  const novelties = ledger.texts.map(({ count, first, last }, text) => {
    if (last - first > occasion) return knownValue(others, count - 1);
    const { rows: near, distances } = lof.neighbors(rows, text, 2);
    const other = near.findIndex((row) => row !== text);
    return other < 0 ? 1 : newValue(factors[text] as number, distances[other] as number);
  });
  const times = countNames(ledger);
  const scores = new Float64Array(ledger.total);
  let at = 0;
  for (const { text, circumstances, count } of ledger.facts()) {
    const [a, b] = circumstances.map((name) => rarity(others, (times[name] as number) - 1)) as [number, number];
    scores.fill((novelties[text] as number) * (floor + (a + b) / 2), at, at + count);
    at += count;
  }
  return scores;
}

/** How often each name was a circumstance. */
function countNames(ledger: Ledger): Float64Array {
  const times = new Float64Array(ledger.names.length);
  for (const { circumstances, count } of ledger.facts()) {
    for (const name of circumstances) times[name] = (times[name] as number) + count;
  }
  return times;
}
