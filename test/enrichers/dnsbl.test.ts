import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { dnsbl } from '../../src/enrichers/dnsbl.ts';
import { type Enricher, type Fields, ScopsError } from '../../src/event/index.ts';
import { reversed } from '../../src/text/dnsbl.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { DnsServer, type Reply } from '../support/dns-server.ts';
import { loginFrom } from '../support/events.ts';

const zen = 'zen.spamhaus.org';
const minute = 60_000;

/** A zone as it should be, with more names in it. */
const zone = (name: string, listed: Readonly<Record<string, readonly string[]>> = {}): Record<string, Reply> => ({
  [`2.0.0.127.${name}`]: { addresses: ['127.0.0.2'] },
  ...Object.fromEntries(
    Object.entries(listed).map(([ip, addresses]) => [`${reversed(ip)}.${name}`, { addresses, ttl: 300 }]),
  ),
});

const open = (server: DnsServer | string, options: Record<string, unknown>, context = testContext()): Enricher => {
  const servers = [typeof server === 'string' ? server : server.address];
  return dnsbl.create(v.parse(dnsbl.options, { zones: zen, servers, timeout: 150, ...options }), context);
};
const ask = async (enricher: Enricher, ip: string): Promise<Fields> => enricher.enrich(loginFrom(ip));
const score = async (enricher: Enricher, ip: string): Promise<unknown> =>
  (await ask(enricher, ip))['source.reputation.score'];
const warnings = (context: TestContext): string[] => context.logged.filter((line) => line.startsWith('warn'));

/** A context whose clock the test moves. */
function ticking(env: Record<string, string> = {}): TestContext & { pass(ms: number): void } {
  let now = Date.UTC(2026, 0, 2);
  const pass = (ms: number): void => {
    now += ms;
  };
  return Object.assign(testContext({ now: () => now, env }), { pass });
}

test('lists and their classes, for IPv4 and IPv6; the worst class is the score, and home lines are no threat', async () => {
  const six = '2606:4700::1111';
  await using server = await DnsServer.start({
    ...zone(zen, {
      '1.2.3.4': ['127.0.0.4', '127.0.0.10'],
      '1.2.3.5': ['127.0.0.3'],
      '1.2.3.6': ['127.0.0.11'],
      [six]: ['127.0.0.2', '127.0.0.9'],
    }),
    ...zone('bl.example.org', { '1.2.3.6': ['127.0.0.14'], '1.2.3.5': ['127.0.0.14'] }),
  });
  const enricher = open(server, { zones: [zen, 'bl.example.org'] });
  assert.deepEqual(await ask(enricher, '1.2.3.4'), {
    'source.reputation.lists': ['zen.spamhaus.org:XBL', 'zen.spamhaus.org:PBL'],
    'source.reputation.score': 1,
  });
  assert.deepEqual(await ask(enricher, '1.2.3.5'), {
    'source.reputation.lists': ['zen.spamhaus.org:CSS', 'bl.example.org:listed'],
    'source.reputation.score': 0.6,
  });
  assert.deepEqual(await ask(enricher, six), {
    'source.reputation.lists': ['zen.spamhaus.org:SBL', 'zen.spamhaus.org:DROP'],
    'source.reputation.score': 1,
  });
  assert.deepEqual(await ask(enricher, '1.2.3.9'), { 'source.reputation.score': 0 });
  assert.equal(server.count(`${reversed(six)}.${zen}`), 1);
  const home = open(server, {});
  assert.deepEqual(await ask(home, '1.2.3.6'), {
    'source.reputation.lists': ['zen.spamhaus.org:PBL'],
    'source.reputation.score': 0,
  });
});

test('a remembered answer comes at once and is not asked for again until its TTL is over', async () => {
  await using server = await DnsServer.start(zone(zen, { '1.2.3.4': ['127.0.0.4'] }));
  const context = ticking();
  const enricher = open(server, {}, context);
  for (const ip of ['1.2.3.4', '1.2.3.5']) {
    const [first, second] = [enricher.enrich(loginFrom(ip)), enricher.enrich(loginFrom(ip))];
    assert.ok(first instanceof Promise);
    assert.deepEqual(await first, await second);
    const again = enricher.enrich(loginFrom(`::ffff:${ip}`));
    assert.ok(!(again instanceof Promise));
    assert.deepEqual(again, await first);
    assert.equal(server.count(`${reversed(ip)}.${zen}`), 1);
  }
  assert.equal(server.asked.length, 4, 'two test points and two addresses');
  context.pass(300_000);
  assert.equal(await score(enricher, '1.2.3.4'), 1);
  assert.equal(server.count(`4.3.2.1.${zen}`), 2);
  assert.equal(server.count(`2.0.0.127.${zen}`), 1, 'tested once');
});

