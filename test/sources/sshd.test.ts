import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ScopsError } from '../../src/event/index.ts';
import { testContext } from '../support/context.ts';
import { collect, folder, login, logins, open, ports, range, times } from '../support/sshd-logs.ts';

const stdin = (text: string) =>
  testContext({
    stdin: (async function* () {
      yield Buffer.from(text);
    })(),
  });

test('a login is an event with who, from where and how', async () => {
  const [event, ...more] = await collect(open({ paths: '-' }, stdin(`${login('Jan  1 10:00:00', 49022)}\n`)));
  assert.deepEqual(more, []);
  assert.deepEqual(event, {
    id: event?.id,
    time: Date.UTC(2026, 0, 1, 10),
    source: 'sshd',
    kind: 'login',
    fields: {
      'event.action': 'ssh',
      'event.outcome': 'success',
      'host.name': 'web1',
      'process.name': 'sshd',
      'process.pid': 700,
      'user.name': 'alice',
      'source.ip': '192.0.2.7',
      'source.port': 50022,
      'login.method': 'publickey',
      'login.key.type': 'ED25519',
      'login.key.fingerprint': 'SHA256:Zm9v',
    },
    raw: login('Jan  1 10:00:00', 49022),
  });
});

test('a folder: its logs, plain or gzip, oldest first; other files and programs are left out', async () => {
  const logs = await folder({
    'auth.log': logins(30, 33),
    'auth.log.1': `${logins(20, 25)}Mar  1 10:00:25 web1 CRON[9]: (root) CMD (true)\n${logins(25, 30)}`,
    'auth.log.2.gz': gzipSync(logins(10, 20)),
    'auth.log.10.gz': gzipSync(logins(0, 10)),
    syslog: 'Mar  1 10:00:00 web1 kernel: nothing\n',
    'auth.logs': 'nothing',
    'nginx/access.log': '192.0.2.1 - - [01/Mar/2025]',
  });
  const context = testContext();
  const source = open({ paths: logs }, context);
  assert.deepEqual(ports(await collect(source)), range(0, 33));
  assert.deepEqual(context.rejects, []);
  assert.match(
    String(context.logged),
    /2 files in folders passed over because of the name: ".*syslog", ".*access\.log"\. To have/,
  );
  assert.deepEqual(source.coverage(), { records: 33, understood: 33, unknown: [] });
  assert.equal(source.live, false);
});

test('files in any order are read oldest first, a compressed twin once', async () => {
  const logs = await folder({
    'secure @2026-01-01': logins(20, 22),
    'secure-20260101': logins(10, 20),
    'secure.20251225.gz': gzipSync(logins(0, 10)),
    'secure-20260101.gz': gzipSync(logins(10, 20)),
  });
  const names = ['secure-20260101.gz', 'secure', 'secure.20251225.gz', 'secure-20260101'];
  assert.deepEqual(ports(await collect(open({ paths: names.map((name) => join(logs, name)) }))), range(0, 22));
});

test('years come from names, from when a file was written, and go on over New Year', async () => {
  const logs = await folder({
    'secure-20161010': `${login('Dec 30 01:00:00', 1)}\n${login('Oct  9 01:00:00', 2)}\n`,
    'secure-20170101.gz': gzipSync(`${login('Oct 10 01:00:00', 3)}\n${login('Dec 31 23:59:59', 4)}\n`),
    'secure @2017-03-01T00:00:00Z': `${login('Dec 31 23:59:59', 5)}\n${login('Jan  1 00:00:00', 6)}\n`,
  });
  assert.deepEqual(times(await collect(open({ paths: logs }))), [
    '2015-12-30T01:00:00.000Z',
    '2016-10-09T01:00:00.000Z',
    '2016-10-10T01:00:00.000Z',
    '2016-12-31T23:59:59.000Z',
    '2016-12-31T23:59:59.000Z',
    '2017-01-01T00:00:00.000Z',
  ]);
});

test('a leap day is in a leap year; a day that no year has is rejected', async () => {
  const logs = await folder({
    'auth.log.1 @2025-06-01': `${login('Feb 29 01:00:00', 1)}\n${login('Mar  1 01:00:00', 2)}\n${login('Feb 30 01:00:00', 3)}\n`,
    'auth.log.2 @2024-02-29T02:00:00Z': `${login('Feb 28 23:00:00', 4)}\n${login('Feb 29 01:00:00', 5)}\n`,
  });
  const context = testContext();
  assert.deepEqual(times(await collect(open({ paths: logs }, context))), [
    '2024-02-28T23:00:00.000Z',
    '2024-02-29T01:00:00.000Z',
    '2024-02-29T01:00:00.000Z',
    '2024-03-01T01:00:00.000Z',
  ]);
  assert.deepEqual(
    context.rejects.map(({ source, file, line }) => [source, file, line]),
    [['sshd', join(logs, 'auth.log.1'), 3]],
  );
});

