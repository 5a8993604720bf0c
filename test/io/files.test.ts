import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ScopsError } from '../../src/event/index.ts';
import { type ReadOptions, readFiles } from '../../src/io/files.ts';
import { listFiles } from '../../src/io/list.ts';
import { type TestContext, testContext } from '../support/context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-files-'));
after(() => rm(root, { recursive: true, force: true }));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

let folders = 0;
async function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const made = join(root, String(folders++));
  await mkdir(made);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(made, name)), { recursive: true });
    await writeFile(join(made, name), content);
  }
  return made;
}

const skipped: string[] = [];
const takes = (name: string): boolean => /\.json(?:\.gz)?$/.test(name);
const list = (...paths: string[]) => listFiles(paths, { takes, onSkip: (path) => void skipped.push(path) });

async function names(...paths: string[]): Promise<string[]> {
  return (await list(...paths)).map(({ path }) => path.slice((paths[0] as string).length + 1));
}

interface ReadLine {
  readonly file: string;
  readonly text: string;
  readonly fault?: string | undefined;
}

async function read(
  paths: string[],
  context: TestContext = testContext(),
  more: Partial<ReadOptions> = {},
): Promise<ReadLine[]> {
  const lines: ReadLine[] = [];
  for await (const batch of readFiles(await list(...paths), { maxLineBytes: 1000, context, ...more })) {
    for (const { text, fault } of batch.lines) lines.push({ file: batch.path, text, fault });
  }
  return lines;
}

const texts = (lines: readonly ReadLine[]): string[] => lines.map(({ text }) => text);

test('a tree of archives is read by date: months as months, days and parts as numbers, the live file last', async () => {
  const ordered = [
    '2023/Dec/ossec-alerts-31.json.gz',
    '2024/Jan/ossec-alerts-02.json.gz',
    '2024/Feb/ossec-alerts-09.json.gz',
    '2024/Feb/ossec-alerts-09-001.json.gz',
    '2024/Feb/ossec-alerts-09-002.json.gz',
    '2024/Feb/ossec-alerts-09-010.json.gz',
    '2024/Feb/ossec-alerts-10.json',
    '2024/Apr/ossec-alerts-01.json',
    '2024/Aug/ossec-alerts-01.json',
    '2025/Jan/ossec-alerts-01.json',
    'alerts.json',
  ];
  const other = ['2024/Feb/ossec-alerts-09.log', '2024/Feb/ossec-alerts-09.json.sum', 'alerts.log', '2024/notes.txt'];
  const tree = await folder(Object.fromEntries([...other, ...ordered.toReversed()].map((name) => [name, name])));
  assert.deepEqual(await names(tree), ordered);
});

test('a second name of a file, a compressed twin and a link back up the tree are not read again', async () => {
  const tree = await folder({
    '2024/Feb/a-01.json': '1\n',
    '2024/Feb/a-01.json.gz': gzipSync('1\n'),
    '2024/Feb/a-02.json': '2\n',
  });
  await link(join(tree, '2024/Feb/a-02.json'), join(tree, 'alerts.json'));
  await symlink('../..', join(tree, '2024/Feb/loop'));
  await symlink('self', join(tree, 'self'));
  await symlink('nowhere', join(tree, 'lost.json'));
  skipped.length = 0;
  assert.deepEqual(await names(tree), ['2024/Feb/a-01.json', '2024/Feb/a-02.json']);
  assert.deepEqual(skipped, [join(tree, 'lost.json')]);
  assert.deepEqual(texts(await read([tree, join(tree, 'alerts.json')])), ['1', '2']);
});

