import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { ScopsError } from '../../src/event/index.ts';
import { createCidrSet, ipKind, isGlobal, parseIp, prefix } from '../../src/text/ip.ts';

test('an address is canonical', () => {
  const same = ['1.2.3.4', '255.255.255.255', '0.0.0.0', '::', '::1', '2001:db8::1', 'aaaa:bbbb:cccc:1234::1:1'];
  for (const ip of same) assert.equal(parseIp(ip), ip);
  assert.equal(parseIp('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(parseIp('::FFFF:c000:0201'), '192.0.2.1');
  assert.equal(parseIp('[2001:DB8:0:0:1:0:0:1]'), '2001:db8::1:0:0:1');
  assert.equal(parseIp('[192.0.2.1]'), '192.0.2.1');
  assert.equal(parseIp('fe80::1%eth0'), 'fe80::1');
  assert.equal(parseIp('[fe80::1%3]'), 'fe80::1');
  assert.equal(parseIp('::1.2.3.4'), '::102:304');
  assert.equal(parseIp('64:ff9b::192.0.2.1'), '64:ff9b::c000:201');
});

test('what is no address is none', () => {
  const none = ['', '-', 'example.com', '1.2.3', '1.2.3.4.5', '1.2.3.256', '192.030.0.6', '0x7f.0.0.1', '2130706433'];
  const odd = [
    ':',
    '::1::',
    '1::2::3',
    ':::',
    '12345::',
    '::1.2.3.999',
    'fe80',
    'UNKNOWN',
    '1.2.3.4 ',
    '1:2:3:4:5:6:7:8:9',
  ];
  for (const text of [...none, ...odd, '[', '[]', '%', ':'.repeat(40), '1'.repeat(1e6), ':'.repeat(1e6)])
    assert.equal(parseIp(text), undefined, text.slice(0, 50));
});

const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });

test('property: IPv6 is compressed as a URL has it, and read back as itself', () => {
  fc.assert(
    fc.property(groups, (parts) => {
      const long = parts.map((part) => part.toString(16).toUpperCase().padStart(4, '0')).join(':');
      const ip = parseIp(long);
      assert.ok(ip !== undefined);
      if (!ip.includes('.')) assert.equal(`[${ip}]`, new URL(`http://[${long}]/`).hostname);
      assert.equal(parseIp(ip), ip);
    }),
  );
});

test('property: an address is one exactly where node:net says so', () => {
  const characters = fc.constantFrom(...'0123456789abcdefF::..');
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ unit: characters, maxLength: 46 }), fc.string()), (text) => {
      const ip = parseIp(text);
      if (!/[[\]%]/.test(text)) assert.equal(ip !== undefined, isIP(text) > 0, text);
      if (ip !== undefined) assert.ok(isIP(ip) > 0);
      assert.equal(typeof ipKind(text), 'string');
      assert.equal(typeof prefix(text, 24), 'string');
    }),
  );
});

test('a prefix is the network', () => {
  assert.equal(prefix('203.0.113.77', 24), '203.0.113.0/24');
  assert.equal(prefix('203.0.113.77', 16), '203.0.0.0/16');
  assert.equal(prefix('203.0.113.77', 0), '0.0.0.0/0');
  assert.equal(prefix('203.0.113.77', 64), '203.0.113.77/32');
  assert.equal(prefix('2001:db8:1:2:3::4', 48), '2001:db8:1::/48');
  assert.equal(prefix('2001:db8:1:2ff:3::4', 57), '2001:db8:1:280::/57');
  assert.equal(prefix('2001:db8::1', 128), '2001:db8::1/128');
  assert.equal(prefix('example.com', 24), 'example.com');
});

test('every special network is told from the open internet', () => {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    global: ['8.8.8.8', '1.1.1.1', '100.128.0.1', '2606:4700::1', '2001::1', '64:ff9b::808:808'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1'],
    loopback: ['127.0.0.1', '127.9.9.9', '::1'],
    'link-local': ['169.254.0.1', 'fe80::1'],
    cgnat: ['100.64.0.1', '100.127.255.255'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
    documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    reserved: ['0.1.2.3', '240.0.0.1', '255.255.255.255', '192.0.0.1', '198.18.0.1', '4000::1', '2001:2::1', 'x'],
    unspecified: ['0.0.0.0', '::'],
  };
  for (const [kind, ips] of Object.entries(kinds)) for (const ip of ips) assert.equal(ipKind(ip), kind, ip);
  assert.ok(isGlobal('172.32.0.1'));
  assert.ok(!isGlobal('172.16.0.1'));
  assert.equal(ipKind('::ffff:10.0.0.1'), 'private');
});

test('the longest network that holds the address gives the label', () => {
  const set = createCidrSet([
    ['10.0.0.0/8', 'ten'],
    ['10.1.0.0/16', 'office'],
    ['10.1.2.3', 'printer'],
    ['2001:db8::/32', 'six'],
    ['2001:db8:1::/48', 'lab'],
    ['::ffff:192.168.0.0/112', 'home'],
  ]);
  assert.equal(set.size, 6);
  assert.equal(set.find('10.9.9.9'), 'ten');
  assert.equal(set.find('10.1.9.9'), 'office');
  assert.equal(set.find('10.1.2.3'), 'printer');
  assert.equal(set.find('2001:db8::1'), 'six');
  assert.equal(set.find('2001:db8:1::1'), 'lab');
  assert.equal(set.find('192.168.7.7'), 'home');
  assert.equal(set.find('::ffff:10.1.2.3'), 'printer');
  assert.equal(set.find('11.0.0.1'), undefined);
  assert.equal(set.find('nonsense'), undefined);
  assert.equal(createCidrSet([['0.0.0.0/0', 1]]).find('255.255.255.255'), 1);
});

test('a network that is none is named', () => {
  for (const cidr of ['10.0.0.0/33', '10.0.0/8', '2001:db8::/129', 'x', '', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/1e1'])
    assert.throws(
      () => createCidrSet([[cidr, true]]),
      (error) => error instanceof ScopsError && error.code === 'CONFIG_INVALID' && error.message.includes(`"${cidr}"`),
      cidr,
    );
});

test('property: a set agrees with prefix', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
      const set = createCidrSet([[`${a}/${bits}`, true]]);
      assert.equal(set.find(a), true);
      assert.equal(set.find(b) === true, prefix(a, bits) === prefix(b, bits));
    }),
  );
});
