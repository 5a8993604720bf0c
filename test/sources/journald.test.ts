import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import {
  type Covering,
  type Event,
  isCovering,
  isResumable,
  type Resumable,
  ScopsError,
  type Source,
} from '../../src/event/index.ts';
import { journalArguments } from '../../src/sources/journald/arguments.ts';
import { journald } from '../../src/sources/journald.ts';
import { type TestContext, testContext } from '../support/context.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-journald-'));
after(() => rm(folder, { recursive: true, force: true }));

const begin = Date.UTC(2026, 0, 2);
const accepted = (user: string): string => `Accepted password for ${user} from 192.0.2.7 port 5000 ssh2`;

function entry(index: number, changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    __CURSOR: `s=a;i=${index}`,
    __REALTIME_TIMESTAMP: String((begin + index * 1000) * 1000 + 7),
    _HOSTNAME: 'web1',
    SYSLOG_IDENTIFIER: 'sshd-session',
    _COMM: 'sshd-session',
    _UID: '0',
    _PID: String(100 + index),
    MESSAGE: accepted(`user${index}`),
    ...changes,
  });
}
const entries = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => entry(from + i));

function open(options: Record<string, unknown>, context: TestContext = testContext()): Source & Resumable & Covering {
  const source = journald.create(v.parse(journald.options, options), context);
  assert.ok(isResumable(source) && isCovering(source));
  return source;
}

async function collect(source: Source, count = Number.POSITIVE_INFINITY): Promise<Event[]> {
  const events: Event[] = [];
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 10_000);
  try {
    for await (const event of source.events(stop.signal)) {
      events.push(event);
      if (events.length === count) stop.abort();
    }
  } finally {
    clearTimeout(late);
  }
  return events;
}

const users = (events: readonly Event[]): unknown[] => events.map(({ fields }) => fields['user.name']);

test('entries of a file become logins, with the cursor as id', async () => {
  const path = join(folder, 'journal.json.gz');
  await writeFile(path, gzipSync(`${entries(0, 3).join('\n')}\n`));
  const events = await collect(open({ paths: path }));
  assert.deepEqual(users(events), ['user0', 'user1', 'user2']);
  assert.equal(events[1]?.id, 'journald/s=a;i=1');
  assert.equal(events[1]?.time, begin + 1000);
  assert.equal(events[1]?.source, 'journald');
  assert.equal(events[1]?.raw, entry(1));
  const { 'source.ip': ip, 'host.name': host, 'process.pid': pid, 'process.name': program } = events[1]?.fields ?? {};
  assert.deepEqual([ip, host, pid, program], ['192.0.2.7', 'web1', 101, 'sshd-session']);
});

test('a message may be bytes, several, too long, or of another program', async () => {
  const path = join(folder, 'odd.json');
  const bytes = [...Buffer.from(accepted('zoë'))];
  await writeFile(
    path,
    [
      entry(0, { MESSAGE: bytes }),
      entry(1, { MESSAGE: [accepted('a'), [...Buffer.from(accepted('b'))], null] }),
      entry(2, { MESSAGE: null }),
      entry(3, { MESSAGE: null, SYSLOG_IDENTIFIER: 'kernel' }),
      entry(4, { SYSLOG_IDENTIFIER: 'kernel' }),
      entry(5, { SYSLOG_IDENTIFIER: undefined }),
      entry(6, { MESSAGE: 'Something that sshd never says' }),
      entry(7, { __REALTIME_TIMESTAMP: 'then' }),
      '{"a":',
    ].join('\n'),
  );
  const context = testContext();
  const source = open({ paths: path }, context);
  const events = await collect(source);
  const logins = events.filter(({ kind }) => kind === 'login');
  assert.deepEqual(users(logins), ['zoë', 'a', 'b', 'user5']);
  assert.deepEqual(
    logins.map(({ id }) => id),
    ['journald/s=a;i=0', 'journald/s=a;i=1', 'journald/s=a;i=1/1', 'journald/s=a;i=5'],
  );
  assert.deepEqual(
    context.rejects.map(({ line, reason }) => [line, reason]),
    [
      [3, 'a message of sshd-session too long for journalctl: give it --all'],
      [8, 'no readable __REALTIME_TIMESTAMP'],
      [9, 'not JSON: cut short or not a JSON object'],
    ],
  );
  const { records, understood, unknown } = source.coverage();
  assert.deepEqual([records, understood], [6, 4]);
  assert.ok(unknown.some(({ shape }) => shape === 'Something that sshd never says'));
});

