import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as v from 'valibot';
import { type Event, isCovering } from '../../src/event/index.ts';
import { lineOptions } from '../../src/io/line-options.ts';
import type { LineReader } from '../../src/io/line-reader.ts';
import { LineSource } from '../../src/io/line-source.ts';
import { type TestContext, testContext } from '../support/context.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-lines-'));
after(() => rm(folder, { recursive: true, force: true }));

const options = v.strictObject(lineOptions('Files.'));

/** An event for each word of a line. */
const words: LineReader = {
  read: (line) =>
    line.split(' ').map((word) => ({ id: word, time: 0, source: 'words', kind: 'log', fields: {}, raw: word })),
};

function open(paths: string | string[], reader = words, context: TestContext = testContext()): LineSource {
  const given = v.parse(options, { paths });
  return new LineSource({ name: 'words', options: given, context, takes: () => true, reader });
}

async function take(source: LineSource, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of source.events()) {
    if (ids.length === most) break;
    ids.push(id);
  }
  return ids;
}

let files = 0;
async function file(text: string): Promise<string> {
  const path = join(folder, `${files++}`);
  await writeFile(path, text);
  return path;
}

test('a source has coverage when its reader has', () => {
  assert.equal(isCovering(open('a')), false);
  const source = open('a', { ...words, coverage: () => ({ records: 3, understood: 2, unknown: [] }) });
  assert.ok(isCovering(source));
  assert.deepEqual(source.coverage(), { records: 3, understood: 2, unknown: [] });
});

test('stopped within a line of several events, it goes on within it', async () => {
  for (const text of ['a b c', 'a b c\n', 'x\na b c\nd']) {
    const path = await file(text);
    const all = await take(open(path));
    for (let cut = 0; cut < all.length; cut++) {
      const first = open(path);
      const read = await take(first, cut);
      const second = open(path);
      second.resume(first.checkpoint());
      assert.deepEqual([...read, ...(await take(second))], all);
    }
  }
});

test('another file in the place of the one that a checkpoint is in loses no event', async () => {
  for (const text of ['a b c', 'a b c\n']) {
    const first = open(await file(text));
    assert.deepEqual(await take(first, 2), ['a', 'b']);
    const second = open(await file('d e f'));
    second.resume(first.checkpoint());
    assert.deepEqual(await take(second), ['d', 'e', 'f']);
  }
});

test('a last line without an end, after another file, is told once', async () => {
  const paths = [await file('a\n'), await file('b c')];
  const first = open(paths);
  assert.deepEqual(await take(first), ['a', 'b', 'c']);
  const second = open(paths);
  second.resume(first.checkpoint());
  assert.deepEqual(await take(second), []);
});

test('what a reader throws ends the source, which lets go of its files', async () => {
  const broken: LineReader = {
    read(line) {
      if (line === 'b') throw new RangeError('broken');
      return words.read(line);
    },
  };
  const events = open(await file('a\nb\nc\n'), broken)
    .events()
    [Symbol.asyncIterator]();
  assert.equal((await events.next()).value.id, 'a');
  await assert.rejects(async () => events.next(), RangeError);
  assert.deepEqual(await events.next(), { done: true, value: undefined });
});

test('an aborted source ends, in the middle of what it has read', async () => {
  const stop = new AbortController();
  const seen: Event[] = [];
  for await (const event of open(await file('a\nb\nc\n')).events(stop.signal)) {
    seen.push(event);
    stop.abort();
  }
  assert.deepEqual(
    seen.map(({ id }) => id),
    ['a'],
  );
});
