import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import { type Event, isResumable, type Resumable, type Source } from '../../src/event/index.ts';
import { loginCsv } from '../../src/sources/login-csv.ts';
import { type TestContext, testContext } from '../support/context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-login-csv-'));
after(() => rm(root, { recursive: true, force: true }));

function open(options: Record<string, unknown>, context: TestContext): Source & Resumable {
  const source = loginCsv.create(v.parse(loginCsv.options, options), context);
  assert.ok(isResumable(source));
  return source;
}

async function read(
  text: string | Uint8Array,
  options = {},
): Promise<{ events: Event[]; rejects: [number, string][] }> {
  const stdin = (async function* () {
    yield Buffer.from(text);
  })();
  const context = testContext({ stdin });
  const events: Event[] = [];
  for await (const event of open({ paths: '-', ...options }, context).events()) events.push(event);
  return { events, rejects: context.rejects.map(({ line, reason }) => [line, reason]) };
}

const brief = ({ time, fields }: Event) => [new Date(time).toISOString(), fields['user.name'], fields['source.ip']];

test('a line is a successful login', async () => {
  const { events } = await read('1476057600,192.0.2.7,alice\n');
  assert.deepEqual(events, [
    {
      id: events[0]?.id,
      time: 1476057600000,
      source: 'login-csv',
      kind: 'login',
      fields: {
        'event.action': 'login',
        'event.outcome': 'success',
        'user.name': 'alice',
        'source.ip': '192.0.2.7',
      },
      raw: '1476057600,192.0.2.7,alice',
    },
  ]);
});

for (const [line, time, user, ip] of [
  ['1476057600,192.0.2.7', '2016-10-10T00:00:00.000Z', 'everyone', '192.0.2.7'],
  ['1476057600,192.0.2.7,', '2016-10-10T00:00:00.000Z', 'everyone', '192.0.2.7'],
  ['1476057600.123,192.0.2.7', '2016-10-10T00:00:00.123Z', 'everyone', '192.0.2.7'],
  ['1476057600123,192.0.2.7', '2016-10-10T00:00:00.123Z', 'everyone', '192.0.2.7'],
  ['2016-10-10T02:00:00+02:00,192.0.2.7', '2016-10-10T00:00:00.000Z', 'everyone', '192.0.2.7'],
  [' 1476057600 ,\t192.0.2.7 , bob \r', '2016-10-10T00:00:00.000Z', 'bob', '192.0.2.7'],
  ['"1476057600","192.0.2.7","o""neil, \'x\'"', '2016-10-10T00:00:00.000Z', "o\"neil, 'x'", '192.0.2.7'],
  ['1476057600, 192.0.2.7, "bob"', '2016-10-10T00:00:00.000Z', 'bob', '192.0.2.7'],
  ['1476057600,2001:DB8:0:0::7,bob', '2016-10-10T00:00:00.000Z', 'bob', '2001:db8::7'],
  ['1476057600,::ffff:192.0.2.7,bob', '2016-10-10T00:00:00.000Z', 'bob', '192.0.2.7'],
  ['1476057600,192.0.2.7,__proto__', '2016-10-10T00:00:00.000Z', '__proto__', '192.0.2.7'],
] as const) {
  test(`${JSON.stringify(line)} is read`, async () => {
    const { events, rejects } = await read(`${line}\n`);
    assert.deepEqual([events.map(brief), rejects], [[[time, user, ip]], []]);
  });
}

test('a user can be given for lines that name nobody', async () => {
  const { events } = await read('1,192.0.2.7\n2,192.0.2.7,bob\n', { user: 'alice' });
  assert.deepEqual(
    events.map(({ fields }) => fields['user.name']),
    ['alice', 'bob'],
  );
});

test('a line that cannot be read is rejected with the reason, and the rest is read', async () => {
  const lines = [
    ...[
      'epoch,ip,user',
      '1,192.0.2.1,a',
      'epoch,ip,user',
      '2',
      '2,192.0.2.1,a,b',
      'soon,192.0.2.1,a',
      '-5,192.0.2.1,a',
    ],
    ...['1e9,192.0.2.1,a', '2,host.example,a', '2,256.0.0.1,a', '2,"192.0.2.1,a', `2,192.0.2.1,${'x'.repeat(257)}`],
    ...['2,192.0.2.1,\0', '', ',,', '3,192.0.2.1,a'],
  ];
  const { events, rejects } = await read(lines.join('\n'));
  assert.deepEqual(
    events.map(({ time }) => time),
    [1000, 3000],
  );
  const time = 'the first field is neither epoch seconds or milliseconds nor RFC 3339';
  const address = 'the second field is no IP address';
  assert.deepEqual(rejects, [
    [3, time],
    [4, '1 fields, not time,ip or time,ip,user'],
    [5, '4 fields, not time,ip or time,ip,user'],
    ...[6, 7, 8].map((line) => [line, time]),
    ...[9, 10].map((line) => [line, address]),
    [11, 'a quoted field that does not end, or goes on after its end'],
    [12, 'a user name of more than 256 characters'],
    [13, 'holds a NUL byte'],
    [15, time],
  ]);
});

test('equal lines are logins of their own; stopped anywhere, each comes once and with the same name', async () => {
  const folder = await mkdtemp(join(root, 'logs-'));
  const lines = Array.from({ length: 20 }, (_, i) => `${Math.floor(i / 7)},192.0.2.${i % 2},alice`);
  await writeFile(join(folder, 'a.csv.1.gz'), gzipSync(`time,ip,user\n${lines.slice(0, 9).join('\n')}\n`));
  await writeFile(join(folder, 'a.csv'), `time,ip,user\n${lines.slice(9).join('\n')}`);
  await writeFile(join(folder, 'notes.txt'), 'no login');
  const all: string[] = [];
  for await (const { id } of open({ paths: folder }, testContext()).events()) all.push(id);
  assert.equal(new Set(all).size, 20);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 8 })), async (stops) => {
      const ids: string[] = [];
      let place = '';
      for (const stop of [...stops, 100]) {
        const context = testContext();
        const source = open({ paths: folder }, context);
        source.resume(place);
        source.checkpoint();
        let count = 0;
        for await (const { id } of source.events()) {
          if (count++ === stop) break;
          ids.push(id);
        }
        assert.deepEqual(context.rejects, []);
        place = source.checkpoint();
      }
      assert.deepEqual(ids, all);
    }),
    { numRuns: 30 },
  );
});

test('any text is read or rejected', async () => {
  const field = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '"', '""', '192.0.2.1', '::1', ' ', 'a'));
  await fc.assert(
    fc.asyncProperty(fc.array(field), async (fields) => {
      const line = fields.join(',').replace(/[\r\n\0]/g, ' ');
      const { events, rejects } = await read(`0,::1\n${line}\n`);
      assert.equal(events.length + rejects.length, line.trim() === '' && line === '' ? 1 : 2);
    }),
  );
});
