import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { accountText } from '../../../src/cli/cloud/account-text.ts';
import { typeName } from '../../../src/cli/cloud/names.ts';
import { accountedFor, totalOf } from '../../../src/cli/cloud/total.ts';
import { Sights } from '../../../src/pipeline/inventory/sights.ts';
import { type FileAccount, inventory } from '../../../src/pipeline/inventory.ts';
import { testContext } from '../../../test/support/context.ts';
import type { BenchOptions } from '../bench.ts';

/** What `scops cloud check` says of a folder, each file's records counted once more by other means. */
export async function accounted(folder: string, { report, note }: BenchOptions): Promise<void> {
  const sights = new Sights();
  const files: FileAccount[] = [];
  for await (const file of inventory([folder], { context: testContext(), onEvent: (event) => sights.see(event) })) {
    if (file.form === 'json') assert.equal(file.records, countRecords(await textOf(file.path)), file.path);
    assert.equal(file.lost, undefined, file.path);
    files.push(file);
  }
  const terminal = { width: 120, style: (_: unknown, text: string) => text };
  note(accountText(files, sights, { paths: [folder], terminal, each: false }));
  const total = totalOf(files);
  const row = { case: 'all files, as scops cloud check has them', unit: 'records' };
  report({ ...row, metric: 'files', value: total.files, unit: 'files' });
  report({ ...row, metric: 'records', value: total.records });
  const missing = total.records - accountedFor(total);
  report({ ...row, metric: 'not accounted for', value: missing, goal: '= 0' });
  for (const { name, count } of total.types) report({ ...row, metric: typeName(name, 2), value: count });
  for (const name of ['copies', 'updates', 'samples'] as const) report({ ...row, metric: name, value: total[name] });
  for (const { reason, count } of total.rejected) report({ ...row, metric: `rejected: ${reason}`, value: count });
}

export async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

const lists = ['Records', 'Events', 'Findings', 'findings'];

/** The whole file parsed, or its lines. */
function countRecords(text: string): number {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.length;
    const list = lists.map((name) => (value as Record<string, unknown>)[name]).find(Array.isArray);
    return list?.length ?? 1;
  } catch {
    return text.split('\n').filter((line) => line.trim() !== '').length;
  }
}
