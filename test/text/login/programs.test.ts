import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLoginMessage } from '../../../src/text/login/read.ts';
import { readLine, told } from './one.ts';

const pam = { kind: 'login', 'event.provider': 'pam' };
const failure = { 'event.outcome': 'failure' };
const success = { 'event.outcome': 'success' };

test("PAM's failures name the remote host and the user", () => {
  const ssh = { ...pam, ...failure, 'event.action': 'ssh' };
  const from = { 'source.ip': '198.51.100.7' };
  const head = 'logname= uid=0 euid=0 tty=ssh';
  const cases: readonly (readonly [string, object])[] = [
    [
      `pam_unix(sshd:auth): authentication failure; ${head} ruser= rhost=198.51.100.7  user=bob`,
      { ...ssh, ...from, 'user.name': 'bob' },
    ],
    [
      `pam_sss(sshd:auth): authentication failure; ${head} ruser= rhost=198.51.100.7 user=bob`,
      { ...ssh, ...from, 'user.name': 'bob' },
    ],
    [`pam_unix(sshd:auth): authentication failure; ${head} ruser= rhost=198.51.100.7 `, { ...ssh, ...from }],
    [`pam_unix(sshd:auth): authentication failure; ${head} ruser= rhost=198.51.100.7 [preauth]`, { ...ssh, ...from }],
    [
      `(pam_unix) authentication failure; ${head} ruser= rhost=h.example.com`,
      { ...ssh, 'source.address': 'h.example.com' },
    ],
    [
      `PAM 3 more authentication failures; ${head} ruser= rhost=198.51.100.7  user=bob`,
      { ...ssh, ...from, 'user.name': 'bob', 'login.count': 3 },
    ],
    [`PAM 1 more authentication failure; ${head} ruser= rhost=198.51.100.7`, { ...ssh, ...from }],
  ];
  for (const [message, expected] of cases) assert.deepEqual(told(message), expected, message);
});

test('PAM in other programs, in a message or in the tag', () => {
  const login = { ...pam, ...failure, 'event.action': 'login', 'source.ip': '198.51.100.7', 'user.name': 'bob' };
  const words = 'authentication failure; logname= uid=0 euid=0 tty=ftp ruser=bob rhost=198.51.100.7';
  assert.deepEqual(told(`pam_unix(vsftpd:auth): ${words}`, 'vsftpd'), login);
  assert.deepEqual(told(`pam_unix: ${words}`, 'vsftpd'), login);
  assert.deepEqual(told(words, 'ftpd(pam_unix)'), login);
  assert.deepEqual(readLine(`May  4 03:02:01 web1 ftpd(other)[42]: ${words}`).events, []);
});

test('names in PAM that look like its own words', () => {
  const words = (rest: string) =>
    told(`pam_unix(auth): authentication failure; logname= uid=0 euid=0 tty=x ${rest}`, 'ftpd');
  const remote = words('ruser=x rhost=203.0.113.9 rhost=198.51.100.7');
  assert.deepEqual([remote['source.ip'], remote['user.name']], ['198.51.100.7', 'x rhost=203.0.113.9']);
  const user = words('ruser= rhost=198.51.100.7  user=x rhost=203.0.113.9');
  assert.deepEqual([user['source.ip'], user['user.name']], ['198.51.100.7', 'x rhost=203.0.113.9']);
  const both = words('ruser=x rhost=203.0.113.9 user=y rhost=198.51.100.7');
  assert.deepEqual([both['source.ip'], both['source.address'], both['user.name']], [undefined, undefined, undefined]);
});

test('sessions are second records; who becomes somebody is named too', () => {
  const session = { ...pam, ...success, 'event.action': 'session' };
  assert.deepEqual(told('pam_unix(sshd:session): session opened for user bob(uid=1000) by (uid=0)'), {
    ...session,
    'user.name': 'bob',
    'user.id': '1000',
  });
  assert.deepEqual(told('pam_unix(sshd:session): session opened for user bob by (uid=0)'), {
    ...session,
    'user.name': 'bob',
  });
  const become = { ...session, 'user.name': 'bob', 'user.target.name': 'root' };
  assert.deepEqual(told('pam_unix(su:session): session opened for user root by bob(uid=0)', 'su'), become);
  assert.deepEqual(told('pam_unix(sudo:session): session opened for user root(uid=0) by bob(uid=1000)', 'sudo'), {
    ...become,
    'user.target.id': '0',
  });
  const closed = told('pam_unix(sshd:session): session closed for user bob');
  assert.deepEqual(closed, { ...pam, 'event.action': 'logout', 'user.name': 'bob' });
  assert.equal(told('pam_unix(sshd:auth): check pass; user unknown')['event.action'], 'unknown-user');
  const locked = told('pam_faillock(sshd:auth): Consecutive login failures for user bob account temporarily locked');
  assert.deepEqual([locked['event.action'], locked['user.name']], ['locked', 'bob']);
  assert.equal(told('pam_tally2(sudo:auth): user bob (4001) tally 6, deny 5', 'sudo')['user.name'], 'bob');
});

