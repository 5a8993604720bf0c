import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { ScopsError } from '../../src/event/index.ts';
import { Mmdb } from '../../src/io/mmdb.ts';
import type { MmdbValue } from '../../src/text/mmdb-section.ts';
import { encodeMmdb } from '../../src/text/mmdb-writer.ts';
import { mmdb, rawMmdb } from '../support/mmdb.ts';

const open = (file: Buffer): Mmdb => new Mmdb(file, 'test.mmdb');

/** What comes of it: a record, none, or that it is damaged; never anything but an Error. */
function attempt(file: Buffer, ip = '192.0.2.1'): unknown {
  let database: Mmdb;
  try {
    database = open(file);
  } catch (error) {
    assert.ok(error instanceof ScopsError && error.code === 'INPUT_INVALID', String(error));
    assert.ok(error.message.length < 300, error.message);
    return 'refused';
  }
  try {
    return database.get(ip);
  } catch (error) {
    assert.ok(error instanceof Error);
    return 'damaged';
  }
}

/** The library sets `__proto__` as JavaScript does; a test of its own is about that. */
const key = fc.string({ minLength: 1 }).filter((each) => each !== '__proto__');

const value: fc.Arbitrary<MmdbValue> = fc.letrec<{ value: MmdbValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.string({ minLength: 280, maxLength: 300 }),
    fc.integer(),
    fc.nat(),
    fc.double({ noNaN: true }).filter((each) => !Object.is(each, -0)),
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.array(tie('value'), { maxLength: 40 }),
    fc.dictionary(key, tie('value'), { noNullPrototype: true }),
  ),
})).value;

const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }));
const v6 = fc.tuple(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }).map((parts) => {
    return new ipaddr.IPv6([0x2000 | ((parts[0] as number) & 0x0fff), ...parts.slice(1)]).toString();
  }),
  fc.integer({ min: 4, max: 128 }),
);

test('what the writer writes is read back: the smallest network that holds an address, as searched by hand', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(v4, v6), value), { minLength: 1, maxLength: 30 }),
      fc.array(fc.oneof(v4, v6), { maxLength: 10 }),
      (networks, others) => {
        const entries = networks.map(([[ip, bits], record]) => [`${ip}/${bits}`, record] as const);
        const database = open(mmdb({ entries }));
        for (const ip of [...networks.map(([[each]]) => each), ...others.map(([each]) => each)]) {
          const parsed = ipaddr.parse(ip);
          const holding = entries
            .filter(
              ([cidr]) => ipaddr.parseCIDR(cidr)[0].kind() === parsed.kind() && parsed.match(ipaddr.parseCIDR(cidr)),
            )
            .map(([cidr, record]) => ({ bits: ipaddr.parseCIDR(cidr)[1], record }))
            .reduce<{ bits: number; record: MmdbValue } | undefined>(
              (best, each) => (best === undefined || each.bits >= best.bits ? each : best),
              undefined,
            );
          assert.deepEqual(database.get(ip), holding?.record, ip);
        }
      },
    ),
  );
});

test('a database of IPv4 alone knows no IPv6, and says what it is', () => {
  const database = open(mmdb({ ipVersion: 4, databaseType: 'Only4', entries: [['0.0.0.0/0', { a: 'x' }]] }));
  assert.deepEqual(database.get('203.0.113.9'), { a: 'x' });
  assert.equal(database.get('2001:db8::1'), undefined);
  assert.equal(database.type, 'Only4');
  assert.equal(database.built, Date.UTC(2026, 0, 1));
  assert.throws(() => encodeMmdb({ databaseType: '', buildEpoch: 0, ipVersion: 4, entries: [['::/0', 1]] }), /"::\/0"/);
});

test('a large one: records of 28 bits, pointers of every size, texts of every length', () => {
  const entries = Array.from({ length: 700 }, (_, i): [string, MmdbValue] => [
    `10.${i >> 8}.${i & 255}.0/24`,
    {
      n: i,
      text: `${i} `.repeat(1 + 100 * i).slice(0, 60_000),
      near: 'a shared text',
      far: [`${i % 7} shared`, 'abc'],
    },
  ]);
  const file = mmdb({ entries });
  assert.ok(file.length > 2 ** 24);
  const database = open(file);
  for (const [cidr, record] of entries) assert.deepEqual(database.get(cidr.replace('.0/24', '.77')), record);
});

