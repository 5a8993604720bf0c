import type { DenseRows, Random, SparseRows } from '../../src/algorithms/index.ts';
import { hashTokens } from '../../src/text/hashing.ts';
import { words } from '../../src/text/tokens.ts';

/** A round cloud. */
export function normal(rows: number, columns: number, random: Random): DenseRows {
  return { data: Float64Array.from({ length: rows * columns }, () => random.normal()), rows, columns };
}

/** Eight words of a language in which few are common and most are rare, unevenly weighted: distances are seldom equal. */
export function phrases(rows: number, random: Random): SparseRows {
  return sparse(
    Array.from({ length: rows }, () => {
      const drawn = Array.from({ length: 8 }, () => Math.floor(5000 * random.next() ** 3));
      const columns = [...new Set(drawn)].sort((a, b) => a - b);
      const weights = columns.map(() => 0.5 + random.next());
      const length = Math.hypot(...weights);
      return { columns, values: weights.map((weight) => weight / length) };
    }),
  );
}

/** Texts as scikit-learn's `HashingVectorizer(n_features=2**20)` has them. */
export const hashed = (texts: readonly string[]): SparseRows => sparse(texts.map((text) => hashTokens(words(text))));

interface Row {
  readonly columns: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

function sparse(list: readonly Row[]): SparseRows {
  const offsets = new Uint32Array(list.length + 1);
  for (const [row, { columns }] of list.entries()) offsets[row + 1] = (offsets[row] as number) + columns.length;
  const entries = offsets[list.length] as number;
  const [columns, values] = [new Uint32Array(entries), new Float64Array(entries)];
  for (const [row, given] of list.entries()) {
    columns.set(given.columns, offsets[row]);
    values.set(given.values, offsets[row]);
  }
  return { offsets, columns, values, rows: list.length };
}
