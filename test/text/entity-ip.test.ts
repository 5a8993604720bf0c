import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressWords, formatEntityIp, parseEntityIp, wordsAddress } from '../../src/text/entity-ip.ts';
import { parseIp, prefix } from '../../src/text/ip.ts';

test('a line is an entity and an address', () => {
  assert.deepEqual(parseEntityIp('alice,192.0.2.7'), { entity: 'alice', ip: '192.0.2.7' });
  assert.deepEqual(parseEntityIp('AROAEXAMPLE:session, 192.0.2.7\r'), {
    entity: 'AROAEXAMPLE:session',
    ip: '192.0.2.7',
  });
  assert.deepEqual(parseEntityIp('"Smith, ""A""",2001:DB8::1'), { entity: 'Smith, "A"', ip: '2001:db8::1' });
  assert.deepEqual(parseEntityIp('alice,192.0.2.7,1476057600'), {
    entity: 'alice',
    ip: '192.0.2.7',
    time: 1_476_057_600_000,
  });
  assert.deepEqual(parseEntityIp('alice,192.0.2.7, 2016-10-10T00:00:00Z'), parseEntityIp('alice,192.0.2.7,1476057600'));
  assert.deepEqual(parseEntityIp('alice,192.0.2.7,'), { entity: 'alice', ip: '192.0.2.7' });
  assert.deepEqual(parseEntityIp('bob,::ffff:192.0.2.7'), { entity: 'bob', ip: '192.0.2.7' });
});

test('what is no such line says why', () => {
  for (const line of [
    '',
    'alice',
    'alice,',
    ',192.0.2.7',
    'a,b,192.0.2.7',
    'alice,300.1.1.1',
    'alice,ec2.amazonaws.com',
    'alice,192.0.2.7,soon',
    'alice,192.0.2.7,1,2',
  ])
    assert.match((parseEntityIp(line) as { reason: string }).reason, /\w/, line);
  assert.ok('reason' in parseEntityIp('"alice,192.0.2.7'));
  assert.ok('reason' in parseEntityIp(`${'a'.repeat(257)},192.0.2.7`));
  assert.ok('reason' in parseEntityIp('a'.repeat(1_000_000)));
});

const address = fc.oneof(fc.ipV4(), fc.ipV6()).map((ip) => parseIp(ip) as string);

test('pairs survive being written and read', () => {
  const entity = fc.string({ minLength: 1, maxLength: 60 }).filter((name) => !/[\r\n]/.test(name));
  fc.assert(
    fc.property(entity, address, (name, ip) => {
      assert.deepEqual(parseEntityIp(formatEntityIp({ entity: name, ip })), { entity: name, ip });
    }),
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^["a,1.:\r]{0,40}$/)), (line) => {
      const read = parseEntityIp(line);
      assert.ok('reason' in read || (read.entity !== '' && parseIp(read.ip) === read.ip));
      addressWords(line);
    }),
  );
});

test('an address is its words, of IPv6 the first two', () => {
  assert.deepEqual(addressWords('192.0.2.7'), [0xc0000207]);
  assert.deepEqual(addressWords('2001:db8:1:2::7'), [0x20010db8, 0x00010002]);
  assert.equal(addressWords('example.com'), undefined);
  assert.equal(addressWords('a:b'), undefined);
  fc.assert(
    fc.property(address, (ip) => {
      const words = addressWords(ip)!;
      if (words.length === 1) assert.equal(wordsAddress(words[0]), ip);
      else assert.equal(`${wordsAddress(words[0], words[1])}/64`, prefix(ip, 64));
    }),
  );
});
