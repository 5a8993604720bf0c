export { discriminatorAuc } from './discriminator.ts';
export { type Hyperparameters, ranges, tutorial } from './hyperparameters.ts';
export { IpInsights, type IpInsightsState } from './model.ts';
export type { Pairs, TrainingPairs } from './pairs.ts';
export { type Progress, Trainer } from './trainer.ts';
