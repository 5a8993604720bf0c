import * as v from 'valibot';
import { type Anomaly, createAnomaly, type FeatureVector, loadAnomaly } from '../../algorithms/jubatus/index.ts';
import { ScopsError } from '../../event/index.ts';
import { decodeModelFile, encodeModelFile, type NumberArray } from '../../io/model-file.ts';
import type { Datum } from './converter/converter.ts';
import type { Compat } from './converter/number.ts';
import { Weights } from './converter/weights.ts';
import { Setup, savedSetup } from './setup.ts';

export interface JubatusOptions {
  /**
   * '1.1.1' is what the last release of Jubatus does, quirks included: six digits of numbers as categories, no zeros, Infinity.
   * 'fixed' is without them. @default 'fixed'
   */
  readonly compat?: Compat;
  /** Told of keys of the configuration that change nothing. */
  readonly warn?: (message: string) => void;
}

export interface IdWithScore {
  readonly id: string;
  /** About 1 is ordinary, higher is stranger; with compat '1.1.1' also Infinity. */
  readonly score: number;
}

/** What a model keeps, in the parts of a model file. */
export interface JubatusState {
  readonly header: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

const kind = 'jubatus-anomaly';
const pair = v.tuple([v.string(), v.number()]);
const stateHeader = v.object({
  next: v.number(),
  weights: v.object({
    documents: v.number(),
    frequencies: v.array(pair),
    groups: v.array(v.tuple([v.string(), v.number(), v.number()])),
    given: v.array(pair),
  }),
  anomaly: v.record(v.string(), v.unknown()),
});
const fileHeader = v.object({ config: v.unknown(), compat: v.picklist(['1.1.1', 'fixed']) });

/**
 * The anomaly service of Jubatus as an object: the same configuration, methods and scores, without a server.
 * http://jubat.us/en/api/api_anomaly.html
 *
 * @example
 * const anomaly = new JubatusAnomaly(JSON.parse(await readFile('login_analyze.json', 'utf8')));
 * const { id, score } = anomaly.add({ strings: [['user', 'alice']], nums: [['ip_int', 3232235777]] });
 */
export class JubatusAnomaly {
  readonly #setup: Setup;
  readonly #anomaly: Anomaly;
  readonly #weights: Weights;
  #next: number;

  /** `config` is parsed JSON. Throws ScopsError CONFIG_INVALID, naming the key. */
  constructor(config: unknown, options: JubatusOptions = {}, state?: JubatusState) {
    this.#setup =
      config instanceof Setup ? config : new Setup(config, { ...options, compat: options.compat ?? 'fixed' });
    if (state === undefined) {
      this.#anomaly = createAnomaly(this.#setup.parameters);
      this.#weights = new Weights();
      this.#next = 0;
      return;
    }
    const read = v.safeParse(stateHeader, state.header);
    if (!read.success) throw notAModel(read.issues[0].message);
    const { next, weights, anomaly } = read.output;
    try {
      this.#anomaly = loadAnomaly(this.#setup.parameters, { header: anomaly, arrays: state.arrays });
    } catch (cause) {
      throw notAModel((cause as Error).message, cause);
    }
    this.#weights = Weights.load(weights);
    this.#next = this.#setup.compat === 'fixed' ? next : afterGreatest(this.#anomaly.ids());
  }

  get size(): number {
    return this.#anomaly.size;
  }