test('addresses that cannot be met on the internet are never asked about, nor is anything without a zone', async () => {
  await using server = await DnsServer.start(zone(zen));
  const enricher = open(server, {});
  for (const ip of [
    '10.0.0.1',
    '192.168.1.1',
    '127.0.0.2',
    '169.254.1.1',
    '100.64.0.1',
    '203.0.113.5',
    '::1',
    'fe80::1',
    'fd00::1',
    '2001:db8::1',
    '224.0.0.1',
    '::ffff:10.0.0.1',
    '0.0.0.0',
    'host',
    '',
  ]) {
    assert.deepEqual(enricher.enrich(loginFrom(ip)), {}, ip);
  }
  fc.assert(
    fc.property(fc.string(), (ip) => {
      if (!/^[0-9.]+$/.test(ip)) assert.deepEqual(enricher.enrich(loginFrom(ip)), {});
    }),
  );
  assert.deepEqual(enricher.enrich({ ...loginFrom('x'), fields: {} }), {});
  assert.deepEqual(open(server, { zones: [] }).enrich(loginFrom('1.2.3.4')), {});
  assert.deepEqual(server.asked, []);
});

test('a zone that fails its self-test is left out, with a warning that says why; the others are asked', async () => {
  const cases: readonly [string, Partial<Record<'2' | '1', Reply>>, RegExp][] = [
    ['gone', {}, /does not list the test point 127\.0\.0\.2/],
    [
      'parked',
      { 2: { addresses: ['203.0.113.80'] }, 1: { addresses: ['203.0.113.80'] } },
      /203\.0\.113\.80 is none of a list/,
    ],
    ['all', { 2: { addresses: ['127.0.0.2'] }, 1: { addresses: ['127.0.0.2'] } }, /lists 127\.0\.0\.1, so everything/],
    ['typo', { 2: { addresses: ['127.255.255.252'] } }, /mistyped/],
    [
      'open',
      { 2: { addresses: ['127.255.255.254'] }, 1: { addresses: ['127.255.255.254'] } },
      /public or open resolver/,
    ],
    ['quota', { 2: { addresses: ['127.255.255.255'] } }, /asked too often/],
    ['broken', { 2: 'servfail', 1: 'servfail' }, /no answer \(ESERVFAIL\)/],
    ['silent', { 2: 'drop', 1: 'drop' }, /no answer \(ETIMEOUT\)/],
  ];
  for (const [name, points, reason] of cases) {
    const bad = `${name}.example.org`;
    await using server = await DnsServer.start({
      ...zone(zen, { '1.2.3.4': ['127.0.0.3'] }),
      [`4.3.2.1.${bad}`]: { addresses: ['127.0.0.2'] },
      ...(points[2] && { [`2.0.0.127.${bad}`]: points[2] }),
      ...(points[1] && { [`1.0.0.127.${bad}`]: points[1] }),
    });
    const context = ticking();
    const enricher = open(server, { zones: [bad, zen] }, context);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await ask(enricher, '1.2.3.4'), {
        'source.reputation.lists': ['zen.spamhaus.org:CSS'],
        'source.reputation.score': 0.6,
      });
    }
    assert.equal(server.count(`4.3.2.1.${bad}`), 0, name);
    assert.equal(warnings(context).length, 1, name);
    assert.match(String(warnings(context)[0]), new RegExp(`${name}\\.example\\.org is left out for \\d+ min`));
    assert.match(String(warnings(context)[0]), reason);
    assert.match(String(enricher.info?.()[bad]), reason);
    assert.match(String(enricher.info?.()[zen]), /^ready; 3 asked, 3 listed, 0 unknown$/);
    for (const each of Object.entries(zone(bad))) server.names.set(...each);
    server.names.delete(`1.0.0.127.${bad}`);
    context.pass(61 * minute);
    assert.deepEqual(
      (await ask(enricher, '1.2.3.4'))['source.reputation.lists'],
      [`${bad}:listed`, `${zen}:CSS`],
      name,
    );
    assert.match(String(context.logged.at(-1)), /passes its self-test/);
  }
});

