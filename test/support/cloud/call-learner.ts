import type { Event, Learner, Reason, Score } from '../../../src/event/index.ts';

const parts = ['network', 'action', 'agent'] as const;

const valuesOf = ({ fields }: Event): Record<(typeof parts)[number], string> => ({
  network: String(fields['source.ip'] ?? fields['source.address'] ?? '').replace(/[^.:]*$/, ''),
  action: String(fields['event.action'] ?? ''),
  agent: String(fields['user_agent.original'] ?? '').split('/')[0] as string,
});

/**
 * A plain learner of calls, for tests of what stands around one: how seldom a principal used this network, action and
 * agent, in nats. Nothing is quarantined by itself.
 */
export function callLearner(): Learner & { readonly learnt: string[] } {
  const counts = new Map<string, number>();
  const learnt: string[] = [];
  const count = (key: string): number => counts.get(key) ?? 0;
  const bump = (key: string): void => void counts.set(key, count(key) + 1);
  const who = ({ fields }: Event): string => String(fields['aws.principal.id']);
  const score = (event: Event): Score => {
    const values = valuesOf(event);
    const all = count(who(event));
    const reasons = parts.flatMap((part): Reason[] => {
      if (values[part] === '') return [];
      const share = (count(`${who(event)} ${part} ${values[part]}`) + 0.1) / (all + 1);
      const nats = Math.log(0.1 / share);
      const seen = count(`${who(event)} ${part} ${values[part]}`);
      return [{ code: part, text: `${part} ${values[part]}: ${seen} of ${all}`, evidence: { nats } }];
    });
    const value = reasons.reduce((sum, { evidence }) => sum + (evidence.nats as number), 0);
    return { value, reasons, group: JSON.stringify(values) };
  };
  return {
    detector: 'calls',
    kinds: ['api', 'login', 'finding'],
    suspicious: Number.POSITIVE_INFINITY,
    learnt,
    accepts: ({ kind, fields }) => kind !== 'log' && fields['aws.principal.id'] !== undefined,
    score,
    describe: (event) => ({ title: 'a call', entity: { type: 'principal', name: who(event) } }),
    learn(event, flagged) {
      if (flagged) return;
      learnt.push(event.id);
      bump(who(event));
      for (const part of parts) bump(`${who(event)} ${part} ${valuesOf(event)[part]}`);
    },
    waiting: () => [],
    settle: () => false,
    trainingScores: () => new Float64Array(),
    save: () => new Uint8Array(),
    info: () => ({}),
  };
}
