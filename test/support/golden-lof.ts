import { readFileSync } from 'node:fs';
import type { Metric, Rows, SparseRows } from '../../src/algorithms/index.ts';

type PlainRows =
  | { readonly data: number[]; readonly rows: number; readonly columns: number }
  | { readonly offsets: number[]; readonly columns: number[]; readonly values: number[]; readonly rows: number };

interface Case {
  readonly name: string;
  readonly metric: Metric;
  readonly neighbors: number;
  readonly train: Rows;
  readonly queries: Rows;
  readonly training: readonly number[];
  readonly novelty: readonly number[];
  readonly contaminations: readonly (number | 'auto')[];
  readonly thresholds: readonly number[];
}

interface Golden {
  readonly cases: readonly Case[];
  readonly quantiles: {
    readonly values: readonly number[];
    readonly shares: readonly number[];
    readonly expected: readonly number[];
  };
  readonly projection: {
    readonly rows: SparseRows;
    readonly columns: readonly number[];
    readonly axes: readonly number[];
  };
}

function revive(rows: PlainRows): Rows {
  if ('data' in rows) return { ...rows, data: Float64Array.from(rows.data) };
  return {
    offsets: Uint32Array.from(rows.offsets),
    columns: Uint32Array.from(rows.columns),
    values: Float64Array.from(rows.values),
    rows: rows.rows,
  };
}

/** What scikit-learn and numpy said; made by scripts/golden/lof.py. */
export const golden = JSON.parse(
  readFileSync(new URL('../golden/lof-sklearn.json', import.meta.url), 'utf8'),
  (key, value) => (['train', 'queries', 'rows'].includes(key) && typeof value === 'object' ? revive(value) : value),
) as Golden;
