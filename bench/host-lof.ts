import { createRandom, type SparseRows, uniqueRows } from '../src/algorithms/index.ts';
import { mimizukuText } from '../src/detectors/lof/mimizuku.ts';
import type { EventKind } from '../src/event/index.ts';
import { type Case, compare } from './support/against.ts';
import type { Bench, BenchOptions } from './support/bench.ts';
import { fitted, judge, type Labelled, readDays } from './support/detection.ts';
import { openHostbench } from './support/hostbench.ts';
import { hasScikitLearn } from './support/python.ts';
import { hashed, normal, phrases } from './support/rows.ts';
import { whole } from './support/whole.ts';

/** Rows scored one by one by scikit-learn, which takes long for each. */
const few = 30;
/** New rows whose scores are compared. */
const most = 2000;

const kinds = [
  { kind: 'process', name: 'commands' },
  { kind: 'file', name: 'file events' },
] as const;

const methods = [
  { method: 'lof', options: {} },
  { method: 'lof --compat mimizuku, n=5', options: { compat: 'mimizuku', neighbors: 5 } },
] as const;

export const bench: Bench = {
  summary: "`lof`: exactness and speed beside scikit-learn's, the whole program's speed and memory, and what it finds",
  data: 'a folder like wazuh/hostbench',
  async run(options) {
    const { data, seed, report, note } = options;
    const days = openHostbench(data);
    const [train, test] = [readDays(days.training, days.labels), readDays(days.test, days.labels)];
    const hasPeer = hasScikitLearn();
    if (!hasPeer) note('No Python with scikit-learn: nothing to compare with. See bench/README.md.');
    for (const one of made(seed)) await compare(one, hasPeer, report);
    for (const { kind, name } of kinds) {
      note(`${name} of the training days: the peer takes a minute or more`);
      await compare(real(name, textsOf(train, kind), textsOf(test, kind)), hasPeer, report);
    }
    await judgeAll(train, test, days.test.length, options);
    await whole(days, options);
  },
};

function made(seed: number): Case[] {
  const random = createRandom(seed);
  const dense = (name: string, rows: number, columns: number): Case => ({
    name: `dense ${name}`,
    train: normal(rows, columns, random),
    queries: normal(most, columns, random),
    exact: true,
  });
  const sparse = { train: phrases(10_000, random), queries: phrases(most, random) };
  return [
    dense('2k × 8', 2000, 8),
    dense('20k × 6', 20_000, 6),
    dense('5k × 64', 5000, 64),
    { name: 'sparse 10k phrases', ...sparse, exact: true },
    { ...dense('100k × 6', 100_000, 6), fitGoal: '> 1', peerRuns: 3 },
  ];
}

/** What mimizuku compares of the events of a kind. */
function textsOf(list: readonly Labelled[], kind: EventKind): string[] {
  const lists = { ignoreFiles: [], ignoreUsers: [], ignoreUserIds: [], abuseFiles: [] };
  return list.flatMap(({ event }) => (event.kind === kind ? (mimizukuText(event, lists) ?? []) : []));
}

function real(name: string, train: readonly string[], test: readonly string[]): Case {
  const rows = hashed(train);
  const fresh = newTexts(rows, test);
  const known = [...new Set(test)].filter((text) => !fresh.includes(text));
  const asTheyCome = spread(test, few);
  const asked = [...spread(fresh, most / 2), ...spread(known, most / 2)];
  const first = Math.min(few, fresh.length, most / 2);
  return {
    name: `${train.length} ${name}`,
    train: rows,
    queries: hashed([...asked, ...asTheyCome]),
    exact: true,
    fitGoal: '>= 50',
    singles: [
      {
        name: `all ${test.length} test-day rows as they come, most of them known`,
        rows: hashed(test),
        single: asTheyCome.map((_, i) => asked.length + i),
        goal: '>= 100',
      },
      {
        name: `the ${fresh.length} distinct test-day rows not in training`,
        rows: hashed(fresh),
        single: Array.from({ length: first }, (_, i) => i),
        goal: '>= 100',
      },
    ],
  };
}

/** Texts with rows that training has not, one for each such row. */
function newTexts(train: SparseRows, test: readonly string[]): string[] {
  const texts = [...new Set(test)];
  const { columns, values, offsets, rows } = hashed(texts);
  const end = train.offsets[train.rows] as number;
  const joined: SparseRows = {
    rows: train.rows + rows,
    offsets: Uint32Array.from([...train.offsets, ...offsets.subarray(1).map((at) => at + end)]),
    columns: Uint32Array.from([...train.columns, ...columns]),
    values: Float64Array.from([...train.values, ...values]),
  };
  const { firstOf } = uniqueRows(joined);
  return [...firstOf].filter((row) => row >= train.rows).map((row) => texts[row - train.rows] as string);
}

/** At most so many of a list, evenly. */
function spread<Item>(list: readonly Item[], count: number): Item[] {
  const size = Math.min(count, list.length);
  return Array.from({ length: size }, (_, i) => list[Math.floor((i * list.length) / size)] as Item);
}

async function judgeAll(
  train: readonly Labelled[],
  test: readonly Labelled[],
  days: number,
  { report, note }: BenchOptions,
): Promise<void> {
  for (const { method, options } of methods) {
    const model = await fitted(train, options);
    note(`${method}: fitted`);
    for (const { kind, name } of kinds) judge(report, `${name}, ${method}`, model, test, kind, days);
  }
}
