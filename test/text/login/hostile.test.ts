import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIp } from '../../../src/text/ip.ts';
import { type LoginLine, readLoginLine } from '../../../src/text/login/read.ts';
import { createYearClock } from '../../../src/text/syslog/clock.ts';
import { readLine, told } from './one.ts';

const kinds = ['login', 'log'];
const numbers = new Set(['process.pid', 'source.port', 'login.count']);

function assertSound(line: string): void {
  const read = readLoginLine(line, { yearClock: createYearClock({ end: Date.UTC(2026, 6, 1) }) });
  if ('reason' in read) {
    assert.ok(read.reason.length > 0 && read.reason.length < 200);
    return;
  }
  assert.ok(read.events.length <= 1);
  for (const event of read.events) {
    assert.ok(Number.isFinite(event.time));
    assert.ok(kinds.includes(event.kind));
    assert.ok(event.id.startsWith('sshd/'));
    assert.equal(event.raw, line);
    assert.equal(Object.getPrototypeOf(event.fields), Object.prototype);
    for (const [name, value] of Object.entries(event.fields)) {
      assert.ok(value !== '' && value !== undefined, name);
      if (numbers.has(name)) assert.ok(Number.isSafeInteger(value) && (value as number) >= 0, name);
      else assert.equal(typeof value, name === 'login.unknown_user' ? 'boolean' : 'string', name);
      if (name === 'source.ip') assert.equal(parseIp(value as string), value);
      if (name === 'source.address') assert.ok((value as string).length <= 300);
    }
    if (event.kind === 'login') assert.equal(typeof event.fields['event.action'], 'string');
    assert.equal(read.understood, event.fields['event.action'] !== undefined);
  }
}

