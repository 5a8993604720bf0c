import { type EncoderShape, type Layout, layoutOf, type Octets, widthOf } from './shape.ts';

/** A model as flat arrays. */
export interface IpInsightsState {
  readonly dim: number;
  readonly layers: number;
  /** Real pairs of each entity; those without any have the vector that they began with. */
  readonly counts: Uint32Array;
  readonly entities: Float32Array;
  readonly encoders: readonly { readonly octets: Octets; readonly weights: Float32Array }[];
}

/** Vectors of entities, and encoders of addresses; judges, and learns no more. */
export class IpInsights {
  readonly #state: IpInsightsState;
  readonly #views: ReadonlyMap<Octets, View>;

  /** Throws RangeError when the arrays do not fit together. */
  constructor(state: IpInsightsState) {
    const { dim, layers, counts, entities, encoders } = state;
    if (entities.length !== counts.length * widthOf(dim))
      throw new RangeError('The vectors of entities are cut short.');
    this.#state = state;
    this.#views = new Map(
      encoders.map(({ octets, weights }) => {
        const shape: EncoderShape = { octets, dim, layers };
        if (weights.length !== layoutOf(shape).size) throw new RangeError('The weights of an encoder are cut short.');
        return [octets, new View(shape, weights, entities)];
      }),
    );
  }

  /** The arrays themselves, not a copy. */
  get state(): IpInsightsState {
    return this.#state;
  }

  /** Whether addresses of this length were learnt. */
  knows(octets: Octets): boolean {
    return this.#views.has(octets);
  }

  /** Real pairs that an entity was learnt from; 0 for one that never was, whose dot products say nothing. */
  pairsOf(entity: number): number {
    return this.#state.counts[entity] ?? 0;
  }

  /**
   * Log-odds that the pair is a real one, always finite; of IPv4 one word, of IPv6 the first two. 0, so neither, for an entity that is
   * not in the table and for a family of addresses that was not learnt.
   */
  dotProduct(entity: number, high: number, low?: number): number {
    const view = this.#views.get(low === undefined ? 4 : 8);
    return view === undefined || entity < 0 || entity >= this.#state.counts.length
      ? 0
      : view.dot(entity, high, low ?? 0);
  }

  /** The same for many pairs: one word for each of IPv4, two of IPv6. */
  dotProducts(entities: Uint32Array, addresses: Uint32Array, octets: Octets = 4): Float64Array {
    const out = new Float64Array(entities.length);
    if (octets === 4) for (let i = 0; i < out.length; i++) out[i] = this.dotProduct(entities[i]!, addresses[i]!);
    else
      for (let i = 0; i < out.length; i++)
        out[i] = this.dotProduct(entities[i]!, addresses[2 * i]!, addresses[2 * i + 1]!);
    return out;
  }

  /** An entity's vector. */
  entityVector(entity: number): Float32Array {
    const { entities, dim } = this.#state;
    return entities.slice(entity * widthOf(dim), entity * widthOf(dim) + dim);
  }

  /** An address' vector; undefined for a family that was not learnt. */
  addressVector(high: number, low?: number): Float32Array | undefined {
    return this.#views.get(low === undefined ? 4 : 8)?.vector(high, low ?? 0);
  }
}

/** Many layers of great weights would go beyond what a number holds. */
const mostOdds = 1e9;

/** An encoder made ready to judge: sums of bits by octet, and entities' vectors taken back through the last layer. */
class View {
  readonly #shape: EncoderShape;
  readonly #layout: Layout;
  readonly #weights: Float32Array;
  readonly #tables: Float32Array;
  readonly #entities: Float32Array;
  readonly #constants: Float32Array;
  readonly #output: Float32Array;
  readonly #input: Float32Array;

