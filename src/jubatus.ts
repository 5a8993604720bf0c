/** Jubatus' anomaly detection as a library: its configuration, its converter, its service, without a server. */
export type { JubatusConfig } from './detectors/jubatus-lof/config.ts';
export type { Datum } from './detectors/jubatus-lof/converter/converter.ts';
export { type IdWithScore, JubatusAnomaly, type JubatusOptions } from './detectors/jubatus-lof/jubatus-anomaly.ts';