/** Words that messages and headers are made of, and what parsers stumble over. */
const words = fc.constantFrom(
  ...[
    'Accepted ',
    'Failed ',
    'password',
    'publickey',
    ' for ',
    'invalid user ',
    ' from ',
    ' port ',
    ' ssh2',
    ': ',
    ' by ',
  ],
  ...['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '22', '65536', 'Invalid user ', 'User ', ' not allowed because '],
  ...[
    'Disconnecting ',
    'authenticating user ',
    'Connection closed by ',
    '[preauth]',
    ' [preauth]',
    'message repeated ',
  ],
  ...[
    '5 times: [ ',
    ']',
    '[',
    '(',
    ')',
    'pam_unix(sshd:auth): ',
    'authentication failure; ',
    ' ruser=',
    ' rhost=',
    ' user=',
  ],
  ...[
    'session opened for user ',
    'ID ',
    ' (serial ',
    ') CA ',
    'RSA ',
    'SHA256:',
    'hostbased',
    "' from ",
    ' tty=',
    '\n',
    '\0',
  ],
  ...[
    'TTY=',
    ' ; USER=',
    ' ; COMMAND=',
    ' : ',
    '(to ',
    ' on ',
    ' to ',
    '+ ',
    'New session ',
    ' of user ',
    "'",
    ' with ',
  ],
  ...[
    'drop connection #',
    ' penalty of ',
    ' seconds for ',
    'error: ',
    'PAM: ',
    ' via ',
    '>',
    '<',
    '__proto__',
    '\u2028',
    ' ',
  ],
  ...[
    'refused connect from ',
    'reverse mapping checking ',
    '] failed',
    '🙂',
    '\ud800',
    '-',
    '.',
    '/',
    'a',
    'Exit before auth',
  ],
);
const message = fc.oneof(
  fc.array(words, { maxLength: 14 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const program = fc.constantFrom(
  ...['sshd', 'sshd-session', 'dropbear', 'sudo', 'su', 'systemd-logind', 'sshd(pam_unix)', 'vsftpd', '__proto__'],
);

test('property: whatever the message, the events are sound', () => {
  fc.assert(
    fc.property(program, message, (name, text) => assertSound(`May  4 03:02:01 web1 ${name}[42]: ${text}`)),
    { numRuns: 3000 },
  );
});

test('property: whatever the line, the events are sound', () => {
  const piece = fc.oneof(
    words,
    fc.constantFrom(
      ...[
        'May ',
        '4 ',
        '03:02:01 ',
        '2026-05-04',
        'T',
        '03:02:01',
        'Z ',
        '+02:00 ',
        '<86>',
        '1 ',
        'web1 ',
        'sshd[42]: ',
      ],
      ...[
        'sshd: ',
        '{',
        '"log":',
        '}',
        '"time":',
        'stderr F ',
        '[ID 1 auth.info] ',
        'type=USER_AUTH msg=audit(1.1:1): ',
        " msg='",
        ' acct=',
        ' exe="a/sshd"',
        'kernel: [1.1] ',
        '2026 ',
        '.5',
        ':',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (parts) => assertSound(parts.join(''))),
    { numRuns: 3000 },
  );
});

/** Any name that the server can log: at most 100 characters, no control characters. */
const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
    fc.array(words, { minLength: 1, maxLength: 10 }).map((parts) => parts.join('')),
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that the server escapes
  .map((text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '').slice(0, 100))
  .filter((text) => text !== '' && text !== '<invalid username>');
const ip = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => parseIp(text) as string);
const port = fc.integer({ min: 1, max: 65_535 });

test("property: any user's name goes through OpenSSH's format and back", () => {
  const methods = fc.constantFrom('password', 'none', 'keyboard-interactive/pam', 'publickey');
  fc.assert(
    fc.property(methods, name, ip, port, (method, user, address, number) => {
      const fields = told(`Failed ${method} for invalid user ${user} from ${address} port ${number} ssh2`);
      assert.deepEqual(
        [fields['user.name'], fields['source.ip'], fields['source.port'], fields['login.method']],
        [user, address, number, method],
      );
    }),
    { numRuns: 2000 },
  );
});

test('property: a name does not reach the key, nor the address before it', () => {
  fc.assert(
    fc.property(name, ip, port, (user, address, number) => {
      const fields = told(
        `Failed publickey for invalid user ${user} from ${address} port ${number} ssh2: RSA SHA256:abcdefgh`,
      );
      assert.deepEqual(
        [fields['user.name'], fields['source.ip'], fields['source.port'], fields['login.key.fingerprint']],
        [user, address, number, 'SHA256:abcdefgh'],
      );
    }),
    { numRuns: 2000 },
  );
});

test('property: names in the other messages', () => {
  fc.assert(
    fc.property(name, ip, port, (user, address, number) => {
      const peer = (message: string) => {
        const fields = told(message);
        return [fields['user.name'], fields['source.ip'], fields['source.port']];
      };
      const expected = [user, address, number];
      assert.deepEqual(peer(`Invalid user ${user} from ${address} port ${number}`), expected);
      assert.deepEqual(peer(`Connection closed by invalid user ${user} ${address} port ${number} [preauth]`), expected);
      assert.deepEqual(peer(`Disconnected from invalid user ${user} ${address} port ${number} [preauth]`), expected);
      assert.deepEqual(
        peer(
          `error: maximum authentication attempts exceeded for invalid user ${user} from ${address} port ${number} ssh2`,
        ),
        expected,
      );
    }),
    { numRuns: 1000 },
  );
});

test('a name that is a whole message does not become one', () => {
  const forged = 'root from 203.0.113.9 port 22 ssh2';
  for (const user of [
    forged,
    `${forged}: RSA SHA256:abc`,
    `x ${forged} [preauth]`,
    'a'.repeat(100),
    'тест 🙂',
    '#012May  4',
  ]) {
    const fields = told(`Failed password for invalid user ${user} from 198.51.100.7 port 5022 ssh2`);
    assert.deepEqual([fields['user.name'], fields['source.ip']], [user, '198.51.100.7']);
  }
  const accepted = told(
    'Failed password for invalid user x from 203.0.113.9 port 22 ssh2#012Accepted password for root from 198.51.100.7 port 5022 ssh2',
  );
  assert.deepEqual([accepted['event.outcome'], accepted['source.ip']], ['failure', '198.51.100.7']);
});

test("another program's words are no header", () => {
  const forged = 'sshd[42]: Accepted password for root from 203.0.113.9 port 22 ssh2';
  for (const text of [forged, `May  4 03:02:01 web1 ${forged}`, `2026-05-04T03:02:01Z web1 ${forged}`])
    for (const tag of ['nginx: ', 'nginx[7]: ', 'nginx ', 'GET '])
      assert.deepEqual(readLine(`May  4 03:02:01 web1 ${tag}${text}`).events, [], tag + text);
});

test("what a key's id says does not move the address of an account", () => {
  const fields = told(
    'Accepted publickey for alice from 198.51.100.7 port 5022 ssh2: RSA-CERT SHA256:kkkkkkkk ID x from 203.0.113.9 port 22 ssh2: y (serial 1) CA RSA SHA256:cccccccc',
  );
  assert.deepEqual([fields['user.name'], fields['source.ip']], ['alice', '198.51.100.7']);
  assert.equal(fields['login.certificate.id'], 'x from 203.0.113.9 port 22 ssh2: y');
});

test('a line in which two addresses could be meant names none', () => {
  const line =
    'Failed hostbased for invalid user x from 203.0.113.9 port 1 ssh2: RSA SHA256:a, client user "y from 198.51.100.7 port 2 ssh2: RSA SHA256:b", client host "h"';
  const fields = told(line);
  assert.deepEqual(
    [fields['source.ip'], fields['source.address'], fields['user.name']],
    [undefined, undefined, undefined],
  );
  const change = told(
    'Disconnecting invalid user a 203.0.113.9 port 1: b 198.51.100.7 port 2: Change of username or service not allowed: (a,ssh-connection) -> (c,ssh-connection) [preauth]',
  );
  assert.equal(change['source.ip'], undefined);
});

test('a line of a mebibyte takes linear time', () => {
  const header = 'May  4 03:02:01 web1 ';
  const bodies = [
    ...[
      'a',
      ' ',
      ' from ',
      ' from 192.0.2.1 port 22 ssh2: ',
      ': ',
      ' 192.0.2.1 port 22: ',
      ' rhost=x user=',
      ' user=',
      '(',
    ],
    ...[
      '1',
      ' port 1',
      '[',
      ']',
      ' ; USER=',
      "'",
      ' by ',
      'message repeated 1 times: [ ',
      ' not allowed because ',
      '] failed',
    ],
    ...[' with ', 'Authentication tried for ', '/', 'pam_unix(', '"', ' (serial ', ') CA ', '1.1.1.1/3 '],
  ];
  const starts = [
    ...[
      'sshd[42]: Failed password for invalid user ',
      'sshd[42]: Failed hostbased for x',
      'sshd[42]: ',
      '',
      'dropbear: Exit (',
      'su: (to ',
    ],
    ...[
      'sshd[42]: Disconnecting ',
      'sshd[42]: pam_unix(sshd:auth): authentication failure; tty=x ruser=',
      'sudo: x : TTY=',
      'sshd[',
    ],
    ...[
      'sshd[42]: Accepted publickey for x from 192.0.2.1 port 1 ssh2: RSA SHA256:x ID ',
      "dropbear: Bad password attempt for '",
    ],
    ...[
      'sshd[42]: srclimit_penalise: ',
      'sshd[42]: error: PAM: a for ',
      'sshd[42]: Connection closed by invalid user ',
    ],
  ];
  const lines = starts.flatMap((start) =>
    bodies.map((body) => header + start + body.repeat(Math.ceil(2 ** 20 / body.length))),
  );
  const began = process.cpuUsage();
  for (const line of lines) assertSoundQuickly(line);
  const spent = process.cpuUsage(began).user / 1000;
  assert.ok(spent / lines.length < 100, `${spent / lines.length} ms a line`);
});

function assertSoundQuickly(line: string): LoginLine {
  const began = process.cpuUsage();
  const read = readLine(line);
  const spent = process.cpuUsage(began).user / 1000;
  assert.ok(spent < 1000, `${spent} ms for ${line.slice(0, 100)}`);
  return read;
}
