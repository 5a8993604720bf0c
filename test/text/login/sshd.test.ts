import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventOf, readLine, told } from './one.ts';

const failure = { kind: 'login', 'event.action': 'ssh', 'event.outcome': 'failure' };
const success = { kind: 'login', 'event.action': 'ssh', 'event.outcome': 'success' };
const peer = { 'source.ip': '198.51.100.7', 'source.port': 5022 };

test('an accepted login is a success with its method', () => {
  for (const method of ['password', 'publickey', 'keyboard-interactive/pam', 'none', 'gssapi-with-mic', 'hostbased'])
    assert.deepEqual(told(`Accepted ${method} for alice from 198.51.100.7 port 5022 ssh2`), {
      ...success,
      ...peer,
      'user.name': 'alice',
      'login.method': method,
    });
});

test('the event stands for the line', () => {
  const line = 'May  4 03:02:01 web1 sshd-session[42]: Accepted password for alice from 198.51.100.7 port 5022 ssh2';
  const event = readLine(line).events[0];
  assert.deepEqual(
    { ...event, id: '' },
    {
      ...{ id: '', time: Date.UTC(2026, 4, 4, 3, 2, 1), source: 'sshd', kind: 'login', raw: line },
      fields: {
        ...{ 'host.name': 'web1', 'process.name': 'sshd-session', 'process.pid': 42, ...peer },
        ...{ 'event.action': 'ssh', 'event.outcome': 'success', 'user.name': 'alice', 'login.method': 'password' },
      },
    },
  );
  assert.equal(event?.id, readLine(line).events[0]?.id);
  assert.match(event?.id ?? '', /^sshd\/web1\/[\w-]{9}$/);
});

test('ids differ where text, time or host does', () => {
  const line = 'May  4 03:02:01 web1 sshd[42]: Failed password for alice from 198.51.100.7 port 5022 ssh2';
  const others = [
    line,
    line.replace('5022', '5023'),
    line.replace(':01', ':02'),
    line.replace('web1', 'web2'),
    line.replace('[42]', '[43]'),
    `${line} [preauth]`,
  ];
  const ids = others.map((other) => readLine(other).events[0]?.id);
  assert.equal(new Set(ids).size, others.length);
});

test('keys have a type and a fingerprint, old and new', () => {
  const key = (extra: string) => {
    const fields = told(`Accepted publickey for alice from 198.51.100.7 port 5022 ssh2: ${extra}`);
    return [fields['login.key.type'], fields['login.key.fingerprint']];
  };
  assert.deepEqual(key('ED25519 SHA256:abcDEF+/0'), ['ED25519', 'SHA256:abcDEF+/0']);
  assert.deepEqual(key('RSA aa:bb:cc:dd:ee:ff:00:11'), ['RSA', 'MD5:aa:bb:cc:dd:ee:ff:00:11']);
  assert.deepEqual(key('RSA MD5:aa:bb:cc:dd:ee:ff'), ['RSA', 'MD5:aa:bb:cc:dd:ee:ff']);
  assert.deepEqual(key('ED25519-SK SHA256:abcDEF, user verified'), ['ED25519-SK', 'SHA256:abcDEF']);
  assert.deepEqual(key('alice@EXAMPLE.ORG'), [undefined, undefined]);
});

test('certificates have an id, a serial number and an authority', () => {
  const line =
    'Accepted publickey for alice from 198.51.100.7 port 5022 ssh2: ED25519-CERT SHA256:kkkkkkkk ID alice (laptop, serial 3) (serial 18446744073709551615) CA RSA SHA256:cccccccc';
  assert.deepEqual(told(line), {
    ...success,
    ...peer,
    'user.name': 'alice',
    'login.method': 'publickey',
    'login.key.type': 'ED25519',
    'login.key.fingerprint': 'SHA256:kkkkkkkk',
    'login.certificate.id': 'alice (laptop, serial 3)',
    'login.certificate.serial': '18446744073709551615',
    'login.certificate.authority': 'SHA256:cccccccc',
  });
  const old = told(
    'Accepted publickey for alice from 198.51.100.7 port 5022 ssh2: RSA-CERT ID alice (serial 5) CA RSA aa:bb:cc:dd:ee',
  );
  assert.equal(old['login.key.type'], 'RSA');
  assert.equal(old['login.key.fingerprint'], undefined);
  assert.equal(old['login.certificate.id'], 'alice');
  assert.equal(old['login.certificate.authority'], 'MD5:aa:bb:cc:dd:ee');
});

