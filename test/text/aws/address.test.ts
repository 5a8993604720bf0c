import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sourceAddress } from '../../../src/text/aws/address.ts';

test('an address is typed by what it is, never dropped', () => {
  const endpoint = 'vpce-0123456789abcdef0';
  assert.deepEqual(sourceAddress('203.0.113.9'), { type: 'public', ip: '203.0.113.9' });
  assert.deepEqual(sourceAddress('2001:DB8::0:1'), { type: 'public', ip: '2001:db8::1' });
  assert.deepEqual(sourceAddress('::ffff:203.0.113.9'), { type: 'public', ip: '203.0.113.9' });
  assert.deepEqual(sourceAddress('10.1.2.3'), { type: 'private', ip: '10.1.2.3' });
  assert.deepEqual(sourceAddress('100.64.0.1'), { type: 'private', ip: '100.64.0.1' });
  assert.deepEqual(sourceAddress('fd00::1'), { type: 'private', ip: 'fd00::1' });
  assert.deepEqual(sourceAddress('10.1.2.3', endpoint), { type: 'vpc-endpoint', ip: '10.1.2.3' });
  assert.deepEqual(sourceAddress('AWS Internal'), { type: 'internal', address: 'AWS Internal' });
  assert.deepEqual(sourceAddress('EC2.amazonaws.com'), { type: 'service', address: 'ec2.amazonaws.com' });
  assert.deepEqual(sourceAddress('ec2.amazonaws.com', endpoint), { type: 'service', address: 'ec2.amazonaws.com' });
  assert.deepEqual(sourceAddress('ec2.cn-north-1.amazonaws.com.cn').type, 'service');
  assert.deepEqual(sourceAddress('amazonaws.com.evil.example'), {
    type: 'other',
    address: 'amazonaws.com.evil.example',
  });
  assert.deepEqual(sourceAddress('.amazonaws.com').type, 'other');
  assert.deepEqual(sourceAddress('203.0.113.256').type, 'other');
  assert.deepEqual(sourceAddress(' '), { type: 'absent' });
  assert.deepEqual(sourceAddress(undefined), { type: 'absent' });
});

test('any text is typed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.domain()), (text) => {
      const { type, ip, address } = sourceAddress(text);
      assert.equal(type === 'absent', text.trim() === '');
      assert.ok(type === 'absent' || ip !== undefined || address !== undefined);
    }),
  );
});
