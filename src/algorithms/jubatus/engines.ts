import { BucketIndex } from './bucket-index.ts';
import { ExhaustiveIndex } from './exhaustive-index.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import type { EngineParameters, LofParameters, SignatureEngine } from './parameters.ts';
import { RowTable, type TieOrder } from './row-table.ts';
import { ScanIndex } from './scan-index.ts';
import { SignatureSpace } from './signature-space.ts';
import type { Space } from './space.ts';
import { SparseSpace } from './sparse-space.ts';

/** The nearest_neighbor engine that is asked for by name, inside of a recommender or by light_lof. */
function signatureEngine(engine: EngineParameters, isLight: boolean): SignatureEngine | undefined {
  if (engine.method === 'nearest_neighbor_recommender') return engine.engine;
  if (!isLight) return undefined;
  if (engine.method === 'lsh' || engine.method === 'euclid_lsh') return engine;
  throw new RangeError(`light_lof takes the methods euclid_lsh and lsh, not ${engine.method}.`);
}

function exactSpace(engine: EngineParameters): Space {
  const { method } = engine.method === 'nearest_neighbor_recommender' ? engine.engine : engine;
  if (method === 'lsh') return new SparseSpace('angle');
  if (method === 'inverted_index') return new SparseSpace('cosine');
  return new SparseSpace(method === 'inverted_index_euclid' && orthogonal(engine) ? 'orthogonal' : 'euclid');
}

const orthogonal = (engine: EngineParameters): boolean =>
  engine.method === 'inverted_index_euclid' && engine.ignoreOrthogonal === true;

/** The recommenders of 1.1.1 that have candidates or ties of their own. */
function recommender(table: RowTable, engine: EngineParameters): NeighborIndex | undefined {
  switch (engine.method) {
    case 'euclid_lsh':
      return new BucketIndex(table, engine);
    case 'inverted_index':
      return new ScanIndex(
        table,
        new SparseSpace('negative-cosine'),
        'newest',
        (negative) => 1 - Math.max(-1, Math.min(1, -negative)),
      );
    case 'lsh':
      return new ScanIndex(table, new SignatureSpace(engine.hashNum ?? 64, 'angle'), 'greatest', (angle) => angle);
    default:
      return undefined;
  }
}

function tieOrder({ engine, method, compat }: LofParameters): TieOrder {
  if (compat === 'fixed') return 'newest';
  if (engine.method.startsWith('inverted_index')) return 'newest-known';
  return method === 'light_lof' || engine.method === 'nearest_neighbor_recommender' ? 'place' : 'oldest-known';
}

/** @throws RangeError when the engine is not offered. */
export function createIndex(parameters: LofParameters): { table: RowTable; index: NeighborIndex } {
  const { engine, method, compat, nearestNeighborNum: k, reverseNearestNeighborNum: widest } = parameters;
  const signature = signatureEngine(engine, method === 'light_lof');
  const table = new RowTable(tieOrder(parameters));
  const own = compat === '1.1.1' && method === 'lof' ? recommender(table, engine) : undefined;
  if (own !== undefined) return { table, index: own };
  const space =
    compat === 'fixed' || signature === undefined
      ? exactSpace(engine)
      : new SignatureSpace(signature.hashNum ?? 64, signature.method === 'lsh' ? 'angle' : 'euclid');
  const capacity = k + 1 + (parameters.unlearner === undefined ? 0 : k);
  return { table, index: new ExhaustiveIndex(table, space, table.ties.startsWith('newest'), capacity, widest) };
}
