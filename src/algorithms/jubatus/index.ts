/** Jubatus' anomaly engine, re-implemented from its documented behaviour. */
export { type Anomaly, createAnomaly, loadAnomaly } from './anomaly.ts';
export { fnv1 } from './fnv.ts';
export type {
  EngineParameters,
  FeatureVector,
  LofParameters,
  SignatureEngine,
  UnlearnerParameters,
} from './parameters.ts';
