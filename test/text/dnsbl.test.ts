import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readListing, reversed, scoreOf } from '../../src/text/dnsbl.ts';

test('names of addresses: RFC 5782', () => {
  assert.equal(reversed('192.0.2.99'), '99.2.0.192');
  assert.equal(
    reversed('2001:db8:1:2:3:4:567:89ab'),
    'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2',
  );
  assert.equal(reversed('::ffff:7f00:2').split('.').length, 32);
});

test("Spamhaus' codes", () => {
  const classes = (...codes: number[]): unknown =>
    readListing(
      'zen.spamhaus.org',
      codes.map((code) => `127.0.0.${code}`),
    );
  const listed = (...names: string[]): unknown => ({ kind: 'listed', classes: names });
  assert.deepEqual(classes(2), listed('SBL'));
  assert.deepEqual(classes(3), listed('CSS'));
  for (const code of [4, 5, 6, 7]) assert.deepEqual(classes(code), listed('XBL'));
  assert.deepEqual(classes(9, 2), listed('SBL', 'DROP'));
  assert.deepEqual(classes(10, 11), listed('PBL'));
  assert.deepEqual(classes(20), listed('AuthBL'));
  assert.deepEqual(classes(30), listed('BCL'));
  assert.deepEqual(classes(4, 4, 10), listed('XBL', 'PBL'));
  assert.deepEqual(classes(99), listed('listed'));
  assert.deepEqual(readListing('authbl.dq.spamhaus.net', ['127.0.0.20']), listed('AuthBL'));
  assert.deepEqual(readListing('bl.example.org', ['127.0.0.4']), listed('listed'));
  assert.deepEqual(readListing('notspamhaus.org', ['127.0.0.4', '127.0.0.9']), listed('listed'));
});

test('an error code is never a listing, also not beside one', () => {
  for (const [code, words] of [
    [252, /mistyped/],
    [254, /public or open resolver/],
    [255, /too often/],
    [7, /127\.255\.255\.7/],
  ] as const) {
    const read = readListing('zen.spamhaus.org', ['127.0.0.2', `127.255.255.${code}`]);
    assert.equal(read.kind, 'refused');
    assert.match(read.kind === 'refused' ? read.reason : '', words);
  }
});

test('what no list answers is no listing', () => {
  for (const address of ['127.0.0.1', '0.0.0.0', '203.0.113.9', '10.0.0.1', '128.0.0.2']) {
    assert.deepEqual(readListing('zen.spamhaus.org', ['127.0.0.2', address]), { kind: 'invalid', address });
  }
});

test('a score says how much a class means for a login: home lines nothing', () => {
  assert.deepEqual(
    ['XBL', 'DROP', 'AuthBL', 'BCL', 'SBL', 'CSS', 'listed', 'PBL'].map(scoreOf),
    [1, 1, 1, 0.9, 0.6, 0.6, 0.6, 0],
  );
});
