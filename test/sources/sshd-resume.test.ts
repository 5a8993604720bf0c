import assert from 'node:assert/strict';
import { appendFile, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Event, ScopsError } from '../../src/event/index.ts';
import { testContext } from '../support/context.ts';
import { collect, folder, login, logins, open, ports, range, times } from '../support/sshd-logs.ts';

const brief = ({ id, time, kind, raw }: Event) => ({ id, time, kind, raw });

/** Read in parts, each by a new source from the checkpoint of the one before; `stops` are events that were not done. */
async function inParts(paths: string | string[], stops: readonly number[], between = async () => {}): Promise<Event[]> {
  const events: Event[] = [];
  let place = '';
  for (const stop of [...stops, 10_000]) {
    const source = open({ paths });
    source.resume(place);
    source.checkpoint();
    let count = 0;
    for await (const event of source.events()) {
      if (count++ === stop) break;
      events.push(event);
    }
    place = source.checkpoint();
    await between();
  }
  return events;
}

/** Logs without years over two turns of the year, with equal lines, clocks that jump, and lines of other programs. */
async function hostileLogs(): Promise<string> {
  const refused = 'web1 sshd[700]: Failed password for root from 192.0.2.9 port 22 ssh2';
  const line = (at: string): string => `${at} ${refused}\n`;
  const twice = line('Dec 31 23:59:59').repeat(3);
  return folder({
    'auth.log.2.gz @2024-03-02': gzipSync(
      `${login('Nov 30 01:00:00', 1)}\n${line('Dec 31 23:59:59')}${line('Jan  1 00:00:00').repeat(2)}${login('Feb 29 10:00:00', 2)}\n`,
    ),
    'auth.log.1 @2025-01-01T00:00:10Z': `${login('Mar  1 10:00:00', 3)}\nDec 31 23:59:59 web1 CRON[1]: x\n${twice}no header\n${line('Dec 31 23:00:00')}${twice}`,
    'auth.log @2026-01-01': `${line('Jan  1 00:00:00').repeat(2)}Jan  1 00:00:00 web1 sshd[1]: odd\n${line('Dec 31 23:59:59')}${login('Jan  1 00:00:02', 4)}`,
  });
}

test('stopped anywhere, every event comes once, with the same id and time', async () => {
  const logs = await hostileLogs();
  const all = await collect(open({ paths: logs }));
  assert.equal(all.length, 18);
  assert.equal(new Set(all.map(({ id }) => id)).size, 18);
  assert.deepEqual(new Set(times(all).map((time) => time.slice(0, 4))), new Set(['2023', '2024', '2025', '2026']));
  for (let cut = 1; cut < 18; cut++) assert.deepEqual(await inParts(logs, [cut]), all);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 }), async (stops) => {
      assert.deepEqual((await inParts(logs, stops)).map(brief), all.map(brief));
    }),
    { numRuns: 40 },
  );
});

test('rotated and compressed between two runs, every event comes once, with the same id and time', async () => {
  for (let cut = 1; cut < 18; cut++) {
    const logs = await hostileLogs();
    const paths = ['auth.log.2.gz', 'auth.log.1', 'auth.log'].map((name) => join(logs, name));
    const all = await collect(open({ paths }));
    const first = open({ paths });
    first.checkpoint();
    const events: Event[] = [];
    for await (const event of first.events()) {
      if (events.length === cut) break;
      events.push(event);
    }
    await rename(join(logs, 'auth.log.2.gz'), join(logs, 'auth.log.3.gz'));
    await writeFile(join(logs, 'auth.log.2.gz'), gzipSync(await readFile(join(logs, 'auth.log.1'))));
    await utimes(join(logs, 'auth.log.2.gz'), new Date('2025-01-01T00:00:10Z'), new Date('2025-01-01T00:00:10Z'));
    await rm(join(logs, 'auth.log.1'));
    await rename(join(logs, 'auth.log'), join(logs, 'auth.log.1'));
    await writeFile(join(logs, 'auth.log'), `${login('Jan  1 00:00:03', 5)}\n`);
    const second = open({ paths: logs });
    second.resume(first.checkpoint());
    events.push(...(await collect(second)));
    assert.deepEqual(events.slice(0, 18).map(brief), all.map(brief), `${cut}`);
    assert.deepEqual(ports(events.slice(18)), [5]);
  }
});

