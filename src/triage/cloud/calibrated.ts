import { conformalPValue } from '../../algorithms/index.ts';

/** Of so many findings, one is taken to be an intruder's before anything is known of it. */
export const oneIn = 10;

export interface Calibrated {
  /** The share of ordinary days of actors at least this strange; absent when there are none to compare with. */
  readonly pValue?: number;
  /** Of 0 to 1. See `calibrate`. */
  readonly probability: number;
}

/**
 * What a score comes to as a probability that it was not the actor: odds of 1 to 9 before, multiplied by each part's
 * likelihood ratio. A model's nats are seldom calibrated, so behaviour speaks against the actor no louder than ordinary
 * days allow: at most -ln(-e p ln p) nats, the most that a p-value can say (Sellke, Bayarri and Berger 2001,
 * doi:10.1198/000313001300339950), and nothing where p is above 1/e.
 *
 * It is good for comparing and for a first cut. It is no measured frequency: the odds before are assumed, and the parts
 * are treated as independent, which they are not quite.
 *
 * @param behaviour The part of the score that rests on the model, in nats; undefined when it had nothing to judge.
 * @param others The other parts together, in nats.
 * @param ordinary Values of ordinary days of actors, ascending.
 */
export function calibrate(behaviour: number | undefined, others: number, ordinary: Float64Array): Calibrated {
  const odds = -Math.log(oneIn - 1);
  if (behaviour === undefined) return { probability: logistic(odds + others) };
  if (ordinary.length === 0) return { probability: logistic(odds + Math.min(behaviour, 0) + others) };
  const pValue = conformalPValue(ordinary, behaviour);
  const most = pValue < 1 / Math.E ? -Math.log(-Math.E * pValue * Math.log(pValue)) : 0;
  return { pValue, probability: logistic(odds + Math.min(behaviour, most) + others) };
}

const logistic = (nats: number): number => 1 / (1 + Math.exp(-nats));
