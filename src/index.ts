/** Scops as a library: fit and load models, and the contracts to write sources, detectors and sinks of your own. */
export * from './event/index.ts';
export {
  type FitOptions,
  fit,
  type Input,
  type LimitOptions,
  load,
  type ScopsModel,
  type ScoreOptions,
} from './pipeline/api.ts';
export type { RunSummary } from './pipeline/run.ts';
export { signBody, verifySignature } from './text/signature.ts';
export { wazuhLocalfile, wazuhRules } from './text/wazuh-rules.ts';
export type { Judgement } from './triage/judge.ts';
