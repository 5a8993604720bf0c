import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseOptions } from '../src/pipeline/options.ts';
import { cloudtrail } from '../src/sources/cloudtrail.ts';
import { testContext } from '../test/support/context.ts';
import { type Bench, type BenchOptions, median, rate, time } from './support/bench.ts';
import { accounted, textOf } from './support/cloud/accounted.ts';

export const bench: Bench = {
  summary: 'CloudTrail and GuardDuty: every record accounted for, and how fast CloudTrail is read, on one core',
  data: 'a folder with cloudtrail and guardduty in it, of files or folders of files',
  run: async (options) => {
    await accounted(options.data, options);
    await speed(options);
  },
};

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const least = 100_000;

/** The records of all delivered files, over and over, each time with other ids, in one file. */
async function speed({ data, report }: BenchOptions): Promise<void> {
  const texts = await Promise.all((await filesIn(join(data, 'cloudtrail'))).map(textOf));
  const records = texts
    .filter((text) => text.startsWith('{"Records":'))
    .flatMap((text) => (JSON.parse(text) as { Records: object[] }).Records);
  const rounds = Math.ceil(least / records.length);
  const id = (round: number, at: number): string =>
    `00000000-0000-4000-8000-${String(round * records.length + at).padStart(12, '0')}`;
  const many = Array.from({ length: rounds }, (_, round) =>
    records.map((record, at) => ({ ...record, eventID: id(round, at) })),
  ).flat();
  const bytes = Buffer.from(JSON.stringify({ Records: many }));
  const temporary = await mkdtemp(join(tmpdir(), 'scops-bench-'));
  try {
    const [plain, gzip] = [join(temporary, 'plain.json'), join(temporary, 'gzip.json.gz')];
    await writeFile(plain, bytes);
    await writeFile(gzip, gzipSync(bytes));
    for (const [what, path] of [
      ['file, plain', plain],
      ['file, gzip', gzip],
    ] as const) {
      const spent: number[] = [];
      const taken = await time(async () => {
        const before = process.cpuUsage();
        assert.equal(await countEvents(path), many.length);
        const { user, system } = process.cpuUsage(before);
        spent.push((user + system) / 1000);
      });
      report({ case: what, metric: 'speed', ...rate(taken, many.length), unit: 'records/s', goal: '>= 50000' });
      const cpu = rate(median(spent.slice(1)), many.length);
      report({ case: what, metric: 'speed, CPU time', ...cpu, unit: 'records/s', goal: '>= 50000' });
      report({ case: what, metric: 'throughput', ...rate(taken, bytes.length / 1e6), unit: 'MB/s' });
    }
  } finally {
    await rm(temporary, { recursive: true });
  }
}

async function countEvents(path: string): Promise<number> {
  const context = testContext();
  const options = parseOptions(cloudtrail, { paths: [path] }) as Parameters<typeof cloudtrail.create>[0];
  let count = 0;
  for await (const _ of cloudtrail.create(options, context).events()) count++;
  assert.deepEqual(context.rejects, []);
  return count;
}
