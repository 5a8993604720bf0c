import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import { asn } from '../../src/enrichers/asn.ts';
import { type Enricher, type Fields, ScopsError } from '../../src/event/index.ts';
import { readAsRanges } from '../../src/text/as-ranges.ts';
import { asFields } from '../../src/text/geo-record.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { loginFrom } from '../support/events.ts';
import { mmdb } from '../support/mmdb.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-asn-'));
after(() => rm(root, { recursive: true, force: true }));

let files = 0;
async function file(content: string | Uint8Array, ending: string): Promise<string> {
  const path = join(root, `${files++}${ending}`);
  await writeFile(path, content);
  return path;
}

const open = (database: string, context: TestContext = testContext()): Enricher =>
  asn.create(v.parse(asn.options, asn.target?.(database)), context);
const ask = (enricher: Enricher, ip: string): Fields => enricher.enrich(loginFrom(ip)) as Fields;
const example = { 'source.as.number': 64_500, 'source.as.organization.name': 'Example Net, Inc.' };

test('databases of MaxMind and IPinfo, also as part of a larger record', async () => {
  const path = await file(
    mmdb({
      entries: [
        ['198.51.100.0/24', { autonomous_system_number: 64_500, autonomous_system_organization: 'Example Net, Inc.' }],
        ['203.0.113.0/24', { asn: 'AS64501', name: 'Other', domain: 'example.org' }],
        ['2001:db8::/32', { traits: { autonomous_system_number: 64_502 } }],
        ['192.0.2.0/24', { country: 'DE', asn: 'AS64503', as_name: 'Lite' }],
      ],
    }),
    '.mmdb',
  );
  const enricher = open(path);
  assert.deepEqual(ask(enricher, '198.51.100.1'), example);
  assert.deepEqual(ask(enricher, '203.0.113.1'), {
    'source.as.number': 64_501,
    'source.as.organization.name': 'Other',
  });
  assert.deepEqual(ask(enricher, '2001:db8::1'), { 'source.as.number': 64_502 });
  assert.deepEqual(ask(enricher, '192.0.2.1'), { 'source.as.number': 64_503, 'source.as.organization.name': 'Lite' });
  assert.deepEqual(ask(enricher, '10.0.0.1'), {});
});

test('an unknown or impossible number is absent', () => {
  for (const number of [0, -1, 1.5, 2 ** 32, 'AS', '', 'AS0', Number.NaN, null, {}]) {
    assert.deepEqual(asFields({ autonomous_system_number: number, autonomous_system_organization: 'X' }), {});
  }
  for (const record of [undefined, null, 7, 'AS5', []]) assert.deepEqual(asFields(record), {});
});

test('ranges as CSV: addresses in words and in numbers, quoted names, a heading, IPv6, any order, compressed', async () => {
  const csv = [
    'start,end,asn,name',
    '203.0.113.0,203.0.113.127,AS64501,Other',
    '198.51.100.0,198.51.100.255,64500,"Example Net, Inc."',
    '2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,64502,Six',
    '3221225984,3221226239,64503',
    '',
  ].join('\r\n');
  const context = testContext();
  for (const path of [await file(csv, '.csv'), await file(gzipSync(csv), '.csv.gz')]) {
    await utimes(path, new Date(context.now()), new Date(context.now() - 40 * 86_400_000));
    const enricher = open(path, context);
    assert.deepEqual(ask(enricher, '198.51.100.0'), example);
    assert.deepEqual(ask(enricher, '198.51.100.255'), example);
    assert.deepEqual(ask(enricher, '198.51.99.255'), {});
    assert.deepEqual(ask(enricher, '203.0.113.127')['source.as.number'], 64_501);
    assert.deepEqual(ask(enricher, '203.0.113.128'), {});
    assert.deepEqual(ask(enricher, '2001:db8:0:1::5')['source.as.organization.name'], 'Six');
    assert.deepEqual(ask(enricher, '2001:db8:1::'), {});
    assert.deepEqual(ask(enricher, '192.0.2.200'), { 'source.as.number': 64_503 });
    assert.match(context.logged.at(-1) as string, /\(4 ranges\) is 40 days old/);
  }
});

test('a line that is no range is named; a file without any is refused', async () => {
  const good = '192.0.2.0,192.0.2.255,64500,Example\n';
  const bad = [
    'x',
    '192.0.2.0,192.0.2.255',
    '192.0.2.9,192.0.2.1,64500',
    '192.0.2.0,2001:db8::,64500',
    '192.0.2.0,192.0.2.255,none',
    '192.0.2.0,192.0.2.255,64500,"open',
    `192.0.2.0,192.0.2.255,64500,${'x'.repeat(5000)}`,
    `0,${'9'.repeat(39)},64500`,
  ];
  for (const line of bad) {
    const path = await file(`${good}${line}\n`, '.csv');
    assert.throws(
      () => open(path),
      (error) =>
        error instanceof ScopsError && error.code === 'INPUT_INVALID' && error.message.startsWith('Line 2 of '),
      line.slice(0, 50),
    );
  }
  for (const content of ['', 'start,end,asn\n', '\n\n']) {
    const path = await file(content, '.csv');
    assert.throws(() => open(path), /holds no ranges/);
  }
});

test('a range is found as by a search from the first to the last', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat({ max: 3000 }), { minLength: 2, maxLength: 40 }),
      fc.array(fc.nat({ max: 3000 }), { maxLength: 40 }),
      (cuts, asked) => {
        const sorted = cuts.toSorted((a, b) => a - b);
        const ranges = sorted.slice(1).map((end, i) => ({ start: sorted[i] as number, end: end - 1, asn: i + 1 }));
        const gaps = ranges.filter(({ asn: number }) => number % 3 !== 0);
        const lines = gaps.toReversed().map(({ start, end, asn: number }) => `${start},${end},${number}\n`);
        const found = readAsRanges(Buffer.from(lines.join('')), 'x.csv');
        for (const address of [...cuts, ...asked]) {
          const holding = gaps.find(({ start, end }) => start <= address && address <= end);
          assert.equal(found.get(`0.0.${address >> 8}.${address & 255}`)?.asn, holding?.asn);
        }
      },
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        readAsRanges(bytes, 'x.csv');
      } catch (error) {
        assert.ok(error instanceof ScopsError);
      }
    }),
  );
});
