import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import { geo } from '../../src/enrichers/geo.ts';
import { type Enricher, type Fields, ScopsError } from '../../src/event/index.ts';
import { geoFields } from '../../src/text/geo-record.ts';
import type { MmdbValue } from '../../src/text/mmdb-section.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { loginFrom } from '../support/events.ts';
import { mmdb, rawMmdb } from '../support/mmdb.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-geo-'));
after(() => rm(root, { recursive: true, force: true }));

const berlin = {
  continent: { code: 'EU', geoname_id: 6_255_148, names: { de: 'Europa', en: 'Europe' } },
  country: { iso_code: 'DE', geoname_id: 2_921_044, names: { de: 'Deutschland', en: 'Germany' } },
  registered_country: { iso_code: 'FR', geoname_id: 3_017_382, names: { en: 'France' } },
  subdivisions: [{ iso_code: 'BE', geoname_id: 2_950_157, names: { de: 'Land Berlin', en: 'State of Berlin' } }],
  city: { geoname_id: 2_950_159, names: { de: 'Berlin', en: 'Berlin' } },
  location: { accuracy_radius: 20, latitude: 52.5196, longitude: 13.4069, time_zone: 'Europe/Berlin' },
  postal: { code: '10178' },
} satisfies MmdbValue;

let files = 0;
async function file(content: Uint8Array, name = 'test.mmdb'): Promise<string> {
  const folder = join(root, String(files++));
  await mkdir(folder);
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const open = (options: Record<string, unknown>, context: TestContext = testContext()): Enricher =>
  geo.create(v.parse(geo.options, options), context);
const ask = (enricher: Enricher, ip: string): Fields => enricher.enrich(loginFrom(ip)) as Fields;
const inBerlin = mmdb({ entries: [['198.51.100.0/24', berlin]] });

function fault(make: () => unknown): ScopsError {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ScopsError, String(error));
    return error;
  }
  assert.fail('It did not fail.');
}

test('a database of MaxMind: all fields, for IPv4 and IPv6, plain and compressed', async () => {
  const entries: [string, MmdbValue][] = [
    ['198.51.100.0/24', berlin],
    ['2001:db8::/32', { country: berlin.country }],
  ];
  for (const path of [await file(mmdb({ entries })), await file(gzipSync(mmdb({ entries })), 'test.mmdb.gz')]) {
    const enricher = open({ database: path });
    assert.deepEqual(ask(enricher, '198.51.100.7'), {
      'source.geo.continent_code': 'EU',
      'source.geo.country_iso_code': 'DE',
      'source.geo.country_name': 'Germany',
      'source.geo.region_iso_code': 'DE-BE',
      'source.geo.region_name': 'State of Berlin',
      'source.geo.city_name': 'Berlin',
      'source.geo.geoname_id': 2_950_159,
      'source.geo.location.lat': 52.5196,
      'source.geo.location.lon': 13.4069,
      'source.geo.accuracy_km': 20,
      'source.geo.timezone': 'Europe/Berlin',
    });
    assert.deepEqual(ask(enricher, '2001:db8::7'), {
      'source.geo.country_iso_code': 'DE',
      'source.geo.country_name': 'Germany',
      'source.geo.geoname_id': 2_921_044,
    });
    assert.deepEqual(ask(enricher, '::ffff:198.51.100.7'), ask(enricher, '198.51.100.7'));
    for (const ip of ['203.0.113.1', '2001:db9::1', '10.0.0.1', 'not an address', ''])
      assert.deepEqual(ask(enricher, ip), {});
    assert.deepEqual(enricher.enrich({ ...loginFrom('x'), fields: {} }), {});
    const [name] = path.split('/').slice(-1);
    assert.deepEqual(enricher.info?.(), { [name as string]: 'Test-City, made on 2026-01-01, 1 day old' });
  }
});

