import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What an alert really is. For judging only. */
interface Label {
  readonly attack: boolean;
  readonly technique: string;
  readonly kind: string;
  /** A job: one tree of processes. */
  readonly session: string;
}

/** A folder of labelled days: `alerts-dayN.jsonl.gz` and `labels-dayN.csv.gz`, the first of them without attacks. */
export interface Hostbench {
  /** Paths of the alert files, by day. */
  readonly training: readonly string[];
  readonly test: readonly string[];
  /** By the alert's id, over all days. */
  readonly labels: ReadonlyMap<string, Label>;
}

/** Read the labels and find the days. The days before the first attack are for training. Throws when there are none. */
export function openHostbench(folder: string): Hostbench {
  const days = readdirSync(folder)
    .flatMap((name) => /^alerts-day(\d+)\.jsonl\.gz$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const labels = new Map<string, Label>();
  const attacked = new Map<number, boolean>();
  for (const day of days) {
    const path = join(folder, `labels-day${day}.csv.gz`);
    if (!existsSync(path)) throw new Error(`"${path}" is missing.`);
    const [, ...rows] = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
    for (const row of rows) {
      const [id = '', label, technique = '', kind = '', session = ''] = row.trimEnd().split(',');
      labels.set(id, { attack: label === '1', technique, kind, session });
      if (label === '1') attacked.set(day, true);
    }
  }
  const first = days.find((day) => attacked.get(day)) ?? Number.POSITIVE_INFINITY;
  const path = (day: number): string => join(folder, `alerts-day${day}.jsonl.gz`);
  const training = days.filter((day) => day < first).map(path);
  const test = days.filter((day) => day >= first).map(path);
  if (training.length === 0 || test.length === 0) {
    throw new Error(
      `"${folder}" needs alerts-dayN.jsonl.gz with ordinary days first and days with attacks after them.`,
    );
  }
  return { training, test, labels };
}
