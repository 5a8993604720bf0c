import assert from 'node:assert/strict';
import { appendFile, link, mkdir, mkdtemp, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import { type Event, isResumable, type Resumable, ScopsError, type Source } from '../../src/event/index.ts';
import { wazuh } from '../../src/sources/wazuh.ts';
import { alertLine, filebeatRecord } from '../support/alerts.ts';
import { type TestContext, testContext } from '../support/context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-wazuh-'));
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

function open(options: Record<string, unknown>, context: TestContext = testContext()): Source & Resumable {
  const source = wazuh.create(v.parse(wazuh.options, options), context);
  assert.ok(isResumable(source));
  return source;
}

const ids = (events: readonly Event[]): string[] => events.map(({ id }) => id.split('.').at(-1) as string);
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => String(from + i));
const alerts = (from: number, to: number): string =>
  numbers(from, to)
    .map((i) => `${alertLine(Number(i))}\n`)
    .join('');

test('alerts come in the order of the input, from files, gzip and folders of archives', async () => {
  const logs = await folder({
    '2026/Jan/ossec-alerts-01.json.gz': gzipSync(alerts(0, 5)),
    '2026/Jan/ossec-alerts-02.json': alerts(5, 8),
    '2026/Jan/ossec-alerts-02-001.json': alerts(8, 9),
    '2026/Jan/ossec-alerts-02.log': 'not JSON\n',
    '2026/Jan/ossec-alerts-01.json.sum': 'not JSON\n',
    '2026/Feb/ossec-alerts-01.json': alerts(9, 12),
  });
  await link(join(logs, '2026/Feb/ossec-alerts-01.json'), join(logs, 'alerts.json'));
  const extra = await folder({ 'more.txt': `${filebeatRecord(alertLine(12))}\n` });
  const context = testContext();
  const source = open({ paths: [logs, join(extra, 'more.txt')] }, context);
  const events = await collect(source.events());
  assert.deepEqual(ids(events), numbers(0, 13));
  assert.deepEqual(context.rejects, []);
  assert.equal(source.live, false);
  assert.equal(events[3]?.raw, alertLine(3));
  assert.equal(context.progressed.at(-1)?.bytes, context.progressed.at(-1)?.total);
});

test('standard input is -', async () => {
  const stdin = (async function* () {
    yield Buffer.from(alerts(0, 3));
  })();
  assert.deepEqual(ids(await collect(open({ paths: '-' }, testContext({ stdin })).events())), numbers(0, 3));
});

test('a record that cannot be read is rejected with file, line and reason, and the rest is read', async () => {
  const [deep, long] = ['['.repeat(200_000), 'x'.repeat(67_108_864)];
  const logs = await folder({
    'a.json': Buffer.concat(
      [
        ...[alertLine(0), '', 'no JSON', '{"user":"someone"}', alertLine(1, { timestamp: 'then' })],
        ...[Buffer.from([0x7b, 0xff, 0x7d]), `\0\0${alertLine(2)}`, deep, long, alertLine(3)],
      ].map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')])),
    ),
    'b.json': gzipSync(alerts(4, 400)).subarray(0, 1500),
    'c.json': alerts(400, 401) + alertLine(401).slice(0, 50),
  });
  const context = testContext();
  const events = await collect(open({ paths: logs }, context).events());
  const [a, b, c] = ['a.json', 'b.json', 'c.json'].map((name) => join(logs, name));
  assert.deepEqual(
    context.rejects.map(({ source, file, line, reason }) => [source, file, line, reason]),
    [
      ['wazuh', a, 3, 'not JSON: cut short or not a JSON object'],
      ['wazuh', a, 4, 'not a Wazuh record: none of rule, wazuh, full_log, syscheck, decoder, manager'],
      ['wazuh', a, 5, 'no readable timestamp'],
      ['wazuh', a, 6, 'not UTF-8'],
      ['wazuh', a, 7, 'holds a NUL byte'],
      ['wazuh', a, 8, 'not JSON: cut short or not a JSON object'],
      ['wazuh', a, 9, 'a line of 67108864 bytes, more than 1048576'],
      ['wazuh', b, context.rejects[7]?.line, 'gzip data cut short'],
      ['wazuh', c, 2, 'not JSON: cut short or not a JSON object'],
    ],
  );
  assert.equal(context.rejects[3]?.raw, '{\ufffd}');
  assert.equal(context.rejects[6]?.raw.length, 65_536);
  assert.equal(context.rejects[5]?.raw.length, 65_536);
  assert.deepEqual(ids(events).slice(0, 3), ['0', '3', '4']);
  assert.equal(ids(events).at(-1), '400');
});

test('a path that is not there is an error', async () => {
  await assert.rejects(
    collect(open({ paths: join(root, 'nothing') }).events()),
    (error) => error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE' && error.message.includes('nothing'),
  );
});

test('the place is after the last event that is done: the next one was asked for', async () => {
  const logs = await folder({ 'a.json': alerts(0, 3) });
  const source = open({ paths: logs });
  assert.equal(source.checkpoint(), '');
  const events = source.events()[Symbol.asyncIterator]();
  await events.next();
  assert.equal(source.checkpoint(), '');
  await events.next();
  const place = JSON.parse(source.checkpoint());
  assert.equal(place.line, 1);
  assert.equal(place.offset, alertLine(0).length + 1);
  await events.return?.();
});

