export { discriminatorAuc } from './discriminator.ts';
export { type Hyperparameters, ranges, tutorial } from './hyperparameters.ts';
export { IpInsights, type IpInsightsState } from './model.ts';
export { type Pairs, type Progress, Trainer, type TrainingPairs } from './trainer.ts';