test('what a folder holds under other names is told of, but for other forms of what is read', async () => {
  const tree = await folder({
    'a.json': '1\n',
    'a.json.sum': 'x',
    'a.log': 'x',
    '.hidden': 'x',
    'notes.txt': 'x',
    'deep/b.txt': 'x',
    'named.txt': '2\n',
  });
  const passed: (readonly string[])[] = [];
  const onPass = (paths: readonly string[]): void => void passed.push(paths);
  const files = await listFiles([tree, join(tree, 'named.txt')], { takes, onSkip: assert.fail, onPass });
  assert.deepEqual(
    files.map(({ path }) => path),
    [join(tree, 'a.json'), join(tree, 'named.txt')],
  );
  assert.deepEqual(passed, [[join(tree, 'notes.txt'), join(tree, 'deep/b.txt')]]);
  await listFiles([join(tree, 'a.json')], { takes, onSkip: assert.fail, onPass: () => assert.fail() });
});

test('a file that is named is read whatever its name', async () => {
  const tree = await folder({ 'alerts.old': 'x\n' });
  assert.deepEqual(texts(await read([join(tree, 'alerts.old')])), ['x']);
  assert.deepEqual(await read([tree]), []);
});

test('a path that is not there is an error that names it', async () => {
  await assert.rejects(list(join(root, 'missing.json')), (error) => {
    assert.ok(error instanceof ScopsError);
    assert.equal(error.code, 'SOURCE_UNREADABLE');
    assert.equal(error.message, `Cannot read "${join(root, 'missing.json')}": no such file or folder.`);
    return true;
  });
});

test('a file that goes away between listing and reading is an error that names it', async () => {
  const tree = await folder({ 'a.json': '1\n' });
  const files = await list(tree);
  await rm(join(tree, 'a.json'));
  await assert.rejects(
    collect(readFiles(files, { maxLineBytes: 10, context: testContext() })),
    (error) => error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE' && error.message.includes('a.json'),
  );
});

test('gzip is known by its first bytes, not by its name; members follow one another', async () => {
  const tree = await folder({
    'a.json': Buffer.concat([gzipSync('one\ntw'), gzipSync('o\n')]),
    'b.json.gz': 'plain\n',
    'c.json': gzipSync(''),
    'd.json': '',
    'e.json': '\x1f',
  });
  assert.deepEqual(texts(await read([tree])), ['one', 'two', 'plain', '\x1f']);
});

const many = Array.from({ length: 20_000 }, (_, i) => `${i} ${Math.sin(i)}`);

test('of gzip that is cut short, everything before the cut is read, then one fault', async () => {
  const whole = gzipSync(many.join('\n'));
  for (const cut of [whole.length - 4, whole.length - 10_000, 100, 11, 5]) {
    const tree = await folder({ 'a.json': whole.subarray(0, cut), 'b.json': 'next\n' });
    const lines = await read([tree]);
    const faults = lines.filter(({ fault }) => fault !== undefined);
    assert.deepEqual(
      faults.map(({ fault }) => fault),
      ['gzip data cut short'],
      `cut at ${cut}`,
    );
    assert.equal(lines.at(-1)?.text, 'next');
    const good = texts(lines.slice(0, -2));
    assert.deepEqual(good, many.slice(0, good.length));
    if (cut > 20_000) assert.ok(good.length > (many.length * (cut - 20_000)) / whole.length, `${good.length} lines`);
  }
});

test('gzip that is damaged or followed by something else is one fault', async () => {
  const whole = gzipSync(many.join('\n'));
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, whole.length >> 1, (whole.length >> 1) + 10);
  const tree = await folder({ 'a.json': damaged, 'b.json': Buffer.concat([whole, Buffer.from('trailing')]) });
  const lines = await read([tree]);
  const faults = lines.filter(({ fault }) => fault !== undefined);
  assert.deepEqual(
    faults.map(({ file }) => file),
    [join(tree, 'a.json'), join(tree, 'b.json')],
  );
  for (const { fault } of faults) assert.match(fault ?? '', /^gzip data damaged: /);
});

test('a small file that decompresses to much costs little memory', async () => {
  const tree = await folder({ 'a.json': gzipSync(Buffer.alloc(300_000_000), { level: 9 }) });
  const before = process.memoryUsage.rss();
  const lines = await read([tree]);
  assert.match(lines[0]?.fault ?? '', /^a line of 300000000 bytes/);
  assert.ok(process.memoryUsage.rss() - before < 150_000_000);
});