test('other vendors: DB-IP, ip-location-db, IPinfo', () => {
  const dbip = {
    city: { names: { en: 'Amsterdam (Centrum)' } },
    continent: { code: 'EU' },
    country: { iso_code: 'NL', names: { en: 'Netherlands' } },
    location: { latitude: 52.37, longitude: 4.89 },
    subdivisions: [{ names: { en: 'North Holland' } }],
  };
  assert.deepEqual(geoFields(dbip), {
    'source.geo.continent_code': 'EU',
    'source.geo.country_iso_code': 'NL',
    'source.geo.country_name': 'Netherlands',
    'source.geo.region_name': 'North Holland',
    'source.geo.city_name': 'Amsterdam (Centrum)',
    'source.geo.location.lat': 52.37,
    'source.geo.location.lon': 4.89,
  });
  const flat = {
    city: 'Kyoto',
    country_code: 'jp',
    latitude: 35,
    longitude: 135.75,
    state1: 'Kyoto',
    state2: '',
    timezone: '',
  };
  assert.deepEqual(geoFields(flat), {
    'source.geo.country_iso_code': 'JP',
    'source.geo.region_name': 'Kyoto',
    'source.geo.city_name': 'Kyoto',
    'source.geo.location.lat': 35,
    'source.geo.location.lon': 135.75,
  });
  const ipinfo = {
    ...{ city: 'Zurich', country: 'CH', region: 'Zurich', region_code: 'ZH', lat: '47.36667', lng: '8.55000' },
    ...{ geoname_id: '2657896', timezone: 'Europe/Zurich', postal_code: '8001' },
  };
  assert.deepEqual(geoFields(ipinfo), {
    'source.geo.country_iso_code': 'CH',
    'source.geo.region_iso_code': 'CH-ZH',
    'source.geo.region_name': 'Zurich',
    'source.geo.city_name': 'Zurich',
    'source.geo.geoname_id': 2_657_896,
    'source.geo.location.lat': 47.366_67,
    'source.geo.location.lon': 8.55,
    'source.geo.timezone': 'Europe/Zurich',
  });
  const lite = { asn: 'AS64500', continent: 'Europe', continent_code: 'EU', country: 'Germany', country_code: 'DE' };
  assert.deepEqual(geoFields(lite), {
    'source.geo.continent_code': 'EU',
    'source.geo.country_iso_code': 'DE',
    'source.geo.country_name': 'Germany',
  });
  assert.equal(geoFields({ country: 'US', loc: '37.4,-122.1' })['source.geo.location.lon'], -122.1);
});

test('what a record does not know is absent, and nonsense in it is not taken', () => {
  const nonsense = {
    country: { iso_code: 'GERMANY', names: { en: '' } },
    subdivisions: 'BE',
    city: { names: [], geoname_id: 0 },
    location: { latitude: 91, longitude: 13, accuracy_radius: -1, time_zone: 7 },
  };
  assert.deepEqual(geoFields(nonsense), {});
  assert.deepEqual(geoFields({ location: { latitude: 0, longitude: 0 } }), {});
  assert.deepEqual(geoFields({ city: '-', country_code: 'ZZ', latitude: 5 }), {});
  const keys = [
    'city',
    'country',
    'continent',
    'subdivisions',
    'location',
    'names',
    'en',
    'iso_code',
    'loc',
    'latitude',
  ];
  const any = fc.dictionary(fc.constantFrom(...keys), fc.anything({ key: fc.constantFrom(...keys), withBigInt: true }));
  fc.assert(
    fc.property(fc.oneof(any, fc.anything()), (record) => {
      for (const value of Object.values(geoFields(record))) {
        assert.ok(typeof value === 'number' ? Number.isFinite(value) : value !== '' && String(value).length <= 200);
      }
    }),
  );
});

test('of several files the first that knows an address answers', async () => {
  const [own, all] = [
    await file(mmdb({ entries: [['10.1.0.0/16', { country_code: 'AT', city: 'Office Wien' }]] })),
    await file(
      mmdb({
        entries: [
          ['10.0.0.0/8', { country_code: 'XX' }],
          ['198.51.100.0/24', berlin],
        ],
      }),
    ),
  ];
  const enricher = open({ database: [own, all] });
  assert.equal(ask(enricher, '10.1.2.3')['source.geo.city_name'], 'Office Wien');
  assert.equal(ask(enricher, '10.2.2.3')['source.geo.country_iso_code'], 'XX');
  assert.equal(ask(enricher, '198.51.100.1')['source.geo.city_name'], 'Berlin');
});

