import assert from 'node:assert/strict';
import {
  appendFile,
  copyFile,
  open as openFile,
  readFile,
  rename,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Context, Event, Resumable, Source } from '../../src/event/index.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { folder, login, logins, open, ports, range, second, times } from '../support/sshd-logs.ts';

/** Five times as fast as the world. */
const liveContext = (overrides: Partial<Context> = {}): TestContext =>
  testContext({
    sleep: (ms, signal) => delay(ms / 5, undefined, signal && { signal }).catch(() => undefined),
    ...overrides,
  });

interface Reading {
  /** Once that many events have come. Throws when they do not. */
  until(count: number): Promise<void>;
  stop(): Promise<readonly Event[]>;
}

function follow(source: Source & Resumable): Reading {
  const stop = new AbortController();
  const events: Event[] = [];
  source.checkpoint();
  const done = (async () => {
    for await (const event of source.events(stop.signal)) events.push(event);
  })();
  return {
    async until(count) {
      for (let waited = 0; events.length < count; waited += 5) {
        assert.ok(waited < 5000, `${events.length} of ${count} events came: ${ports(events)}`);
        await delay(5);
      }
    },
    async stop() {
      stop.abort();
      await done;
      return events;
    },
  };
}

test('the log that grows is followed, whatever the order of the paths, after its rotated parts', async () => {
  const logs = await folder({ 'auth.log.2.gz': gzipSync(logins(0, 3)), 'auth.log.1': logins(3, 5), 'auth.log': '' });
  const paths = ['auth.log', 'auth.log.1', 'auth.log.2.gz'].map((name) => join(logs, name));
  const source = open({ paths, follow: true }, liveContext());
  assert.equal(source.live, true);
  const reading = follow(source);
  await reading.until(5);
  await appendFile(join(logs, 'auth.log'), logins(5, 7));
  await reading.until(7);
  assert.deepEqual(ports(await reading.stop()), range(0, 7));
});

test('renamed in the middle of a line that is then finished, nothing is lost and the line is whole', async () => {
  const logs = await folder({ 'auth.log': logins(0, 2) });
  const live = join(logs, 'auth.log');
  const context = liveContext();
  const reading = follow(open({ paths: live, follow: true }, context));
  await reading.until(2);
  const half = login(second(2), 2);
  await using writer = await openFile(live, 'a');
  await writer.write(half.slice(0, 60));
  await delay(50);
  await rename(live, join(logs, 'auth.log.1'));
  await writeFile(live, logins(3, 5));
  await writer.write(`${half.slice(60)}\n`);
  await reading.until(5);
  const events = await reading.stop();
  assert.deepEqual(ports(events), range(0, 5));
  assert.equal(events[2]?.raw, half);
  assert.deepEqual(context.rejects, []);
});

test('renamed in the middle of a line that nobody finishes, all other lines are read', async () => {
  const logs = await folder({ 'auth.log': logins(0, 2) });
  const live = join(logs, 'auth.log');
  const source = open({ paths: live, follow: true }, liveContext());
  const reading = follow(source);
  await reading.until(2);
  await appendFile(live, login(second(2), 2).slice(0, 60));
  await rename(live, join(logs, 'auth.log-20260102'));
  await writeFile(live, logins(3, 5));
  await reading.until(5);
  const events = await reading.stop();
  assert.deepEqual(ports(events.filter(({ kind }) => kind === 'login')), [0, 1, 3, 4]);
  assert.equal(events[2]?.raw, login(second(2), 2).slice(0, 60));
  assert.equal(source.coverage().understood, 4);
});

test('copied and truncated in the middle of a line, the rest of that line costs no other, and the log says so', async () => {
  const logs = await folder({ 'auth.log': logins(0, 2) });
  const live = join(logs, 'auth.log');
  const context = liveContext();
  const reading = follow(open({ paths: live, follow: true }, context));
  await reading.until(2);
  const half = login(second(2), 2);
  await appendFile(live, half.slice(0, 60));
  await delay(50);
  await copyFile(live, join(logs, 'auth.log.1'));
  await truncate(live);
  await appendFile(live, `${half.slice(60)}\n${logins(3, 5)}`);
  await reading.until(4);
  assert.deepEqual(ports(await reading.stop()), [0, 1, 3, 4]);
  assert.deepEqual(
    context.rejects.map(({ line, raw }) => [line, raw]),
    [[1, half.slice(60)]],
  );
  assert.match(context.logged.join('\n'), /^warn: .*auth\.log" was truncated at byte/);
});

test('stopped, rotated twice, compressed, and started again: every event comes once', async () => {
  const logs = await folder({ 'auth.log': logins(0, 4) });
  const live = join(logs, 'auth.log');
  const options = { paths: live, follow: true };
  const source = open(options, liveContext());
  const first = follow(source);
  await first.until(4);
  const read = [...(await first.stop())];
  await appendFile(live, logins(4, 6));
  await writeFile(join(logs, 'auth.log.2.gz'), gzipSync(await readFile(live)));
  await writeFile(join(logs, 'auth.log.1'), logins(6, 8));
  await unlink(live);
  await writeFile(live, logins(8, 9));
  const later = open(options, liveContext());
  later.resume(source.checkpoint());
  const next = follow(later);
  await next.until(5);
  await appendFile(live, logins(9, 10));
  await next.until(6);
  read.push(...(await next.stop()));
  assert.deepEqual(ports(read), range(0, 10));
  assert.equal(new Set(read.map(({ id }) => id)).size, 10);
});

test('from the end, only what is new is read', async () => {
  const logs = await folder({ 'auth.log': `${logins(0, 3)}${login(second(3), 3).slice(0, 40)}` });
  const live = join(logs, 'auth.log');
  const reading = follow(open({ paths: live, follow: true, from: 'end' }, liveContext()));
  await delay(100);
  await appendFile(live, `${login(second(3), 3).slice(40)}\n${logins(4, 5)}`);
  await reading.until(2);
  assert.deepEqual(ports(await reading.stop()), [3, 4]);
});

test('a log that is followed into the new year, and for years, has the years of the clock', async () => {
  let now = Date.UTC(2027, 11, 31, 23, 59);
  const logs = await folder({ 'auth.log @2026-01-01': `${login('Dec 30 10:00:00', 1)}\n` });
  const live = join(logs, 'auth.log');
  const reading = follow(open({ paths: live, follow: true }, liveContext({ now: () => now })));
  await reading.until(1);
  await appendFile(live, `${login('Dec 31 23:59:00', 2)}\n`);
  await reading.until(2);
  now = Date.UTC(2028, 0, 1);
  await appendFile(live, `${login('Jan  1 00:00:00', 3)}\n`);
  await reading.until(3);
  now = Date.UTC(2028, 6, 1);
  await appendFile(live, `${login('Jul  1 00:00:00', 4)}\n`);
  await reading.until(4);
  assert.deepEqual(times(await reading.stop()), [
    '2027-12-30T10:00:00.000Z',
    '2027-12-31T23:59:00.000Z',
    '2028-01-01T00:00:00.000Z',
    '2028-07-01T00:00:00.000Z',
  ]);
});
