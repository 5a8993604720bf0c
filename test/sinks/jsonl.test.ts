import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ScopsError } from '../../src/event/index.ts';
import { findingRecord } from '../../src/text/finding.ts';
import { testContext } from '../support/context.ts';
import { findings } from '../support/findings.ts';
import { makeSink, targetOf } from '../support/sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'scops-jsonl-'));
after(() => rmSync(folder, { recursive: true }));
const records = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const expected = (count: number): unknown[] => JSON.parse(JSON.stringify(findings(count).map(findingRecord)));

test('each finding is a line, and one that comes again is not written again', async () => {
  const path = join(folder, 'a.jsonl');
  const sink = await makeSink('jsonl', await targetOf('jsonl', path), testContext());
  await sink.write(findings(2));
  await sink.write(findings(3));
  await sink.write(findings(3));
  await sink.close?.();
  assert.deepEqual(records(path), expected(3));
});

test('the next run adds, or with append false begins anew', async () => {
  const path = join(folder, 'b.jsonl');
  for (const [append, lines] of [
    [true, 2],
    [true, 4],
    [false, 2],
  ]) {
    const sink = await makeSink('jsonl', { path, append }, testContext());
    await sink.write(findings(2));
    await sink.close?.();
    assert.equal(records(path).length, lines);
  }
  assert.deepEqual(records(path), expected(2));
});

test('without findings there is an empty file', async () => {
  const path = join(folder, 'c.jsonl');
  const sink = await makeSink('jsonl', { path }, testContext());
  await sink.write([]);
  await sink.close?.();
  assert.equal(readFileSync(path, 'utf8'), '');
});

test('what was not written is not remembered as delivered', async () => {
  const path = join(folder, 'later', 'd.jsonl');
  const sink = await makeSink('jsonl', { path }, testContext());
  await assert.rejects(
    sink.write(findings(1)),
    (error) => error instanceof ScopsError && error.code === 'OUTPUT_UNWRITABLE' && error.message.includes(path),
  );
  mkdirSync(join(folder, 'later'));
  await sink.write(findings(1));
  assert.deepEqual(records(path), expected(1));
});
