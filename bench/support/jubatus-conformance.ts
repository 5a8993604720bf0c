import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JubatusAnomaly } from '../../src/jubatus.ts';
import { addAll, agreement, readVectors } from '../../test/support/jubatus.ts';
import type { BenchOptions } from './bench.ts';

/** Configurations, and whether their answers have no ties that chance decides in the original. */
const configurations = { iie: true, light: true, seed: false, seed_noignore: false, default_lsh: false };

/** Scores of `add` beside those of jubatus_core 1.1.1 in a folder of golden vectors: 400 rows, and 1,500 where it has them. */
export function conformance(folder: string, report: BenchOptions['report']): void {
  for (const [name, isExact] of Object.entries(configurations)) {
    for (const count of [400, 1500]) {
      if (!existsSync(join(folder, `scores-${name}-${count}.tsv`))) continue;
      const { config, rows } = readVectors(folder, name, count);
      const anomaly = new JubatusAnomaly(config, { compat: '1.1.1' });
      const scores = rows.map(({ score }) => score);
      const found = agreement(addAll(anomaly, rows.map(({ datum }) => datum)), scores); // biome-ignore format: one line
      assert.equal(found.finite + found.infinite + found.misplaced, count);
      const figure = (metric: string, value: number, goal: string): void =>
        report({ case: `${name}, ${count} rows`, metric, value, unit: '', goal });
      figure('infinities out of place', found.misplaced, '= 0');
      if (isExact) figure('largest relative difference', found.worst, '<= 1e-9');
      else {
        figure('finite scores within 5 %', found.near, '>= 0.98');
        figure('Spearman', found.spearman, '>= 0.997');
      }
    }
  }
}
