import { fitProjection, project, type SparseRows } from '../../algorithms/index.ts';
import type { Reason } from '../../event/index.ts';
import { type HashedRow, hashTokens } from '../../text/hashing.ts';
import { words } from '../../text/tokens.ts';
import type { Ledger } from './ledger.ts';
import { createMemo } from './memo.ts';
import type { Ranker, RankerState } from './ranker.ts';
import { Evidence } from './reasons.ts';
import { fitScikitLof, type ScikitState } from './scikit.ts';

const memoSize = 20_000;
const encode = (text: string): HashedRow => hashTokens(words(text));

/** mimizuku's score: the local outlier factor over every training row, duplicates kept. */
export function createParityRanker(ledger: Ledger, neighbors: number, saved?: RankerState): Ranker {
  const distinct = ledger.texts.map(({ text }) => encode(text));
  const lof = fitScikitLof(
    { distinct, sequence: Uint32Array.from(ledger.sequence) },
    neighbors,
    saved && restored(saved, ledger.total),
  );
  const evidence = new Evidence(ledger);
  const novelty = createMemo(memoSize, (text: string): { value: number; reasons: readonly Reason[] } => {
    const id = ledger.find(text);
    return { value: lof.factor(encode(text)), reasons: [id === undefined ? isNew : evidence.seen(id)] };
  });
  return {
    score: (sighting) => {
      const { value, reasons } = novelty(sighting.text);
      return { value, reasons: [...reasons, ...evidence.circumstances(sighting)], group: sighting.text };
    },
    trainingScores: () => lof.state.factors,
    state: { ...lof.state },
    project: (texts) => {
      const counts = ledger.texts.map(({ count }) => count);
      const rows = sparse(distinct);
      const projection = fitProjection(rows, { weights: counts });
      return {
        training: project(projection, rows),
        counts: Float64Array.from(counts),
        events: project(projection, sparse(texts.map(encode))),
      };
    },
  };
}

/** Throws RangeError when the state is not one of `total` rows. */
function restored(saved: RankerState, total: number): ScikitState {
  const array = (name: string): Float64Array => {
    const found = saved[name];
    if (found instanceof Float64Array && found.length === total) return found;
    throw new RangeError(`The state has no "${name}" of ${total} rows.`);
  };
  return { reach: array('reach'), density: array('density'), factors: array('factors') };
}

const isNew: Reason = { code: 'first-seen', text: 'Never seen in training.', evidence: { count: 0 } };

function sparse(rows: readonly HashedRow[]): SparseRows {
  const offsets = new Uint32Array(rows.length + 1);
  for (const [row, { columns }] of rows.entries()) offsets[row + 1] = (offsets[row] as number) + columns.length;
  return {
    offsets,
    columns: Uint32Array.from(rows.flatMap(({ columns }) => [...columns])),
    values: Float64Array.from(rows.flatMap(({ values }) => [...values])),
    rows: rows.length,
  };
}