test('failures, with unknown users told apart', () => {
  const failed = { ...failure, ...peer, 'login.method': 'password', 'user.name': 'bob' };
  assert.deepEqual(told('Failed password for bob from 198.51.100.7 port 5022 ssh2'), failed);
  assert.deepEqual(told('error: Failed password for bob from 198.51.100.7 port 5022 ssh2 [preauth]'), failed);
  const unknown = { ...failed, 'login.unknown_user': true };
  assert.deepEqual(told('Failed password for invalid user bob from 198.51.100.7 port 5022 ssh2'), unknown);
  assert.deepEqual(told('Failed password for illegal user bob from ::ffff:198.51.100.7 port 5022 ssh2'), unknown);
  const { 'user.name': _, ...nobody } = unknown;
  assert.deepEqual(told('Failed password for <invalid username> from 198.51.100.7 port 5022 ssh2'), nobody);
  assert.deepEqual(told('Failed password for invalid user  from 198.51.100.7 port 5022 ssh2'), nobody);
  assert.deepEqual(told('Failed password for bob from 198.51.100.7 port 5022'), failed);
  const { 'source.port': __, ...portless } = failed;
  assert.deepEqual(told('Failed password for bob from 198.51.100.7'), portless);
});

test('IPv6 is compressed, a host name is an address, UNKNOWN is neither', () => {
  assert.equal(told('Failed none for bob from 2001:DB8:0:0:0:0:0:1 port 5022 ssh2')['source.ip'], '2001:db8::1');
  assert.equal(told('Failed none for bob from fe80::1%eth0 port 5022 ssh2')['source.ip'], 'fe80::1');
  const named = told('Failed password for bob from host.example.com port 5022 ssh2');
  assert.deepEqual([named['source.ip'], named['source.address']], [undefined, 'host.example.com']);
  const unknown = told('Failed password for bob from UNKNOWN port 65535 ssh2');
  assert.deepEqual([unknown['source.ip'], unknown['source.address']], [undefined, undefined]);
});

test('the other refusals', () => {
  const bob = { ...failure, ...peer, 'user.name': 'bob' };
  const unknown = { ...bob, 'login.unknown_user': true };
  const reason = (text: string) => ({ 'event.reason': text });
  const { 'source.port': _, ...portless } = bob;
  const cases: readonly (readonly [string, object])[] = [
    ['Invalid user bob from 198.51.100.7 port 5022', { ...unknown, ...reason('invalid user') }],
    [
      'error: maximum authentication attempts exceeded for invalid user bob from 198.51.100.7 port 5022 ssh2 [preauth]',
      { ...unknown, ...reason('maximum authentication attempts exceeded') },
    ],
    [
      'User bob from 198.51.100.7 not allowed because not listed in AllowUsers',
      { ...portless, ...reason('not listed in AllowUsers') },
    ],
    [
      "User bob from 198.51.100.7 not allowed because none of user's groups are listed in AllowGroups",
      { ...portless, ...reason("none of user's groups are listed in AllowGroups") },
    ],
    [
      'User bob not allowed because account is locked',
      { ...failure, 'user.name': 'bob', ...reason('account is locked') },
    ],
    [
      'User bob password has expired (password aged)',
      { ...failure, 'user.name': 'bob', ...reason('password has expired') },
    ],
    ['Account bob has expired', { ...failure, 'user.name': 'bob', ...reason('account has expired') }],
    [
      'ROOT LOGIN REFUSED FROM 198.51.100.7 port 5022',
      { ...bob, 'user.name': 'root', ...reason('root login refused') },
    ],
    [
      'error: PAM: Authentication failure for bob from 198.51.100.7',
      { ...portless, ...reason('authentication failure') },
    ],
    [
      'error: PAM: User not known to the underlying authentication module for illegal user bob from 198.51.100.7',
      {
        ...portless,
        'login.unknown_user': true,
        ...reason('user not known to the underlying authentication module'),
      },
    ],
    [
      'error: PAM: authentication error for bob from 198.51.100.7 via 192.0.2.1',
      { ...portless, ...reason('authentication error') },
    ],
    [
      'Authentication tried for bob with correct key but not from a permitted host (host=h.example.com, ip=198.51.100.7).',
      { ...portless, ...reason('not from a permitted address') },
    ],
    [
      '/home/bob/.ssh/authorized_keys:1: Authentication tried for bob with valid certificate but not from a permitted source address (198.51.100.7).',
      { ...portless, ...reason('not from a permitted address') },
    ],
    [
      'fatal: Access denied for user bob by PAM account configuration [preauth]',
      { ...failure, 'user.name': 'bob', ...reason('denied by PAM account configuration') },
    ],
    [
      'administratively prohibited connection for invalid user bob from 198.51.100.7 port 5022: RefuseConnection',
      { ...unknown, ...reason('administratively prohibited') },
    ],
  ];
  for (const [message, expected] of cases) assert.deepEqual(told(message), expected, message);
});

