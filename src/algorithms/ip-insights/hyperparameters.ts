/** Names and ranges are those of Amazon SageMaker's IP Insights. https://docs.aws.amazon.com/sagemaker/latest/dg/ip-insights-hyperparameters.html */
export interface Hyperparameters {
  /** Rows of the table of entities. */
  readonly numEntityVectors: number;
  /** Length of the vectors of entities and addresses, and width of the layers between. */
  readonly vectorDim: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Pairs of a step, those made up included. */
  readonly miniBatchSize: number;
  /** Fully connected layers with ReLU before the one that gives an address' vector. */
  readonly numIpEncoderLayers: number;
  /** Pairs made up for each real one, of its entity and a random address. */
  readonly randomNegativeSamplingRate: number;
  /** Pairs made up for each real one, of its address and the entity of another pair in the batch. */
  readonly shuffledNegativeSamplingRate: number;
  /** L2 penalty. */
  readonly weightDecay: number;
  /** The share of the learning rate that is left at the end of training, to which it falls evenly; Amazon's stays at 1. */
  readonly finalLearningRate: number;
  /** Steps between reports of progress. */
  readonly batchMetricsPublishInterval: number;
}

export const ranges: Readonly<Record<keyof Hyperparameters, readonly [least: number, greatest: number]>> = {
  numEntityVectors: [1, 250_000_000],
  vectorDim: [4, 4096],
  epochs: [1, Number.MAX_SAFE_INTEGER],
  learningRate: [1e-6, 10],
  miniBatchSize: [1, 500_000],
  numIpEncoderLayers: [0, 100],
  randomNegativeSamplingRate: [0, 500],
  shuffledNegativeSamplingRate: [0, 500],
  weightDecay: [0, 10],
  finalLearningRate: [0, 1],
  batchMetricsPublishInterval: [1, Number.MAX_SAFE_INTEGER],
};

/** Those that need not be whole. */
const fractions: ReadonlySet<string> = new Set<keyof Hyperparameters>([
  'learningRate',
  'weightDecay',
  'finalLearningRate',
]);

/** Those of Amazon's tutorial, which learn from far fewer pairs than the service's own defaults do. */
export const tutorial: Hyperparameters = {
  numEntityVectors: 20_000,
  vectorDim: 128,
  epochs: 5,
  learningRate: 0.01,
  miniBatchSize: 1000,
  numIpEncoderLayers: 1,
  randomNegativeSamplingRate: 5,
  shuffledNegativeSamplingRate: 1,
  weightDecay: 1e-5,
  finalLearningRate: 1,
  batchMetricsPublishInterval: 1000,
};

/** Throws RangeError that names what is out of its range. */
export function checkHyperparameters(given: Hyperparameters): void {
  for (const name of Object.keys(ranges) as (keyof Hyperparameters)[]) {
    const [value, [least, greatest]] = [given[name], ranges[name]];
    if (value >= least && value <= greatest && (fractions.has(name) || Number.isInteger(value))) continue;
    throw new RangeError(
      `${name} is ${value}, not ${fractions.has(name) ? '' : 'whole '}from ${least} to ${greatest}.`,
    );
  }
  const made = given.randomNegativeSamplingRate + given.shuffledNegativeSamplingRate;
  if (made < 1 || made > 500) throw new RangeError(`Made-up pairs for each real one are ${made}, not from 1 to 500.`);
}
