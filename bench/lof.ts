import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRandom,
  type DenseRows,
  fitLocalOutlierFactor,
  type LocalOutlierFactor,
  type Random,
  type Rows,
  type SparseRows,
} from '../src/algorithms/index.ts';
import { type Bench, type Figure, median, rate, time } from './support/bench.ts';

const neighbors = 20;

interface Case {
  readonly name: string;
  readonly train: Rows;
  readonly queries: Rows;
  /** scikit-learn's rows scored one by one, and its fits. */
  readonly single: number;
  readonly peerRuns: number;
  /** For rows scored a second. */
  readonly goal?: string;
}

function normal(rows: number, columns: number, random: Random): DenseRows {
  return { data: Float64Array.from({ length: rows * columns }, () => random.normal()), rows, columns };
}

/** Rows of words at length 1; the words' counts are uneven, so that distances are seldom equal. */
function words(rows: number, random: Random, draw: (random: Random) => readonly number[]): SparseRows {
  const offsets = new Uint32Array(rows + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const chosen = [...new Set(draw(random))].sort((a, b) => a - b);
    const weights = chosen.map(() => 0.5 + random.next());
    const length = Math.hypot(...weights);
    columns.push(...chosen);
    values.push(...weights.map((weight) => weight / length));
    offsets[row + 1] = columns.length;
  }
  return { offsets, columns: Uint32Array.from(columns), values: Float64Array.from(values), rows };
}

/** Eight words of a language in which few are common and most are rare. */
const phrase = (random: Random): number[] => Array.from({ length: 8 }, () => Math.floor(5000 * random.next() ** 3));

/** The words of a path: each folder has its own few names below it. */
function path(random: Random): number[] {
  let place = random.integer(4);
  const names = [place];
  for (let depth = 0; depth < 6 + random.integer(5); depth++) {
    place = (Math.imul(place, 31) + Math.floor(24 * random.next() ** 3) + 1) >>> 0;
    names.push(depth % 3 === 0 ? place % 40 : place % 4000);
  }
  return names;
}

function isSparse(rows: Rows): rows is SparseRows {
  return 'offsets' in rows;
}

function squaredDistance(a: Rows, i: number, b: Rows, j: number): number {
  if (!isSparse(a) || !isSparse(b)) {
    assert.ok(!isSparse(a) && !isSparse(b));
    let sum = 0;
    for (let c = 0; c < a.columns; c++) sum += (a.data[i * a.columns + c]! - b.data[j * b.columns + c]!) ** 2;
    return sum;
  }
  const values = new Map<number, number>();
  for (let at = a.offsets[i]!; at < a.offsets[i + 1]!; at++) values.set(a.columns[at]!, a.values[at]!);
  let sum = 0;
  for (let at = b.offsets[j]!; at < b.offsets[j + 1]!; at++) {
    sum += ((values.get(b.columns[at]!) ?? 0) - b.values[at]!) ** 2;
    values.delete(b.columns[at]!);
  }
  for (const value of values.values()) sum += value ** 2;
  return sum;
}

/** The distances to the neighbours of some queries, against comparing with every row. */
function checkNeighbors({ name, train, queries }: Case, model: LocalOutlierFactor): void {
  for (let row = 0; row < 30; row++) {
    const all = Float64Array.from({ length: train.rows }, (_, other) => squaredDistance(queries, row, train, other));
    const found = model.neighbors(queries, row);
    const expected = all.slice().sort().subarray(0, neighbors);
    for (const [place, given] of found.rows.entries()) {
      assert.ok(
        Math.abs(found.distances[place]! ** 2 - expected[place]!) < 1e-9,
        `${name}: query ${row}, place ${place}`,
      );
      assert.ok(Math.abs(all[given]! - expected[place]!) < 1e-9, `${name}: query ${row}, place ${place}`);
    }
  }
}

interface Peer {
  readonly version: string;
  readonly fit: readonly number[];
  readonly single: readonly number[];
  readonly training: Float64Array;
  readonly novelty: Float64Array;
}