test('a clock that jumps back gives the times that were logged', async () => {
  const text = ['Jan  1 10:00:00', 'Dec 31 23:00:00', 'Jan  1 09:00:00', 'Jan  1 10:00:01', 'Jan  2 00:00:00'];
  const lines = text.map((at, i) => `${login(at, i)}\n`).join('');
  assert.deepEqual(times(await collect(open({ paths: '-' }, stdin(lines)))), [
    '2026-01-01T10:00:00.000Z',
    '2025-12-31T23:00:00.000Z',
    '2026-01-01T09:00:00.000Z',
    '2026-01-01T10:00:01.000Z',
    '2026-01-02T00:00:00.000Z',
  ]);
});

for (const [utcOffset, hour] of [
  ['+02:00', '08:00'],
  ['-05:30', '15:30'],
] as const) {
  test(`times without a zone are of ${utcOffset} where that was said`, async () => {
    const lines = `${login('Jan  1 10:00:00', 1)}\n${login('2026-01-01T10:00:00.5+01:00', 2)}\n`;
    assert.deepEqual(times(await collect(open({ paths: '-', utcOffset }, stdin(lines)))), [
      `2026-01-01T${hour}:00.000Z`,
      '2026-01-01T09:00:00.500Z',
    ]);
  });
}

for (const utcOffset of ['2', '+2:00', '+25:00', 'Europe/Berlin']) {
  test(`${utcOffset} is no offset`, () => assert.throws(() => open({ paths: '-', utcOffset }), /Not an offset/));
}

test('equal lines of one second are events of their own, whose ids do not depend on other lines', async () => {
  const line = 'Jan  1 10:00:00 web1 sshd[700]: Failed password for root from 192.0.2.9 port 22 ssh2\n';
  const other = 'Jan  1 10:00:00 web1 sshd[701]: Connection closed by 192.0.2.9 port 23 [preauth]\n';
  const both = await collect(open({ paths: '-' }, stdin(line + other + line)));
  const alone = await collect(open({ paths: '-' }, stdin(line + line)));
  assert.equal(new Set(both.map(({ id }) => id)).size, 3);
  assert.deepEqual([both[0], both[2]], alone);
});

test('what is not understood is an event without an action, and its shape is counted', async () => {
  const odd = (i: number) => `Jan  1 10:00:0${i} web1 sshd[${i}]: Quux of user bob${i} from 192.0.2.${i} frobbed\n`;
  const lines = `${odd(1)}${login('Jan  1 10:00:02', 2)}\n${odd(3)}Jan  1 10:00:04 web1 cron[1]: Quux\n`;
  const source = open({ paths: '-' }, stdin(lines));
  const events = await collect(source);
  assert.deepEqual(
    events.map(({ kind, fields }) => [kind, fields['event.action']]),
    [
      ['log', undefined],
      ['login', 'ssh'],
      ['log', undefined],
    ],
  );
  assert.deepEqual(source.coverage(), {
    records: 3,
    understood: 1,
    unknown: [{ shape: 'Quux of user <*> from <*> frobbed', count: 2 }],
  });
});

test('a log of which nothing is understood shows as 0 of its lines', async () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const lines = letters.map((letter) => `Jan  1 10:00:00 web1 sshd[7]: Quux ${letter.repeat(5)}\n`).join('');
  const source = open({ paths: '-' }, stdin(lines));
  assert.equal((await collect(source)).length, 26);
  const { records, understood, unknown } = source.coverage();
  assert.deepEqual([records, understood, unknown.length], [26, 0, 20]);
});

test('damaged input is rejected with the reason, and the rest is read', async () => {
  const logs = await folder({
    'auth.log.2.gz': gzipSync(logins(0, 500)).subarray(0, 1500),
    'auth.log.1': Buffer.concat(
      [logins(500, 501), `${'x'.repeat(67_108_864)}\n`, `\0\0${logins(501, 502)}`, Buffer.from([0xff, 0x0a])].map(
        (part) => Buffer.from(part),
      ),
    ),
    'auth.log': `no header\n${logins(502, 503)}`,
  });
  const context = testContext();
  const events = await collect(open({ paths: logs }, context));
  const cut = events.length - 2;
  assert.ok(cut > 10, `${cut}`);
  assert.deepEqual(ports(events), [...range(0, cut), 500, 502]);
  assert.deepEqual(
    context.rejects.map(({ file, line, reason }) => [file.slice(logs.length + 1), line, reason]),
    [
      ['auth.log.2.gz', context.rejects[0]?.line, 'gzip data cut short'],
      ['auth.log.1', 2, 'a line of 67108864 bytes, more than 1048576'],
      ['auth.log.1', 3, 'holds a NUL byte'],
      ['auth.log.1', 4, 'not UTF-8'],
      ['auth.log', 1, context.rejects[4]?.reason],
    ],
  );
});

test('a path that is not there is an error', async () => {
  const path = join(await folder(), 'nothing');
  await assert.rejects(
    collect(open({ paths: path })),
    (error) => error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE' && error.message.includes(path),
  );
});

test('a folder cannot be followed, and that is said', async () => {
  const logs = await folder({ 'auth.log': logins(0, 3) });
  await assert.rejects(collect(open({ paths: logs, follow: true })), { code: 'USAGE', message: /name the file in it/ });
});