  /**
   * Take in a datum under the next number as its id. With `ignore_kth_same_point`, what is there k - 1 times already gets its
   * score, but no row. Throws ScopsError INPUT_INVALID for a key with `$` in it and for a number that is none.
   */
  add(datum: Datum): IdWithScore {
    const id = String(this.#next++);
    return { id, score: this.#isLight ? this.#overwrite(id, datum) : this.#update(id, datum) };
  }

  /**
   * As `add`, without the scores, and what was there before brought up to date once for all; the ids of those that became
   * rows. Throws for the whole where it would for one datum.
   */
  addBulk(data: Iterable<Datum>): string[] {
    const given = Array.from(data, (datum) => ({ id: String(this.#next++), datum }));
    return this.#anomaly.addBulk(
      given.map(({ id, datum }) => [id, this.#setup.converter.learn(datum, this.#weights)] as const),
    );
  }

  /** Merge features into a row, or make one, and score it. Throws ScopsError USAGE for light_lof of 1.1.1, which cannot. */
  update(id: string, datum: Datum): number {
    this.#seen(id);
    return this.#update(id, datum);
  }

  /** Replace a row, or make one, and score it. Of 1.1.1, a row that is then refused as the k-th same point is gone. */
  overwrite(id: string, datum: Datum): number {
    this.#seen(id);
    return this.#overwrite(id, datum);
  }

  #update(id: string, datum: Datum): number {
    const vector = this.#setup.converter.learn(datum, this.#weights);
    // Jubatus, too, has counted the datum by then.
    this.#refuseLight('update');
    return this.#anomaly.update(id, vector) ? this.#anomaly.score(id) : this.#anomaly.scoreUpdated(id, vector);
  }

  #overwrite(id: string, datum: Datum): number {
    const vector = this.#setup.converter.learn(datum, this.#weights);
    return this.#anomaly.overwrite(id, vector) ? this.#anomaly.score(id) : this.#anomaly.scoreOf(vector);
  }

  /** An id that was given; with compat 'fixed' none of the next will be it. */
  #seen(id: string): void {
    if (this.#setup.compat === 'fixed') this.#next = Math.max(this.#next, afterGreatest([id]));
  }

  /** Throws ScopsError USAGE for light_lof of 1.1.1, which cannot. */
  clearRow(id: string): void {
    this.#refuseLight('clear_row');
    this.#anomaly.clearRow(id);
  }

  /** The score that a datum would have, nothing changed. */
  calcScore(datum: Datum): number {
    return this.#anomaly.scoreOf(this.#setup.converter.convert(datum, this.#weights));
  }

  /** Forget rows and weights; ids go on. */
  clear(): void {
    this.#anomaly.clear();
    this.#weights.clear();
  }

  getAllRows(): string[] {
    return this.#anomaly.ids();
  }

  /** The weight of a feature under a rule whose `global_weight` is `weight`, such as `key$term@str`; 0 where none was given. */
  setWeight(feature: string, weight: number): void {
    this.#weights.give(feature, weight);
  }

  /** The features of a datum, as `calcScore` sees them. */
  features(datum: Datum): FeatureVector {
    return this.#setup.converter.convert(datum, this.#weights);
  }

  /** The rows most like a datum, nearest first, with their features. */
  neighbors(datum: Datum, count: number): { id: string; distance: number; features: FeatureVector }[] {
    return this.#anomaly
      .neighbors(this.features(datum), count)
      .map(({ id, distance }) => ({ id, distance, features: this.#anomaly.row(id) }));
  }

  /** What the model holds, for a larger model file; `new JubatusAnomaly(config, options, state)` takes it back. */
  state(): JubatusState {
    const { header, arrays } = this.#anomaly.save();
    return { header: { next: this.#next, weights: this.#weights.save(), anomaly: header }, arrays };
  }

  /** The whole as a file of Scops; not Jubatus' own format. */
  save(): Uint8Array {
    const { header, arrays } = this.state();
    const { config, compat } = this.#setup;
    return encodeModelFile({ kind, header: { config, compat, ...header }, arrays });
  }

  /** Throws ScopsError MODEL_FORMAT for anything that `save` did not write. */
  static load(bytes: Uint8Array): JubatusAnomaly {
    const { header, arrays } = decodeModelFile(bytes, kind);
    const read = v.safeParse(fileHeader, header);
    if (!read.success) throw notAModel(read.issues[0].message);
    const { config, compat } = read.output;
    return new JubatusAnomaly(savedSetup(config, { compat }), {}, { header, arrays });
  }

  get #isLight(): boolean {
    return this.#setup.parameters.method === 'light_lof';
  }

  #refuseLight(what: string): void {
    if (!this.#isLight || this.#setup.compat === 'fixed') return;
    throw new ScopsError('USAGE', `light_lof of Jubatus 1.1.1 has no "${what}"; compat "fixed" has.`);
  }
}

const notAModel = (why: string, cause?: unknown): ScopsError =>
  new ScopsError('MODEL_FORMAT', `The parts of this Jubatus model do not fit together: ${why}.`, { cause });

/** One more than the greatest id that is a number. */
function afterGreatest(ids: readonly string[]): number {
  let next = 0;
  for (const id of ids) if (/^\d{1,15}$/.test(id)) next = Math.max(next, Number(id) + 1);
  return next;
}
