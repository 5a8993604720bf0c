import { createRandom } from '../random.ts';
import type { IpInsights } from './model.ts';
import { madeUp } from './negatives.ts';
import type { Pairs } from './pairs.ts';

/** The share of pairs of a real and a false one in which the real has the greater score; equal scores count half. */
export function areaUnderRoc(real: Float64Array, false_: Float64Array): number {
  const [up, down] = [real.toSorted(), false_.toSorted()];
  let [below, equal, area] = [0, 0, 0];
  for (const score of up) {
    while (below < down.length && down[below]! < score) below++;
    equal = Math.max(equal, below);
    while (equal < down.length && down[equal]! === score) equal++;
    area += below + (equal - below) / 2;
  }
  return area / (up.length * down.length);
}

/**
 * `validation:discriminator_auc` of Amazon's IP Insights: how well the dot products tell held-back real pairs of IPv4
 * from one random address for each of their entities.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/ip-insights-tuning.html
 */
export function discriminatorAuc(model: IpInsights, { entities, addresses }: Pairs, seed = 0): number {
  const random = createRandom(seed).fork('discriminator');
  const octets = new Uint8Array(4);
  const drawn = Uint32Array.from(entities, () => {
    madeUp(4, random, octets, 0);
    return new DataView(octets.buffer).getUint32(0);
  });
  return areaUnderRoc(model.dotProducts(entities, addresses), model.dotProducts(entities, drawn));
}
