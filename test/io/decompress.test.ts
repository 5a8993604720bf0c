import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { ScopsError } from '../../src/event/index.ts';
import { Damaged, ProgramMissing, plain } from '../../src/io/decompress.ts';
import { readFiles } from '../../src/io/files.ts';
import { listFiles } from '../../src/io/list.ts';
import { oldestFirst } from '../../src/io/rotated.ts';
import { testContext } from '../support/context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-decompress-'));
after(() => rm(root, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
const packWith =
  (program: string, ...how: string[]) =>
  (text: string | Uint8Array) =>
    execFileSync(program, [...(how.length > 0 ? how : ['-1']), '-c'], { input: text, maxBuffer: 1e9 });

interface Form {
  readonly name: string;
  readonly pack: (text: string | Uint8Array) => Buffer;
  readonly skip: boolean;
}

const forms: readonly Form[] = [
  { name: 'gzip', pack: (text) => gzipSync(text), skip: false },
  { name: 'zstd', pack: (text) => zstdCompressSync(text), skip: false },
  { name: 'xz', pack: packWith('xz'), skip: !has('xz') },
  { name: 'bzip2', pack: packWith('bzip2'), skip: !has('bzip2') },
];
const child = { skip: !has('xz') };

async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The text, and what was wrong with it. */
async function unpack(bytes: AsyncIterable<Uint8Array>): Promise<{ text: string; error?: Error }> {
  const read: Uint8Array[] = [];
  try {
    for await (const piece of plain(bytes)) read.push(Buffer.from(piece));
  } catch (error) {
    return { text: Buffer.concat(read).toString(), error: error as Error };
  }
  return { text: Buffer.concat(read).toString() };
}

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at} ${Math.imul(from + at, 2_654_435_761) >>> 0}\n`).join(
    '',
  );

for (const { name, pack, skip } of forms) {
  test(`${name}: whole, empty, and parts that follow one another, in pieces of any size`, { skip }, async () => {
    const [first, second] = [lines(0, 3000), lines(3000, 3100)];
    const both = Buffer.concat([pack(first), pack(''), pack(second)]);
    for (const size of [1, 7, 4096, both.length]) {
      const { text, error } = await unpack(pieces(both, size));
      assert.equal(error, undefined);
      assert.ok(text === first + second, `pieces of ${size}: ${text.length} characters`);
    }
    assert.deepEqual(await unpack(pieces(pack(''))), { text: '' });
  });

  test(`${name}: cut short anywhere, what came before and that it was cut`, { skip }, async () => {
    const whole = lines(0, 60_000);
    const packed = pack(whole);
    for (const share of [0.5, 0.999]) {
      const { text, error } = await unpack(pieces(packed.subarray(0, packed.length * share)));
      assert.ok(error instanceof Damaged && !(error instanceof ProgramMissing), String(error));
      assert.match(error.message, new RegExp(`^${name} data cut short`));
      assert.ok(whole.startsWith(text) && text.length > 0.1 * whole.length, `${text.length} of ${whole.length}`);
    }
  });

  test(`${name}: damaged in the middle is one fault, never another error`, { skip }, async () => {
    const packed = pack(lines(0, 60_000));
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64);
    const { error } = await unpack(pieces(packed));
    assert.ok(error instanceof Damaged, String(error));
    assert.ok(error.message.startsWith(`${name} data`));
  });

  test(`${name}: known by how it begins; a place in it is found again`, { skip }, async () => {
    const path = join(root, `secure-${name}.log`);
    await writeFile(path, pack(lines(0, 5)));
    const read = async (from?: Parameters<typeof readFiles>[1]['from']) => {
      const files = await listFiles([path], { takes: () => true, onSkip: () => undefined });
      const options = { maxLineBytes: 1000, context: testContext(), ...(from && { from }) };
      return (await Array.fromAsync(readFiles(files, options))).flatMap(({ lines, ...about }) =>
        lines.map((line) => ({ ...line, ...about })),
      );
    };
    const all = await read();
    assert.equal(all.length, 5);
    const { inode, print, end, number } = all[2]!;
    // The same text under another form and inode, as logrotate leaves it.
    for (const place of [inode, 'other']) {
      const rest = await read({ path, inode: place, print, offset: end, line: number });
      assert.deepEqual(rest, all.slice(3));
    }
  });
}

// bzip2 takes long to make such a file.
for (const { name, pack, skip } of forms.slice(0, 3)) {
  test(`${name}: a small file that grows without end costs little memory, and is left at any time`, {
    skip,
  }, async () => {
    const bomb = pack(Buffer.alloc(60_000_000, 'a\n'));
    assert.ok(bomb.length < 100_000);
    const before = process.memoryUsage().rss;
    let most = 0;
    let length = 0;
    for await (const piece of plain(pieces(bomb, 16_384))) {
      length += piece.length;
      most = Math.max(most, piece.length, process.memoryUsage().rss - before);
      if (length > 50_000_000) break;
    }
    assert.ok(most < 40_000_000, `${most} bytes`);
  });
}

for (const { name, pack } of forms.slice(0, 2)) {
  test(`${name}: whatever follows its first bytes, one fault at most`, () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(40), fc.nat(20), async (noise, keep, size) => {
        const bytes = Buffer.concat([pack(lines(0, 3)).subarray(0, 4 + keep), noise]);
        const { error } = await unpack(pieces(bytes, size + 1));
        assert.ok(error === undefined || error instanceof Damaged, String(error));
      }),
      { numRuns: 200 },
    ));
}

test('zstd: frames that are to be skipped are; what is no frame is one fault, after all before it', async () => {
  const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const packed = zstdCompressSync('one\n');
  for (const size of [1, 5, 1000]) {
    assert.deepEqual(await unpack(pieces(Buffer.concat([skipped, packed, skipped, packed]), size)), {
      text: 'one\none\n',
    });
    const { text, error } = await unpack(pieces(Buffer.concat([packed, Buffer.from('more text')]), size));
    assert.equal(text, 'one\n');
    assert.match(
      String(error?.message),
      /^zstd data (?:followed by something else|damaged: Unknown frame descriptor)$/,
    );
  }
});

test('zstd: any frames in any pieces', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.string({ maxLength: 50 }), fc.constant('x'.repeat(300_000))), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 3000 }),
      async (texts, size) => {
        const packed = Buffer.concat(texts.map((text) => zstdCompressSync(text)));
        assert.deepEqual(await unpack(pieces(packed, size)), { text: texts.join('') });
      },
    ),
    { numRuns: 60 },
  ));

test('xz: a dictionary of 1 GiB is refused', child, async () => {
  const packed = packWith('xz', '--lzma2=dict=1GiB,mode=fast,mf=hc3,nice=2,depth=1')('text');
  const { error } = await unpack(pieces(packed));
  assert.match(String(error?.message), /^xz data cut short or damaged: .*[Mm]emory/);
});

test('xz: an error of the bytes themselves is passed on', child, async () => {
  const packed = packWith('xz')(lines(0, 20_000));
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield packed.subarray(0, 50_000);
    throw new Error('the disk is gone');
  }
  assert.equal((await unpack(failing())).error?.message, 'the disk is gone');
});

test('a program that is missing is told with the file, and nothing is read as if it were empty', child, async (t) => {
  const path = join(root, 'secure.xz');
  await writeFile(path, packWith('xz')(lines(0, 3)));
  const files = await listFiles([path], { takes: () => true, onSkip: () => undefined });
  const bin = join(root, 'bin');
  const env = execFileSync('sh', ['-c', 'command -v env'], { encoding: 'utf8' }).trim();
  await mkdir(bin);
  await symlink(env, join(bin, 'env'));
  const before = process.env.PATH;
  t.after(() => {
    process.env.PATH = before;
  });
  for (const given of [join(root, 'nowhere'), bin]) {
    process.env.PATH = given;
    await assert.rejects(
      Array.fromAsync(readFiles(files, { maxLineBytes: 1000, context: testContext() })),
      (error) =>
        error instanceof ScopsError &&
        error.code === 'SOURCE_UNREADABLE' &&
        error.message ===
          `Cannot read "${path}": xz data, and no program "xz" to read them with: install it, or unpack the file first.`,
    );
  }
});

test('archives that are not read are one fault that says so', async () => {
  for (const [bytes, what] of [
    [[0x50, 0x4b, 3, 4, 20, 0], 'a ZIP archive'],
    [[0x04, 0x22, 0x4d, 0x18, 0x64], 'lz4 data'],
    [[0x1f, 0x9d, 0x90], 'data of compress (.Z)'],
    [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'a 7z archive'],
  ] as const) {
    const { error } = await unpack(pieces(Uint8Array.from(bytes)));
    assert.ok(error instanceof Damaged);
    assert.equal(error.message, `${what}, which is not read: unpack it first`);
  }
});

test('text that begins like a compressed file is text, and is not waited for', async () => {
  for (const text of ['BZ', 'BZh', 'BZh9', 'BZh9 is how bzip2 begins\n', 'PK\n', '7z a.7z\n', '(\n', '', '\n', 'P']) {
    assert.deepEqual(await unpack(pieces(Buffer.from(text), 1)), { text });
  }
  const { promise: never } = Promise.withResolvers<never>();
  async function* live(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('BZ ok\n');
    await never;
  }
  const first = await plain(live()).next();
  assert.equal(Buffer.from(first.value as Uint8Array).toString(), 'BZ ok\n');
});

test('a folder of rotated logs in every form is read oldest first; of twins one', async () => {
  const folder = await mkdtemp(join(root, 'log-'));
  const names = [
    'auth.log.10.gz',
    'auth.log.9.bz2',
    'auth.log.3.xz',
    'auth.log.2.zst',
    'auth.log.1',
    'auth.log',
    'secure-20260927.xz',
    'secure-20261001.zst',
    'secure',
  ];
  for (const name of [...names, 'auth.log.2.gz', 'auth.log.1.zst', 'notes.zip'])
    await writeFile(join(folder, name), name);
  const takes = (name: string): boolean => /^(?:auth\.log|secure)(?:[-.]\d+)?$/.test(name);
  const files = await oldestFirst(await listFiles([folder], { takes, onSkip: () => undefined }));
  const of = (log: string): string[] =>
    files.map(({ path }) => path.slice(folder.length + 1)).filter((name) => name.startsWith(log));
  assert.deepEqual(of('auth'), [
    'auth.log.10.gz',
    'auth.log.9.bz2',
    'auth.log.3.xz',
    'auth.log.2.gz',
    'auth.log.1',
    'auth.log',
  ]);
  assert.deepEqual(of('secure'), names.slice(6));
});

test('a stream of zstd on disk', async () => {
  const path = join(root, 'big.zst');
  const text = lines(0, 200_000);
  await writeFile(path, zstdCompressSync(text));
  assert.ok((await unpack(createReadStream(path))).text === text);
});
