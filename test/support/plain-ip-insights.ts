import type { IpInsightsState } from '../../src/algorithms/ip-insights/index.ts';

/** The same model by its definition, one multiplication after the other, in 64 bits. */
export type PlainModel = IpInsightsState & { readonly octets: 4 | 8 };

const widthOf = (dim: number): number => Math.ceil(dim / 8) * 8;

export const plainEntityVector = ({ entities, dim }: PlainModel, entity: number): number[] =>
  Array.from({ length: dim }, (_, i) => entities[entity * widthOf(dim) + i]!);

/** Bits, highest first, through each layer in turn. */
export function plainVector({ dim, layers, octets, encoders }: PlainModel, words: readonly number[]): number[] {
  const { weights } = encoders.find((encoder) => encoder.octets === octets)!;
  const width = widthOf(dim);
  let values = words.flatMap((word) => Array.from({ length: 32 }, (_, bit) => (word >>> (31 - bit)) & 1));
  let at = 0;
  const bias = (): ((column: number) => number) => {
    const from = at;
    at += width;
    return (column) => weights[from + column]!;
  };
  for (let layer = 0; layer < layers; layer++) {
    const from = at;
    at += (layer === 0 ? 8 * octets : width) * width;
    const add = bias();
    const input = values;
    values = Array.from({ length: dim }, (_, column) => {
      let sum = add(column);
      for (const [row, value] of input.entries()) sum += value * weights[from + row * width + column]!;
      return Math.max(0, sum);
    });
  }
  const features = layers === 0 ? 8 * octets : width;
  const from = at;
  at += width * features;
  const add = bias();
  return Array.from({ length: dim }, (_, row) => {
    let sum = add(row);
    for (const [column, value] of values.entries()) sum += value * weights[from + row * features + column]!;
    return sum;
  });
}

export function plainScore(model: PlainModel, entity: number, words: readonly number[]): number {
  const vector = plainVector(model, words);
  return plainEntityVector(model, entity).reduce((sum, value, i) => sum + value * vector[i]!, 0);
}

/** The mean logistic loss of pairs, real and made up. */
export function plainLoss(
  model: PlainModel,
  pairs: readonly { readonly entity: number; readonly words: readonly number[]; readonly real: boolean }[],
): number {
  const losses = pairs.map(({ entity, words, real }) => {
    const score = plainScore(model, entity, words);
    return Math.log1p(Math.exp(real ? -score : score));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