test('sudo', () => {
  const sudo = { kind: 'login', 'event.action': 'sudo', 'user.name': 'bob' };
  const where = { 'process.tty': 'pts/0', 'process.working_directory': '/home/bob', 'user.target.name': 'root' };
  assert.deepEqual(told('    bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/sh -c a ; USER=x', 'sudo'), {
    ...{ ...sudo, ...success, ...where },
    'process.command_line': '/bin/sh -c a ; USER=x',
  });
  assert.deepEqual(told('bob ;  TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/su', 'sudo'), {
    ...{ ...sudo, ...success, ...where },
    'process.command_line': '/bin/su',
  });
  assert.deepEqual(
    told('bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/sh', 'sudo'),
    {
      ...{ ...sudo, ...failure, ...where },
      ...{ 'process.command_line': '/bin/sh', 'event.reason': '3 incorrect password attempts', 'login.count': 3 },
    },
  );
  const refused = told('bob : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh', 'sudo');
  assert.deepEqual([refused['event.outcome'], refused['event.reason']], ['failure', 'user NOT in sudoers']);
});

test('sudo without a terminal, whatever the command looks like', () => {
  const line = "bob : user NOT in sudoers ; PWD=/x ; USER=root ; COMMAND=/bin/a ' ; TTY=pts/0 ; PWD=/y ; USER=eve'";
  assert.deepEqual(told(line, 'sudo'), {
    ...{ kind: 'login', 'event.action': 'sudo', 'user.name': 'bob', ...failure, 'event.reason': 'user NOT in sudoers' },
    ...{ 'process.working_directory': '/x', 'user.target.name': 'root' },
    'process.command_line': "/bin/a ' ; TTY=pts/0 ; PWD=/y ; USER=eve'",
  });
  const { 'event.outcome': outcome, 'process.tty': tty } = told(
    'root : PWD=/x ; USER=nobody ; COMMAND=/bin/true',
    'sudo',
  );
  assert.deepEqual([outcome, tty], ['success', undefined]);
});

test('what modules that prepare a session complain of is no login', () => {
  for (const message of [
    "pam_limits(sshd:session): Could not set limit for 'nofile' to soft=1024, hard=32768: Operation not permitted; uid=0,euid=0",
    'pam_systemd(sshd:session): Failed to connect to system bus: No such file or directory',
    'pam_env(sshd:session): deprecated reading of user environment enabled',
  ])
    assert.deepEqual(told(message), { kind: 'log', 'event.action': 'session', 'event.provider': 'pam' });
  assert.equal(told('pam_unix(sshd:auth): bad username [-]')['event.action'], 'unknown-user');
});

test('Dropbear that names nobody', () => {
  assert.deepEqual(told('Login attempt for nonexistent user', 'dropbear'), {
    ...{ kind: 'login', ...failure, 'event.action': 'ssh', 'event.reason': 'invalid user' },
    'login.unknown_user': true,
  });
});

test('su of every sort', () => {
  const su = { kind: 'login', 'event.action': 'su', 'user.name': 'bob', 'user.target.name': 'root' };
  const tty = { 'process.tty': 'pts/0' };
  const cases: readonly (readonly [string, object])[] = [
    ['(to root) bob on pts/0', { ...success, ...tty }],
    ['FAILED SU (to root) bob on pts/0', { ...failure, ...tty }],
    ['Successful su for root by bob', success],
    ['FAILED su for root by bob', failure],
    ['+ pts/0 bob:root', { ...success, ...tty }],
    ['- pts/0 bob:root', { ...failure, ...tty }],
    ['bob to root on pts/0', { ...success, ...tty }],
    ['BAD SU bob to root on pts/0', { ...failure, ...tty }],
  ];
  for (const [message, more] of cases) assert.deepEqual(told(message, 'su'), { ...su, ...more }, message);
  const ours =
    'pam_unix(su:auth): authentication failure; logname=bob uid=1 euid=0 tty=pts/0 ruser=bob rhost=  user=root';
  assert.deepEqual(told(ours, 'su'), { ...pam, ...su, ...failure, ...tty });
});

