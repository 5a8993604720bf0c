import { ExhaustiveIndex } from './exhaustive-index.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import type { LofParameters } from './parameters.ts';
import { RowTable } from './rows.ts';
import type { Space } from './space.ts';
import { type SparseDistance, SparseSpace } from './sparse-space.ts';

export function createIndex(parameters: LofParameters): { table: RowTable; index: NeighborIndex } {
  const { engine, method, compat } = parameters;
  const isLight = method === 'light_lof';
  const newestFirst = compat === '1.1.1' && !isLight;
  const table = new RowTable(newestFirst);
  let distance: SparseDistance = 'euclid';
  if (engine.method === 'inverted_index_euclid' && engine.ignoreOrthogonal) distance = 'orthogonal';
  if (engine.method === 'inverted_index') distance = 'cosine';
  const space: Space = new SparseSpace(distance);
  const k = parameters.nearestNeighborNum;
  const slack = parameters.unlearner ? k : 0;
  return {
    table,
    index: new ExhaustiveIndex(table, space, newestFirst, k + 1 + slack, parameters.reverseNearestNeighborNum),
  };
}
