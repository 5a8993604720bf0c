import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CoverageCount, shapeOf } from '../../src/text/shape.ts';

for (const [message, shape] of [
  ['Bad packet length 1349676916.', 'Bad packet length <*>.'],
  [
    'fatal: Write failed: Connection reset by peer [preauth]',
    'fatal: Write failed: Connection reset by peer [preauth]',
  ],
  ['Accepted newmethod for alice from 192.0.2.7 port 50022 ssh2', 'Accepted newmethod for <*> from <*> port <*>'],
  ['Accepted newmethod for bob from 2001:db8::7 port 1 ssh2', 'Accepted newmethod for <*> from <*> port <*>'],
  ['Did not like user "root; from me" at all', 'Did not like user <*> at all'],
  ["error: can't open `/etc/ssh/sshd_config' for user bob", "error: can't open <*> for user <*>"],
  ['error: Could not load host key: /etc/ssh/ssh_host_dsa_key', 'error: Could not load host key: <*>'],
  ['limits: uid=1000 tty=ssh rhost=evil.example user=', 'limits: uid=<*> tty=<*> rhost=<*> user='],
  ['digest deadbeefcafe of key SHA256:2wFz', 'digest <*> of key <*>'],
  ['pam_odd(sshd:auth): no thing(s) of evil.example', 'pam_odd(sshd:auth): no thing(s) of <*>'],
  ['offered 1 2 3 4 times', 'offered <*> times'],
  ['', ''],
] as const) {
  test(`the shape of "${message}"`, () => assert.equal(shapeOf(message), shape));
}

test('any text has a short shape, quickly', () => {
  const hostile = fc.array(fc.constantFrom('"', "'", '`', ' ', '=', 'for', '(', ']]]]', '<*>', 'a', '9', '\u{1f600}'), {
    maxLength: 600,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        hostile.map((parts) => parts.join('')),
        fc.string({ unit: 'binary' }),
      ),
      (message) => {
        assert.ok(shapeOf(message).length <= 1700);
      },
    ),
  );
  const started = performance.now();
  for (const piece of ['"', "'a ", ']', ' "', 'for ']) shapeOf(piece.repeat(1_000_000));
  assert.ok(performance.now() - started < 1000);
});

test('a count says what was understood and which shapes were not, most frequent first', () => {
  const count = new CoverageCount();
  assert.deepEqual(count.coverage(), { records: 0, understood: 0, unknown: [] });
  for (let i = 0; i < 5; i++) count.understood();
  for (let i = 0; i < 3; i++) count.unknown(`lost packet ${i}`);
  count.unknown('odd thing');
  assert.deepEqual(count.coverage(), {
    records: 9,
    understood: 5,
    unknown: [
      { shape: 'lost packet <*>', count: 3 },
      { shape: 'odd thing', count: 1 },
    ],
  });
});

test('many different shapes push out neither a frequent one nor the memory', () => {
  const count = new CoverageCount();
  const letters = (i: number): string =>
    i.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] as string);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 50_000; i++) {
    count.unknown(`noise ${letters(i)}`);
    if (i % 10 === 0) count.unknown('the real fault');
  }
  const { records, understood, unknown } = count.coverage();
  assert.deepEqual([records, understood, unknown.length], [55_000, 0, 20]);
  assert.deepEqual(unknown[0], { shape: 'the real fault', count: 5000 });
  assert.ok(process.memoryUsage().heapUsed - before < 50_000_000);
});