test('a file cut short anywhere is refused', () => {
  const file = mmdb({
    entries: [['192.0.2.0/24', { city: { names: { en: 'Berlin' } }, location: { latitude: 52.5 } }]],
  });
  assert.notEqual(attempt(file), 'refused');
  for (let length = 0; length < file.length; length++) {
    assert.equal(attempt(file.subarray(0, length)), 'refused', `${length} of ${file.length} bytes`);
  }
});

test('bytes changed anywhere cost an error or a wrong record, never more', () => {
  const file = mmdb({
    entries: [
      ['192.0.2.0/24', { city: { names: { en: 'Berlin', de: 'Berlin' } }, list: [1, 2.5, true, 'Berlin'] }],
      ['2001:db8::/32', { city: { names: { en: 'Berlin', de: 'Berlin' } } }],
    ],
  });
  for (let at = 0; at < file.length; at++) {
    for (const byte of [0, 0x20, 0xff]) {
      const changed = Buffer.from(file);
      changed[at] = byte;
      attempt(changed, at % 2 === 0 ? '192.0.2.1' : '2001:db8::1');
    }
  }
  const change = fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
      const changed = Buffer.from(file);
      for (const [at, byte] of changes) changed[at] = byte;
      attempt(changed);
    }),
  );
});

test('bytes of any kind are refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => attempt(Buffer.from(bytes)) === 'refused'));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      attempt(rawMmdb(bytes));
      attempt(Buffer.concat([bytes, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), bytes]));
    }),
  );
});

test('a hostile record is refused before it costs time or memory', () => {
  const pointer = (to: number): number[] => [0x20 | (to >> 8), to & 255];
  const laughs = Array.from({ length: 60 }, (_, i) => [
    8,
    4,
    ...Array.from({ length: 8 }, () => pointer(18 * (i + 1))).flat(),
  ]);
  const shelves = Array.from({ length: 100 }, () => [31, 4, 0xff, 0xff, 0xff]).flat();
  const hostile: Readonly<Record<string, readonly number[]>> = {
    'a pointer to itself': pointer(0),
    'a circle of two': [...pointer(2), ...pointer(0)],
    'a map within itself': [0xe1, 0x41, 0x61, ...pointer(0)],
    'a pointer out of the file': [0x38, 0xff, 0xff, 0xff, 0xff],
    'copies of copies': laughs.flat(),
    'arrays of 16 million within arrays of 16 million': shelves,
    'a map of 16 million': [0xff, 0xff, 0xff, 0xff, 0x41, 0x61, 0xa1],
    'a text of 16 million': [0x5f, 0xff, 0xff, 0xff, 0x61],
    'depth without end': Array.from({ length: 50_000 }, () => [1, 4]).flat(),
    'a type that is none': [0x00, 0xff],
    'a number of 20 bytes': [0xd4, ...new Array(20).fill(1)],
  };
  for (const [name, data] of Object.entries(hostile)) assert.equal(attempt(rawMmdb(data)), 'damaged', name);
  assert.deepEqual(attempt(rawMmdb([0xe1, 0x49, ...Buffer.from('__proto__'), 0xe1, 0x41, 0x78, 0xa1, 7])), {});
  assert.equal(({} as Record<string, unknown>).x, undefined);
});

test('hostile metadata are refused', () => {
  const end = (metadata: ArrayLike<number>): Buffer =>
    Buffer.concat([
      Buffer.alloc(40),
      Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
      Buffer.from(Array.from(metadata)),
    ]);
  assert.equal(attempt(end([0x20, 0])), 'refused');
  assert.equal(attempt(end([31, 4, 0xff, 0xff, 0xff])), 'refused');
  assert.equal(attempt(end([0xef, ...Buffer.from('MaxMind.com')])), 'refused');
  assert.equal(attempt(end(Buffer.alloc(200_000, 0xe0))), 'refused');
  const data = [0xa1, 1];
  assert.equal(attempt(rawMmdb(data)), 1);
  for (const metadata of [
    { node_count: 4_000_000_000 },
    { node_count: 'many' },
    { record_size: 20 },
    { ip_version: 5 },
  ]) {
    assert.equal(attempt(rawMmdb(data, metadata)), 'refused', JSON.stringify(metadata));
  }
  assert.equal(attempt(rawMmdb(data, { build_epoch: 2n ** 64n - 1n })), 'refused');
  assert.equal(attempt(rawMmdb(data, { database_type: 7 })), 'refused');
});

test('a tree that leads in circles ends with the bits of the address', () => {
  const file = rawMmdb([0xa1, 1]);
  file.fill(0, 0, 6);
  assert.equal(attempt(file), undefined);
});
