import assert from 'node:assert/strict';
import { simulateHosts } from '../src/simulate/hosts.ts';
import type { Bench } from './run.ts';

const options = { seed: 1, days: 7 } as const;

/** One run: alert lines a second, and a checksum of what was made. */
function once(): { readonly rate: number; readonly lines: number; readonly characters: number } {
  let lines = 0;
  let characters = 0;
  const began = performance.now();
  for (const { line } of simulateHosts(options)) {
    lines++;
    characters += line.length;
  }
  return { rate: (lines / (performance.now() - began)) * 1000, lines, characters };
}

export const bench: Bench = {
  summary: 'how fast simulated Wazuh alerts are made, one core, seven days of seven hosts',
  run: async ({ note }) => {
    const first = once();
    assert.ok(first.lines > 7 * 1500 && first.lines < 7 * 2500);
    const rates: number[] = [];
    for (let left = 7; left > 0; left--) {
      const { rate, lines, characters } = once();
      assert.deepEqual({ lines, characters }, { lines: first.lines, characters: first.characters });
      rates.push(rate);
      note(`${Math.round(rate)} lines/s`);
    }
    rates.sort((a, b) => a - b);
    return {
      lines: first.lines,
      linesPerDay: Math.round(first.lines / options.days),
      medianLinesPerSecond: Math.round(rates[3] as number),
      slowest: Math.round(rates[0] as number),
      fastest: Math.round(rates[6] as number),
      goal: '>= 20000',
    };
  },
};