test("systemd-logind's sessions, and nothing of its seats", () => {
  const session = { kind: 'login', 'event.action': 'session', ...success, 'user.name': 'bob' };
  assert.deepEqual(told('New session 5 of user bob.', 'systemd-logind'), session);
  assert.deepEqual(told("New session '5' of user 'bob' with class 'user' and type 'tty'.", 'systemd-logind'), session);
  assert.equal(
    told('Session 5 logged out. Waiting for processes to exit.', 'systemd-logind')['event.action'],
    'logout',
  );
  assert.equal(told('Removed session 5.', 'systemd-logind').kind, 'log');
  assert.deepEqual(readLine('May  4 03:02:01 web1 systemd-logind[42]: New seat seat0.').events, []);
});

test('Dropbear', () => {
  const ssh = { kind: 'login', 'event.action': 'ssh' };
  const peer = { 'source.ip': '198.51.100.7', 'source.port': 5022 };
  const bob = { ...ssh, ...peer, 'user.name': 'bob' };
  const cases: readonly (readonly [string, object])[] = [
    ["Password auth succeeded for 'bob' from 198.51.100.7:5022", { ...bob, ...success, 'login.method': 'password' }],
    [
      "PAM password auth succeeded for 'bob' from 198.51.100.7:5022",
      { ...bob, ...success, 'login.method': 'keyboard-interactive/pam' },
    ],
    [
      "Pubkey auth succeeded for 'bob' with ssh-ed25519 key SHA256:abc from ::ffff:198.51.100.7:5022",
      {
        ...{ ...bob, ...success, 'login.method': 'publickey' },
        ...{ 'login.key.type': 'ED25519', 'login.key.fingerprint': 'SHA256:abc' },
      },
    ],
    [
      "Pubkey auth succeeded for 'bob' with key md5 aa:bb:cc from [2001:db8::1]:5022",
      {
        ...{ ...bob, ...success, 'source.ip': '2001:db8::1', 'login.method': 'publickey' },
        'login.key.fingerprint': 'MD5:aa:bb:cc',
      },
    ],
    ["Bad password attempt for 'bob' from 198.51.100.7:5022", { ...bob, ...failure, 'login.method': 'password' }],
    ["bad password attempt for 'bob' from 198.51.100.7:5022", { ...bob, ...failure, 'login.method': 'password' }],
    [
      "Bad password attempt for 'x' from 203.0.113.9:1' from 198.51.100.7:5022",
      { ...bob, ...failure, 'user.name': "x' from 203.0.113.9:1", 'login.method': 'password' },
    ],
    [
      'Login attempt for nonexistent user from 198.51.100.7:5022',
      { ...ssh, ...peer, ...failure, 'login.unknown_user': true, 'event.reason': 'invalid user' },
    ],
    [
      "Login attempt for nonexistent user 'bob' from 198.51.100.7:5022",
      { ...bob, ...failure, 'login.unknown_user': true, 'event.reason': 'invalid user' },
    ],
    [
      "Exit before auth (user 'bob', 10 fails): Max auth tries reached - user 'bob' from 198.51.100.7:5022",
      {
        ...{ kind: 'log', ...peer, 'user.name': 'bob', 'event.action': 'disconnect' },
        'event.reason': "Max auth tries reached - user 'bob' from 198.51.100.7:5022",
      },
    ],
    [
      "Exit before auth from <198.51.100.7:5022>: (user 'bob', 10 fails): Exited normally",
      {
        ...{ kind: 'log', ...peer, 'user.name': 'bob', 'event.action': 'disconnect' },
        'event.reason': 'Exited normally',
      },
    ],
    ['Exit (bob) from <198.51.100.7:5022>: Disconnect received', { ...bob, 'event.action': 'logout' }],
    ['Exit (bob): Disconnect received', { ...ssh, 'event.action': 'logout', 'user.name': 'bob' }],
    ['Child connection from 198.51.100.7:5022', { kind: 'log', ...peer, 'event.action': 'connect' }],
  ];
  for (const [message, expected] of cases) assert.deepEqual(told(message, 'dropbear'), expected, message);
  assert.equal(
    told("[42] May  4 03:02:01 Bad password attempt for 'bob' from 198.51.100.7:5022", 'dropbear')['user.name'],
    'bob',
  );
});

