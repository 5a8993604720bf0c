/** Makes examples/hosts from the simulator: `node scripts/example-hosts.ts`. The same files every time. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { articleCases, labelsCsv, type Simulated, simulateHosts } from '../src/simulate/hosts.ts';

const start = Date.UTC(2026, 2, 2);
const days = 9;
const newDay = start + (days - 1) * 86_400_000;

/** 14:07, when a pause in the working day lets the two cases stand alone. */
const articleTime = newDay + (14 * 60 + 7) * 60_000;

const options = { seed: 3, days, start, scale: 0.35, attacks: 3, attackDays: 1 } as const;

const timeOf = ({ line }: Simulated): number => Date.parse(JSON.parse(line).timestamp.replace(/\+0000$/, 'Z'));

/** The example's files by name, as text. */
export function exampleFiles(): ReadonlyMap<string, string> {
  const made = [...simulateHosts(options)];
  const training = made.filter((each) => timeOf(each) < newDay);
  const day = [...made.slice(training.length), ...articleCases(articleTime)].sort((a, b) => timeOf(a) - timeOf(b));
  const lines = (list: readonly Simulated[]) => list.map(({ line }) => `${line}\n`).join('');
  const labels = (list: readonly Simulated[]) => labelsCsv(list.map(({ label }) => label));
  return new Map([
    ['training.jsonl', lines(training)],
    ['training-labels.csv', labels(training)],
    ['new-day.jsonl', lines(day)],
    ['new-day-labels.csv', labels(day)],
  ]);
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../examples/hosts');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of exampleFiles()) {
    const bytes = gzipSync(text, { level: 9 });
    writeFileSync(join(folder, `${name}.gz`), bytes);
    console.log(`${name}.gz: ${text.split('\n').length - 1} lines, ${bytes.length} bytes`);
  }
}
