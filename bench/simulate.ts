import assert from 'node:assert/strict';
import { simulateHosts } from '../src/simulate/hosts.ts';
import { type Bench, rate, time } from './support/bench.ts';

const days = 7;

function once(seed: number): { readonly lines: number; readonly characters: number } {
  let lines = 0;
  let characters = 0;
  for (const { line } of simulateHosts({ seed, days })) {
    lines++;
    characters += line.length;
  }
  return { lines, characters };
}

export const bench: Bench = {
  summary: 'how fast simulated Wazuh alerts are made, one core, seven days of seven hosts',
  run: async ({ seed, report }) => {
    const first = once(seed);
    assert.ok(first.lines > days * 1500 && first.lines < days * 3500, `${first.lines} lines`);
    const taken = await time(() => assert.deepEqual(once(seed), first), 7);
    report({ case: 'seven days', metric: 'volume', value: Math.round(first.lines / days), unit: 'alerts/day' });
    report({ case: 'seven days', metric: 'speed', ...rate(taken, first.lines), unit: 'alerts/s', goal: '>= 20000' });
  },
};
