import assert from 'node:assert/strict';
import { appendFile, copyFile, link, mkdir, mkdtemp, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext as NodeTest, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ScopsError } from '../../src/event/index.ts';
import type { Place } from '../../src/io/place.ts';
import { type TailOptions, tail } from '../../src/io/tail.ts';
import { type TestContext, testContext } from '../support/context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-tail-'));
after(() => rm(root, { recursive: true, force: true }));

let folders = 0;
async function folder(): Promise<string> {
  const made = join(root, String(folders++));
  await mkdir(made);
  return made;
}

/** A reader in the background: what it has read, where it stands, and a wait for more. */
class Reader {
  readonly lines: string[] = [];
  readonly context: TestContext;
  place: Place | undefined;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(path: string, more: Partial<TailOptions> = {}) {
    // Seconds pass quickly, but not so quickly that nothing else runs.
    const sleep = (ms: number, signal?: AbortSignal) => delay(ms / 50, undefined, { signal }).catch(() => undefined);
    this.context = testContext({ sleep });
    this.#done = this.#read(path, {
      ...{ maxLineBytes: 1000, start: 'start', takes: (name) => /\.json(?:\.gz)?$/.test(name) },
      ...{ context: this.context, signal: this.#stop.signal, ...more },
    });
    this.#done.catch(() => undefined);
  }

  async #read(path: string, options: TailOptions): Promise<void> {
    for await (const { lines, ...file } of tail(path, options)) {
      for (const line of lines) {
        this.lines.push(line.text);
        this.place = { ...file, offset: line.end, line: line.number };
      }
    }
  }

  async reads(expected: readonly string[]): Promise<void> {
    for (let waited = 0; waited < 5000 && this.lines.length < expected.length; waited += 5) await delay(5);
    await delay(60);
    assert.deepEqual(this.lines, expected);
  }

  async stop(): Promise<Place> {
    this.#stop.abort();
    await this.#done;
    return this.place as Place;
  }

  get failed(): Promise<void> {
    return this.#done;
  }
}

function reader(t: NodeTest, path: string, more: Partial<TailOptions> = {}): Reader {
  const made = new Reader(path, more);
  t.after(() => made.stop().catch(() => undefined));
  return made;
}

test('a line is read when it is whole, not before', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'one\ntw');
  const following = reader(t, path);
  await following.reads(['one']);
  await appendFile(path, 'o\nthree');
  await following.reads(['one', 'two']);
  await appendFile(path, '\n');
  await following.reads(['one', 'two', 'three']);
});

test('many small writes are read in order', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, '');
  const following = reader(t, path);
  for (let i = 0; i < 20; i++) {
    await appendFile(path, `${i}\n`);
    if (i % 5 === 0) await delay(10);
  }
  await following.reads(Array.from({ length: 20 }, (_, i) => String(i)));
});

test('from the end, a line that is being written is read whole', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'old\nhal');
  const following = reader(t, path, { start: 'end' });
  await following.reads([]);
  await appendFile(path, 'f\nnew\n');
  await following.reads(['half', 'new']);
});

test('rename and a new file: the rest of the old one comes first', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'a1\n');
  const following = reader(t, path);
  await following.reads(['a1']);
  await rename(path, `${path}.1`);
  await appendFile(`${path}.1`, 'a2\n');
  await writeFile(path, 'b1\n');
  await appendFile(`${path}.1`, 'a3\n');
  await following.reads(['a1', 'a2', 'a3', 'b1']);
  await appendFile(path, 'b2\n');
  await following.reads(['a1', 'a2', 'a3', 'b1', 'b2']);
  assert.deepEqual(following.context.logged, []);
});

/** As Wazuh does it: a file of the day or of a part of it, and alerts.json a second name of it. */
async function turn(folder: string, part: string, content = ''): Promise<void> {
  const dated = join(folder, part);
  await mkdir(join(dated, '..'), { recursive: true });
  await writeFile(dated, content);
  await unlink(join(folder, 'alerts.json')).catch(() => undefined);
  await link(dated, join(folder, 'alerts.json'));
}

test("Wazuh's rotation: the link moves on to the next day's file", async (t) => {
  const logs = await folder();
  const path = join(logs, 'alerts.json');
  await turn(logs, '2024/Jan/ossec-alerts-31.json', 'jan1\n');
  const following = reader(t, path);
  await following.reads(['jan1']);
  await appendFile(join(logs, '2024/Jan/ossec-alerts-31.json'), 'jan2\n');
  await turn(logs, '2024/Feb/ossec-alerts-01.json', 'feb1\n');
  await following.reads(['jan1', 'jan2', 'feb1']);
  await appendFile(path, 'feb2\n');
  await following.reads(['jan1', 'jan2', 'feb1', 'feb2']);
  assert.match(following.place?.path ?? '', /alerts/);
});

test('parts that came and went between two looks are read too, in order', async (t) => {
  const logs = await folder();
  const path = join(logs, 'alerts.json');
  await turn(logs, '2024/Feb/ossec-alerts-01.json', 'first\n');
  const following = reader(t, path);
  await following.reads(['first']);
  for (let part = 1; part <= 11; part++) {
    await turn(logs, `2024/Feb/ossec-alerts-01-${String(part).padStart(3, '0')}.json`, `part ${part}\n`);
  }
  await following.reads(['first', ...Array.from({ length: 11 }, (_, i) => `part ${i + 1}`)]);
});

test('a last line that nobody ends is read when its file is finished', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'whole\nno end');
  const following = reader(t, path);
  await following.reads(['whole']);
  await rename(path, `${path}.1`);
  await writeFile(path, 'next\n');
  await following.reads(['whole', 'no end', 'next']);
});

