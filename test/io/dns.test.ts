import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScopsError } from '../../src/event/index.ts';
import { DnsClient, type DnsSettings } from '../../src/io/dns.ts';
import { DnsServer } from '../support/dns-server.ts';

let clock = 0;
const client = (server: DnsServer | string, settings: Partial<DnsSettings> = {}): DnsClient =>
  new DnsClient({
    servers: [typeof server === 'string' ? server : server.address],
    timeout: 250,
    concurrency: 4,
    positiveTtl: 600,
    negativeTtl: 120,
    cacheSize: 100,
    now: () => clock,
    ...settings,
  });

test('answers last as long as their TTL says, at most as long as we want; also that there is none', async () => {
  await using server = await DnsServer.start({
    'short.test': { addresses: ['192.0.2.2', '192.0.2.1'], ttl: 30 },
    'long.test': { addresses: ['192.0.2.3'], ttl: 90_000 },
    'zero.test': { addresses: ['192.0.2.4'], ttl: 0 },
    'empty.test': { addresses: [] },
  });
  const dns = client(server);
  assert.equal(dns.known('short.test'), undefined);
  assert.deepEqual(await dns.ask('short.test'), { kind: 'found', addresses: ['192.0.2.1', '192.0.2.2'], ttl: 30 });
  for (const name of ['long.test', 'zero.test', 'none.test', 'empty.test']) await dns.ask(name);
  const kinds = (): (string | undefined)[] =>
    ['short.test', 'long.test', 'zero.test', 'none.test', 'empty.test'].map((name) => dns.known(name)?.kind);
  assert.deepEqual(kinds(), ['found', 'found', undefined, 'none', 'none']);
  clock += 29_000;
  assert.deepEqual(kinds(), ['found', 'found', undefined, 'none', 'none']);
  clock += 1_000;
  assert.deepEqual(kinds(), [undefined, 'found', undefined, 'none', 'none']);
  clock += 90_000;
  assert.deepEqual(kinds(), [undefined, 'found', undefined, undefined, undefined]);
  clock += 480_000;
  assert.deepEqual(kinds(), [undefined, undefined, undefined, undefined, undefined]);
  clock -= 700_000;
  assert.equal(dns.known('long.test'), undefined, 'nothing is believed for longer because the clock jumped back');
  dns.forget('none.test');
  assert.equal(dns.known('none.test'), undefined);
  assert.equal(server.asked.length, 5);
});

test('IPv6 is a question of its own', async () => {
  await using server = await DnsServer.start({ 'both.test': { addresses: ['192.0.2.1', '2001:db8::1'] } });
  const dns = client(server);
  assert.deepEqual(await dns.ask('both.test', 6), { kind: 'found', addresses: ['2001:db8::1'], ttl: 300 });
  assert.equal(dns.known('both.test'), undefined);
  assert.equal(dns.known('both.test', 6)?.kind, 'found');
});

test('one question for many that ask the same at a time; never more than allowed under way', async () => {
  await using server = await DnsServer.start();
  server.delay = 20;
  const dns = client(server, { timeout: 5_000 });
  const same = await Promise.all(Array.from({ length: 50 }, () => dns.ask('same.test')));
  assert.equal(server.count('same.test'), 1);
  assert.ok(same.every(({ kind }) => kind === 'none'));
  const all = await Promise.all(Array.from({ length: 100 }, (_, i) => dns.ask(`n${i}.test`)));
  assert.ok(all.every(({ kind }) => kind === 'none'));
  assert.equal(server.asked.length, 101);
  assert.equal(server.most, 4);
});

test('a flood waits in a queue that has an end', async () => {
  await using server = await DnsServer.start();
  const dns = client(server, { timeout: 5_000 });
  const all = await Promise.all(Array.from({ length: 3000 }, (_, i) => dns.ask(`n${i}.test`)));
  const busy = all.filter((answer) => answer.kind === 'failed' && answer.code === 'EBUSY').length;
  assert.equal(busy, 3000 - 1024 - 4);
  assert.equal(server.asked.length, 1028);
  assert.ok(server.most <= 4);
  assert.equal(dns.known('n2999.test'), undefined);
});

test('every way of failing is a code, in time, and remembered for a minute', async () => {
  await using server = await DnsServer.start({
    'servfail.test': 'servfail',
    'refused.test': 'refused',
    'drop.test': 'drop',
    'garbage.test': 'garbage',
    'another.test': 'another question',
  });
  const dns = client(server);
  for (const [name, code] of [
    ['servfail.test', 'ESERVFAIL'],
    ['refused.test', 'EREFUSED'],
    ['drop.test', 'ETIMEOUT'],
    ['another.test', 'ETIMEOUT'],
  ] as const) {
    const start = performance.now();
    assert.deepEqual(await dns.ask(name), { kind: 'failed', code }, name);
    assert.ok(performance.now() - start < 2_000, name);
    assert.equal(dns.known(name)?.kind, 'failed');
  }
  assert.equal((await dns.ask('garbage.test')).kind, 'failed');
  clock += 60_000;
  assert.equal(dns.known('servfail.test'), undefined);
  const { address } = server;
  const dead = await DnsServer.start();
  const gone = dead.address;
  await dead[Symbol.asyncDispose]();
  const refused = await client(gone).ask('a.test');
  assert.ok(refused.kind === 'failed' && ['ECONNREFUSED', 'ETIMEOUT'].includes(refused.code), JSON.stringify(refused));
  assert.equal(
    (await client(gone, { servers: [gone, address] }).ask('a.test')).kind,
    'none',
    'the second server answers',
  );
});

test('closing ends what is under way and what waits', async () => {
  await using server = await DnsServer.start();
  server.otherwise = 'drop';
  const dns = client(server, { timeout: 60_000 });
  const asked = Array.from({ length: 20 }, (_, i) => dns.ask(`n${i}.test`));
  await new Promise((done) => setImmediate(done));
  dns.close();
  for (const answer of await Promise.all(asked)) assert.deepEqual(answer, { kind: 'failed', code: 'ECANCELLED' });
});

test('a server that is no address is refused', () => {
  assert.throws(
    () => client('dns.example.org'),
    (error) =>
      error instanceof ScopsError && error.code === 'CONFIG_INVALID' && /dns\.example\.org/.test(error.message),
  );
});
