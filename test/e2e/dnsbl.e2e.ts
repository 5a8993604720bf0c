import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { dnsbl } from '../../src/enrichers/dnsbl.ts';
import type { Enricher, Fields } from '../../src/event/index.ts';
import { DnsClient } from '../../src/io/dns.ts';
import { reversed } from '../../src/text/dnsbl.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { loginFrom } from '../support/events.ts';

const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) };
const program = 'rbldnsd';
const missing = spawnSync(program, ['-h'], { env }).error !== undefined;
const skip = missing && !process.env.CI && 'rbldnsd is not installed (apt-get install rbldnsd)';

/** As rbldnsd takes them: https://rbldnsd.io/rbldnsd.8.html */
const four = `:127.0.0.2:Test point
127.0.0.2
:127.0.0.4:Taken over
45.33.1.0/24
!45.33.1.128
:127.0.0.10:Home lines
45.33.2.0-45.33.3.255
:127.0.0.3:
45.33.9.9
`;
const six = `:127.0.0.2:Test point
::ffff:7f00:2
:127.0.0.9:Dropped
2606:4700:1::/48
`;

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

describe('enricher dnsbl and a real rbldnsd', { skip, timeout: 60_000 }, () => {
  let folder: string;
  let server: ChildProcess;
  let address: string;
  const said: string[] = [];

  async function start(port: number): Promise<void> {
    server = spawn(
      program,
      [
        ...['-n', '-t', '300', '-b', `127.0.0.1/${port}`, '-w', folder],
        ...['zen.spamhaus.org:ip4set:four', 'zen.spamhaus.org:ip6trie:six'],
        ...['bl.example.org:ip4set:other', 'untested.example.org:ip4set:untested'],
      ],
      { env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (data) => said.push(String(data)));
    const dns = client();
    for (let tries = 0; tries < 100 && (await dns.ask('2.0.0.127.bl.example.org')).kind !== 'found'; tries++) {
      assert.equal(server.exitCode, null, said.join(''));
      await wait(50);
    }
    dns.close();
  }

  async function stop(): Promise<void> {
    if (server.exitCode !== null) return;
    server.kill();
    await once(server, 'exit');
  }

  const client = (): DnsClient =>
    new DnsClient({
      servers: [address],
      ...{ timeout: 1_000, concurrency: 16, positiveTtl: 600, negativeTtl: 600, cacheSize: 100, now: () => 0 },
    });
  const open = (zones: readonly string[], context: TestContext = testContext()): Enricher =>
    dnsbl.create(v.parse(dnsbl.options, { zones, servers: [address], timeout: 1_000 }), context);
  const ask = async (enricher: Enricher, ip: string): Promise<Fields> => enricher.enrich(loginFrom(ip));

  before(async () => {
    assert.ok(!missing, 'rbldnsd is not installed');
    folder = await mkdtemp(join(tmpdir(), 'scops-rbldnsd-'));
    await chmod(folder, 0o755);
    for (const [name, content] of [
      ['four', four],
      ['six', six],
      ['other', '127.0.0.2\n45.33.1.7\n'],
      ['untested', '45.33.1.7\n'],
    ] as const) {
      await writeFile(join(folder, name), content, { mode: 0o644 });
    }
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    await start(port);
  });
  after(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('the test points of RFC 5782: 127.0.0.2 and ::FFFF:7F00:2 are listed, 127.0.0.1 and ::FFFF:7F00:1 are not', async () => {
    const dns = client();
    const point = (ip: string) => dns.ask(`${reversed(ip)}.zen.spamhaus.org`);
    const listed = { kind: 'found', addresses: ['127.0.0.2'], ttl: 300 };
    assert.deepEqual(await point('127.0.0.2'), listed);
    assert.deepEqual(await point('::ffff:7f00:2'), listed);
    assert.deepEqual(await point('127.0.0.1'), { kind: 'none' });
    assert.deepEqual(await point('::ffff:7f00:1'), { kind: 'none' });
  });

  test('addresses on the lists and beside them, IPv4 and IPv6', async () => {
    const context = testContext();
    const enricher = open(['zen.spamhaus.org', 'bl.example.org'], context);
    const expected: readonly [string, readonly string[], number][] = [
      ['45.33.1.7', ['zen.spamhaus.org:XBL', 'bl.example.org:listed'], 1],
      ['45.33.1.255', ['zen.spamhaus.org:XBL'], 1],
      ['45.33.1.128', [], 0],
      ['45.33.3.255', ['zen.spamhaus.org:PBL'], 0],
      ['45.33.4.0', [], 0],
      ['45.33.9.9', ['zen.spamhaus.org:CSS'], 0.6],
      ['2606:4700:1:ffff::1', ['zen.spamhaus.org:DROP'], 1],
      ['2606:4700:2::1', [], 0],
    ];
    for (const [ip, lists, score] of expected) {
      const fields = {
        ...(lists.length > 0 && { 'source.reputation.lists': lists }),
        'source.reputation.score': score,
      };
      assert.deepEqual(await ask(enricher, ip), fields, ip);
      assert.deepEqual(enricher.enrich(loginFrom(ip)), fields, `${ip}, remembered`);
    }
    assert.deepEqual(context.logged, []);
  });

  test('a zone without the test point is left out', async () => {
    const context = testContext();
    const enricher = open(['untested.example.org', 'gone.example.org'], context);
    assert.deepEqual(await ask(enricher, '45.33.1.7'), {});
    assert.equal(context.logged.length, 2);
    assert.match(context.logged.join('\n'), /untested\.example\.org .*does not list the test point/);
    assert.match(context.logged.join('\n'), /gone\.example\.org .*no answer \(EREFUSED\)/);
  });

  test('the server dies and comes back', async () => {
    let now = 0;
    const context = testContext({ now: () => now });
    const enricher = open(['zen.spamhaus.org'], context);
    assert.equal((await ask(enricher, '45.33.1.1'))['source.reputation.score'], 1);
    await stop();
    for (let i = 10; i < 30; i++) assert.deepEqual(await ask(enricher, `45.33.1.${i}`), {});
    assert.equal(context.logged.length, 1);
    assert.equal((await ask(enricher, '45.33.1.1'))['source.reputation.score'], 1, 'remembered');
    await start(Number(address.split(':')[1]));
    now += 61_000;
    assert.equal((await ask(enricher, '45.33.1.30'))['source.reputation.score'], 1);
    assert.match(String(context.logged.at(-1)), /passes its self-test/);
  });
});
