import type { Random } from '../random.ts';
import { createKernels } from './kernels.ts';
import { floatBytes } from './matrix.ts';
import type { EncoderShape, Layout } from './shape.ts';

export interface Capacity {
  /** Addresses that go through the layers at once; a multiple of 4. */
  readonly addresses: number;
  /** Pairs of them. */
  readonly samples: number;
  /** Entities of a batch; a multiple of 4. */
  readonly slots: number;
}

/** The kernels of an encoder, with all that it works on in their memory. */
export function encoderMemory(
  { octets, layers }: EncoderShape,
  { width, features, deep, size }: Layout,
  { addresses, samples, slots }: Capacity,
) {
  const table = layers === 0 ? 0 : octets * 256 * width;
  return createKernels(octets, {
    weights: size,
    gradient: size,
    mean: size,
    square: size,
    tables: table,
    tableGradients: table,
    flipped: features * width + deep.length * width * width,
    entities: slots * width,
    entityGradients: slots * width,
    constants: slots,
    constantGradients: slots,
    projected: slots * features,
    projectedGradients: slots * features,
    rows: samples,
    slots: samples,
    values: samples,
    octets: addresses * (octets / floatBytes),
    outputs: (deep.length + 1) * addresses * features,
    slopes: 2 * addresses * features,
  });
}

/** Glorot and Bengio (2010): uniform, by the number of ins and outs. */
export function randomWeights(
  to: Float32Array,
  { octets, dim, layers }: EncoderShape,
  { width, features, first, deep, last }: Layout,
  random: Random,
): void {
  const bits = 8 * octets;
  const fill = (from: number, rows: number, columns: number, row: number): void => {
    const most = Math.sqrt(6 / (rows + columns));
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) to[from + i * row + j] = most * (2 * random.next() - 1);
  };
  if (layers > 0) fill(first, bits, dim, width);
  for (const { weights } of deep) fill(weights, dim, dim, width);
  fill(last, dim, layers === 0 ? bits : dim, features);
}