test('a truncated file is read from its start, and that is told', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'one\ntwo\nthree\n');
  const following = reader(t, path);
  await following.reads(['one', 'two', 'three']);
  await truncate(path, 0);
  await delay(60);
  await appendFile(path, 'four\n');
  await following.reads(['one', 'two', 'three', 'four']);
  assert.match(following.context.logged[0] ?? '', /^warn: .*was truncated at byte 14/);
  assert.equal(following.place?.line, 1);
});

test('copied and truncated, then grown beyond where reading stood: noticed by its first bytes', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'one\n');
  const following = reader(t, path);
  await following.reads(['one']);
  await copyFile(path, `${path}.1`);
  await writeFile(path, 'a new first line\nand another\n');
  await following.reads(['one', 'a new first line', 'and another']);
});

test('while the name is missing, reading waits', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'one\n');
  const following = reader(t, path);
  await following.reads(['one']);
  await unlink(path);
  await delay(100);
  await writeFile(path, 'two\n');
  await following.reads(['one', 'two']);
});

test('a file that is not there at the beginning is an error', async () => {
  const following = new Reader(join(await folder(), 'alerts.json'));
  await assert.rejects(following.failed, (error) => error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE');
});

test('reading goes on where it stopped', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'one\ntwo\nthr');
  const place = await (async () => {
    const first = reader(t, path);
    await first.reads(['one', 'two']);
    return first.stop();
  })();
  await appendFile(path, 'ee\nfour\n');
  const second = reader(t, path, { from: place, start: 'end' });
  await second.reads(['three', 'four']);
  assert.equal(second.place?.line, 4);
  assert.deepEqual(second.context.logged, []);
});

for (const [name, away] of [
  ['renamed', async (path: string) => rename(path, `${path}.1`)],
  [
    'renamed and compressed',
    async (path: string) => {
      await rename(path, `${path}.1`);
      await compress(`${path}.1`);
    },
  ],
] as const) {
  test(`away while the file was ${name}: its rest is read first`, async (t) => {
    const path = join(await folder(), 'alerts.json');
    await writeFile(path, 'a1\n');
    const first = reader(t, path);
    await first.reads(['a1']);
    const place = await first.stop();
    await appendFile(path, 'a2\n');
    await away(path);
    await writeFile(path, 'b1\n');
    const second = reader(t, path, { from: place });
    await second.reads(['a2', 'b1']);
    assert.deepEqual(second.context.logged, []);
  });
}

async function compress(path: string): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
  await unlink(path);
}

for (const archives of [undefined, 'elsewhere']) {
  test(`away for days: the rest of that day and all days since, in ${archives === undefined ? 'its folder' : 'another folder'}`, async (t) => {
    const logs = await folder();
    const path = join(logs, 'alerts.json');
    await turn(logs, '2023/Dec/ossec-alerts-30.json', 'before\n');
    await turn(logs, '2023/Dec/ossec-alerts-31.json', 'd1\n');
    const first = reader(t, path);
    await first.reads(['d1']);
    const place = await first.stop();
    await appendFile(path, 'd2\n');
    await turn(logs, '2023/Dec/ossec-alerts-31-001.json', 'd3\n');
    await turn(logs, '2024/Jan/ossec-alerts-01.json', 'j1\n');
    await turn(logs, '2024/Jan/ossec-alerts-02.json', 'j2\n');
    await compress(join(logs, '2023/Dec/ossec-alerts-31.json'));
    await compress(join(logs, '2023/Dec/ossec-alerts-31-001.json'));
    if (archives !== undefined) {
      await mkdir(join(logs, archives));
      await rename(join(logs, '2023'), join(logs, archives, '2023'));
      await rename(join(logs, '2024'), join(logs, archives, '2024'));
    }
    const second = reader(t, path, { from: place, ...(archives && { archives: join(logs, archives) }) });
    await second.reads(['d2', 'd3', 'j1', 'j2']);
    await appendFile(path, 'j3\n');
    await second.reads(['d2', 'd3', 'j1', 'j2', 'j3']);
    assert.deepEqual(second.context.logged, []);
  });
}

test('away while the file disappeared: the new one is read from its start, and that is told', async (t) => {
  const path = join(await folder(), 'alerts.json');
  await writeFile(path, 'a1\n');
  const first = reader(t, path);
  await first.reads(['a1']);
  const place = await first.stop();
  await unlink(path);
  await writeFile(path, 'b1\n');
  const second = reader(t, path, { from: place, start: 'end' });
  await second.reads(['b1']);
  assert.match(second.context.logged[0] ?? '', /^warn: .*may be missing/);
});

test('stopped at once and often, every line is read once', async (t) => {
  const logs = await folder();
  const path = join(logs, 'alerts.json');
  await turn(logs, '2024/Feb/ossec-alerts-01.json');
  const written: string[] = [];
  const read: string[] = [];
  let place: Place | undefined;
  for (let round = 0; round < 12; round++) {
    const following = reader(t, path, place === undefined ? {} : { from: place });
    for (let i = 0; i < 5; i++) {
      written.push(`${round}-${i}`);
      await appendFile(path, `${round}-${i}\n`);
    }
    if (round % 3 === 1) await turn(logs, `2024/Feb/ossec-alerts-0${2 + Math.trunc(round / 3)}.json`);
    await delay(round % 4 === 0 ? 0 : 15 * round);
    await following.stop();
    read.push(...following.lines);
    place = following.place ?? place;
  }
  const last = reader(t, path, { from: place! });
  await last.reads(written.slice(read.length));
  assert.deepEqual([...read, ...last.lines], written);
});
