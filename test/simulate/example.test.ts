import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { exampleFiles } from '../../scripts/example-hosts.ts';

const folder = join(import.meta.dirname, '../../examples/hosts');
const made = exampleFiles();
const rows = (name: string): string[] => (made.get(name) as string).trimEnd().split('\n');
const labels = (name: string) =>
  rows(name)
    .slice(1)
    .map((row) => row.split(',') as [id: string, label: string, technique: string, activity: string, session: string]);

test('the shipped example is what its script makes', () => {
  const shipped = readdirSync(folder).filter((name) => name.endsWith('.gz'));
  assert.deepEqual(shipped.sort(), [...made.keys()].map((name) => `${name}.gz`).sort());
  let bytes = 0;
  for (const [name, text] of made) {
    const file = readFileSync(join(folder, `${name}.gz`));
    bytes += file.length;
    assert.ok(gunzipSync(file).toString() === text, `${name}.gz differs: run node scripts/example-hosts.ts`);
  }
  assert.ok(bytes < 1_500_000, `${bytes} bytes`);
});

test('the training days are ordinary, and the new day has everything', () => {
  assert.ok(labels('training-labels.csv').every(([, label]) => label === '0'));
  const day = labels('new-day-labels.csv');
  const activities = new Set(day.map(([, , , activity]) => activity));
  for (const activity of ['routine', 'admin', 'deploy', 'iac', 'attack']) assert.ok(activities.has(activity), activity);
  const sessions = new Set(day.filter(([, label]) => label === '1').map(([, , , , session]) => session));
  assert.equal(sessions.size, 4);
  assert.ok(sessions.has('app01-article'));
});

test('alerts and labels are of the same ids, in order, each once', () => {
  const seen = new Set<string>();
  for (const part of ['training', 'new-day']) {
    const ids = rows(`${part}.jsonl`).map((line) => (JSON.parse(line) as { id: string }).id);
    assert.deepEqual(
      ids,
      labels(`${part}-labels.csv`).map(([id]) => id),
    );
    for (const id of ids) {
      assert.ok(!seen.has(id), id);
      seen.add(id);
    }
  }
});

test('the README says how many alerts there are', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const counted = (count: number) => assert.ok(readme.includes(count.toLocaleString('en')), `README lacks ${count}`);
  counted(rows('training.jsonl').length);
  counted(rows('new-day.jsonl').length);
  for (const session of new Set(
    labels('new-day-labels.csv')
      .filter(([, label]) => label === '1')
      .map(([, , , , session]) => session),
  )) {
    assert.ok(readme.includes(session), session);
    counted(labels('new-day-labels.csv').filter((row) => row[4] === session && row[1] === '1').length);
  }
});
