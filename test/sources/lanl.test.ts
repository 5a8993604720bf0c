import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import { type Event, ScopsError } from '../../src/event/index.ts';
import { authReader } from '../../src/sources/lanl/auth.ts';
import { lanl } from '../../src/sources/lanl.ts';
import { type TestContext, testContext } from '../support/context.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-lanl-'));
after(() => rm(folder, { recursive: true, force: true }));

async function read(options: Record<string, unknown>, context: TestContext = testContext()): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of lanl.create(v.parse(lanl.options, options), context).events()) events.push(event);
  return events;
}

const lines = [
  '1,U7@DOM1,U7@DOM1,C5,C9,Kerberos,Network,LogOn,Success',
  '1,C5$@DOM1,C5$@DOM1,C5,C9,?,?,TGS,Success',
  '2,U8@DOM1,U9@C3,C17693,C3,NTLM,NetworkCleartext,LogOn,Fail',
  '3,ANONYMOUS LOGON@C4,ANONYMOUS LOGON@C4,C4,C4,MICROSOFT_AUTHENTICATION_PACKAGE_V1_0,?,AuthMap,Success',
  '86400,U7@DOM1,U7@DOM1,C5,C5,?,?,ScreenUnlock,Success',
  '86401,U7@?,U7@?,?,C5,Negotiate,Interactive,LogOff,Success',
];

test('an authentication becomes a login', async () => {
  const path = join(folder, 'auth.txt.gz');
  await writeFile(path, gzipSync(`${lines.join('\n')}\n`));
  const context = testContext();
  const events = await read({ paths: path }, context);
  assert.deepEqual(context.rejects, []);
  assert.deepEqual(
    events.map(({ time, fields }) => [time, fields]),
    [
      [
        1000,
        {
          'event.action': 'logon',
          'event.outcome': 'success',
          'user.name': 'U7',
          'user.domain': 'DOM1',
          'source.address': 'C5',
          'host.name': 'C9',
          'login.method': 'kerberos',
          'login.type': 'network',
        },
      ],
      [
        1000,
        {
          'event.action': 'session',
          'event.outcome': 'success',
          'user.name': 'C5$',
          'user.domain': 'DOM1',
          'user.machine': true,
          'source.address': 'C5',
          'host.name': 'C9',
        },
      ],
      [
        2000,
        {
          'event.action': 'logon',
          'event.outcome': 'failure',
          'user.name': 'U8',
          'user.domain': 'DOM1',
          'user.target.name': 'U9',
          'source.address': 'C17693',
          'host.name': 'C3',
          'login.method': 'ntlm',
          'login.type': 'network-cleartext',
        },
      ],
      [
        3000,
        {
          'event.action': 'session',
          'event.outcome': 'success',
          'user.name': 'ANONYMOUS LOGON',
          'user.domain': 'C4',
          'user.machine': true,
          'source.address': 'C4',
          'host.name': 'C4',
          'login.method': 'ntlm',
        },
      ],
      [
        86_400_000,
        {
          'event.action': 'logon',
          'event.outcome': 'success',
          'user.name': 'U7',
          'user.domain': 'DOM1',
          'source.address': 'C5',
          'host.name': 'C5',
          'login.type': 'unlock',
        },
      ],
      [
        86_401_000,
        {
          'event.action': 'logout',
          'event.outcome': 'success',
          'user.name': 'U7',
          'host.name': 'C5',
          'login.method': 'negotiate',
          'login.type': 'interactive',
        },
      ],
    ],
  );
  assert.equal(events[0]?.id, `lanl/${lines[0]}`);
  assert.equal(new Set(events.map(({ id }) => id)).size, lines.length);
});

test('second 0 is where the option says', async () => {
  const path = join(folder, 'epoch.txt');
  await writeFile(path, `${lines[0]}\n`);
  const epoch = Date.UTC(2015, 0, 1);
  assert.equal((await read({ paths: path, epoch }))[0]?.time, epoch + 1000);
});

