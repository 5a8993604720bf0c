import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { Context, Reject, Source } from '../src/event/index.ts';
import { cloudtrail } from '../src/sources/cloudtrail.ts';
import { guardduty } from '../src/sources/guardduty.ts';
import type { Tallying } from '../src/text/aws/tally.ts';
import { type Bench, type BenchOptions, median, rate, time } from './support/bench.ts';

export const bench: Bench = {
  summary: 'CloudTrail and GuardDuty: every record accounted for, and how fast CloudTrail is read, on one core',
  data: 'a folder with cloudtrail and guardduty in it, of files or folders of files',
  run: async (options) => {
    await account('cloudtrail', options, (paths, context) => cloudtrail.create(parse(cloudtrail, paths), context));
    const samples = (paths: string[]) => ({ ...parse(guardduty, paths), samples: true });
    await account('guardduty', options, (paths, context) => guardduty.create(samples(paths), context));
    await speed(options);
  },
};

const parse = <Options extends v.GenericSchema>(component: { options: Options }, paths: string[]) =>
  v.parse(component.options, { paths });

function quiet(rejects: Reject[]): Context {
  const silent = (): void => undefined;
  return {
    now: Date.now,
    sleep: () => Promise.resolve(),
    fetch: globalThis.fetch,
    env: {},
    stdin: process.stdin,
    stdout: async () => undefined,
    reject: (reject) => void rejects.push(reject),
    progress: silent,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  };
}

/** Reads each file by itself: the records counted here are those that it understood by a type and those it rejected. */
async function account(
  folder: string,
  { data, report, note }: BenchOptions,
  create: (paths: string[], context: Context) => Source,
): Promise<void> {
  const root = join(data, folder);
  const totals = new Map<string, number>();
  const add = (what: string, count: number): void => void totals.set(what, (totals.get(what) ?? 0) + count);
  const files = await filesIn(root);
  for (const file of files) {
    const rejects: Reject[] = [];
    const source = create([file], quiet(rejects));
    let events = 0;
    for await (const _ of source.events()) events++;
    const tally = (source as Source & Tallying).tally();
    const understood = tally.reduce((sum, { count }) => sum + count, 0);
    const records = countRecords(await textOf(file));
    assert.equal(understood + rejects.length, records, file);
    const reasons = Map.groupBy(rejects, ({ reason }) => reason);
    const said = [
      ...tally.map(({ type, count }) => `${count} ${type}`),
      ...[...reasons].map(([reason, { length }]) => `${length} rejected, ${reason}`),
    ];
    note(`${relative(data, file)}: ${records} records, ${events} events: ${said.join('; ')}`);
    add('records', records);
    add('events', events);
    for (const { type, count } of tally) add(type, count);
    for (const [reason, { length }] of reasons) add(`rejected, ${reason}`, length);
  }
  report({ case: folder, metric: 'files', value: files.length, unit: 'files' });
  for (const [metric, value] of totals) report({ case: folder, metric, value, unit: 'records' });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

/** Counted by other means than the sources': the whole file parsed, or its lines. */
function countRecords(text: string): number {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : (value as { Records: unknown[] }).Records).length;
  } catch {
    return text.split('\n').filter((line) => line.trim() !== '').length;
  }
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
  const rejects: Reject[] = [];
  let count = 0;
  for await (const _ of cloudtrail.create(parse(cloudtrail, [path]), quiet(rejects)).events()) count++;
  assert.deepEqual(rejects, []);
  return count;
}