test('stopped anywhere, a new reader goes on with the next event', async () => {
  const logs = await folder({
    'a.json': `${alerts(0, 4)}broken\n${alerts(4, 7)}`,
    'b.json.gz': gzipSync(alerts(7, 12)),
    'c.json': alerts(12, 15).trimEnd(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 })), async (stops) => {
      const read: string[] = [];
      let place = '';
      for (const stop of [...stops, 100]) {
        const source = open({ paths: logs });
        source.resume(place);
        const part: Event[] = [];
        for await (const event of source.events()) {
          if (part.length === stop) break;
          part.push(event);
        }
        read.push(...ids(part));
        place = source.checkpoint();
      }
      assert.deepEqual(read, numbers(0, 15));
    }),
    { numRuns: 30 },
  );
});

test('a last line that was still being written is read when it is whole', async () => {
  const logs = await folder({ 'a.json': alerts(0, 2) + alertLine(2).slice(0, 40) });
  const first = open({ paths: logs });
  assert.deepEqual(ids(await collect(first.events())), ['0', '1']);
  await appendFile(join(logs, 'a.json'), `${alertLine(2).slice(40)}\n${alertLine(3)}\n`);
  const second = open({ paths: logs });
  second.resume(first.checkpoint());
  assert.deepEqual(ids(await collect(second.events())), ['2', '3']);
});

for (const text of [
  'x',
  '{}',
  '[]',
  '{"version":2}',
  '{"version":1,"path":"a","inode":"","print":"","offset":-1,"line":0}',
]) {
  test(`${text} is no checkpoint`, () => {
    assert.throws(
      () => open({ paths: 'a' }).resume(text),
      (error) => error instanceof ScopsError && error.code === 'INPUT_INVALID' && error.message.includes(text),
    );
  });
}

function liveContext(): TestContext {
  return testContext({
    sleep: (ms, signal) => delay(ms / 50, undefined, signal && { signal }).catch(() => undefined),
  });
}

/** Read until `count` events came, then stop; the checkpoint as a pipeline would keep it. */
async function follow(source: Source & Resumable, count: number): Promise<string[]> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 5000);
  const events: Event[] = [];
  for await (const event of source.events(stop.signal)) {
    events.push(event);
    if (events.length === count) setTimeout(() => stop.abort(), 50);
  }
  clearTimeout(late);
  return ids(events);
}

test('a followed file is read through rotations, after its history, and on from a checkpoint', async () => {
  const logs = await folder({
    '2026/Jan/ossec-alerts-30.json.gz': gzipSync(alerts(0, 3)),
    '2026/Jan/ossec-alerts-31.json': alerts(3, 5),
  });
  const live = join(logs, 'alerts.json');
  await link(join(logs, '2026/Jan/ossec-alerts-31.json'), live);
  const options = { paths: [logs, live], follow: true };
  const first = open(options, liveContext());
  assert.equal(first.live, true);
  const reading = follow(first, 9);
  await delay(30);
  await appendFile(live, alerts(5, 6));
  await mkdir(join(logs, '2026/Feb'));
  await writeFile(join(logs, '2026/Feb/ossec-alerts-01.json'), alerts(6, 7));
  await unlink(live);
  await link(join(logs, '2026/Feb/ossec-alerts-01.json'), live);
  await delay(100);
  await appendFile(live, alerts(7, 9));
  assert.deepEqual(await reading, numbers(0, 9));
  await appendFile(live, alerts(9, 11));
  const second = open(options, liveContext());
  second.resume(first.checkpoint());
  assert.deepEqual(await follow(second, 2), numbers(9, 11));
});

test('stopped in the history, reading goes on there and then follows', async () => {
  const logs = await folder({ 'history/a.json': alerts(0, 4), 'alerts.json': alerts(4, 6) });
  const options = { paths: [join(logs, 'history'), join(logs, 'alerts.json')], follow: true };
  const first = open(options, liveContext());
  for await (const event of first.events()) if (ids([event])[0] === '2') break;
  const second = open(options, liveContext());
  second.resume(first.checkpoint());
  assert.deepEqual(await follow(second, 4), numbers(2, 6));
});

test('from the end, only what is new is read', async () => {
  const logs = await folder({ 'alerts.json': alerts(0, 3) });
  const live = join(logs, 'alerts.json');
  const reading = follow(open({ paths: live, follow: true, from: 'end' }, liveContext()), 1);
  await delay(100);
  await appendFile(live, alerts(3, 4));
  assert.deepEqual(await reading, ['3']);
});

test('reading a large file keeps little memory', async () => {
  const logs = await folder();
  const path = join(logs, 'a.json');
  const part = alerts(0, 20_000);
  for (let i = 0; i < 10; i++) await appendFile(path, part);
  assert.ok((await stat(path)).size > 90_000_000);
  const before = process.memoryUsage.rss();
  let most = 0;
  let count = 0;
  for await (const _ of open({ paths: path }, testContext({ progress: () => undefined })).events()) {
    if (++count % 1000 === 0) most = Math.max(most, process.memoryUsage.rss() - before);
  }
  assert.equal(count, 200_000);
  assert.ok(most < 250_000_000, `${most} bytes more`);
});