test('what is no login is a log record with an action, an address and a user where there is one', () => {
  const log = (action: string, more: object = {}) => ({ kind: 'log', 'event.action': action, ...more });
  const bob = { ...peer, 'user.name': 'bob' };
  const reason = (text: string) => ({ 'event.reason': text });
  const { 'source.port': _, ...portless } = peer;
  const cases: readonly (readonly [string, object])[] = [
    [
      'Postponed publickey for bob from 198.51.100.7 port 5022 ssh2 [preauth]',
      log('postponed', { ...bob, 'login.method': 'publickey' }),
    ],
    [
      'Partial publickey for bob from 198.51.100.7 port 5022 ssh2',
      log('partial', { ...bob, 'login.method': 'publickey' }),
    ],
    [
      'Connection from 198.51.100.7 port 5022 on 192.0.2.1 port 22 rdomain ""',
      log('connect', { ...peer, ...reason('on 192.0.2.1 port 22 rdomain ""') }),
    ],
    ['Connection closed by 198.51.100.7 [preauth]', log('disconnect', portless)],
    ['Connection closed by 198.51.100.7 port 5022', log('disconnect', peer)],
    ['Connection closed by authenticating user bob 198.51.100.7 port 5022 [preauth]', log('disconnect', bob)],
    [
      'Connection reset by invalid user bob 198.51.100.7 port 5022 [preauth]',
      log('disconnect', { ...bob, 'login.unknown_user': true }),
    ],
    ['Disconnected from user bob 198.51.100.7 port 5022', log('disconnect', bob)],
    ['Disconnected from 198.51.100.7 port 5022', log('disconnect', peer)],
    ['Disconnected from patched user bob 198.51.100.7 port 5022', log('disconnect', bob)],
    [
      'Disconnecting authenticating user bob 198.51.100.7 port 5022: Too many authentication failures [preauth]',
      log('disconnect', { ...bob, ...reason('Too many authentication failures') }),
    ],
    [
      'Disconnecting: Too many authentication failures for bob [preauth]',
      log('disconnect', reason('Too many authentication failures for bob')),
    ],
    [
      'Received disconnect from 198.51.100.7 port 5022:11: Bye Bye [preauth]',
      log('disconnect', { ...peer, ...reason('Bye Bye') }),
    ],
    ['Received disconnect from 198.51.100.7: 11: Bye Bye', log('disconnect', { ...portless, ...reason('Bye Bye') })],
    [
      'Received disconnect from 2001:db8::1: 11: Bye Bye',
      log('disconnect', { 'source.ip': '2001:db8::1', ...reason('Bye Bye') }),
    ],
    [
      'Received disconnect from 198.51.100.7 11: disconnected by user',
      log('disconnect', { ...portless, ...reason('disconnected by user') }),
    ],
    [
      'Unable to negotiate with 198.51.100.7 port 5022: no matching cipher found. Their offer: none',
      log('negotiation', { ...peer, ...reason('no matching cipher found. Their offer: none') }),
    ],
    [
      'banner exchange: Connection from 198.51.100.7 port 5022: invalid format',
      log('protocol-error', { ...peer, ...reason('invalid format') }),
    ],
    [
      'error: kex_exchange_identification: Connection closed by remote host',
      log('protocol-error', reason('Connection closed by remote host')),
    ],
    [
      "Bad protocol version identification 'x' from 203.0.113.1' from 198.51.100.7 port 5022",
      log('protocol-error', peer),
    ],
    ['Did not receive identification string from 198.51.100.7 port 5022', log('no-identification', peer)],
    ['fatal: Timeout before authentication for 198.51.100.7 port 5022', log('timeout', peer)],
    ['Timeout before authentication for connection from 198.51.100.7 to 192.0.2.1, pid = 7', log('timeout', portless)],
    ['refused connect from host.example.com (::ffff:198.51.100.7)', log('refused', portless)],
    [
      'reverse mapping checking getaddrinfo for [203.0.113.9] failed.example.com [198.51.100.7] failed.',
      log('reverse-mapping', portless),
    ],
    [
      'drop connection #10 from [198.51.100.7]:5022 on [192.0.2.1]:22 penalty: failed authentication',
      log('drop', { ...portless, ...reason('penalty: failed authentication') }),
    ],
    [
      'srclimit_penalise: ipv4: new 198.51.100.7/32 active penalty of 5.000 seconds for penalty: failed authentication',
      log('penalty', { ...portless, ...reason('penalty: failed authentication') }),
    ],
    [
      'srclimit_penalise: 2001:db8::/64: activating ipv6 penalty of 9 seconds for penalty: caused crash',
      log('penalty', reason('penalty: caused crash')),
    ],
    ['Starting session: shell on pts/0 for bob from 198.51.100.7 port 5022 id 0', log('session-started', bob)],
    ['Close session: user bob from 198.51.100.7 port 5022 id 0', log('session-closed', bob)],
    ['Server listening on :: port 22.', log('listening')],
    ['input_userauth_request: invalid user bob [preauth]', log('invalid-user', { 'user.name': 'bob' })],
    ['Accepted key ED25519 SHA256:abc found at /home/bob/.ssh/authorized_keys:1', log('key-accepted')],
  ];
  for (const [message, expected] of cases) assert.deepEqual(told(message), expected, message);
});