test('the logins of the red team are labelled, and no others', async () => {
  const [auth, team] = [join(folder, 'labelled.txt'), join(folder, 'redteam.txt.gz')];
  await writeFile(auth, `${lines.join('\n')}\n`);
  await writeFile(team, gzipSync('time,user,from,to\n2,U8@DOM1,C17693,C3\n1,U7@DOM1,C5,C1\n'));
  const events = await read({ paths: auth, redteam: team });
  assert.deepEqual(
    events.map(({ fields }) => fields['label.attack']),
    [undefined, undefined, true, undefined, undefined, undefined],
  );
});

test('labels that cannot be read are an error with the place', async () => {
  const [auth, team] = [join(folder, 'unlabelled.txt'), join(folder, 'redteam.csv')];
  await writeFile(auth, `${lines[0]}\n`);
  await writeFile(team, '2,U8@DOM1,C17693,C3\n,id,time\n');
  await assert.rejects(
    read({ paths: auth, redteam: team }),
    (error) => error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE' && /line 2 is not/.test(error.message),
  );
  await assert.rejects(
    read({ paths: auth, redteam: join(folder, 'nothing') }),
    (error) => error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE',
  );
});

test('what is no authentication is rejected', async () => {
  const path = join(folder, 'bad.txt');
  await writeFile(path, ['x', '1,2,3', lines[0], `${lines[0]},more`, lines[0]?.replace('1', '-1'), ''].join('\n'));
  const context = testContext();
  assert.equal((await read({ paths: path }, context)).length, 1);
  assert.deepEqual(
    context.rejects.map(({ line, reason }) => [line, reason]),
    [
      [1, 'not 9 columns'],
      [2, 'not 9 columns'],
      [4, 'not 9 columns'],
      [5, 'the time is no count of seconds'],
    ],
  );
  const reader = authReader(0, new Set());
  for (const line of ['x', lines[0] as string]) reader.read(line);
  assert.deepEqual(reader.coverage?.(), { records: 2, understood: 1, unknown: [{ shape: 'x', count: 1 }] });
});

test('any columns at all are read soundly or refused', () => {
  const reader = authReader(0, new Set());
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1', '?', '', '@', 'a@', '@b', '__proto__', 'constructor', 'LogOn', '999999999999'),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 8, maxLength: 10 }), fc.nat(), (cells, at) => {
      const events = reader.read([at, ...cells.slice(1)].join(','));
      if ('reason' in events) return;
      for (const record of events) {
        assert.ok(!('reason' in record));
        const { time, id, fields } = record;
        assert.ok(Number.isFinite(time) && id.length < 200);
        assert.equal(Object.getPrototypeOf(fields), Object.prototype);
        for (const [name, value] of Object.entries(fields)) assert.ok(value !== '' && value !== '?', name);
      }
    }),
    { numRuns: 1000 },
  );
});

test('equal authentications within a second are told apart', () => {
  const reader = authReader(0, new Set());
  const ids = [lines[0], lines[0], lines[1]].map((line) => {
    const [event] = reader.read(line as string) as readonly Event[];
    return event?.id;
  });
  assert.deepEqual(ids, [`lanl/${lines[0]}`, `lanl/${lines[0]}.1`, `lanl/${lines[1]}`]);
});

test('computers, services and batch jobs are nobody in person', async () => {
  const path = join(folder, 'machines.txt');
  const line = (user: string, type: string): string => `1,${user},${user},C5,C9,Kerberos,${type},LogOn,Success`;
  const rows = [
    ['U7@DOM1', 'Network'],
    ['C5$@DOM1', 'Network'],
    ['SYSTEM@C5', 'Service'],
    ['ANONYMOUS LOGON@C5', 'Network'],
    ['U7@DOM1', 'Batch'],
    ['U7@DOM1', 'Service'],
  ] as const;
  await writeFile(path, `${rows.map(([user, type]) => line(user, type)).join('\n')}\n`);
  const events = await read({ paths: path });
  assert.deepEqual(
    events.map(({ fields }) => [fields['event.action'], fields['user.machine']]),
    [
      ['logon', undefined],
      ['session', true],
      ['session', true],
      ['session', true],
      ['session', undefined],
      ['session', undefined],
    ],
  );
});