test('a login that some user wrote under the name of sshd is rejected, unless anybody is believed', async () => {
  const path = join(folder, 'forged.json');
  await writeFile(
    path,
    [
      entry(0, { _UID: '1000', _COMM: 'logger' }),
      entry(1, { _UID: '1000', _COMM: 'sshd-session' }),
      entry(2, { _UID: '1000', _COMM: 'logger', MESSAGE: 'Failed password for root from 192.0.2.9 port 1 ssh2' }),
      entry(3, { _UID: '0', _COMM: 'rsyslogd' }),
      entry(4, { _UID: undefined }),
      entry(5, {
        _UID: '1000',
        _COMM: 'sudo',
        SYSLOG_IDENTIFIER: 'sudo',
        MESSAGE: 'eve : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls',
      }),
    ].join('\n'),
  );
  const context = testContext();
  assert.deepEqual(users(await collect(open({ paths: path }, context))), ['user3', 'user4', 'eve']);
  assert.equal(context.rejects.length, 3);
  assert.equal(context.rejects[0]?.reason, 'claims to be sshd-session, but user 1000 wrote it');
  assert.equal((await collect(open({ paths: path, senders: 'any' }))).length, 6);
});

test('neither paths nor follow is a mistake', () => {
  assert.throws(
    () => open({}),
    (error) => error instanceof ScopsError && error.code === 'CONFIG_INVALID',
  );
});

test('matches and units cannot be options, and hold no NUL', () => {
  for (const bad of [{ matches: ['--file=/etc/passwd'] }, { matches: ['a'] }, { unit: '' }, { unit: 'a\0b' }]) {
    assert.equal(v.safeParse(journald.options, { follow: true, ...bad }).success, false, JSON.stringify(bad));
  }
  const given = v.parse(journald.options, { follow: true, unit: '--x; rm', matches: ['_COMM=sshd', '+', 'A=b c'] });
  assert.deepEqual(journalArguments(given, undefined, 'read').slice(2), [
    ...['--unit=--x; rm', '--', '_COMM=sshd', '+', 'A=b c'],
  ]);
});

test('where the journal is read from', () => {
  const place = (options: Record<string, unknown>, from?: string | number): string[][] => {
    const given = v.parse(journald.options, { follow: true, ...options });
    return (['read', 'follow'] as const).map((manner) => journalArguments(given, from, manner).slice(2, -1));
  };
  const all = ['--follow', '--no-tail'];
  assert.deepEqual(place({}), [[], all]);
  assert.deepEqual(place({ since: '-2h' }), [['--since=-2h'], [...all, '--since=-2h']]);
  assert.deepEqual(place({ since: '-2h' }, 's=1'), [['--cursor=s=1'], [...all, '--cursor=s=1']]);
  assert.deepEqual(place({ from: 'end' })[1], ['--follow', '--lines=0']);
  assert.deepEqual(place({ from: 'end' }, 1_767_312_000_900)[1], [...all, '--since=@1767312000']);
  assert.deepEqual(place({ directory: '-x' })[1], [...all, '--merge', '--directory=-x']);
});

let scripts = 0;
/**
 * A journalctl that notes its arguments and behaves as the n-th of `lives`, the last one again and again: prints lines,
 * then ends with a code, or stays.
 */
