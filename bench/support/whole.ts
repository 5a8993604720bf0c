import assert from 'node:assert/strict';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { simulateHosts } from '../../src/simulate/hosts.ts';
import { type BenchOptions, median, type Timed } from './bench.ts';
import { build, pinned, type Ran, scops } from './command.ts';
import { linesOf } from './detection.ts';
import type { Hostbench } from './hostbench.ts';

const runs = 3;
const large = 2e9;
const sizes = [10_000, 100_000, 1_000_000];
/** Fewer alerts than this come in a simulated day. */
const daily = 2000;
const day = 86_400_000;
const where = pinned ? 'on one core' : 'not held to one core';

/** Alerts again and again, with other ids and days, up to a size in bytes. */
function* repeated(lines: readonly string[], days: number, size: number): Generator<string> {
  const timestamp = /"timestamp":"(\d{4}-\d\d-\d\d)/;
  for (let [round, bytes] = [0, 0]; ; round++) {
    const later = (date: string): string => new Date(Date.parse(date) + round * days * day).toISOString().slice(0, 10);
    for (const line of lines) {
      const again = line
        .replace(timestamp, (_, date: string) => `"timestamp":"${later(date)}`)
        .replace(/"id":"(\d+\.\d+)"/, `"id":"$1${round || ''}"`);
      bytes += again.length + 1;
      if (bytes > size) return;
      yield again;
    }
  }
}

/** The first alerts, or those after them, of a simulated company: new commands and paths keep coming, as in life. */
function* simulated(seed: number, from: number, to: number): Generator<string> {
  let at = 0;
  for (const { line } of simulateHosts({ seed, days: Math.ceil(to / daily) })) {
    if (at >= to) return;
    if (at++ >= from) yield line;
  }
}

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < 2 ** 20) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

const write = (path: string, lines: Iterable<string>): Promise<void> =>
  pipeline(chunks(lines), createWriteStream(path));

/** Seconds that a command takes. */
async function again(run: () => Promise<Ran>): Promise<Timed> {
  const taken: number[] = [];
  for (let i = 0; i < runs; i++) taken.push((await run()).seconds);
  return median(taken);
}

/** The whole of `scops fit` and `scops score` as processes: speed, memory, and how both grow with the input. */
export async function whole({ training, test }: Hostbench, { report, note, seed }: BenchOptions): Promise<void> {
  build();
  const folder = mkdtempSync(join(tmpdir(), 'scops-bench-'));
  const at = (name: string): string => join(folder, name);
  const fit = (model: string, paths: readonly string[]) =>
    scops(['fit', '--quiet', '--json', '--model', at(model), ...paths]);
  const score = (model: string, path: string) => scops(['score', '--quiet', '--json', '--model', at(model), path]);
  try {
    const learnt = await fit('all.scops', [...training, ...test]);
    const { events, bytes } = JSON.parse(learnt.out) as { events: number; bytes: number };
    const everything = `model of all days, ${events} events learnt`;
    report({ case: everything, metric: 'size', value: bytes / 1e6, unit: 'MB', goal: '<= 20' });

    await fit('hosts.scops', training);
    const start = await again(() => score('hosts.scops', '/dev/null'));
    report({ case: `scops score, nothing to read, ${where}`, metric: 'time', ...start, unit: 's' });

    const fresh = test.flatMap(linesOf);
    await write(at('fresh.json'), fresh);
    const freshBytes = statSync(at('fresh.json')).size;
    const { value, spread } = await again(() => score('hosts.scops', at('fresh.json')));
    const speed = (of: number) => ({ value: of / value, spread: [of / spread[1], of / spread[0]] as const, runs });
    const days = `scops score, the ${fresh.length} alerts of the test days, start included, ${where}`;
    report({ case: days, metric: 'speed', ...speed(fresh.length), unit: 'alerts/s', goal: '>= 20000' });
    report({ case: days, metric: 'throughput', ...speed(freshBytes / 1e6), unit: 'MB/s' });
    report({
      case: `scops score, the same without the start, ${where}`,
      metric: 'speed',
      value: fresh.length / (value - start.value),
      unit: 'alerts/s',
      goal: '>= 20000',
      note: 'the time less that with nothing to read',
    });

    note('a file of 2 GB');
    const all = [...training.flatMap(linesOf), ...fresh];
    await write(at('large.json'), repeated(all, training.length + test.length, large));
    const largeBytes = statSync(at('large.json')).size;
    const ran = await score('hosts.scops', at('large.json'));
    assert.ok(ran.out.length > 0, 'findings in the large file');
    const name = `scops score, all days again and again up to 2 GB, ${where}`;
    const alerts = (largeBytes / all.reduce((sum, line) => sum + line.length + 1, 0)) * all.length;
    report({ case: name, metric: 'greatest memory', value: ran.memory, unit: 'MB', goal: '<= 300' });
    report({ case: name, metric: 'speed', value: alerts / ran.seconds, unit: 'alerts/s', goal: '>= 20000' });
    report({ case: name, metric: 'throughput', value: largeBytes / 1e6 / ran.seconds, unit: 'MB/s' });
    rmSync(at('large.json'));

    for (const size of sizes) {
      note(`growth: ${size} alerts`);
      await write(at('fit.json'), simulated(seed, 0, size));
      await write(at('score.json'), simulated(seed, size, 2 * size));
      const some = await fit('some.scops', [at('fit.json')]);
      const judged = await score('some.scops', at('score.json'));
      const info = JSON.parse(some.out) as Record<string, number>;
      const distinct = (info['distinct paths'] ?? 0) + (info['distinct commands'] ?? 0);
      const fitting = `scops fit, ${size} simulated alerts, ${where}`;
      report({ case: fitting, metric: 'distinct commands and paths', value: distinct, unit: '' });
      report({ case: fitting, metric: 'model size', value: (info.bytes ?? 0) / 1e6, unit: 'MB' });
      for (const [what, { seconds, memory }] of [
        [fitting, some],
        [`scops score, the next ${size} simulated alerts, ${where}`, judged],
      ] as const) {
        report({ case: what, metric: 'time', value: seconds, unit: 's' });
        report({ case: what, metric: 'speed', value: size / seconds, unit: 'alerts/s' });
        report({ case: what, metric: 'greatest memory', value: memory, unit: 'MB' });
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
