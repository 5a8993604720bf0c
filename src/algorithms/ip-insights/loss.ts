import type { Encoder } from './encoder.ts';
import { negligible } from './kernels/adam.ts';

/** Sums over samples: of the loss in nats, and of those told rightly. */
export interface Told {
  loss: number;
  right: number;
  samples: number;
}

/**
 * The dot products of an encoder's block to gradients of the logistic loss, times `scale`. The first of `group` samples
 * is real, the others are made up.
 */
export function judge(encoder: Encoder, samples: number, group: number, scale: number, told: Told): void {
  const { values, slots, constants, constantGradients, rowBytes } = encoder;
  let [loss, right] = [0, 0];
  for (let sample = 0; sample < samples; sample++) {
    const slot = slots[sample]! / rowBytes;
    const odds = values[sample]! + constants[slot]!;
    const real = sample % group === 0;
    const wrong = Math.exp(-Math.abs(odds));
    loss += Math.log1p(wrong) + (odds > 0 === real ? 0 : Math.abs(odds));
    if (odds > 0 === real) right++;
    const gradient = ((odds > 0 ? 1 : wrong) / (1 + wrong) - (real ? 1 : 0)) * scale;
    values[sample] = Math.abs(gradient) > negligible ? gradient : 0;
    constantGradients[slot]! += values[sample]!;
  }
  told.loss += loss;
  told.right += right;
  told.samples += samples;
}