  constructor(shape: EncoderShape, weights: Float32Array, entities: Float32Array) {
    this.#shape = shape;
    this.#layout = layoutOf(shape);
    this.#weights = weights;
    this.#tables = this.#tabulate();
    this.#output = new Float32Array(this.#layout.features);
    this.#input = new Float32Array(this.#layout.features);
    const { width, features, last, lastBias } = this.#layout;
    const count = entities.length / width;
    this.#entities = new Float32Array(count * features);
    this.#constants = new Float32Array(count);
    for (let entity = 0; entity < count; entity++) {
      const to = entity * features;
      let constant = 0;
      for (let i = 0; i < width; i++) {
        const part = entities[entity * width + i]!;
        if (part === 0) continue;
        constant += part * weights[lastBias + i]!;
        const row = last + i * features;
        for (let j = 0; j < features; j++) this.#entities[to + j]! += part * weights[row + j]!;
      }
      this.#constants[entity] = constant;
    }
  }

  /** What each value of an octet adds to the first layer; without layers, its bits. */
  #tabulate(): Float32Array {
    const { octets, layers } = this.#shape;
    const { features, first, firstBias } = this.#layout;
    const tables = new Float32Array(octets * 256 * features);
    if (layers > 0) tables.set(this.#weights.subarray(firstBias, firstBias + features));
    for (let octet = 0; octet < octets; octet++) {
      for (let value = 1; value < 256; value++) {
        const bit = 8 * octet + Math.clz32(value & -value) - 24;
        const [own, rest] = [256 * octet + value, 256 * octet + (value & (value - 1))];
        for (let i = 0; i < features; i++) {
          const added = layers > 0 ? this.#weights[first + bit * features + i]! : bit === i ? 1 : 0;
          tables[own * features + i] = tables[rest * features + i]! + added;
        }
      }
    }
    return tables;
  }

  dot(entity: number, high: number, low: number): number {
    const output = this.#encode(high, low);
    const { length } = output;
    const from = entity * length;
    let sum = this.#constants[entity]!;
    for (let i = 0; i < length; i++) sum += output[i]! * this.#entities[from + i]!;
    return Number.isNaN(sum) ? 0 : Math.max(-mostOdds, Math.min(mostOdds, sum));
  }

  vector(high: number, low: number): Float32Array {
    const output = this.#encode(high, low);
    const { features, last, lastBias } = this.#layout;
    const vector = this.#weights.slice(lastBias, lastBias + this.#shape.dim);
    for (let i = 0; i < vector.length; i++)
      for (let j = 0; j < features; j++) vector[i]! += output[j]! * this.#weights[last + i * features + j]!;
    return vector;
  }

  /** The output of the last hidden layer, in a buffer that the next call uses again. */
  #encode(high: number, low: number): Float32Array {
    const { octets, layers } = this.#shape;
    const { features, deep } = this.#layout;
    const tables = this.#tables;
    let [output, input] = [this.#output, this.#input];
    const least = layers === 0 ? Number.NEGATIVE_INFINITY : 0;
    const [a, b] = [(high >>> 24) * features, (256 + ((high >>> 16) & 255)) * features];
    const [c, d] = [(512 + ((high >>> 8) & 255)) * features, (768 + (high & 255)) * features];
    for (let i = 0; i < features; i++) output[i] = tables[a + i]! + tables[b + i]! + tables[c + i]! + tables[d + i]!;
    for (let octet = 4; octet < octets; octet++) {
      const row = (256 * octet + ((low >>> (56 - 8 * octet)) & 255)) * features;
      for (let i = 0; i < features; i++) output[i]! += tables[row + i]!;
    }
    for (let i = 0; i < features; i++) if (output[i]! < least) output[i] = 0;
    for (const { weights, bias } of deep) {
      [input, output] = [output, input];
      output.set(this.#weights.subarray(bias, bias + features));
      for (let i = 0; i < features; i++) {
        const part = input[i]!;
        if (part === 0) continue;
        const row = weights + i * features;
        for (let j = 0; j < features; j++) output[j]! += part * this.#weights[row + j]!;
      }
      for (let i = 0; i < features; i++) if (output[i]! < 0) output[i] = 0;
    }
    return output;
  }
}
