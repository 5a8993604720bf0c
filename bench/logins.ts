import type { Bench } from './support/bench.ts';
import { memory, speed } from './support/logins/cost.ts';
import { datasets } from './support/logins/datasets.ts';
import { referenceStreams } from './support/logins/reference.ts';
import { simulated } from './support/logins/simulated.ts';

export const bench: Bench = {
  summary:
    '`login-likelihood` and its peers on simulated logins of ten seeds, on streams as of the article, on RBA and LANL where --data has them; speed and memory',
  async run(options) {
    simulated(options);
    referenceStreams(options);
    speed(options);
    memory(options);
    await datasets(options);
  },
};
