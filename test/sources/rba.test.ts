import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { type Event, isResumable, type Resumable, type Source } from '../../src/event/index.ts';
import { rbaReader } from '../../src/sources/rba/reader.ts';
import { rba } from '../../src/sources/rba.ts';
import { type TestContext, testContext } from '../support/context.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-rba-'));
after(() => rm(folder, { recursive: true, force: true }));

const heading =
  'index,Login Timestamp,User ID,Round-Trip Time [ms],IP Address,Country,Region,City,ASN,User Agent String,Browser Name and Version,OS Name and Version,Device Type,Login Successful,Is Attack IP,Is Account Takeover';
const rows = [
  '0,2020-02-03 12:00:00.250,-42,,192.0.2.7,NO,-,-,64500,"Agent/1.0 (one, two) ""x""",Agent 1.0,OS 3,mobile,True,False,False',
  '1,2020-02-03 12:00:01,-42,512.0,2001:DB8::1,RO,Bihor,Oradea,64501,Agent/2.0,Agent 2.0,OS 3,,False,True,True',
];

function open(options: Record<string, unknown>, context: TestContext = testContext()): Source & Resumable {
  const source = rba.create(v.parse(rba.options, options), context);
  assert.ok(isResumable(source));
  return source;
}

async function collect(source: Source): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of source.events()) events.push(event);
  return events;
}

let files = 0;
async function file(lines: readonly string[]): Promise<string> {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

test('a row becomes a login with place, network and browser', async () => {
  const context = testContext();
  const [first, second] = await collect(open({ paths: await file([heading, ...rows]) }, context));
  assert.deepEqual(context.rejects, []);
  assert.equal(first?.id, 'rba/0');
  assert.equal(first?.time, Date.UTC(2020, 1, 3, 12, 0, 0, 250));
  assert.deepEqual(first?.fields, {
    'event.action': 'login',
    'event.outcome': 'success',
    'user.name': '-42',
    'source.ip': '192.0.2.7',
    'source.geo.country_iso_code': 'NO',
    'source.as.number': 64_500,
    'user_agent.original': 'Agent/1.0 (one, two) "x"',
    'user_agent.name': 'Agent 1.0',
    'user_agent.os.name': 'OS 3',
    'user_agent.device.name': 'mobile',
    'label.attack': false,
    'label.attack_ip': false,
  });
  assert.deepEqual(second?.fields, {
    'event.action': 'login',
    'event.outcome': 'failure',
    'user.name': '-42',
    'source.ip': '2001:db8::1',
    'source.geo.country_iso_code': 'RO',
    'source.geo.region_name': 'Bihor',
    'source.geo.city_name': 'Oradea',
    'source.as.number': 64_501,
    'login.rtt_ms': 512,
    'user_agent.original': 'Agent/2.0',
    'user_agent.name': 'Agent 2.0',
    'user_agent.os.name': 'OS 3',
    'label.attack': true,
    'label.attack_ip': true,
  });
});

test('columns are found by the heading, and without one they are those of the release', async () => {
  const other = ['User ID,Login Successful,Login Timestamp,Country', 'u1,True,2020-02-03 12:00:00,NO'];
  const [login, next] = await collect(open({ paths: [await file(other), await file(rows.slice(0, 1))] }));
  assert.deepEqual(login?.fields, {
    'event.action': 'login',
    'event.outcome': 'success',
    'user.name': 'u1',
    'source.geo.country_iso_code': 'NO',
  });
  assert.equal(next?.fields['user.name'], '-42');
});

test('stopped in a file, its heading is remembered', async () => {
  const path = await file([
    'Login Timestamp,User ID,Login Successful',
    ...[1, 2, 3].map((n) => `2020-02-0${n} 12:00:00,u${n},True`),
  ]);
  const first = open({ paths: path });
  first.checkpoint();
  for await (const event of first.events()) if (event.fields['user.name'] === 'u2') break;
  const second = open({ paths: path });
  second.resume(first.checkpoint());
  assert.deepEqual(
    (await collect(second)).map(({ fields }) => fields['user.name']),
    ['u2', 'u3'],
  );
  assert.throws(() => open({ paths: path }).resume(first.checkpoint().replace(/"state":".*"}/, '"state":"[1]"}')));
});

test('a browser that calls itself as a column is called is read', async () => {
  const row = rows[1]!.replace('Agent/2.0', 'Login Timestamp');
  const context = testContext();
  const [login] = await collect(open({ paths: await file([heading, row]) }, context));
  assert.deepEqual([login?.fields['user_agent.original'], context.rejects], ['Login Timestamp', []]);
});

test('what is no login of the set is rejected', async () => {
  const context = testContext();
  const path = await file([
    'Login Timestamp,User ID',
    `Login Timestamp,User ID,Login Successful${',x'.repeat(62)}`,
    'x',
    ...[rows[0]!.replace('2020-02-03', 'then'), rows[0]!.replace('-42', ''), '"', rows[1]!],
  ]);
  assert.equal((await collect(open({ paths: path }, context))).length, 1);
  assert.deepEqual(
    context.rejects.map(({ reason }) => reason),
    [
      'a heading without "Login Successful"',
      'a heading of more than 64 columns',
      'not 16 columns',
      'no readable Login Timestamp',
      'no User ID',
      'not comma-separated values: a quoted field does not end',
    ],
  );
});

test('any cells at all are read soundly or refused', () => {
  const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '-', 'True', '__proto__', '1e9', '-1'));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 16, maxLength: 16 }), (cells) => {
      const quoted = cells.map((text) => `"${text.replaceAll('"', '""')}"`);
      quoted[1] = '2020-02-03 12:00:00';
      const read = rbaReader().read(quoted.join(','));
      if ('reason' in read) return;
      for (const record of read) {
        assert.ok(!('reason' in record));
        const { id, fields } = record;
        assert.ok(id.length < 100);
        for (const [name, value] of Object.entries(fields)) {
          assert.ok(value !== '' && value !== '-', name);
          if (typeof value === 'number') assert.ok(Number.isFinite(value), name);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