test('a list without test points is asked when the user says so', async () => {
  await using server = await DnsServer.start({ '4.3.2.1.bl.example.org': { addresses: ['127.0.0.2'] } });
  assert.equal(await score(open(server, { zones: 'bl.example.org', selfTest: false }), '1.2.3.4'), 0.6);
  assert.deepEqual(server.asked, ['4.3.2.1.bl.example.org']);
});

test('a list that begins to refuse is unknown from then on, never a listing, and tried again later', async () => {
  await using server = await DnsServer.start(zone(zen, { '1.2.3.4': ['127.0.0.4'] }));
  const context = ticking();
  const enricher = open(server, {}, context);
  assert.equal(await score(enricher, '1.2.3.4'), 1);
  server.names.set(`2.0.0.127.${zen}`, { addresses: ['127.255.255.255'] });
  server.otherwise = { addresses: ['127.255.255.255'] };
  for (let i = 0; i < 20; i++) assert.deepEqual(await ask(enricher, `1.2.4.${i}`), {});
  assert.equal(server.asked.length, 4, 'the first refusal was the last question');
  assert.equal(await score(enricher, '1.2.3.4'), 1, 'what is remembered stays true');
  assert.deepEqual(warnings(context).length, 1);
  assert.match(String(warnings(context)[0]), /zen\.spamhaus\.org .*asked too often/);
  context.pass(60 * minute);
  assert.deepEqual(await ask(enricher, '1.2.4.0'), {});
  assert.equal(warnings(context).length, 1, 'the same reason is said once');
  for (const each of Object.entries(zone(zen))) server.names.set(...each);
  server.otherwise = 'none';
  context.pass(60 * minute);
  assert.equal(await score(enricher, '1.2.4.0'), 0);
});

test('a resolver that begins to answer for names that do not exist makes nobody a listing', async () => {
  await using server = await DnsServer.start(zone(zen));
  const context = ticking();
  const enricher = open(server, {}, context);
  assert.equal(await score(enricher, '1.2.3.4'), 0);
  for (const address of ['203.0.113.80', '127.0.0.1', '0.0.0.0']) {
    server.otherwise = { addresses: [address] };
    for (let i = 0; i < 3; i++) assert.deepEqual(await ask(enricher, `1.2.4.${i}`), {});
  }
  assert.equal(warnings(context).length, 1);
  assert.match(String(warnings(context)[0]), /names that do not exist/);
});

test('DNS dead: after a few failures nothing is asked for a while, longer each time; one probe brings it back', async () => {
  await using server = await DnsServer.start(zone(zen));
  const context = ticking();
  const enricher = open(server, {}, context);
  assert.equal(await score(enricher, '1.2.3.4'), 0);
  server.names.clear();
  server.otherwise = 'servfail';
  for (let i = 0; i < 100; i++) assert.deepEqual(await ask(enricher, `1.2.5.${i}`), {});
  assert.equal(server.asked.length, 3 + 5);
  assert.equal(warnings(context).length, 1);
  assert.match(String(warnings(context)[0]), /left out for 1 min .*ESERVFAIL/);
  assert.ok(!(enricher.enrich(loginFrom('1.2.5.200')) instanceof Promise), 'no event waits');
  context.pass(minute);
  for (let i = 0; i < 50; i++) assert.deepEqual(await ask(enricher, `1.2.6.${i}`), {});
  assert.equal(server.asked.length, 8 + 2, 'the two test points');
  context.pass(minute);
  assert.deepEqual(await ask(enricher, '1.2.6.1'), {});
  assert.equal(server.asked.length, 10, 'two minutes now');
  context.pass(minute);
  assert.deepEqual(await ask(enricher, '1.2.6.1'), {});
  assert.equal(server.asked.length, 12);
  server.otherwise = 'none';
  for (const each of Object.entries(zone(zen))) server.names.set(...each);
  context.pass(4 * minute);
  assert.equal(await score(enricher, '1.2.6.1'), 0);
  assert.equal(warnings(context).length, 1);
});