test('progress is in compressed bytes, up to the size of all files', async () => {
  const [a, b] = [gzipSync(many.join('\n')), `${many.join('\n')}\n`];
  const tree = await folder({ 'a.json': a, 'b.json': b });
  const context = testContext();
  await read([tree], context);
  const total = a.length + b.length;
  assert.deepEqual(context.progressed.at(-1), { bytes: total, total });
  const bytes = context.progressed.map((progress) => progress.bytes);
  assert.deepEqual(
    bytes,
    bytes.toSorted((x, y) => x - y),
  );
});

test('standard input is read between files, plain or gzip, without a total', async () => {
  const tree = await folder({ 'a.json': 'a\n', 'b.json': 'b\n' });
  for (const input of [Buffer.from('in\nput'), gzipSync('in\nput')]) {
    const stdin = (async function* () {
      for (const byte of input) yield Buffer.from([byte]);
    })();
    const context = testContext({ stdin });
    const lines = await read([join(tree, 'a.json'), '-', join(tree, 'b.json')], context);
    assert.deepEqual(texts(lines), ['a', 'in', 'put', 'b']);
    assert.equal(lines[1]?.file, '-');
    assert.equal(context.progressed.at(-1)?.total, undefined);
  }
});

test('a named pipe is read as a stream', async () => {
  const tree = await folder();
  const pipe = join(tree, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reading = read([pipe]);
  const writer = await open(pipe, 'w');
  await writer.write('through\n');
  await writer.close();
  assert.deepEqual(texts(await reading), ['through']);
});

test('reading ends when asked to, even while standard input says nothing', async () => {
  const controller = new AbortController();
  const stdin = (async function* () {
    yield Buffer.from('one\n');
    await new Promise(() => undefined);
  })();
  const lines: string[] = [];
  const files = await list('-');
  const options = { maxLineBytes: 10, context: testContext({ stdin }), signal: controller.signal };
  for await (const batch of readFiles(files, options)) {
    lines.push(...batch.lines.map(({ text }) => text));
    setTimeout(() => controller.abort(), 5);
  }
  assert.deepEqual(lines, ['one']);
});

for (const compressed of [false, true]) {
  test(`reading goes on from a place, ${compressed ? 'though the file was compressed and moved since' : 'in the same file'}`, async () => {
    const content = `${many.join('\n')}\n`;
    const before = await folder({ 'a.json': 'old\n', 'b.json': content });
    let place: ReadOptions['from'];
    for await (const { lines, ...file } of readFiles(await list(before), {
      maxLineBytes: 1000,
      context: testContext(),
    })) {
      const line = lines[0]!;
      place = { ...file, offset: line.end, line: line.number };
    }
    assert.ok(place && place.line > 1 && place.path === join(before, 'b.json'));
    const now = compressed
      ? await folder({ 'a.json': 'old\n', 'b.json.gz': gzipSync(content), 'c.json': 'new\n' })
      : before;
    if (!compressed) await writeFile(join(now, 'c.json'), 'new\n');
    const context = testContext();
    const lines = texts(await read([now], context, { from: place }));
    assert.deepEqual(lines, [...many.slice(place.line), 'new']);
    assert.deepEqual(context.logged, []);
  });
}

test('a place whose file is gone is told, and everything is read', async () => {
  const tree = await folder({ 'a.json': 'a\n' });
  const context = testContext();
  const from = { path: join(tree, 'z.json'), inode: '1:1', print: `5:${'0'.repeat(32)}`, offset: 5, line: 1 };
  assert.deepEqual(texts(await read([tree], context, { from })), ['a']);
  assert.match(context.logged[0] ?? '', /^warn: .*z\.json/);
});

test('another file that took the inode is not taken for the old one', async () => {
  const tree = await folder({ 'a.json': 'first\nsecond\n' });
  const [file] = await list(tree);
  const from = { path: file!.path, inode: file!.inode, print: `6:${'0'.repeat(32)}`, offset: 6, line: 1 };
  assert.deepEqual(texts(await read([tree], testContext(), { from })), ['first', 'second']);
});
