/** Checks that every component must pass; also for components written outside this repository. */
export { type Check, type DetectorSample, detectorChecks } from './detector.ts';
