import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rows, SparseRows } from '../../src/algorithms/index.ts';
import { python } from './python.ts';

export interface PeerQuestion {
  readonly train: Rows;
  readonly queries: Rows;
  readonly neighbors: number;
  /** Numbers of the queries that are also scored one by one. */
  readonly single: readonly number[];
  /** How often it fits. */
  readonly runs: number;
}

/** What scikit-learn's LocalOutlierFactor, novelty=True, says, in our sign. */
export interface PeerAnswer {
  readonly version: string;
  /** Seconds of each fit, on every core. */
  readonly fit: readonly number[];
  /** Seconds of each of `single`. */
  readonly single: readonly number[];
  readonly training: Float64Array;
  readonly novelty: Float64Array;
}

const isSparse = (rows: Rows): rows is SparseRows => 'offsets' in rows;

/** One more than the last column that is used. */
const width = (all: readonly Rows[]): number =>
  all.filter(isSparse).reduce((most, { columns }) => columns.reduce((a, b) => Math.max(a, b + 1), most), 1);

/** Run bench/peers/lof.py. Fails when it does. */
export function askScikitLearn({ train, queries, ...question }: PeerQuestion): PeerAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'scops-bench-'));
  try {
    const shapes = Object.entries({ train, queries }).map(([name, rows]) => {
      const arrays = isSparse(rows)
        ? { offsets: rows.offsets, columns: rows.columns, values: rows.values }
        : { data: rows.data };
      for (const [part, array] of Object.entries(arrays)) writeFileSync(join(folder, `${name}.${part}`), array);
      return [name, isSparse(rows) ? { rows: rows.rows } : { rows: rows.rows, columns: rows.columns }] as const;
    });
    const plan = { ...question, ...Object.fromEntries(shapes), width: width([train, queries]) };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...plan, jobs: availableParallelism() }));
    const script = join(import.meta.dirname, '../peers/lof.py');
    const { status, stdout, stderr } = spawnSync(python, ['-W', 'ignore', script, folder], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const numbers = (name: string): Float64Array => {
      const { buffer, byteOffset, length } = readFileSync(join(folder, name));
      return new Float64Array(buffer.slice(byteOffset, byteOffset + length)).map((value) => -value);
    };
    return { ...JSON.parse(stdout), training: numbers('training'), novelty: numbers('novelty') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
