import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bench as ipInsights } from './ip-insights.ts';
import type { Bench, BenchOptions } from './support/bench.ts';
import { accounted } from './support/cloud/accounted.ts';
import { cost } from './support/cloud/cost.ts';
import { ranking } from './support/cloud/ranking.ts';
import { tutorial } from './support/cloud/tutorial.ts';
import { tutorialDetector } from './support/cloud/tutorial-detector.ts';

export const bench: Bench = {
  summary:
    "`principal-likelihood` on Amazon's tutorial and in ranking simulated findings, beside others; `ip-insights`; every record accounted for; speed and memory",
  async run(options) {
    // The tutorial measures how far the process grows, so it is first.
    await where('intel', options, async () => {
      await tutorial(named('principal-likelihood, the pair alone', options));
      tutorialDetector(named('principal-likelihood, the detector as a whole', options));
      await ipInsights.run(named('ip-insights', options));
    });
    await ranking(options);
    cost(options);
    await where('cloud', options, () => accounted(join(options.data, 'cloud'), options));
  },
};

const named = (what: string, options: BenchOptions): BenchOptions => ({
  ...options,
  report: (figure) => options.report({ ...figure, case: `${what}, ${figure.case}` }),
});

/** What needs a folder of the data is left out where it is not there. */
async function where(folder: string, { data, note }: BenchOptions, run: () => Promise<void>): Promise<void> {
  if (data !== '' && existsSync(join(data, folder))) await run();
  else note(`There is no folder "${folder}" in --data: what needs it is left out.`);
}
