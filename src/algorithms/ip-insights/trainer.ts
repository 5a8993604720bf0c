import { createRandom, type Random } from '../random.ts';
import { fill } from './block.ts';
import { Embeddings } from './embeddings.ts';
import { Encoder } from './encoder.ts';
import { checkHyperparameters, type Hyperparameters } from './hyperparameters.ts';
import { moments } from './kernels/adam.ts';
import { judge, type Told } from './loss.ts';
import { IpInsights } from './model.ts';
import { countPairs, type Pairs, type TrainingPairs } from './pairs.ts';
import type { Octets } from './shape.ts';

export interface Progress {
  /** From 1. */
  readonly epoch: number;
  /** Real pairs learnt from in this epoch, and how many there are. */
  readonly pairs: number;
  readonly of: number;
  /** Means since the last report: of the loss in nats, and how many pairs were told from made-up ones. */
  readonly crossEntropy: number;
  readonly accuracy: number;
}

/** Addresses in a block, so that their layers stay in the cache. */
const blockOf = 256;

/** What learns from the addresses of one family. */
interface Family {
  readonly pairs: Pairs;
  readonly encoder: Encoder;
  /** Steps of this encoder. */
  steps: number;
  readonly order: Uint32Array;
}

/**
 * Learns vectors of entities and an encoder of addresses whose dot product is the log-odds of a real pair against made-up
 * ones, as IP Insights does; Amazon has not published its encoder. IPv6 has an encoder of its own beside the same
 * vectors. The same seed gives the same numbers. Throws RangeError for hyperparameters out of range and for pairs that
 * do not fit together.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/ip-insights-howitworks.html
 */
export class Trainer {
  readonly #hyper: Hyperparameters;
  readonly #random: Random;
  readonly #embeddings: Embeddings;
  readonly #families: Family[];
  readonly #positives: number;
  readonly #counts: Uint32Array;
  /** The place of an entity's vector in the batch, -1 for none. */
  readonly #slotOf: Int32Array;
  #steps = 0;
  /** Steps of the whole training. */
  readonly #allSteps: number;
  #told: Told = { loss: 0, right: 0, samples: 0 };

