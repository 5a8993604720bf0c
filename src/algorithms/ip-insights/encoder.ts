import type { Random } from '../random.ts';
import { type Capacity, encoderMemory, randomWeights } from './encoder-memory.ts';
import type { Kernels } from './kernels.ts';
import { floatBytes, type Matrix, matrix, offset, transpose, transposed } from './matrix.ts';
import { type EncoderShape, type Layout, layoutOf } from './shape.ts';

/**
 * The encoder of addresses while it learns. Its last layer is linear, so a pair's dot product is also that of the last
 * hidden layer's output with the entity's vector taken back through the last layer. That is done once for an entity of a
 * batch instead of once for each address: the same numbers for a fifth of the work.
 */
export class Encoder {
  readonly shape: EncoderShape;
  readonly #layout: Layout;
  readonly #kernels: Kernels;
  readonly #floats: ReturnType<typeof encoderMemory>['floats'];
  readonly #block: number;
  /** The octets of a block's addresses. */
  readonly octets: Uint8Array;
  /** Of each sample of a block: where its address' and its entity's rows begin, in bytes. */
  readonly rows: Uint32Array;
  readonly slots: Uint32Array;

  constructor(shape: EncoderShape, capacity: Capacity, random: Random) {
    this.shape = shape;
    this.#layout = layoutOf(shape);
    const { kernels, floats } = encoderMemory(shape, this.#layout, capacity);
    this.#kernels = kernels;
    this.#floats = floats;
    this.#block = capacity.addresses * this.#layout.features;
    const { buffer } = floats.octets;
    this.octets = new Uint8Array(buffer, floats.octets.byteOffset, capacity.addresses * shape.octets);
    this.rows = new Uint32Array(buffer, floats.rows.byteOffset, capacity.samples);
    this.slots = new Uint32Array(buffer, floats.slots.byteOffset, capacity.samples);
    randomWeights(this.weights, shape, this.#layout, random);
  }

  get weights(): Float32Array {
    return this.#floats.weights;
  }

  /** Vectors of the entities of a batch, `width` floats each. */
  get entities(): Float32Array {
    return this.#floats.entities;
  }

  get entityGradients(): Float32Array {
    return this.#floats.entityGradients;
  }

  /** The part of an entity's dot products that no address changes, and its gradient. */
  get constants(): Float32Array {
    return this.#floats.constants;
  }

  get constantGradients(): Float32Array {
    return this.#floats.constantGradients;
  }

  /** The dot products of a block's samples; put their gradients in their place. */
  get values(): Float32Array {
    return this.#floats.values;
  }

  /** Bytes from one address' row to the next, and from one entity's slot to the next. */
  get rowBytes(): number {
    return floatBytes * this.#layout.features;
  }

  /** Before the blocks of a batch, when the vectors of its entities are in place. */
  prepare(entities: number): void {
    const { octets, layers } = this.shape;
    const { width, features, first, firstBias, deep, last, lastBias } = this.#layout;
    const { weights, tables, flipped, projected, projectedGradients, constants, constantGradients } = this.#floats;
    if (layers > 0) {
      tables.set(weights.subarray(firstBias, firstBias + width));
      for (let octet = 0; octet < octets; octet++) {
        const bits = weights.byteOffset + floatBytes * (first + octet * 8 * width);
        this.#kernels.tabulate(bits, tables.byteOffset + floatBytes * octet * 256 * width, width);
      }
    }
    transpose(weights, last, width, features, flipped, 0);
    for (const [index, { weights: from }] of deep.entries())
      transpose(weights, from, width, width, flipped, features * width + index * width * width);
    const size = padTo4(entities);
    this.entities.fill(0, entities * width, size * width);
    projected.fill(0, 0, size * features);
    projectedGradients.fill(0, 0, size * features);
    this.#multiply(
      matrix(this.entities, width),
      matrix(weights, features, last),
      matrix(projected, features),
      size,
      width,
      features,
    );
    for (let slot = 0; slot < entities; slot++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += this.entities[slot * width + i]! * weights[lastBias + i]!;
      constants[slot] = sum;
      constantGradients[slot] = 0;
    }
  }

  /** The dot products of a block's samples, without the entities' constants, to `values`. */
  forward(addresses: number, samples: number): void {
    const { octets, layers } = this.shape;
    const { width, features, deep } = this.#layout;
    const { tables, outputs, weights, projected, values } = this.#floats;
    if (layers === 0) spell(this.octets, addresses * octets, outputs);
    else this.#kernels.encode(tables.byteOffset, this.octets.byteOffset, addresses, outputs.byteOffset, width);
    for (const [index, layer] of deep.entries()) {
      const [from, to] = [index * this.#block, (index + 1) * this.#block];
      const size = padTo4(addresses);
      outputs.fill(0, to, to + size * width);
      this.#multiply(
        matrix(outputs, width, from),
        matrix(weights, width, layer.weights),
        matrix(outputs, width, to),
        size,
        width,
        width,
      );
      this.#kernels.rectify(offset(outputs, to), offset(weights, layer.bias), addresses, width);
    }
    const output = offset(outputs, deep.length * this.#block);
    const [rows, slots] = [this.rows.byteOffset, this.slots.byteOffset];
    this.#kernels.dots(samples, rows, slots, output, projected.byteOffset, values.byteOffset, features);
  }

  /** Take the gradients in `values` back to the weights, all but the last layer's. */
  backward(addresses: number, samples: number): void {
    const { layers } = this.shape;
    const { width, features, deep } = this.#layout;
    const { outputs, slopes, values, projected, projectedGradients, gradient, flipped, tableGradients } = this.#floats;
    const size = padTo4(addresses);
    const top = deep.length * this.#block;
    slopes.fill(0, 0, size * features);
    this.#kernels.spread(
      ...([samples, this.rows.byteOffset, this.slots.byteOffset, values.byteOffset] as const),
      ...([offset(outputs, top), projected.byteOffset, projectedGradients.byteOffset, slopes.byteOffset] as const),
      features,
    );
    if (layers === 0) return;
    let [slope, next] = [0, this.#block];
    for (let index = deep.length - 1; index >= 0; index--) {
      const { weights, bias } = deep[index]!;
      const [input, output] = [index * this.#block, (index + 1) * this.#block];
      this.#kernels.gate(offset(outputs, output), offset(slopes, slope), offset(gradient, bias), addresses, width);
      this.#multiply(
        transposed(outputs, width, input),
        matrix(slopes, width, slope),
        matrix(gradient, width, weights),
        width,
        addresses,
        width,
      );
      slopes.fill(0, next, next + size * width);
      const back = features * width + index * width * width;
      this.#multiply(
        matrix(slopes, width, slope),
        matrix(flipped, width, back),
        matrix(slopes, width, next),
        size,
        width,
        width,
      );
      [slope, next] = [next, slope];
    }
    const [to, octets] = [tableGradients.byteOffset, this.octets.byteOffset];
    this.#kernels.scatter(to, octets, addresses, outputs.byteOffset, offset(slopes, slope), width);
  }

  /** After the blocks of a batch: the gradients of the entities' vectors, then a step of the weights. */
  finish(entities: number, rate: number, decay: number): void {
    const { octets, layers } = this.shape;
    const { width, features, first, firstBias, last, lastBias, size } = this.#layout;
    const { weights, gradient, mean, square, tableGradients, projectedGradients, flipped } = this.#floats;
    const { entityGradients, constantGradients } = this;
    const rows = padTo4(entities);
    entityGradients.fill(0, 0, rows * width);
    this.#multiply(
      matrix(projectedGradients, features),
      matrix(flipped, width),
      matrix(entityGradients, width),
      rows,
      features,
      width,
    );
    this.#multiply(
      transposed(this.entities, width),
      matrix(projectedGradients, features),
      matrix(gradient, features, last),
      width,
      entities,
      features,
    );
    for (let slot = 0; slot < entities; slot++) {
      const slope = constantGradients[slot]!;
      for (let i = 0; i < width; i++) {
        entityGradients[slot * width + i]! += slope * weights[lastBias + i]!;
        gradient[lastBias + i]! += slope * this.entities[slot * width + i]!;
      }
    }
    if (layers > 0) {
      for (let octet = 0; octet < octets; octet++) {
        const bits = offset(gradient, first + octet * 8 * width);
        this.#kernels.collect(bits, offset(tableGradients, octet * 256 * width), width);
      }
      gradient.set(tableGradients.subarray(0, width), firstBias);
      tableGradients.fill(0);
    }
    const [g, m, v] = [gradient.byteOffset, mean.byteOffset, square.byteOffset];
    this.#kernels.adam(weights.byteOffset, g, m, v, size, rate, decay);
  }

  /** C += A·B */
  #multiply(a: Matrix, b: Matrix, c: Matrix, rows: number, inner: number, columns: number): void {
    this.#kernels.multiply(a.at, a.row, a.step, b.at, b.row, c.at, c.row, rows, inner, columns);
  }
}

const padTo4 = (count: number): number => (count + 3) & ~3;

/** Bits as floats, the highest of an octet first. */
function spell(octets: Uint8Array, count: number, bits: Float32Array): void {
  for (let i = 0; i < count; i++) for (let bit = 0; bit < 8; bit++) bits[8 * i + bit] = (octets[i]! >> (7 - bit)) & 1;
}
