import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { fitLocalOutlierFactor, type LocalOutlierFactor, type Rows } from '../../src/algorithms/index.ts';
import { type BenchOptions, median, time } from './bench.ts';
import { askScikitLearn, type PeerAnswer } from './lof-peer.ts';
import { withoutTies } from './ties.ts';

const neighbors = 20;
const options = { neighbors, duplicates: 'keep' } as const;
const noPeer = 'there is no Python with scikit-learn';

/** Rows that are scored one by one: all of `rows` by us, `single` of the case's queries by scikit-learn. */
interface Singles {
  readonly name: string;
  readonly rows: Rows;
  readonly single: readonly number[];
  readonly goal: string;
}

export interface Case {
  readonly name: string;
  readonly train: Rows;
  readonly queries: Rows;
  /** Whether scores are compared; a case may be for speed alone. */
  readonly exact: boolean;
  /** For the fit's ratio; without it the fit is not timed. */
  readonly fitGoal?: string;
  readonly singles?: readonly Singles[];
  /** How often scikit-learn fits. @default 1 */
  readonly peerRuns?: number;
}

/** Our local outlier factor, duplicates kept, against scikit-learn's on the same rows. */
export async function compare(one: Case, hasPeer: boolean, report: BenchOptions['report']): Promise<void> {
  const { name, train, queries, exact, fitGoal, singles = [], peerRuns = 1 } = one;
  const model = fitLocalOutlierFactor(train, options);
  checkNeighbors(one, model);
  const answer = hasPeer
    ? askScikitLearn({ train, queries, neighbors, single: singles.flatMap(({ single }) => single), runs: peerRuns })
    : undefined;
  const peer = answer === undefined ? 'scikit-learn' : `scikit-learn ${answer.version}`;
  const cores = `${availableParallelism()} cores`;
  if (exact) reportExactness(one, model, answer, peer, report);
  if (fitGoal !== undefined) {
    const fit = await time(() => fitLocalOutlierFactor(train, options), 3);
    const theirs = answer === undefined ? null : median(answer.fit).value * 1000;
    const what = { case: `${name}, fit`, peer: `${peer} on ${cores}`, peerValue: theirs };
    report({ ...what, metric: 'time', ...fit, unit: 'ms', note: 'ours on one core' });
    reportRatio(what.case, fitGoal, theirs === null ? null : [theirs, fit], report);
  }
  let at = 0;
  for (const { name: which, rows, single, goal } of singles) {
    const scored = await time(() => scoreAll(model, rows), 5);
    const each = (ms: number): number => (ms / rows.rows) * 1000;
    const [low, high] = scored.spread;
    const ours = { value: each(scored.value), spread: [each(low), each(high)] as const, runs: scored.runs };
    const theirs = answer === undefined ? null : median(answer.single.slice(at, at + single.length)).value * 1e6;
    at += single.length;
    const what = `${name}, one by one, ${which}`;
    report({ case: what, metric: 'time', ...ours, unit: 'µs/row', peer, peerValue: theirs });
    reportRatio(what, goal, theirs === null ? null : [theirs, ours], report);
  }
}

function reportRatio(
  name: string,
  goal: string,
  ratio: [number, { value: number; spread: readonly [number, number]; runs: number }] | null,
  report: BenchOptions['report'],
): void {
  const figure = { case: name, metric: 'times faster', unit: '', goal };
  if (ratio === null) {
    report({ ...figure, value: null, note: noPeer });
    return;
  }
  const [theirs, { value, spread, runs }] = ratio;
  report({ ...figure, value: theirs / value, spread: [theirs / spread[1], theirs / spread[0]], runs });
}

/** One after another, as alerts come. */
function scoreAll(model: LocalOutlierFactor, rows: Rows): Float64Array {
  const scores = new Float64Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) scores[row] = model.scoreRow(rows, row);
  return scores;
}

function reportExactness(
  { name, train, queries }: Case,
  model: LocalOutlierFactor,
  answer: PeerAnswer | undefined,
  peer: string,
  report: BenchOptions['report'],
): void {
  const settled = withoutTies(model, train, queries);
  const difference = (ours: Float64Array, theirs: Float64Array, only: readonly boolean[]): number =>
    ours.reduce((most, value, row) => {
      const expected = theirs[row] as number;
      return only[row] ? Math.max(most, Math.abs(value - expected) / Math.abs(expected)) : most;
    }, 0);
  const value =
    answer &&
    Math.max(
      difference(model.trainingScores(), answer.training, settled.training),
      difference(scoreAll(model, queries), answer.novelty, settled.queries),
    );
  report({
    case: `${name}, scores`,
    metric: 'largest relative difference',
    value: value ?? null,
    unit: '',
    goal: '<= 1e-9',
    note: answer === undefined ? noPeer : `from ${peer}`,
  });
  for (const [which, list] of Object.entries(settled)) {
    const share = list.filter(Boolean).length / list.length;
    const distinct = new Set(which === 'training' ? model.rowOf.filter((_, row) => list[row]) : []).size;
    const among =
      which === 'training' ? `${distinct} of ${model.firstOf.length} distinct ones` : `${list.length} in all`;
    const note = `${among}; elsewhere ties leave a choice of neighbours`;
    report({
      case: `${name}, scores`,
      metric: `share of ${which === 'training' ? 'training rows' : 'new rows'} compared`,
      value: share,
      unit: '',
      ...(share < 1 ? { note } : {}),
    });
  }
}

/** The distances to the neighbours of some queries, against comparing with every row. */
function checkNeighbors({ name, train, queries }: Case, model: LocalOutlierFactor): void {
  const count = Math.min(30, queries.rows);
  for (let i = 0; i < count; i++) {
    const row = Math.floor((i * queries.rows) / count);
    const squares = Float64Array.from(model.firstOf, (other) => squaredDistance(queries, row, train, other)).sort();
    for (const [place, distance] of model.neighbors(queries, row).distances.entries()) {
      const expected = squares[place] as number;
      assert.ok(Math.abs(distance ** 2 - expected) < 1e-9, `${name}: query ${row}, place ${place}`);
    }
  }
}

function squaredDistance(a: Rows, i: number, b: Rows, j: number): number {
  const left = entries(a, i);
  let sum = 0;
  for (const [column, value] of entries(b, j)) {
    sum += ((left.get(column) ?? 0) - value) ** 2;
    left.delete(column);
  }
  for (const value of left.values()) sum += value ** 2;
  return sum;
}

function entries(rows: Rows, row: number): Map<number, number> {
  const found = new Map<number, number>();
  if ('offsets' in rows) {
    const end = rows.offsets[row + 1] as number;
    for (let at = rows.offsets[row] as number; at < end; at++) {
      found.set(rows.columns[at] as number, rows.values[at] as number);
    }
    return found;
  }
  for (let c = 0; c < rows.columns; c++) found.set(c, rows.data[row * rows.columns + c] as number);
  return found;
}