test('a container that logs no program, in JSON', () => {
  const json = (record: object) => readLine(JSON.stringify(record));
  const accepted = 'Accepted password for bob from 198.51.100.7 port 5022 ssh2\r\n';
  const read = json({ log: accepted, stream: 'stderr', time: '2026-05-04T03:02:01.5Z' });
  assert.equal(read.program, 'sshd');
  assert.equal(read.events[0]?.time, Date.UTC(2026, 4, 4, 3, 2, 1, 500));
  assert.equal(read.events[0]?.fields['user.name'], 'bob');
  const refused = json({
    log: "Bad password attempt for 'bob' from 198.51.100.7:5022\n",
    time: '2026-05-04T03:02:01Z',
  });
  assert.equal(refused.events[0]?.fields['event.outcome'], 'failure');
  assert.deepEqual(json({ log: 'GET / HTTP/1.1\n', time: '2026-05-04T03:02:01Z' }).events, []);
  const whole = json({ log: `May  4 03:02:01 web1 sshd[42]: ${accepted}` });
  assert.equal(whole.events[0]?.fields['host.name'], 'web1');
});

test('a message whose header the journal has apart', () => {
  const record = { time: 5, host: 'web1', program: 'sshd', pid: 42 };
  const read = readLoginMessage(record, 'Invalid user bob from 198.51.100.7 port 5022', '{}', 'journald');
  assert.deepEqual(
    { ...read.events[0], id: '', fields: {} },
    { id: '', time: 5, source: 'journald', kind: 'login', fields: {}, raw: '{}' },
  );
  assert.match(read.events[0]?.id ?? '', /^journald\/web1\//);
});

test("logins in Linux' audit log", () => {
  const line = (type: string, words: string, more = '') =>
    readLine(
      `type=${type} msg=audit(1777863721.415:4063): pid=42 uid=0 auid=4294967295 ses=4294967295 msg='${words}'${more}`,
    );
  const fieldsOf = (read: ReturnType<typeof line>) => read.events[0]?.fields;
  const sshd = { 'process.name': 'sshd', 'process.pid': 42, 'event.provider': 'audit', 'source.ip': '198.51.100.7' };
  const tail = 'exe="/usr/sbin/sshd" hostname=? addr=198.51.100.7 terminal=ssh';
  const login = line('USER_LOGIN', `op=login id=1000 ${tail} res=success`);
  assert.deepEqual(fieldsOf(login), { ...sshd, ...success, 'event.action': 'ssh', 'user.id': '1000' });
  const enriched = line('USER_LOGIN', `op=login id=1000 ${tail} res=success`, '\u001dUID="root" ID="bob"');
  assert.equal(fieldsOf(enriched)?.['user.name'], 'bob');
  assert.equal(enriched.events[0]?.time, 1_777_863_721_415);
  const bob = { ...sshd, ...failure, 'event.action': 'ssh', 'user.name': 'bob' };
  assert.deepEqual(fieldsOf(line('USER_AUTH', `op=password acct="bob" ${tail} res=failed`)), bob);
  const { 'user.name': _, ...nobody } = bob;
  const unknown = line('USER_AUTH', `op=password acct=28696E76616C6964207573657229 ${tail} res=failed`);
  assert.deepEqual(fieldsOf(unknown), { ...nobody, 'login.unknown_user': true });
  const forged = Buffer.from('x" addr=203.0.113.9').toString('hex').toUpperCase();
  const typed = fieldsOf(line('USER_AUTH', `op=password acct=${forged} ${tail} res=failed`));
  assert.deepEqual(typed, { ...bob, 'user.name': 'x" addr=203.0.113.9' });
  assert.equal(line('USER_LOGIN', `op=login acct="bob" ${tail} res=failed`).events[0]?.kind, 'log');
  assert.deepEqual(line('SERVICE_START', 'unit=x exe="/lib/systemd" res=success').events, []);
});

test("Dropbear's other outcomes", () => {
  const failed = { kind: 'login', 'event.action': 'ssh', ...failure };
  const from = { 'source.ip': '198.51.100.7', 'source.port': 5022 };
  const cases: readonly (readonly [string, object])[] = [
    [
      "Auth succeeded with blank password for 'bob' from 198.51.100.7:5022",
      { kind: 'login', 'event.action': 'ssh', ...success, 'user.name': 'bob', ...from, 'login.method': 'none' },
    ],
    [
      "Password auth succeeded for 'bob' from 198.51.100.7:5022, extra auth required",
      { kind: 'log', 'event.action': 'partial', 'user.name': 'bob', ...from, 'login.method': 'password' },
    ],
    [
      "Too-long password attempt for 'bob' from 198.51.100.7:5022",
      { ...failed, 'user.name': 'bob', ...from, 'login.method': 'password' },
    ],
    [
      "Pubkey auth bad signature for 'bob' with key SHA256:abcdefgh from 198.51.100.7:5022",
      {
        ...failed,
        'event.reason': 'bad signature',
        'user.name': 'bob',
        ...from,
        'login.method': 'publickey',
        'login.key.fingerprint': 'SHA256:abcdefgh',
      },
    ],
    ["User account 'bob' is locked", { ...failed, 'event.reason': 'account is locked', 'user.name': 'bob' }],
    ["User 'bob' has invalid shell, rejected", { ...failed, 'event.reason': 'invalid shell', 'user.name': 'bob' }],
    ['root login rejected', { ...failed, 'event.reason': 'root login refused', 'user.name': 'root' }],
  ];
  for (const [message, expected] of cases) assert.deepEqual(told(message, 'dropbear'), expected, message);
});

test("what modules of PAM say beside an outcome, with the user's name where it stands apart", () => {
  const cases: readonly (readonly [string, string, string?])[] = [
    ['pam_sss(sshd:account): Access denied for user bob: 6 (Permission denied)', 'refused'],
    ['pam_google_authenticator(sshd:auth): Trying to reuse a previously used time-based code (id 1)', 'refused'],
    ["pam_krb5(sshd:auth): authentication fails for 'bob' (bob@EXAMPLE.ORG): Authentication failure", 'refused'],
    ['pam_krb5(sshd:auth): user bob authenticated as bob@EXAMPLE.ORG', 'authenticated', 'bob'],
    ['pam_krb5(sshd:auth): (user bob) attempting authentication as bob@EXAMPLE.ORG', 'authentication'],
    ["pam_winbind(sshd:auth): user 'CORP\\bob' granted access", 'authenticated', 'CORP\\bob'],
    ["pam_winbind(sshd:auth): user 'bob' denied access (incorrect password or invalid membership)", 'refused', 'bob'],
    ["pam_winbind(sshd:auth): user `bob' not found", 'unknown-user', 'bob'],
    [
      'pam_winbind(sshd:auth): request wbcLogonUser failed: WBC_ERR_AUTH_ERROR, PAM error: PAM_AUTH_ERR (7)',
      'authentication',
    ],
    ['pam_tally2(sshd:auth): user bob (1001) tally 5, deny 4', 'locked', 'bob'],
  ];
  for (const [message, action, user] of cases) {
    const fields = told(message);
    assert.deepEqual([fields.kind, fields['event.action'], fields['user.name']], ['log', action, user], message);
  }
  assert.equal(readLine('May  4 03:02:01 web1 sshd[4]: pam_odd(sshd:auth): Invalid user bob').understood, false);
});

test("sudo's warnings and the rest of a long command are no login", () => {
  for (const message of [
    'bob : (command continued) ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh',
    'bob : unable to resolve host web1: Name or service not known ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id',
    'root : /etc/sudoers:3:1: syntax error ; PWD=/ ; USER=root',
    'bob : parse error in /etc/sudoers near line 3',
  ])
    assert.deepEqual(told(message, 'sudo'), { kind: 'log', 'event.action': 'warning' }, message);
  const fields = told('bob : HOST=web1 ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id', 'sudo');
  assert.deepEqual(
    [fields['process.tty'], fields['event.outcome'], fields['user.target.name']],
    ['pts/0', 'success', 'root'],
  );
});

test('su without a terminal, and what shadow says besides', () => {
  assert.equal(told('(to nobody) root on none', 'su')['process.tty'], undefined);
  assert.equal(told('- ??? bob:root', 'su')['process.tty'], undefined);
  assert.deepEqual(told('SU by bob to restricted account eve', 'su'), {
    ...{ kind: 'login', 'event.action': 'su', ...failure, 'user.name': 'bob', 'user.target.name': 'eve' },
  });
  assert.equal(told("No passwd entry for user 'x'", 'su').kind, 'log');
});

test("Dropbear's wrong user, and words that only begin as its own do", () => {
  const fields = told('Login attempt with wrong user a from b from 198.51.100.7:5022', 'dropbear');
  assert.deepEqual(
    [fields['event.outcome'], fields['user.name'], fields['source.ip'], fields['event.reason']],
    ['failure', 'a from b', '198.51.100.7', 'wrong user'],
  );
  assert.equal(told("User bob executing '/bin/sh -c x'", 'dropbear')['user.name'], 'bob');
  assert.equal(told('pam_start() failed, rc=3, x', 'dropbear').kind, 'log');
  const restricted = told("Logins are restricted to the group ssh but user 'bob' is not a member", 'dropbear');
  assert.deepEqual([restricted['event.outcome'], restricted['user.name']], ['failure', 'bob']);
  for (const message of ['User bob is odd', 'pam_odd bob'])
    assert.equal(readLine(`May  4 03:02:01 web1 dropbear[4]: ${message}`).understood, false, message);
});
