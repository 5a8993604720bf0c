import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { knownNetworks } from '../../src/enrichers/known-networks.ts';
import { type Enricher, type Fields, ScopsError } from '../../src/event/index.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { DnsServer } from '../support/dns-server.ts';
import { loginFrom } from '../support/events.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-known-'));
after(() => rm(root, { recursive: true, force: true }));

const open = (options: Record<string, unknown>, context: TestContext = testContext()): Enricher =>
  knownNetworks.create(v.parse(knownNetworks.options, { timeout: 150, ...options }), context);
const label = async (enricher: Enricher, ip: string, fields: Fields = {}): Promise<unknown> => {
  const found = await enricher.enrich(loginFrom(ip, fields));
  assert.ok(Object.keys(found).every((name) => name === 'source.known'));
  return found['source.known'];
};

function ticking(): TestContext & { pass(seconds: number): void } {
  let now = Date.UTC(2026, 0, 2);
  const pass = (seconds: number): void => {
    now += 1000 * seconds;
  };
  return Object.assign(testContext({ now: () => now }), { pass });
}

test('networks, addresses, autonomous systems and countries, with labels and without; the nearest counts', async () => {
  const enricher = open({
    networks: [
      'office=192.0.2.0/24',
      '192.0.2.7',
      'our v6 = 2001:db8::/32',
      '2001:db8:5::/48',
      'AS64500',
      'partner=as64501',
      'de',
      'home=AT',
    ],
  });
  const german = { 'source.geo.country_iso_code': 'DE' };
  const cases: readonly [string, Fields, string | undefined][] = [
    ['192.0.2.1', german, 'office'],
    ['192.0.2.7', {}, '192.0.2.7'],
    ['::ffff:192.0.2.9', {}, 'office'],
    ['2001:db8::1', {}, 'our v6'],
    ['2001:0DB8:0005::1', {}, '2001:db8:5::/48'],
    ['198.51.100.1', { 'source.as.number': 64_500, ...german }, 'AS64500'],
    ['198.51.100.1', { 'source.as.number': 64_501 }, 'partner'],
    ['198.51.100.1', { 'source.as.number': 64_502, ...german }, 'de'],
    ['198.51.100.1', { 'source.geo.country_iso_code': 'AT' }, 'home'],
    ['198.51.100.1', { 'source.geo.country_iso_code': 'FR' }, undefined],
    ['198.51.100.1', {}, undefined],
    ['no address', {}, undefined],
  ];
  for (const [ip, fields, expected] of cases) {
    assert.ok(!(enricher.enrich(loginFrom(ip, fields)) instanceof Promise));
    assert.equal(await label(enricher, ip, fields), expected, `${ip} ${JSON.stringify(fields)}`);
  }
  assert.deepEqual(enricher.info?.(), { networks: 4, names: 0, systems: 2, countries: 2 });
  assert.deepEqual(open({}).enrich(loginFrom('192.0.2.1')), {});
  assert.equal(await label(open(knownNetworks.target?.('10.0.0.0/8,DE') ?? {}), '10.1.1.1'), '10.0.0.0/8');
});

test('a host name is asked for when its TTL is over, and not before', async () => {
  await using server = await DnsServer.start({
    'vpn.example.org': { addresses: ['198.51.100.5', '2001:db8::5'], ttl: 120 },
  });
  const context = ticking();
  const enricher = open({ networks: ['vpn=VPN.example.org.', '10.0.0.0/8'], servers: [server.address] }, context);
  assert.equal(await label(enricher, '10.0.0.1'), '10.0.0.0/8');
  assert.equal(server.asked.length, 0, 'a network that holds it is enough');
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => label(enricher, '198.51.100.5'))), ['vpn', 'vpn', 'vpn']);
  assert.equal(server.asked.length, 1);
  assert.equal(await label(enricher, '198.51.100.6'), undefined);
  assert.equal(await label(enricher, '2001:db8::5'), 'vpn');
  assert.equal(await label(enricher, '2001:db8::6'), undefined);
  assert.equal(server.asked.length, 2, 'IPv6 is a question of its own');
  assert.ok(!(enricher.enrich(loginFrom('198.51.100.5')) instanceof Promise));
  server.names.set('vpn.example.org', { addresses: ['198.51.100.77'], ttl: 0 });
  context.pass(119);
  assert.equal(await label(enricher, '198.51.100.5'), 'vpn');
  context.pass(1);
  assert.equal(await label(enricher, '198.51.100.77'), 'vpn');
  assert.equal(await label(enricher, '198.51.100.5'), undefined);
  assert.equal(server.asked.length, 3, 'a TTL of zero is no question for each event');
  context.pass(-1000);
  assert.equal(await label(enricher, '198.51.100.77'), 'vpn');
  assert.equal(server.asked.length, 4, 'a clock that jumped back keeps nothing for longer');
});

