import type { Random } from '../../../algorithms/random.ts';
import type { Call } from '../call.ts';
import type { Company } from '../company.ts';

/** Objects of one bucket. */
export function loot({ buckets }: Company, random: Random): () => string {
  const bucket = random.pick(buckets);
  return () => `${bucket}/part-${random.integer(90_000)}`;
}

/** The calls of an API among others. */
export const of = (calls: readonly Call[], api: string): readonly Call[] => calls.filter((call) => call.api === api);

/** Whether it is the session of a person. */
export const isSession = (principalId: string | undefined): boolean => principalId?.includes('@') === true;
