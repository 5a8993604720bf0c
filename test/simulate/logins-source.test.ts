import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as v from 'valibot';
import { asn } from '../../src/enrichers/asn.ts';
import { geo } from '../../src/enrichers/geo.ts';
import type { Fields } from '../../src/event/index.ts';
import { simulatedGeo, simulatedReputation, simulateLogins } from '../../src/simulate/logins.ts';
import { sshd } from '../../src/sources/sshd.ts';
import { createCidrSet } from '../../src/text/ip.ts';
import { testContext } from '../support/context.ts';
import { mmdb } from '../support/mmdb.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-simulated-'));
after(() => rm(root, { recursive: true, force: true }));

/** The lists that an address is on, as the enricher `dnsbl` would tell. */
function reputationOf(seed: number): (ip: string) => Fields {
  const listed = simulatedReputation(seed);
  const zones = [...new Set(listed.map(({ list }) => list))].map((list) => {
    const own = listed.filter((each) => each.list === list);
    return createCidrSet(own.map((each) => [each.cidr, each] as const));
  });
  return (ip) => {
    const found = zones.flatMap((zone) => zone.find(ip) ?? []).sort((a, b) => b.score - a.score);
    return {
      ...(found.length > 0 && { 'source.reputation.lists': found.map(({ list }) => list) }),
      'source.reputation.score': Math.max(0, ...found.map(({ score }) => score)),
    };
  };
}

test('the source sshd and the enrichers make of the lines what the simulator says', async () => {
  const seed = 42;
  const made = [...simulateLogins({ seed, users: 12, days: 30, noise: 0.3 })];
  const files = { log: join(root, 'auth.log'), city: join(root, 'city.mmdb'), asn: join(root, 'asn.mmdb') };
  const world = simulatedGeo(seed);
  await writeFile(files.log, made.map(({ line }) => `${line}\n`).join(''));
  await writeFile(files.city, mmdb({ databaseType: 'GeoLite2-City', entries: world.city }));
  await writeFile(files.asn, mmdb({ databaseType: 'GeoLite2-ASN', entries: world.asn }));
  const context = testContext({ now: () => Date.UTC(2026, 3, 1) });
  const source = sshd.create(v.parse(sshd.options, { paths: files.log }), context);
  const enrichers = [
    geo.create(v.parse(geo.options, { database: files.city }), context),
    asn.create(v.parse(asn.options, { database: files.asn }), context),
  ];
  const reputation = reputationOf(seed);
  let at = 0;
  const counts = { located: 0, listed: 0 };
  for await (const event of source.events()) {
    const ip = event.fields['source.ip'];
    const outside = typeof ip === 'string' && !ip.startsWith('10.');
    const facts = await Promise.all(enrichers.map((enricher) => enricher.enrich(event)));
    const fields = { ...event.fields, ...facts[0], ...facts[1], ...(outside && reputation(ip)) };
    const wanted = made[at++]?.event;
    // Of the listings' order nothing is promised: the strongest counts.
    assert.deepEqual({ ...event, fields }, wanted, event.raw);
    if ('source.geo.city_name' in fields) counts.located++;
    if (Number(fields['source.reputation.score'] ?? 0) > 0) counts.listed++;
  }
  assert.equal(at, made.length);
  assert.ok(counts.located > 1000 && counts.listed > 10, JSON.stringify(counts));
});

test('no two networks of a world overlap, and all are of ranges that nobody has', () => {
  const { city, asn: systems } = simulatedGeo(9);
  assert.ok(city.length > 300);
  assert.deepEqual(
    city.map(([cidr]) => cidr),
    systems.map(([cidr]) => cidr),
  );
  const networks = createCidrSet(city.map(([cidr]) => [cidr, cidr] as const));
  assert.equal(networks.size, new Set(city.map(([cidr]) => cidr)).size);
  for (const [cidr] of city) {
    assert.match(cidr, /^(?:24\d|25[0-5])\.|^3fff:[0-9a-f]{1,3}:/);
    assert.equal(networks.find(cidr.replace(/\/\d+$/, '')), cidr);
  }
  for (const { score, list } of simulatedReputation(9)) {
    assert.ok(score >= 0 && score <= 1);
    assert.match(list, /^zen\.spamhaus\.org:(?:PBL|XBL|CSS)$/);
  }
});