test('the name of an npm package, as installed where the user works', async (t) => {
  const project = join(root, 'project');
  const folder = join(project, 'node_modules', '@data', 'city');
  await mkdir(join(folder, 'dist'), { recursive: true });
  await mkdir(join(project, 'deep'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"name":"@data/city","exports":{}}');
  await writeFile(join(folder, 'dist', 'City.mmdb.gz'), gzipSync(inBerlin));
  const before = process.cwd();
  t.after(() => process.chdir(before));
  process.chdir(join(project, 'deep'));
  assert.equal(ask(open(geo.target?.('@data/city') ?? {}), '198.51.100.7')['source.geo.city_name'], 'Berlin');
  const missing = fault(() => open({ database: 'geolite2-nowhere' }));
  assert.equal(missing.code, 'SOURCE_UNREADABLE');
  assert.match(missing.message, /npm install geolite2-nowhere/);
  await rm(join(folder, 'dist'), { recursive: true });
  assert.match(fault(() => open({ database: '@data/city' })).message, /holds no \.mmdb/);
});

test('a file that is missing, corrupt or cut short is said so at the start', async () => {
  const missing = fault(() => open({ database: join(root, 'none.mmdb') }));
  assert.deepEqual([missing.code, /no such file/.test(missing.message)], ['SOURCE_UNREADABLE', true]);
  assert.equal(fault(() => open({ database: root })).code, 'SOURCE_UNREADABLE');
  const bad = [
    new Uint8Array(),
    Buffer.from('<html>Your licence key has expired</html>'),
    inBerlin.subarray(0, -30),
    gzipSync(inBerlin).subarray(0, 100),
    gzipSync('no database'),
  ];
  for (const content of bad) {
    const path = await file(content);
    const refused = fault(() => open({ database: path }));
    assert.equal(refused.code, 'INPUT_INVALID');
    assert.ok(refused.message.includes(path));
  }
});

test('data that is old is said to be so, once, and more strongly when very old', async () => {
  let now = Date.UTC(2026, 0, 2);
  const context = testContext({ now: () => now });
  const enricher = open({ database: await file(inBerlin), maxAgeDays: 30 }, context);
  const pass = (days: number): void => {
    now += days * 86_400_000;
    for (let i = 0; i < 3; i++) assert.equal(ask(enricher, '198.51.100.7')['source.geo.city_name'], 'Berlin');
  };
  pass(20);
  assert.deepEqual(context.logged, []);
  pass(15);
  assert.equal(context.logged.length, 1);
  assert.match(
    String(context.logged.at(0)),
    /^warn: geo: ".*" \(Test-City\) is 36 days old: addresses move; update it\.$/,
  );
  pass(80);
  assert.equal(context.logged.length, 2);
  assert.match(String(context.logged.at(1)), /is 116 days old: .*wrong by now/);
  now -= 200 * 86_400_000;
  assert.match(String(Object.values(enricher.info?.() ?? {})), /0 days old/);
});

test('a database replaced while running is read within a minute; one that is damaged is not, and said so once', async () => {
  let now = Date.UTC(2026, 0, 2);
  const context = testContext({ now: () => now });
  const path = await file(inBerlin);
  const enricher = open({ database: path }, context);
  const city = (): unknown => ask(enricher, '198.51.100.7')['source.geo.city_name'];
  const replace = async (content: Uint8Array): Promise<void> => {
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
  };
  const moved = (name: string): Buffer => mmdb({ entries: [['198.51.100.0/24', { city: name, country_code: 'FR' }]] });
  assert.equal(city(), 'Berlin');
  await replace(moved('Paris'));
  now += 59_000;
  assert.equal(city(), 'Berlin');
  now += 2_000;
  assert.equal(city(), 'Paris');
  const quiet = context.logged.filter((line) => line.startsWith('warn')).length;
  await replace(moved('Lyon').subarray(0, 200));
  for (let i = 0; i < 5; i++) {
    now += 61_000;
    assert.equal(city(), 'Paris');
  }
  await rm(path);
  for (let i = 0; i < 5; i++) {
    now += 61_000;
    assert.equal(city(), 'Paris');
  }
  const warnings = context.logged.filter((line) => line.startsWith('warn')).slice(quiet);
  assert.equal(warnings.length, 2, warnings.join('\n'));
  assert.match(warnings[0] as string, /cannot be used, what was read before stays/);
  await replace(moved('Lyon'));
  now -= 3_600_000;
  assert.equal(city(), 'Lyon', 'also when the clock jumps back');
});

test('a damaged record is a fact that is missing, said once; the others are read', async () => {
  const context = testContext();
  const enricher = open({ database: await file(rawMmdb([0x20, 0x00])) }, context);
  for (let i = 0; i < 50; i++) assert.deepEqual(ask(enricher, `198.51.100.${i}`), {});
  assert.equal(context.logged.length, 1);
  assert.match(String(context.logged.at(0)), /is damaged: the record of 198\.51\.100\.0 cannot be read/);
});

test('whatever is in the address field, no error and at once', async () => {
  const enricher = open({ database: await file(inBerlin), cacheSize: 10 });
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.string({ unit: fc.constantFrom(...':.%[]0af/') })),
      (ip) => {
        assert.ok(!(enricher.enrich(loginFrom(ip)) instanceof Promise));
      },
    ),
  );
});

test('a database of another kind is said to be one, once, and one that knows some places is not', async () => {
  const other = mmdb({
    databaseType: 'GeoLite2-ASN',
    entries: [['198.51.100.0/24', { autonomous_system_number: 64_500 }]],
  });
  const context = testContext();
  const wrong = open({ database: await file(other, 'other.mmdb') }, context);
  for (let at = 0; at < 60; at++) assert.deepEqual(ask(wrong, `198.51.100.${at}`), {});
  const said = context.logged.filter((line) => line.includes('of another kind'));
  assert.equal(said.length, 1);
  assert.match(said[0]!, /other\.mmdb" \(GeoLite2-ASN\) knows 20 addresses and says nothing/);

  const quiet = testContext();
  const some = mmdb({
    entries: [
      ['198.51.100.0/32', berlin],
      ['198.51.100.128/25', { traits: { is_anonymous_proxy: true } }],
    ],
  });
  const mixed = open({ database: [await file(other), await file(some)] }, quiet);
  ask(mixed, '198.51.100.0');
  for (let at = 128; at < 200; at++) assert.deepEqual(ask(mixed, `198.51.100.${at}`), {});
  assert.deepEqual(
    quiet.logged.filter((line) => line.includes('of another kind')),
    [],
  );
});