test('no server at all, or one that never answers: no error, in time, and few wait for it', async () => {
  const gone = await DnsServer.start();
  const { address } = gone;
  await gone[Symbol.asyncDispose]();
  await using silent = await DnsServer.start();
  silent.otherwise = 'drop';
  for (const server of [address, silent]) {
    const start = performance.now();
    const enricher = open(server, {});
    for (let i = 0; i < 200; i++) assert.deepEqual(await ask(enricher, `1.2.5.${i}`), {});
    assert.ok(performance.now() - start < 3_000);
    assert.match(String(enricher.info?.()[zen]), /left alone: there is no answer/);
  }
  assert.equal(silent.asked.length, 2);
});

test('a slow list is unknown, not waited for without end', async () => {
  await using server = await DnsServer.start(zone(zen));
  const enricher = open(server, {});
  assert.equal(await score(enricher, '1.2.3.4'), 0);
  server.delay = 1_000;
  const start = performance.now();
  assert.deepEqual(await ask(enricher, '1.2.3.5'), {});
  assert.ok(performance.now() - start < 800);
});

test('a flood of addresses: never more questions under way than allowed, and each once', async () => {
  await using server = await DnsServer.start(zone(zen));
  server.delay = 5;
  const enricher = open(server, { concurrency: 7, timeout: 5_000 });
  const ips = Array.from({ length: 600 }, (_, i) => `1.3.${(i % 300) >> 8}.${(i % 300) & 255}`);
  const all = await Promise.all(ips.map((ip) => score(enricher, ip)));
  assert.ok(all.every((each) => each === 0));
  assert.equal(server.asked.length, 302);
  assert.equal(server.most, 7);
});

test('a key is in the question and nowhere else', async () => {
  const key = 'abcdefghijklmnopqrstuvwxy2';
  const full = `${key}.zen.dq.spamhaus.net`;
  const label = 'zen.dq.spamhaus.net';
  for (const [zones, env] of [
    [full, {}],
    [label, { SCOPS_SPAMHAUS_DQS_KEY: key }],
  ] as const) {
    await using server = await DnsServer.start({ ...zone(full, { '1.2.3.4': ['127.0.0.20'] }) });
    const context = ticking(env);
    const enricher = open(server, { zones }, context);
    assert.deepEqual((await ask(enricher, '1.2.3.4'))['source.reputation.lists'], [`${label}:AuthBL`]);
    server.names.clear();
    server.otherwise = 'servfail';
    for (let i = 0; i < 9; i++) await ask(enricher, `1.2.5.${i}`);
    context.pass(2 * minute);
    await ask(enricher, '1.2.6.1');
    assert.ok(server.count(`4.3.2.1.${full}`) === 1);
    assert.equal(warnings(context).length, 1);
    const said = JSON.stringify([context.logged, enricher.info?.()]);
    assert.ok(said.includes(label) && !said.includes(key), said);
  }
  for (const env of [{}, { SCOPS_SPAMHAUS_DQS_KEY: 'not a key' }]) {
    assert.throws(
      () => open('127.0.0.1:5', { zones: label }, testContext({ env })),
      (error) =>
        error instanceof ScopsError &&
        error.code === 'CONFIG_INVALID' &&
        /SCOPS_SPAMHAUS_DQS_KEY/.test(error.message) &&
        !error.message.includes('not a key'),
    );
  }
});

test('what is no zone is refused without repeating it; name:target takes zones', () => {
  for (const zones of ['nozone', 'a b.example.org', 'a..b', '', `${'x'.repeat(64)}.org`, 'http://zen.spamhaus.org']) {
    assert.throws(() => v.parse(dnsbl.options, { zones }), /Must be a zone such as zen\.spamhaus\.org/, zones);
  }
  assert.deepEqual(dnsbl.target?.('zen.spamhaus.org,bl.example.org'), {
    zones: ['zen.spamhaus.org', 'bl.example.org'],
  });
  assert.deepEqual(v.parse(dnsbl.options, {}).zones, []);
});

test('closing answers those who wait', async () => {
  await using server = await DnsServer.start();
  server.otherwise = 'drop';
  const context = testContext();
  const enricher = open(server, { timeout: 60_000 }, context);
  const waiting = Promise.all([ask(enricher, '1.2.3.4'), ask(enricher, '1.2.3.5')]);
  await new Promise((done) => setImmediate(done));
  await enricher.close?.();
  assert.deepEqual(await waiting, [{}, {}]);
  assert.deepEqual(context.logged, []);
});

