import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { JubatusAnomaly } from '../../src/jubatus.ts';
import { addAll, agreement, readVectors } from '../../test/support/jubatus.ts';
import type { BenchOptions } from './bench.ts';

/**
 * Scores of `add` beside those of jubatus_core 1.1.1: each `scores-<name>-<count>.tsv` of a folder of golden vectors that has
 * a `config-<name>.json` as well.
 */
export function conformance(folder: string, { report, note }: Pick<BenchOptions, 'report' | 'note'>): void {
  const files = readdirSync(folder)
    .map((file) => /^scores-(.+)-(\d{1,7})\.tsv$/.exec(file))
    .filter((match) => match !== null)
    .map(([, name = '', count = '0']) => ({ name, count: Number(count) }))
    .filter(({ name }) => existsSync(join(folder, `config-${name}.json`)))
    .sort((a, b) => a.name.localeCompare(b.name) || a.count - b.count);
  if (files.length === 0) note(`There are no scores-<name>-<count>.tsv with a config-<name>.json in "${folder}".`);
  for (const { name, count } of files) {
    const { config, rows } = readVectors(folder, name, count);
    const anomaly = new JubatusAnomaly(config, { compat: '1.1.1' });
    const scores = rows.map(({ score }) => score);
    const found = agreement(addAll(anomaly, rows.map(({ datum }) => datum)), scores); // biome-ignore format: one line
    assert.equal(found.finite + found.infinite + found.misplaced, rows.length);
    const figure = (metric: string, value: number, goal: string): void =>
      report({ case: `${name}, ${rows.length} rows`, metric, value, unit: '', goal });
    figure('infinities out of place', found.misplaced, '= 0');
    figure('largest relative difference', found.worst, '<= 1e-9');
    figure('finite scores within 5 %', found.near, '>= 0.98');
    figure('Spearman', found.spearman, '>= 0.997');
  }
}