  constructor(given: TrainingPairs, hyper: Hyperparameters, seed = 0) {
    checkHyperparameters(hyper);
    const { numEntityVectors, vectorDim, numIpEncoderLayers, miniBatchSize } = hyper;
    this.#hyper = hyper;
    const random = createRandom(seed);
    this.#random = random.fork('pairs');
    this.#embeddings = new Embeddings(numEntityVectors, vectorDim, random.fork('entities'));
    this.#slotOf = new Int32Array(numEntityVectors).fill(-1);
    const made = hyper.randomNegativeSamplingRate + hyper.shuffledNegativeSamplingRate;
    this.#positives = Math.max(1, Math.round(miniBatchSize / (1 + made)));
    this.#counts = new Uint32Array(numEntityVectors);
    const families: readonly (readonly [Octets, Pairs | undefined])[] = [
      [4, given.v4],
      [8, given.v6],
    ];
    this.#families = families.flatMap(([octets, pairs]) => {
      if (pairs === undefined || pairs.entities.length === 0) return [];
      countPairs(pairs, octets, this.#counts);
      const shape = { octets, dim: vectorDim, layers: numIpEncoderLayers };
      const perBlock = this.#perBlock();
      const capacity = {
        addresses: (perBlock * (1 + hyper.randomNegativeSamplingRate) + 3) & ~3,
        samples: perBlock * (1 + made),
        slots: (Math.min(this.#positives, numEntityVectors) + 3) & ~3,
      };
      const order = Uint32Array.from(pairs.entities, (_, index) => index);
      return [{ pairs, order, steps: 0, encoder: new Encoder(shape, capacity, random.fork(`encoder ${octets}`)) }];
    });
    const batches = this.#families.reduce((sum, { order }) => sum + Math.ceil(order.length / this.#positives), 0);
    this.#allSteps = hyper.epochs * batches;
  }

  /** The rate of the present step. */
  #rate(): number {
    const { learningRate, finalLearningRate } = this.#hyper;
    return learningRate * (1 - (1 - finalLearningRate) * (this.#steps / this.#allSteps));
  }

  #perBlock(): number {
    return Math.min(this.#positives, Math.max(1, Math.floor(blockOf / (1 + this.#hyper.randomNegativeSamplingRate))));
  }

  /**
   * Train, all epochs; what is yielded is for people. `onStep` hears from how many real pairs each step learnt. Throws
   * RangeError when the learning rate was too great.
   */
  *run(onStep?: (pairs: number) => void): Generator<Progress, IpInsights> {
    const { epochs, batchMetricsPublishInterval } = this.#hyper;
    const of = this.#families.reduce((sum, { order }) => sum + order.length, 0);
    for (let epoch = 1; epoch <= epochs; epoch++) {
      let pairs = 0;
      let batches = 0;
      for (const { family, from, to } of this.#batches()) {
        this.#step(family, family.order.subarray(from, to));
        pairs += to - from;
        onStep?.(to - from);
        if (++batches % batchMetricsPublishInterval === 0 || pairs === of) yield this.#progress(epoch, pairs, of);
      }
    }
    return this.model();
  }

  /** What is learnt so far; does not change when training goes on. */
  model(): IpInsights {
    const { vectorDim, numIpEncoderLayers } = this.#hyper;
    return new IpInsights({
      dim: vectorDim,
      layers: numIpEncoderLayers,
      counts: this.#counts.slice(),
      entities: this.#embeddings.vectors.slice(),
      encoders: this.#families.map(({ encoder }) => ({
        octets: encoder.shape.octets,
        weights: encoder.weights.slice(),
      })),
    });
  }

  #progress(epoch: number, pairs: number, of: number): Progress {
    const { loss, right, samples } = this.#told;
    if (!Number.isFinite(loss)) throw new RangeError(`Learning with rate ${this.#hyper.learningRate} went astray.`);
    this.#told = { loss: 0, right: 0, samples: 0 };
    return { epoch, pairs, of, crossEntropy: loss / samples, accuracy: right / samples };
  }

  /** The batches of an epoch, those of both families in random order. */
  #batches(): { readonly family: Family; readonly from: number; readonly to: number }[] {
    const batches = this.#families.flatMap((family) => {
      shuffle(family.order, this.#random);
      return Array.from({ length: Math.ceil(family.order.length / this.#positives) }, (_, index) => ({
        family,
        from: index * this.#positives,
        to: Math.min(family.order.length, (index + 1) * this.#positives),
      }));
    });
    if (this.#families.length > 1) shuffle(batches, this.#random);
    return batches;
  }

  #step(family: Family, batch: Uint32Array): void {
    const { encoder, pairs } = family;
    const { shuffledNegativeSamplingRate: shuffled, randomNegativeSamplingRate: made } = this.#hyper;
    const entities: number[] = [];
    for (const pair of batch) {
      const entity = pairs.entities[pair]!;
      if (this.#slotOf[entity] !== -1) continue;
      this.#embeddings.copy(entity, encoder.entities, entities.length);
      this.#slotOf[entity] = entities.push(entity) - 1;
    }
    encoder.prepare(entities.length);
    const others = Array.from({ length: shuffled }, () => shuffle(batch.slice(), this.#random));
    const perBlock = this.#perBlock();
    const scale = 1 / (batch.length * (1 + made + shuffled));
    for (let from = 0; from < batch.length; from += perBlock) {
      const to = Math.min(batch.length, from + perBlock);
      fill({ encoder, pairs, slotOf: this.#slotOf, made, random: this.#random }, [batch, ...others], from, to);
      const [addresses, samples] = [(to - from) * (1 + made), (to - from) * (1 + made + shuffled)];
      encoder.forward(addresses, samples);
      judge(encoder, samples, 1 + made + shuffled, scale, this.#told);
      encoder.backward(addresses, samples);
    }
    const rate = this.#rate();
    this.#steps++;
    encoder.finish(entities.length, rateAt(++family.steps, rate), this.#hyper.weightDecay);
    this.#embeddings.step(entities, encoder.entityGradients, rateAt(this.#steps, rate), this.#hyper.weightDecay);
    for (const entity of entities) this.#slotOf[entity] = -1;
  }
}

/** Adam's rate with its means' bias taken out. */
const rateAt = (step: number, rate: number): number =>
  (rate * Math.sqrt(1 - moments.square ** step)) / (1 - moments.mean ** step);

/** Fisher and Yates, in place. */
function shuffle<List extends Uint32Array | unknown[]>(list: List, random: Random): List {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const held = list[i];
    list[i] = list[j];
    list[j] = held;
  }
  return list;
}