test('the test points of IPv6: a list without them may list an address, but does not clear one', async () => {
  const [bad, good, other] = ['2606:4700::1111', '2606:4700::2222', '2606:4700::3333'];
  const points = { '::ffff:7f00:2': ['127.0.0.2'] };
  const listed = { [bad]: ['127.0.0.4'] };

  await using knows = await DnsServer.start(zone(zen, { ...listed, ...points }));
  const full = open(knows, {});
  assert.equal(await score(full, '1.2.3.4'), 0);
  assert.equal(knows.count(`${reversed('::ffff:7f00:2')}.${zen}`), 0, 'asked before it is needed');
  assert.deepEqual(await Promise.all([score(full, bad), score(full, good)]), [1, 0]);
  assert.equal(knows.count(`${reversed('::ffff:7f00:2')}.${zen}`), 1);
  assert.equal(knows.count(`${reversed('::ffff:7f00:1')}.${zen}`), 1);

  await using silent = await DnsServer.start(zone(zen, listed));
  const half = open(silent, {});
  assert.equal(await score(half, bad), 1);
  assert.deepEqual(await ask(half, good), {});
  assert.deepEqual(await ask(half, good), {}, 'nor when it is remembered');
  assert.equal(await score(half, '1.2.3.4'), 0);

  await using all = await DnsServer.start(zone(zen, { ...listed, ...points, '::ffff:7f00:1': ['127.0.0.2'] }));
  const context = testContext();
  const wild = open(all, {}, context);
  assert.deepEqual(await ask(wild, bad), {});
  assert.deepEqual(await ask(wild, other), {});
  assert.equal(all.count(`${reversed(bad)}.${zen}`), 0);
  assert.equal(await score(wild, '1.2.3.4'), 0);
  assert.match(warnings(context).join(), /every IPv6 address: it is not asked about those/);

  await using bare = await DnsServer.start(zone(zen, listed));
  assert.equal(await score(open(bare, { selfTest: false }), good), 0);
});

test('a list that refuses the test points of IPv6 is left alone, and one that does not answer them knows nothing yet', async () => {
  const point = `${reversed('::ffff:7f00:2')}.${zen}`;
  await using server = await DnsServer.start(zone(zen, { '::ffff:7f00:2': ['127.255.255.254'] }));
  const context = testContext();
  const enricher = open(server, {}, context);
  assert.deepEqual(await ask(enricher, '2606:4700::1111'), {});
  assert.match(warnings(context).join(), /public or open resolver/);
  server.names.set(point, 'servfail');
  const next = open(server, {});
  assert.deepEqual(await ask(next, '2606:4700::1111'), {});
  assert.equal(await score(next, '1.2.3.4'), 0);
  assert.equal(server.count(`${reversed('2606:4700::1111')}.${zen}`), 0);
});

test('a list that was not asked about anything says why', async () => {
  await using server = await DnsServer.start(zone(zen));
  const enricher = open(server, {});
  const said = (): unknown => enricher.info?.()[zen];
  assert.equal(said(), 'not asked: nothing was read');
  await ask(enricher, 'nowhere');
  assert.equal(said(), 'not asked: none of the events read (1) has an address');
  for (const ip of ['10.0.0.1', '192.168.1.1']) await ask(enricher, ip);
  assert.equal(
    said(),
    'not asked: none of the events read (3) is from the internet, and private addresses are never asked about',
  );
  assert.equal(server.count(`2.0.0.127.${zen}`), 0);
  await ask(enricher, '1.2.3.4');
  assert.equal(said(), 'ready; 1 asked, 0 listed, 0 unknown');
});

test('a clock that jumps back does not keep a list left alone for as long', async () => {
  await using server = await DnsServer.start();
  server.otherwise = 'servfail';
  const context = ticking();
  const enricher = open(server, {}, context);
  for (let i = 0; i < 10; i++) assert.deepEqual(await ask(enricher, `1.2.7.${i}`), {});
  assert.match(String(enricher.info?.()[zen]), /left alone/);
  server.otherwise = 'none';
  for (const each of Object.entries(zone(zen, { '1.2.8.1': ['127.0.0.4'] }))) server.names.set(...each);
  context.pass(-400 * 24 * 60 * minute);
  assert.equal(await score(enricher, '1.2.8.1'), 1);
});
