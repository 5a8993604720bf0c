import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './support/bench.ts';
import { accounted } from './support/cloud/accounted.ts';
import { cost } from './support/cloud/cost.ts';
import { ranking } from './support/cloud/ranking.ts';

export const bench: Bench = {
  summary:
    'the ranking of simulated findings by `principal-likelihood` and by others; its speed and memory; records accounted for where --data has them',
  async run(options) {
    await ranking(options);
    cost(options);
    const records = join(options.data, 'cloud');
    if (options.data !== '' && existsSync(records)) await accounted(records, options);
    else options.note('There is no folder "cloud" in --data: no account of records.');
  },
};
