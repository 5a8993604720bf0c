import type { Reason } from '../../event/index.ts';

/** What a reason adds to the score; 0 when it is only a remark. */
export const natsOf = ({ evidence }: Reason): number => (typeof evidence.nats === 'number' ? evidence.nats : 0);