test('a repeated message is one event that counts', () => {
  const fields = told('message repeated 5 times: [ Failed password for root from 198.51.100.7 port 5022 ssh2]');
  assert.deepEqual(fields, { ...failure, ...peer, 'login.method': 'password', 'user.name': 'root', 'login.count': 5 });
  const once = told('message repeated 1 times: [ Failed password for root from 198.51.100.7 port 5022 ssh2 [preauth]]');
  assert.deepEqual(once, { ...failure, ...peer, 'login.method': 'password', 'user.name': 'root' });
  const more = told(
    'message repeated 2 times: [ PAM 3 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.7  user=root]',
  );
  assert.equal(more['login.count'], 6);
});

test('sshd-session and sshd-auth are sshd', () => {
  for (const program of ['sshd', 'sshd-session', 'sshd-auth', '/usr/sbin/sshd']) {
    const { fields } = eventOf('Invalid user bob from 198.51.100.7 port 5022', program);
    assert.equal(fields['source.ip'], '198.51.100.7');
    assert.equal(fields['process.name'], program.split('/').at(-1));
  }
});

test('an unknown line of sshd is a log record that counts as not understood', () => {
  const read = readLine('May  4 03:02:01 web1 sshd[42]: Something that no version has ever said');
  assert.equal(read.understood, false);
  assert.equal(read.program, 'sshd');
  assert.equal(read.message, 'Something that no version has ever said');
  assert.equal(read.events[0]?.kind, 'log');
  assert.equal(read.events[0]?.fields['event.action'], undefined);
});

test('lines of other programs are no matter', () => {
  for (const text of [
    'kernel: Linux version 6',
    'CRON[7]: (root) CMD (true)',
    'CRON[7]: pam_unix(cron:session): session opened for user root by (uid=0)',
    'last message repeated 2 times',
  ])
    assert.deepEqual(readLine(`May  4 03:02:01 web1 ${text}`), { events: [], understood: true });
  assert.deepEqual(readLine(''), { events: [], understood: true });
});

test('what the server says of its own affairs is known, unless it names somebody', () => {
  for (const message of [
    'error: mm_answer_sign: sign: error in libcrypto',
    'mm_request_receive: bad msg_len 5',
    'error: Certificate has multiple force-command options',
    'fatal: setsid failed: Operation not permitted',
  ])
    assert.deepEqual([told(message).kind, told(message)['event.action']], ['log', 'internal'], message);
  for (const message of ['error: Something new for bob from 198.51.100.7', 'something else: bob'])
    assert.equal(readLine(`May  4 03:02:01 web1 sshd[42]: ${message}`).understood, false, message);
});

test('what the child without privileges says of root is said by its monitor too, and counts once', () => {
  assert.deepEqual(told('ROOT LOGIN REFUSED FROM 198.51.100.7 port 5022 [preauth]'), {
    ...{ kind: 'log', 'event.action': 'refused', 'user.name': 'root', ...peer },
  });
});

test('an error that names an address or a user is not of the server alone', () => {
  const known = (message: string) => readLine(`May  4 03:02:01 web1 sshd[42]: error: ${message}`).understood;
  assert.equal(known('mm_request_send: write: Broken pipe'), true);
  for (const message of [
    'monitor_read: 198.51.100.7 lost',
    'odd thing at 2001:db8::7',
    'username too odd',
    'mm_answer_x: account locked',
  ])
    assert.equal(known(message), false, message);
});

test('what Duo says through sshd is no login', () => {
  assert.equal(told("Failed Duo login for 'bob' from 198.51.100.7")['event.action'], 'refused');
  assert.equal(told("Successful Duo login for 'bob' from 198.51.100.7").kind, 'log');
});