async function fake(lives: readonly { lines?: readonly string[]; error?: string; code?: number; stays?: boolean }[]) {
  const name = join(folder, `journalctl${scripts++}`);
  await writeFile(`${name}.json`, JSON.stringify(lives));
  const program = `#!${process.execPath}
const fs = require('node:fs');
const lives = JSON.parse(fs.readFileSync(${JSON.stringify(`${name}.json`)}, 'utf8'));
fs.appendFileSync(${JSON.stringify(`${name}.log`)}, JSON.stringify([process.pid, ...process.argv.slice(2)]) + '\\n');
const life = fs.readFileSync(${JSON.stringify(`${name}.log`)}, 'utf8').split('\\n').length - 2;
const { lines = [], error, code = 0, stays } = lives[Math.min(life, lives.length - 1)];
if (error) process.stderr.write(error + '\\n');
process.stdout.write(lines.map((line) => line + '\\n').join(''), () => stays ? setInterval(() => {}, 1000) : process.exit(code));
`;
  await writeFile(name, program);
  await chmod(name, 0o755);
  const calls = async (): Promise<string[][]> =>
    (await readFile(`${name}.log`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { command: name, calls };
}

test('what is there is read, then followed; a child that dies is started again at the last entry', async () => {
  const { command, calls } = await fake([
    { lines: entries(0, 2), error: 'Journal file is strange\u001b[31m', code: 0 },
    { lines: entries(1, 3), code: 1 },
    { lines: ['-- Boot 1 --', entry(2), entry(3, { SYSLOG_IDENTIFIER: 'kernel' })], code: 0 },
    { lines: entries(3, 6), stays: true },
  ]);
  const context = testContext();
  const source = open({ follow: true, command, unit: 'ssh.service', matches: ['_COMM=sshd'], since: 'today' }, context);
  assert.equal(source.live, true);
  assert.deepEqual(users(await collect(source, 5)), ['user0', 'user1', 'user2', 'user4', 'user5']);
  assert.equal(source.coverage().records, 5);
  const lives = await calls();
  const only = ['--unit=ssh.service', '--', '_COMM=sshd'];
  const shared = ['--output=json', '--no-pager'];
  assert.deepEqual(
    lives.map((life) => life.slice(1)),
    [
      [...shared, '--since=today', ...only],
      [...shared, '--follow', '--no-tail', '--cursor=s=a;i=1', ...only],
      [...shared, '--follow', '--no-tail', '--cursor=s=a;i=2', ...only],
      [...shared, '--follow', '--no-tail', '--cursor=s=a;i=3', ...only],
    ],
  );
  for (const [pid] of lives) assert.throws(() => process.kill(Number(pid), 0), 'the child has ended');
  assert.deepEqual(context.slept, [1000, 1000]);
  assert.ok(context.logged.some((said) => said.includes('says: Journal file is strange\\u{1b}')));
  assert.ok(context.logged.some((said) => said.includes('ended with code 1. Starting it again in 1 s.')));
});

test('from its end, nothing is read before it is followed, and after a failure from when reading began', async () => {
  const { command, calls } = await fake([{ code: 1 }, { lines: [entry(0)], stays: true }]);
  await collect(open({ follow: true, command, from: 'end' }), 1);
  assert.deepEqual(
    (await calls()).map((life) => life.slice(3, -1)),
    [
      ['--follow', '--lines=0'],
      ['--follow', '--no-tail', `--since=@${begin / 1000}`],
    ],
  );
});

test('a checkpoint is after the last event that is done, and reading goes on from there', async () => {
  const { command, calls } = await fake([{ lines: entries(0, 3), stays: true }]);
  const source = open({ follow: true, command });
  const events = source.events()[Symbol.asyncIterator]();
  assert.equal(source.checkpoint(), '');
  await events.next();
  assert.equal(source.checkpoint(), '');
  await events.next();
  assert.deepEqual(JSON.parse(source.checkpoint()), { version: 1, cursor: 's=a;i=0' });
  await events.return?.(undefined);
  const second = open({ follow: true, command, from: 'end' });
  second.resume(source.checkpoint());
  assert.deepEqual(users(await collect(second, 1)), ['user1']);
  assert.deepEqual((await calls())[1]?.slice(3), ['--cursor=s=a;i=0', '--']);
});

test('of an entry with several events, those that are done are not read again', async () => {
  const both = entry(1, { MESSAGE: [accepted('a'), accepted('b')] });
  const { command } = await fake([{ lines: [entry(0), both], stays: true }]);
  const first = open({ follow: true, command });
  for await (const event of first.events()) if (event.fields['user.name'] === 'b') break;
  assert.deepEqual(JSON.parse(first.checkpoint()), { version: 1, cursor: 's=a;i=0', done: 1 });
  const after = await fake([{ lines: [entry(0), both, entry(2)], stays: true }]);
  const second = open({ follow: true, command: after.command });
  second.resume(first.checkpoint());
  assert.deepEqual(users(await collect(second, 2)), ['b', 'user2']);
});

for (const text of ['x', '[]', '{"version":2}', '{"version":1,"cursor":"/"}', '{"version":1,"cursor":"a b"}']) {
  test(`${text} is no checkpoint`, () => {
    assert.throws(
      () => open({ follow: true }).resume(text),
      (error) => error instanceof ScopsError && error.code === 'INPUT_INVALID',
    );
  });
}

test('where there is no journalctl, the error says so', async () => {
  await assert.rejects(
    collect(open({ follow: true, command: join(folder, 'nothing') })),
    (error) =>
      error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE' && error.message.includes('no such program'),
  );
  await assert.rejects(
    collect(open({ follow: true, command: folder })),
    (error) => error instanceof ScopsError && error.message.includes('permission denied'),
  );
});

test('a journalctl that always fails is given up, with what it said and ever longer waits', async () => {
  const { command, calls } = await fake([{ error: 'Failed to open journal', code: 1 }]);
  const context = testContext();
  await assert.rejects(
    collect(open({ follow: true, command }, context)),
    (error) =>
      error instanceof ScopsError &&
      error.code === 'SOURCE_UNREADABLE' &&
      error.message.endsWith('ended with code 1 5 times in a row. It says: Failed to open journal'),
  );
  assert.equal((await calls()).length, 5);
  assert.deepEqual(context.slept, [1000, 2000, 4000, 8000]);
});

test('a journalctl that gave something is given as many tries anew', async () => {
  const fails = { code: 1 };
  const lives = [fails, fails, fails, fails, { lines: [entry(0)], code: 1 }, fails, { lines: [entry(1)], stays: true }];
  const { command } = await fake(lives);
  assert.deepEqual(users(await collect(open({ follow: true, command }), 2)), ['user0', 'user1']);
});

test('reading stops though a program that journalctl began holds its output', async () => {
  const command = join(folder, 'shell');
  await writeFile(command, `#!/bin/sh\nsleep 60 &\necho $! > ${command}.pid\nwait\n`, { mode: 0o755 });
  const stop = new AbortController();
  const reading = Array.fromAsync(open({ follow: true, command }).events(stop.signal));
  let pid = 0;
  while (pid === 0) {
    await wait(10);
    pid = Number(await readFile(`${command}.pid`, 'utf8').catch(() => ''));
  }
  stop.abort();
  const start = process.hrtime.bigint();
  assert.deepEqual(await reading, []);
  process.kill(pid);
  assert.ok(process.hrtime.bigint() - start < 20_000_000_000n);
});

test('reading stops at once while nothing comes', async () => {
  const { command, calls } = await fake([{ lines: [entry(0)], stays: true }]);
  const stop = new AbortController();
  const source = open({ follow: true, command });
  const seen: Event[] = [];
  for await (const event of source.events(stop.signal)) {
    seen.push(event);
    setTimeout(() => stop.abort(), 50);
  }
  assert.equal(seen.length, 1);
  const [[pid] = []] = await calls();
  assert.throws(() => process.kill(Number(pid), 0), 'the child has ended');
});

test('an entry that is too long is rejected, and the next one is read', async () => {
  const { command } = await fake([{ lines: [entry(0, { MESSAGE: 'x'.repeat(5000) }), entry(1)], stays: true }]);
  const context = testContext();
  assert.deepEqual(users(await collect(open({ follow: true, command, maxLineBytes: 2000 }, context), 1)), ['user1']);
  assert.match(context.rejects[0]?.reason ?? '', /more than 2000/);
  assert.equal(context.rejects[0]?.file, 'journal');
});
