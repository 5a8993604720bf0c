import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { type InputFile, listFiles } from '../../src/io/list.ts';
import { liveLast, oldestFirst, rotationOf } from '../../src/io/rotated.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-rotated-'));
after(() => rm(root, { recursive: true, force: true }));

for (const [name, stem, date, number] of [
  ['auth.log', 'auth.log'],
  ['auth.log.gz', 'auth.log'],
  ['auth.log.1', 'auth.log', undefined, 1],
  ['auth.log.12.gz', 'auth.log', undefined, 12],
  ['auth.1.log', 'auth.log', undefined, 1],
  ['secure-20161010', 'secure', '2016-10-10'],
  ['secure.20161010.gz', 'secure', '2016-10-10'],
  ['secure-2016-10-10', 'secure', '2016-10-10'],
  ['auth-20161010.log.gz', 'auth.log', '2016-10-10'],
  ['secure-2016101013', 'secure', '2016-10-10T13:00'],
  ['secure-20161010-131415', 'secure', '2016-10-10T13:14:15'],
  ['secure-20240229', 'secure', '2024-02-29'],
  ['secure-1475971200', 'secure', '2016-10-09'],
  ['secure-20161310', 'secure-20161310'],
  ['secure-20230229', 'secure-20230229'],
  ['www1-secure.log', 'www1-secure.log'],
] as const) {
  test(`the rotation of ${name}`, () => {
    assert.deepEqual(rotationOf(name), {
      stem,
      ...(date === undefined ? {} : { date: Date.parse(date.length > 10 ? `${date}Z` : date) }),
      ...(number === undefined ? {} : { number }),
    });
  });
}

let folders = 0;

/** Files by their age in days; none has a suffix that says the same. */
async function logs(files: Readonly<Record<string, number>>): Promise<{ root: string; files: InputFile[] }> {
  const folder = join(root, String(folders++));
  for (const [name, days] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, name);
    const time = new Date(Date.UTC(2026, 0, 31 - days));
    await utimes(path, time, time);
  }
  const paths = Object.keys(files).map((name) => join(folder, name));
  return { root: folder, files: await listFiles(paths, { takes: () => true, onSkip: assert.fail }) };
}

const shuffled = (files: readonly InputFile[]) =>
  fc.shuffledSubarray([...files], { minLength: files.length, maxLength: files.length });

async function assertOrder(files: Readonly<Record<string, number>>, expected: readonly string[]): Promise<void> {
  const made = await logs(files);
  await fc.assert(
    fc.asyncProperty(shuffled(made.files), async (given) => {
      const ordered = await oldestFirst(given);
      assert.deepEqual(
        ordered.map(({ path }) => path.slice(made.root.length + 1)),
        expected,
      );
    }),
    { numRuns: 20 },
  );
}

test('numbers go down to the live file, as numbers, whatever the file system says', () =>
  assertOrder({ 'auth.log.10.gz': 0, 'auth.log': 5, 'auth.log.2.gz': 1, 'auth.log.1': 9 }, [
    'auth.log.10.gz',
    'auth.log.2.gz',
    'auth.log.1',
    'auth.log',
  ]));

test('dates go up, with either separator, and the live file comes last', () =>
  assertOrder({ 'secure-20161010': 0, 'secure.20160926.gz': 1, secure: 9, 'secure-20161003': 2 }, [
    'secure.20160926.gz',
    'secure-20161003',
    'secure-20161010',
    'secure',
  ]));

test('logs of other names go by the time that they were written last', () =>
  assertOrder({ 'b.txt': 3, 'a.txt': 1, 'c.txt': 2 }, ['b.txt', 'c.txt', 'a.txt']));

test('logs of several hosts go side by side, each in its own order', () =>
  assertOrder({ 'h1/auth.log': 0, 'h1/auth.log.1': 7, 'h2/auth.log': 1, 'h2/auth.log.1': 6, 'h2/auth.log.2': 8 }, [
    'h2/auth.log.2',
    'h1/auth.log.1',
    'h2/auth.log.1',
    'h2/auth.log',
    'h1/auth.log',
  ]));

test('of a file and its compressed twin, one is read; standard input comes last', async () => {
  const { files } = await logs({ 'auth.log.1': 2, 'auth.log.1.gz': 2, 'auth.log': 1 });
  const ordered = await oldestFirst([{ path: '-', inode: '' }, ...files]);
  assert.deepEqual(
    ordered.map(({ path }) => path.split('/').at(-1)),
    ['auth.log.1', 'auth.log', '-'],
  );
});

test('a live log is put last, for a reader that follows the last path', () => {
  assert.deepEqual(liveLast(['/l/auth.log', '/l/auth.log.1', '/l/auth.log.2.gz']), [
    '/l/auth.log.1',
    '/l/auth.log.2.gz',
    '/l/auth.log',
  ]);
});

test('any name has a rotation, quickly', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => typeof rotationOf(name).stem === 'string'));
  const started = performance.now();
  for (const piece of ['-', '.1', '2016', '.a', '-2016']) rotationOf(piece.repeat(100_000));
  assert.ok(performance.now() - started < 1000);
});
