import * as v from 'valibot';
import { type Hyperparameters, type Progress, ranges, tutorial } from '../algorithms/ip-insights/index.ts';
import { type Context, type Detector, defineDetector, type Event, type Model, ScopsError } from '../event/index.ts';
import { decodeModelFile } from '../io/model-file.ts';
import { fitPairs, Pairs } from './ip-insights/fit.ts';
import { IpInsightsModel } from './ip-insights/model.ts';
import { kinds, pairOf } from './ip-insights/pair.ts';
import { fittedFrom, savedHeader } from './ip-insights/store.ts';

const amount = (name: keyof Hyperparameters, fallback: number, description: string) =>
  v.optional(
    v.pipe(v.number(), v.minValue(ranges[name][0]), v.maxValue(ranges[name][1]), v.description(description)),
    fallback,
  );
const count = (name: keyof Hyperparameters, fallback: number, description: string) =>
  v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(ranges[name][0]),
      v.maxValue(ranges[name][1]),
      v.description(description),
    ),
    fallback,
  );

const options = v.strictObject({
  numEntityVectors: count(
    'numEntityVectors',
    100_000,
    "Rows of the table of entities; those met most often have one (Amazon's num_entity_vectors).",
  ),
  vectorDim: count('vectorDim', tutorial.vectorDim, "Length of a vector (Amazon's vector_dim)."),
  epochs: count('epochs', 10, "How often every pair is learnt from (Amazon's epochs)."),
  learningRate: amount('learningRate', tutorial.learningRate, "Adam's step (Amazon's learning_rate)."),
  miniBatchSize: count(
    'miniBatchSize',
    tutorial.miniBatchSize,
    "Pairs of a step, those made up included (Amazon's mini_batch_size).",
  ),
  numIpEncoderLayers: count(
    'numIpEncoderLayers',
    tutorial.numIpEncoderLayers,
    "Hidden layers of the encoder of addresses (Amazon's num_ip_encoder_layers).",
  ),
  randomNegativeSamplingRate: count(
    'randomNegativeSamplingRate',
    tutorial.randomNegativeSamplingRate,
    "Pairs made up for each real one with a random address (Amazon's random_negative_sampling_rate).",
  ),
  shuffledNegativeSamplingRate: count(
    'shuffledNegativeSamplingRate',
    tutorial.shuffledNegativeSamplingRate,
    "Pairs made up for each real one with another's entity (Amazon's shuffled_negative_sampling_rate).",
  ),
  weightDecay: amount('weightDecay', tutorial.weightDecay, "L2 penalty (Amazon's weight_decay)."),
  finalLearningRate: amount(
    'finalLearningRate',
    0.01,
    'The share of the learning rate that is left at the end, to which it falls evenly; with 1 it stays, as at Amazon.',
  ),
  batchMetricsPublishInterval: count(
    'batchMetricsPublishInterval',
    tutorial.batchMetricsPublishInterval,
    "Steps between reports of progress in the log (Amazon's batch_metrics_publish_interval).",
  ),
  entities: v.optional(
    v.pipe(
      v.picklist(['exact', 'hashed']),
      v.description(
        "With 'hashed', entities share rows by a hash and unknown ones get some row's score, as at Amazon. Otherwise unknown ones are called unknown and score 0.",
      ),
    ),
    'exact',
  ),
  workers: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(3),
      v.description(
        'Threads that learn at once. Beside the model two others are learnt, from half of the pairs each, for training scores; the result is the same with any number.',
      ),
    ),
    2,
  ),
  seed: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(2 ** 32 - 1),
      v.description('The same seed and events give the same model.'),
    ),
    0,
  ),
});
type Options = v.InferOutput<typeof options>;

/** Amazon SageMaker's IP Insights: a vector for each user, an encoder of addresses, and how well the two go together. */
export const ipInsights = defineDetector({
  name: 'ip-insights',
  summary: 'API calls and logins from addresses that do not go with their user, by the method of IP Insights.',
  options,
  examples: [
    'scops fit --detector ip-insights --source cloudtrail:AWSLogs --model model.scops',
    'scops fit --detector ip-insights --vector-dim 64 --epochs 20 --model model.scops auth.log',
  ],
  create: (settings, context): Detector => ({
    name: 'ip-insights',
    kinds,
    fit: (events) => fit(events, settings, context),
    load,
  }),
});

async function fit(events: AsyncIterable<Event>, options: Options, context: Context): Promise<Model> {
  const { entities, seed, workers, ...hyper } = options;
  const pairs = new Pairs();
  for await (const event of events) {
    const pair = pairOf(event);
    if (pair !== undefined) pairs.add(pair);
  }
  if (pairs.size === 0) {
    throw new ScopsError(
      'NOTHING_LEARNT',
      'No API call and no successful login with a user and an IP address to learn from.',
    );
  }
  const { epochs, learningRate, finalLearningRate, miniBatchSize, weightDecay } = hyper;
  const { randomNegativeSamplingRate, shuffledNegativeSamplingRate } = hyper;
  const settings = {
    ...{ entities, epochs, learningRate, miniBatchSize, randomNegativeSamplingRate, shuffledNegativeSamplingRate },
    ...{ weightDecay, finalLearningRate, seed },
  };
  const listener = {
    report: ({ epoch, pairs: done, of, crossEntropy, accuracy }: Progress): void => {
      const figures = `cross entropy ${crossEntropy.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`;
      context.log.debug(`ip-insights: epoch ${epoch} of ${epochs}, ${done} of ${of} pairs, ${figures}`);
    },
    progress: (done: number, total: number): void => context.progress({ bytes: done, total, unit: 'pairs' }),
    pause: () => context.sleep(0),
  };
  try {
    return new IpInsightsModel(await fitPairs(pairs, hyper, settings, workers, listener));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ScopsError('CONFIG_INVALID', `Cannot fit "ip-insights" with these options: ${cause.message}`, { cause });
  }
}

function load(bytes: Uint8Array): Model {
  const file = decodeModelFile(bytes, 'ip-insights');
  const parsed = v.safeParse(savedHeader, file.header);
  if (!parsed.success) {
    throw new ScopsError(
      'MODEL_FORMAT',
      `This model file's header is not one of "ip-insights": ${parsed.issues[0].message}.`,
    );
  }
  try {
    return new IpInsightsModel(fittedFrom(parsed.output, file.arrays));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ScopsError('MODEL_FORMAT', `The parts of this model file do not fit together: ${cause.message}`, {
      cause,
    });
  }
}
