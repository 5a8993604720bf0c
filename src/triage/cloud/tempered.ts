import type { Reason, Score } from '../../event/index.ts';
import { natsOf } from './nats.ts';

/** In nats: what one aspect of a call can say against its actor at most. */
const most = 5;

/**
 * A model's score with each reason against the actor bounded softly: a nats become -ln(e^-a + e^-5). However unlike the
 * past an aspect is, once in some 150 times something harmless is behind it that no past foretells: a journey, a new tool,
 * a new duty. An intruder seldom differs in one aspect alone, so several that are strange outweigh one that is very strange.
 */
export function tempered(score: Score): Score {
  let value = score.value;
  const reasons = score.reasons.map((reason): Reason => {
    const nats = natsOf(reason);
    if (nats <= 0) return reason;
    const bounded = -Math.log(Math.exp(-nats) + Math.exp(-most)) + Math.log(1 + Math.exp(-most));
    value -= nats - bounded;
    return { ...reason, evidence: { ...reason.evidence, nats: bounded } };
  });
  return { ...score, value, reasons };
}