test('a last line that was still being written is a whole one later, and is not told twice when it is whole', async () => {
  const whole = login('Mar  1 10:00:02', 2);
  for (let cut = 0; cut <= whole.length; cut++) {
    const logs = await folder({ 'auth.log': logins(0, 2) + whole.slice(0, cut) });
    const grow = async (): Promise<void> => {
      const path = join(logs, 'auth.log');
      if ((await readFile(path, 'utf8')).length > logins(0, 2).length + whole.length) return;
      await appendFile(path, `${whole.slice(cut)}\n${logins(3, 4)}`);
    };
    const events = await inParts(logs, [10_000], grow);
    const accepted = events.filter(({ fields }) => fields['login.key.fingerprint'] === 'SHA256:Zm9v');
    assert.deepEqual(ports(accepted), [0, 1, 2, 3], whole.slice(0, cut));
  }
});

test('the only line of a file without an end is told once', async () => {
  for (const before of [{}, { 'auth.log.1': logins(0, 2) }]) {
    const logs = await folder({ ...before, 'auth.log': login('Mar  1 10:00:02', 2) });
    const events = await inParts(logs, [10_000, 10_000]);
    assert.deepEqual(ports(events), 'auth.log.1' in before ? [0, 1, 2] : [2]);
  }
});

test('a log that grew for months after a checkpoint has the years of its lines', async () => {
  const logs = await folder({ 'auth.log @2025-01-02': `${login('Jan  1 10:00:00', 1)}\n` });
  const first = open({ paths: logs });
  first.checkpoint();
  assert.deepEqual(times(await collect(first)), ['2025-01-01T10:00:00.000Z']);
  await appendFile(join(logs, 'auth.log'), `${login('Jun 30 10:00:00', 2)}\n`);
  await utimes(join(logs, 'auth.log'), new Date('2025-07-01'), new Date('2025-07-01'));
  const second = open({ paths: logs });
  second.resume(first.checkpoint());
  assert.deepEqual(times(await collect(second)), ['2025-06-30T10:00:00.000Z']);
});

test('where the file of a checkpoint is gone, everything is read and the log says so', async () => {
  const first = open({ paths: await folder({ 'auth.log': logins(0, 5) }) });
  await collect(first);
  const context = testContext();
  const second = open({ paths: await folder({ 'auth.log': logins(10, 15) }) }, context);
  second.resume(first.checkpoint());
  assert.deepEqual(ports(await collect(second)), range(10, 15));
  assert.match(context.logged.join('\n'), /^warn: .*not there any more/);
});

for (const state of ['', 'x', '/ ', '/ |x', 'x |', '/ a=0 |']) {
  const place = { version: 1, path: 'a', inode: '1:2', print: '0:', offset: 1, line: 1 };
  test(`"${state}" is no state of a checkpoint`, () => {
    assert.throws(
      () => open({ paths: 'a' }).resume(JSON.stringify({ ...place, state })),
      (error) => error instanceof ScopsError && error.code === 'INPUT_INVALID',
    );
  });
}

test('a last line that may still be in writing is left for the next time, where somebody keeps the place', async () => {
  const half = 'Mar  1 10:00:02 web1 sshd[7]: Accepted password for bob from 192.0.2.7 port 10';
  const now = Date.parse('2026-03-02');
  const at = async (path: string, seconds: number) => utimes(path, now / 1000 + seconds, now / 1000 + seconds);
  const cases = [
    { name: 'auth.log', age: 10, ports: [0, 1], later: [2] },
    { name: 'auth.log', age: 61, ports: [0, 1, -990], later: [2] },
    { name: 'auth.log.1', age: 10, ports: [0, 1, -990], later: [2] },
  ];
  for (const { name, age, ports: first, later } of cases) {
    const path = join(await folder({ [name]: logins(0, 2) + half }), name);
    await at(path, -age);
    const context = testContext({ now: () => now });
    const unkept = open({ paths: path }, context);
    assert.deepEqual(ports(await collect(unkept)), [0, 1, -990]);
    const source = open({ paths: path }, context);
    source.checkpoint();
    assert.deepEqual(ports(await collect(source)), first, name);
    assert.deepEqual(context.logged.length, first.length === 2 ? 1 : 0);
    const again = open({ paths: path }, context);
    again.resume(source.checkpoint());
    again.checkpoint();
    assert.deepEqual(ports(await collect(again)), [], name);
    await appendFile(path, '02 ssh2\n');
    await at(path, -5);
    const last = open({ paths: path }, context);
    last.resume(again.checkpoint());
    assert.deepEqual(ports(await collect(last)), later, name);
    assert.deepEqual(context.rejects, []);
  }
});
