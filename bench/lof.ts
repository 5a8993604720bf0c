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
import type { Bench } from './run.ts';

const seed = 1;
const neighbors = 20;
const runs = 5;

interface Case {
  readonly name: string;
  readonly train: Rows;
  readonly queries: Rows;
  /** scikit-learn's rows scored one by one, and its fits. */
  readonly single: number;
  readonly peerRuns: number;
}

function normal(rows: number, columns: number, random: Random, spread = 1): DenseRows {
  return { data: Float64Array.from({ length: rows * columns }, () => spread * random.normal()), rows, columns };
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

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1]!;
const round = (value: number): number => Number(value.toPrecision(3));

function measure(one: Case, hasPeer: boolean, note: (text: string) => void): Record<string, unknown>[] {
  const { name, train, queries } = one;
  const options = { neighbors, duplicates: 'keep' as const };
  checkNeighbors(one, fitLocalOutlierFactor(train, options));
  const fits: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    fitLocalOutlierFactor(train, options);
    fits.push((performance.now() - began) / 1000);
  }
  const model = fitLocalOutlierFactor(train, options);
  const scores = new Float64Array(queries.rows);
  const rates: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    for (let row = 0; row < queries.rows; row++) scores[row] = model.scoreRow(queries, row);
    rates.push(queries.rows / ((performance.now() - began) / 1000));
  }
  const peer = hasPeer ? askPeer(one) : undefined;
  const peerFit = peer === undefined ? null : median(peer.fit);
  const peerRate = peer === undefined ? null : 1 / median(peer.single);
  const times = (ratio: number | null): number | null => (ratio === null ? null : round(ratio));
  const peerName = peer === undefined ? null : `scikit-learn ${peer.version}`;
  note(`${name}: fit ${round(median(fits))} s, ${Math.round(median(rates))} scores/s`);
  const rows: Record<string, unknown>[] = [
    {
      case: `${name}, fit`,
      value: round(median(fits)),
      unit: 's',
      spread: `${round(sorted(fits)[0]!)}–${round(sorted(fits).at(-1)!)}`,
      peer: peerName,
      peerValue: peerFit === null ? null : round(peerFit),
      timesFaster: times(peerFit === null ? null : peerFit / median(fits)),
    },
    {
      case: `${name}, scored one by one`,
      value: Math.round(median(rates)),
      unit: 'rows/s',
      spread: `${Math.round(sorted(rates)[0]!)}–${Math.round(sorted(rates).at(-1)!)}`,
      peer: peerName,
      peerValue: peerRate === null ? null : round(peerRate),
      timesFaster: times(peerRate === null ? null : median(rates) / peerRate),
    },
  ];
  if (peer !== undefined) {
    const difference = Math.max(
      largestDifference(model.trainingScores(), peer.training),
      largestDifference(scores, peer.novelty),
    );
    assert.ok(difference < 1e-9, `${name}: scores differ from scikit-learn's by ${difference}`);
    rows.push({ case: `${name}, largest relative difference`, value: difference, unit: '', peer: peerName });
  }
  return rows;
}

export const bench: Bench = {
  summary: 'local outlier factor with 20 neighbours: fitting, and scoring rows one by one, on one core',
  run: async ({ note }) => {
    const random = createRandom(seed);
    const cases: Case[] = [
      {
        name: 'dense 10k × 8',
        train: normal(10_000, 8, random),
        queries: normal(2000, 8, random),
        single: 200,
        peerRuns: 3,
      },
      {
        name: 'dense 100k × 6',
        train: normal(100_000, 6, random),
        queries: normal(2000, 6, random),
        single: 200,
        peerRuns: 1,
      },
      {
        name: 'dense 5k × 64',
        train: normal(5000, 64, random),
        queries: normal(1000, 64, random),
        single: 200,
        peerRuns: 3,
      },
      {
        name: 'sparse 10k phrases',
        train: words(10_000, random, phrase),
        queries: words(5000, random, phrase),
        single: 50,
        peerRuns: 1,
      },
      {
        name: 'sparse 20k paths',
        train: words(20_000, random, path),
        queries: words(5000, random, path),
        single: 50,
        peerRuns: 1,
      },
    ];
    const hasPeer = spawnSync('python3', ['-c', 'import sklearn']).status === 0;
    if (!hasPeer) note('python3 with scikit-learn is not there: no comparison.');
    return {
      seed,
      runs,
      neighbors,
      peerCores: availableParallelism(),
      rows: cases.flatMap((one) => measure(one, hasPeer, note)),
    };
  },
};