test('while the DNS cannot be asked the last addresses stay, and the log says so once', async () => {
  await using server = await DnsServer.start({ 'vpn.example.org': { addresses: ['198.51.100.5'], ttl: 60 } });
  const context = ticking();
  const enricher = open({ networks: 'vpn.example.org', servers: [server.address] }, context);
  assert.equal(await label(enricher, '198.51.100.5'), 'vpn.example.org');
  server.names.clear();
  server.otherwise = 'servfail';
  for (let i = 0; i < 10; i++) {
    context.pass(60);
    for (let j = 0; j < 3; j++) assert.equal(await label(enricher, '198.51.100.5'), 'vpn.example.org');
  }
  assert.equal(server.asked.length, 11, 'once a minute');
  assert.deepEqual(context.logged, [
    'warn: known-networks: vpn.example.org cannot be resolved (ESERVFAIL); its last addresses stay known.',
  ]);
  server.otherwise = 'none';
  context.pass(60);
  assert.equal(await label(enricher, '198.51.100.5'), undefined, 'a name that is gone has no addresses');
});

test('a name that never resolves costs no event more than the timeout, and nothing else', async () => {
  await using server = await DnsServer.start();
  server.otherwise = 'drop';
  const context = ticking();
  const enricher = open({ networks: ['vpn.example.org', 'AS64500'], servers: [server.address] }, context);
  const start = performance.now();
  for (let i = 0; i < 50; i++) {
    assert.equal(await label(enricher, `198.51.100.${i}`, { 'source.as.number': 64_500 }), 'AS64500');
  }
  assert.ok(performance.now() - start < 1_000);
  assert.match(String(context.logged), /ETIMEOUT\); it has no known addresses/);
  await enricher.close?.();
});

test('a file of rules: remarks, empty lines, and read anew when it changes', async () => {
  const path = join(root, 'known.txt');
  await writeFile(path, '# offices\noffice=192.0.2.0/24   # Berlin\r\n\n  AS64500\n');
  const context = ticking();
  const enricher = open({ file: path, networks: '10.0.0.0/8' }, context);
  assert.equal(await label(enricher, '192.0.2.1'), 'office');
  assert.equal(await label(enricher, '198.51.100.1', { 'source.as.number': 64_500 }), 'AS64500');
  assert.equal(await label(enricher, '10.0.0.1'), '10.0.0.0/8');
  await writeFile(path, 'branch=192.0.2.0/24\nnot a rule\n');
  context.pass(61);
  assert.equal(await label(enricher, '192.0.2.1'), 'office');
  assert.match(String(context.logged.at(-1)), /known\.txt:2 {2}"not a rule" is no known network/);
  await writeFile(path, 'branch=192.0.2.0/24\n');
  context.pass(61);
  assert.equal(await label(enricher, '192.0.2.1'), 'branch');
  assert.equal(await label(enricher, '198.51.100.1', { 'source.as.number': 64_500 }), undefined);
  assert.equal(await label(enricher, '10.0.0.1'), '10.0.0.0/8');
});

test('what is no rule is refused at the start', async () => {
  const refused = (networks: string) => (error: unknown) =>
    error instanceof ScopsError && error.code === 'CONFIG_INVALID' && error.message.includes(networks.slice(0, 50));
  for (const networks of [
    '',
    'x',
    'label=',
    '=10.0.0.0/8',
    '10.0.0.0/33',
    '300.1.1.1',
    'ASX',
    'DEU',
    '2001:db8::/129',
    '10.0.0.0/8/8',
    '-.example.org',
    'a_b',
    '*.example.org',
    `${'a.'.repeat(200)}org`,
  ]) {
    assert.throws(() => open({ networks }), refused(networks), networks);
  }
  const path = join(root, 'bad.txt');
  await writeFile(path, '10.0.0.0/8\n10.0.0.0/99\n');
  assert.throws(() => open({ file: path }), /bad\.txt:2 .*10\.0\.0\.0\/99/);
  assert.throws(
    () => open({ file: join(root, 'none.txt') }),
    (error) => error instanceof ScopsError && error.code === 'SOURCE_UNREADABLE',
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (networks) => {
      try {
        open({ networks });
      } catch (error) {
        assert.ok(error instanceof ScopsError && error.code === 'CONFIG_INVALID');
      }
    }),
  );
});
