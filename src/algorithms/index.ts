export { type ConformalThreshold, conformalPValue, conformalThreshold } from './conformal.ts';
export type { DenseAlgorithm } from './dense-index.ts';
export {
  fitLocalOutlierFactor,
  type LocalOutlierFactor,
  type LofOptions,
  type LofState,
  localOutlierFactorFrom,
  type Neighbors,
} from './lof.ts';
export type { Metric } from './neighbor-index.ts';
export { fitProjection, type Projection, type ProjectionOptions, project } from './projection.ts';
export { quantile, weightedQuantile } from './quantile.ts';
export { createRandom, type Random } from './random.ts';
export { type DenseRows, type Rows, type SparseRows, type UniqueRows, uniqueRows } from './rows.ts';