function askPeer({ train, queries, single, peerRuns }: Case): Peer {
  const folder = mkdtempSync(join(tmpdir(), 'scops-bench-'));
  try {
    const shapes = Object.entries({ train, queries }).map(([name, rows]) => {
      const arrays = isSparse(rows)
        ? { offsets: rows.offsets, columns: rows.columns, values: rows.values }
        : { data: rows.data };
      for (const [part, array] of Object.entries(arrays)) writeFileSync(join(folder, `${name}.${part}`), array);
      return [name, isSparse(rows) ? { rows: rows.rows } : { rows: rows.rows, columns: rows.columns }] as const;
    });
    const plan = { ...Object.fromEntries(shapes), neighbors, single, runs: peerRuns, width: 5000 };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...plan, jobs: availableParallelism() }));
    const script = join(import.meta.dirname, 'peers/lof.py');
    const { status, stdout, stderr } = spawnSync('python3', ['-W', 'ignore', script, folder], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const numbers = (name: string): Float64Array => {
      const bytes = readFileSync(join(folder, name));
      return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)).map(
        (value) => -value,
      );
    };
    return { ...JSON.parse(stdout), training: numbers('training'), novelty: numbers('novelty') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const largestDifference = (actual: Float64Array, expected: Float64Array): number =>
  actual.reduce((largest, value, i) => Math.max(largest, Math.abs(value / expected[i]! - 1)), 0);

async function measure(one: Case, hasPeer: boolean, report: (figure: Figure) => void): Promise<void> {
  const { name, train, queries, goal } = one;
  const options = { neighbors, duplicates: 'keep' as const };
  const model = fitLocalOutlierFactor(train, options);
  checkNeighbors(one, model);
  const scores = new Float64Array(queries.rows);
  const scoreAll = (): void => {
    for (let row = 0; row < queries.rows; row++) scores[row] = model.scoreRow(queries, row);
  };
  const fit = await time(() => fitLocalOutlierFactor(train, options), 3);
  const scored = rate(await time(scoreAll), queries.rows);

  const peer = hasPeer ? askPeer(one) : undefined;
  const program = peer === undefined ? 'scikit-learn' : `scikit-learn ${peer.version}`;
  const peerFit = peer === undefined ? null : median(peer.fit).value * 1000;
  const peerRate = peer === undefined ? null : 1 / median(peer.single).value;
  report({
    case: `${name}, fit`,
    metric: 'time',
    ...fit,
    unit: 'ms',
    peer: `${program} on ${availableParallelism()} cores`,
    peerValue: peerFit,
  });
  report({
    case: `${name}, scored one by one`,
    metric: 'speed',
    ...scored,
    unit: 'rows/s',
    peer: program,
    peerValue: peerRate,
    ...(goal === undefined ? {} : { goal }),
  });
  if (peer === undefined || peerFit === null || peerRate === null) return;
  const difference = Math.max(
    largestDifference(model.trainingScores(), peer.training),
    largestDifference(scores, peer.novelty),
  );
  assert.ok(difference < 1e-9, `${name}: scores differ from scikit-learn's by ${difference}`);
  report({ case: `${name}, fit`, metric: 'times faster', value: peerFit / fit.value, unit: '' });
  report({ case: `${name}, scored one by one`, metric: 'times faster', value: scored.value / peerRate, unit: '' });
  report({ case: name, metric: 'largest relative difference', value: difference, unit: '', goal: '<= 1e-9' });
}

export const bench: Bench = {
  summary: `local outlier factor with ${neighbors} neighbours: fitting, and scoring rows one by one, on one core`,
  run: async ({ seed, report, note }) => {
    const random = createRandom(seed);
    const dense = (name: string, rows: number, columns: number, peerRuns: number): Case => ({
      name: `dense ${name}`,
      train: normal(rows, columns, random),
      queries: normal(2000, columns, random),
      single: 200,
      peerRuns,
    });
    const sparse = (name: string, rows: number, draw: (random: Random) => readonly number[]): Case => ({
      name: `sparse ${name}`,
      train: words(rows, random, draw),
      queries: words(5000, random, draw),
      single: 50,
      peerRuns: 1,
      goal: '>= 20000',
    });
    const hasPeer = spawnSync('python3', ['-c', 'import sklearn']).status === 0;
    if (!hasPeer) note('There is no python3 with scikit-learn on the path: nothing to compare with.');
    for (const one of [
      dense('2k × 8', 2000, 8, 3),
      dense('20k × 6', 20_000, 6, 3),
      dense('100k × 6', 100_000, 6, 1),
      dense('5k × 64', 5000, 64, 3),
      sparse('10k phrases', 10_000, phrase),
      sparse('10k paths', 10_000, path),
    ]) {
      await measure(one, hasPeer, report);
    }
  },
};
