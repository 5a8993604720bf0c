import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { ScopsError } from '../../src/event/index.ts';
import { LineFile } from '../../src/io/line-file.ts';
import { Once } from '../../src/io/once.ts';
import { testContext } from '../support/context.ts';
import { findings } from '../support/findings.ts';

const folder = mkdtempSync(join(tmpdir(), 'scops-lines-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const fresh = (content?: string | Uint8Array): string => {
  const path = join(folder, `${++files}.jsonl`);
  if (content !== undefined) writeFileSync(path, content);
  return path;
};
const read = (path: string): string => readFileSync(path, 'utf8');
const lineFile = (path: string, append = true, context = testContext()): LineFile =>
  new LineFile({ path, append, prefix: '{"id":', log: context.log });
const unwritable = (pattern: RegExp) => (error: unknown) =>
  error instanceof ScopsError && error.code === 'OUTPUT_UNWRITABLE' && pattern.test(error.message);

test('lines are added to what is there', async () => {
  const path = fresh('{"id":0}\n');
  const file = lineFile(path);
  await file.write('{"id":1}\n');
  await file.write('{"id":2}\n{"id":3}\n');
  assert.equal(read(path), '{"id":0}\n{"id":1}\n{"id":2}\n{"id":3}\n');
});

test('a new file is not for everybody to read', async () => {
  const path = fresh();
  await lineFile(path).write('{"id":1}\n');
  assert.equal(statSync(path).mode & 0o007, 0);
});

test('a crash at any byte of a line is repaired by the next run, and no whole line is lost', async () => {
  const line = `{"id":"lof:ä","raw":"${'x'.repeat(40)}"}\n`;
  const whole = Buffer.from(line.repeat(3));
  for (let cut = 0; cut <= whole.length; cut++) {
    const path = fresh(whole.subarray(0, cut));
    const context = testContext();
    await lineFile(path, true, context).write(line);
    assert.equal(read(path), line.repeat(Math.floor(cut / Buffer.byteLength(line)) + 1), `cut at ${cut}`);
    assert.equal(context.logged.length, cut % Buffer.byteLength(line) === 0 ? 0 : 1);
  }
});

test('an unfinished line longer than any buffer is found', async () => {
  for (const length of [65_530, 65_536, 65_542, 300_000]) {
    const path = fresh(`{"id":0}\n{"id":"${'x'.repeat(length)}`);
    await lineFile(path).write('{"id":1}\n');
    assert.equal(read(path), '{"id":0}\n{"id":1}\n');
  }
});

test('zeros that a power cut left are removed', async () => {
  const path = fresh(`{"id":0}\n${'\0'.repeat(5000)}`);
  await lineFile(path).write('{"id":1}\n');
  assert.equal(read(path), '{"id":0}\n{"id":1}\n');
});

test('an unfinished line that is not ours is left alone', async () => {
  for (const content of ['my notes', '{"id":0}\n# to do', '{"title":']) {
    const path = fresh(content);
    await assert.rejects(lineFile(path).write('{"id":1}\n'), unwritable(/did not write/));
    assert.equal(read(path), content);
  }
});

test('without append the file begins anew, once a run, even when nothing comes', async () => {
  const path = fresh('old\n');
  const file = lineFile(path, false);
  await file.write('{"id":1}\n');
  await file.write('{"id":2}\n');
  await file.close();
  assert.equal(read(path), '{"id":1}\n{"id":2}\n');
  await lineFile(path, false).close();
  assert.equal(read(path), '');
});

test('closing without a write makes the file, and keeps what is there', async () => {
  const path = fresh();
  await lineFile(path).close();
  assert.equal(read(path), '');
  const full = fresh('{"id":0}\n');
  await lineFile(full).close();
  assert.equal(read(full), '{"id":0}\n');
});

test('a rotated file is made anew', async () => {
  const path = fresh();
  const file = lineFile(path);
  await file.write('{"id":1}\n');
  renameSync(path, `${path}.1`);
  await file.write('{"id":2}\n');
  assert.deepEqual([read(`${path}.1`), read(path)], ['{"id":1}\n', '{"id":2}\n']);
});

test('what cannot be written is OUTPUT_UNWRITABLE, with path and code', async () => {
  await assert.rejects(lineFile(folder).write('{}\n'), unwritable(/EISDIR/));
  await assert.rejects(lineFile(join(folder, 'none', 'x')).write('{}\n'), unwritable(/none\/x" \(ENOENT\)/));
  await assert.rejects(lineFile('/dev/full').write('{}\n'), unwritable(/ENOSPC/));
});

test('a device is written to, not repaired', async () => {
  await lineFile('/dev/null').write('{"id":1}\n');
});

test('whatever ours ends in, the next write leaves whole lines', async () => {
  const record = fc
    .record({ id: fc.string(), raw: fc.string({ unit: 'binary' }) })
    .map((value) => `${JSON.stringify(value)}\n`);
  await fc.assert(
    fc.asyncProperty(fc.array(record), fc.nat(200), async (lines, lost) => {
      const bytes = Buffer.from(lines.join(''));
      const path = fresh(bytes.subarray(0, Math.max(0, bytes.length - lost)));
      await lineFile(path).write('{"id":"last"}\n');
      for (const line of read(path).trimEnd().split('\n')) JSON.parse(line);
    }),
    { numRuns: 50 },
  );
});

test('a finding is fresh until it is delivered, and once in a batch', () => {
  const [a, b, c] = findings(3) as [never, never, never];
  const once = new Once(2);
  assert.deepEqual(once.fresh([a, b, a]), [a, b]);
  assert.deepEqual(once.fresh([a]), [a]);
  once.delivered([a, b]);
  assert.deepEqual(once.fresh([a, b, c]), [c]);
  once.delivered([c]);
  assert.deepEqual(once.fresh([a, b, c]), [a], 'only the latest are remembered');
});
