import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { signBody, verifySignature } from '../../src/text/signature.ts';

const now = Date.UTC(2026, 0, 2);
const body = '{"findings":[]}';
const secret = 'a secret';
const header = signBody(body, secret, now);

test('the signature is HMAC-SHA256 of "t.body"', () => {
  // printf '1767312000.{"findings":[]}' | openssl dgst -sha256 -hmac 'a secret'
  assert.equal(header, 't=1767312000,v1=033c95274a3171e6576ed1949907b6a51c4884b0b8336ea44dd18889bf481483');
});

test('what was signed verifies, as text and as bytes', () => {
  assert.equal(verifySignature({ body, header, secret, now }), true);
  assert.equal(verifySignature({ body: new TextEncoder().encode(body), header, secret, now }), true);
});

test('another body, secret or time does not verify', () => {
  assert.equal(verifySignature({ body: `${body} `, header, secret, now }), false);
  assert.equal(verifySignature({ body, header, secret: 'another', now }), false);
  assert.equal(verifySignature({ body, header: header.replace('t=1767312000', 't=1767312001'), secret, now }), false);
  assert.equal(verifySignature({ body, header, secret: '', now }), false);
  assert.equal(verifySignature({ body, header: signBody(body, '', now), secret: '', now }), false);
});

test('an old request, or one from the future, does not verify', () => {
  for (const [seconds, valid] of [
    [300, true],
    [301, false],
    [-300, true],
    [-302, false],
  ] as const) {
    assert.equal(verifySignature({ body, header, secret, now: now + seconds * 1000 }), valid, `${seconds} s`);
  }
  assert.equal(verifySignature({ body, header, secret, now: now + 900_000, tolerance: 1000 }), true);
});

test('one right signature among several is enough, two times are not', () => {
  const other = signBody(body, 'old secret', now).replace(/^t=\d+,/, '');
  assert.equal(verifySignature({ body, header: `${header},${other}`, secret, now }), true);
  assert.equal(verifySignature({ body, header: `${header},${other}`, secret: 'old secret', now }), true);
  assert.equal(verifySignature({ body, header: `t=1,${header}`, secret, now }), false);
});

test('no header at all, and nothing an attacker makes up, verifies or throws', () => {
  assert.equal(verifySignature({ body, header: undefined, secret, now }), false);
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('t=1767312000', 'v1=', `v1=${'0'.repeat(64)}`, `v1=${'0'.repeat(63)}g`),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) =>
      assert.equal(verifySignature({ body, header: parts.join(','), secret, now }), false),
    ),
  );
});
