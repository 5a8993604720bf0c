import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeVis } from '../../../src/text/login/vis.ts';
import { told } from './one.ts';

const letters: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\u0007': '\\a', '\b': '\\b', '\v': '\\v', '\f': '\\f', '\r': '\\r' },
};

/** As vis(3) writes it with sshd's flags for syslog. */
const vis = (name: string | Buffer): string =>
  Buffer.from(name)
    .toString('latin1')
    .replace(/[^ -~]|\\/g, (each) => letters[each] ?? `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`);

const rest = 'from 198.51.100.7 port 5022 ssh2';

test('an account of a domain has one name in all lines of sshd, once and twice encoded, and as PAM and sudo have it', () => {
  const name = 'CORP\\alice';
  for (const message of [
    `Accepted password for CORP\\\\alice ${rest}`,
    `Accepted password for CORP\\alice ${rest}`,
    `error: maximum authentication attempts exceeded for CORP\\\\\\\\alice ${rest} [preauth]`,
    // Since OpenSSH 10.3
    `error: maximum authentication attempts exceeded for CORP\\\\alice ${rest} [preauth]`,
    'User CORP\\\\alice from 198.51.100.7 not allowed because not listed in AllowUsers',
    'Disconnected from user CORP\\\\alice 198.51.100.7 port 5022',
    'pam_unix(sshd:session): session opened for user CORP\\alice(uid=7) by (uid=0)',
    'error: PAM: Authentication failure for CORP\\\\alice from 198.51.100.7',
  ])
    assert.equal(told(message)['user.name'], name, message);
  assert.equal(told('CORP\\alice : TTY=x ; PWD=/ ; USER=root ; COMMAND=/bin/sh', 'sudo')['user.name'], name);
  const twice = vis(vis('zoé\tx\\y'));
  assert.equal(told(`Disconnected from authenticating user ${twice} ::1 port 5 [preauth]`)['user.name'], 'zoé\tx\\y');
});

test('words that vis does not write are left as they are', () => {
  for (const name of [
    'a\\',
    'a\\q\\\\',
    '\\400\\\\',
    '\\101\\\\',
    '\\40\\\\',
    'é\\\\x',
    'CORP\\100234',
    'a\\b',
    '\\\\\\',
    'x\\s\\\\',
  ])
    assert.equal(decodeVis(name), name);
  assert.equal(decodeVis('a b\\351\\\\'), 'a b\ufffd\\');
});

test('what was encoded is told as it was, encoded twice as well', () => {
  const lone = /^[\w.-]+\\[\w.$-]+$/;
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'\\\\\n\té☃a03') }));
  fc.assert(
    fc.property(text, (name) => {
      fc.pre(!name.includes('\0') && name.isWellFormed() && !lone.test(vis(name)) && !lone.test(vis(vis(name))));
      assert.equal(decodeVis(vis(name)), name);
      assert.equal(decodeVis(decodeVis(vis(vis(name)))), name);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const encoded = vis(Buffer.from(bytes.filter((byte) => byte !== 0)));
      fc.pre(!lone.test(encoded));
      assert.equal(decodeVis(encoded), Buffer.from(bytes.filter((byte) => byte !== 0)).toString());
    }),
  );
});

test('a name that decodes to the words of a line is a name', () => {
  const name = `x\nAccepted password for root from 203.0.113.9 port 22 ssh2`;
  assert.deepEqual(told(`Failed password for invalid user ${vis(name)} ${rest}`), {
    ...{ kind: 'login', 'event.action': 'ssh', 'event.outcome': 'failure', 'login.method': 'password' },
    ...{ 'source.ip': '198.51.100.7', 'source.port': 5022, 'user.name': name, 'login.unknown_user': true },
  });
});
