import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../src/event/index.ts';
import { readWazuh } from '../../../src/text/wazuh/read.ts';

const base = {
  timestamp: '2024-02-14T22:02:34.461+0500',
  rule: {
    level: 3,
    id: '1002',
    description: 'Unknown problem.',
    groups: ['syslog', 'errors'],
    mitre: { id: ['T1078'] },
  },
  agent: { id: '001', name: 'web01', ip: '10.0.0.1' },
  manager: { name: 'mgr' },
  id: '1707930154.4711',
  decoder: { name: 'kernel' },
  location: '/var/log/messages',
};

function read(record: object): Event {
  const result = readWazuh(JSON.stringify(record));
  assert.ok(!('reason' in result), JSON.stringify(result));
  return result;
}

const reason = (line: string): string => {
  const result = readWazuh(line);
  assert.ok('reason' in result, JSON.stringify(result));
  return result.reason;
};

test('every alert has who, where, which rule and a stable name', () => {
  const event = read({ ...base, cluster: { name: 'c', node: 'n1' }, full_log: 'something failed' });
  assert.deepEqual(event, {
    id: 'wazuh/mgr/n1/1707930154.4711',
    time: Date.UTC(2024, 1, 14, 17, 2, 34, 461),
    source: 'wazuh',
    kind: 'log',
    fields: {
      'host.name': 'web01',
      'host.id': '001',
      'host.ip': '10.0.0.1',
      'rule.id': '1002',
      'rule.level': 3,
      'rule.name': 'Unknown problem.',
      'rule.groups': ['syslog', 'errors'],
      'threat.technique.id': ['T1078'],
      'wazuh.location': '/var/log/messages',
      'wazuh.decoder': 'kernel',
      'wazuh.manager': 'mgr',
      'wazuh.cluster.node': 'n1',
      message: 'something failed',
    },
    raw: JSON.stringify({ ...base, cluster: { name: 'c', node: 'n1' }, full_log: 'something failed' }),
  });
});

test('everything that no other kind takes is a log event with its data', () => {
  const { kind, fields } = read({
    ...base,
    data: {
      srcip: '10.0.0.9',
      alert: { action: 'allowed', signature_id: '7', tags: ['a', 'b'] },
      empty: '',
      none: null,
    },
    predecoder: { program_name: 'suricata', hostname: 'ids1' },
  });
  assert.equal(kind, 'log');
  assert.equal(fields['wazuh.data.alert.signature_id'], '7');
  assert.deepEqual(fields['wazuh.data.alert.tags'], ['a', 'b']);
  assert.equal(fields['wazuh.predecoder.program_name'], 'suricata');
  assert.ok(!('wazuh.data.empty' in fields) && !('wazuh.data.none' in fields));
});

const audit = (rest: string): string =>
  `type=SYSCALL msg=audit(1707930154.461:7): arch=c000003e syscall=59 success=yes exit=0 a0=55 a1=56 a2=57 a3=8 ppid=10 pid=11 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=3 comm="bash" exe="/bin/bash" key="audit-wazuh-c"\u001dARCH=x86_64 SYSCALL=execve AUID="ann" UID="root" EUID="root" ${rest}`;

const command = {
  ...base,
  rule: { level: 3, id: '80792', description: 'Audit: Command: /bin/bash.', groups: ['audit', 'audit_command'] },
  decoder: { parent: 'auditd', name: 'auditd' },
};

test('a command has its whole argument list and everything about its process', () => {
  const { kind, fields } = read({
    ...command,
    full_log: audit(
      'type=EXECVE msg=audit(1707930154.461:7): argc=3 a0="bash" a1="-c" a2=6563686F206869 type=CWD msg=audit(1707930154.461:7): cwd="/root"',
    ),
    data: { audit: { execve: { argc: '3', a0: 'bash', a1: '-c' }, command: 'bash' } },
  });
  assert.equal(kind, 'process');
  const { 'host.name': _, ...rest } = fields;
  assert.deepEqual(
    Object.fromEntries(Object.entries(rest).filter(([name]) => /^(?:process|user|event|wazuh\.a)/.test(name))),
    {
      'process.args': ['bash', '-c', 'echo hi'],
      'process.command_line': 'bash -c echo hi',
      'wazuh.args_from': 'execve',
      'process.executable': '/bin/bash',
      'process.name': 'bash',
      'process.working_directory': '/root',
      'process.pid': 11,
      'process.parent.pid': 10,
      'process.tty': 'pts0',
      'process.session': '3',
      'user.id': '0',
      'user.name': 'root',
      'user.effective.id': '0',
      'user.effective.name': 'root',
      'user.audit.id': '1000',
      'user.audit.name': 'ann',
      'event.outcome': 'success',
      'wazuh.audit.key': 'audit-wazuh-c',
      'wazuh.audit.id': '7',
    },
  );
});

test('without an EXECVE record, the command line is PROCTITLE', () => {
  const { fields } = read({
    ...command,
    full_log: audit('type=PROCTITLE msg=audit(1707930154.461:7): proctitle=6C73002D6C'),
    data: { audit: { execve: { argc: '2', a0: 'ls' } } },
  });
  assert.deepEqual(fields['process.args'], ['ls', '-l']);
  assert.equal(fields['wazuh.args_from'], 'proctitle');
});

test("without either, what Wazuh's decoder kept, and argc is no argument", () => {
  const { kind, fields } = read({
    ...command,
    data: {
      audit: {
        execve: { argc: '12', a0: 'tar', a10: '--last', a2: '-f', a1: '-x' },
        ...{ exe: '/bin/tar', command: 'tar', uid: '33', auid: '4294967295', session: '4294967295', tty: '(none)' },
        ...{ pid: '5', ppid: '4', success: 'no', cwd: '/srv', key: 'audit-wazuh-c', id: '9' },
      },
    },
  });
  assert.equal(kind, 'process');
  assert.deepEqual(fields['process.args'], ['tar', '-x', '-f', '--last']);
  assert.equal(fields['wazuh.args_from'], 'data');
  assert.equal(fields['process.working_directory'], '/srv');
  assert.equal(fields['process.pid'], 5);
  assert.equal(fields['event.outcome'], 'failure');
  assert.equal(fields['user.audit.id'], '4294967295', 'nobody logged in: a daemon, or a web shell');
  assert.ok(!('process.session' in fields) && !('process.tty' in fields));
});

test('an auditd alert without a command is a log event with its process', () => {
  const { kind, fields } = read({
    ...command,
    rule: { level: 3, id: '80790', description: 'Audit: Created: /tmp/x' },
    full_log: audit('type=PATH msg=audit(1707930154.461:7): item=0 name="/tmp/x"'),
  });
  assert.equal(kind, 'log');
  assert.equal(fields['process.executable'], '/bin/bash');
});

test("what looks like a record in another program's line is not read as one", () => {
  const full_log = '203.0.113.9 - - "GET /?q=type=EXECVE msg=audit(1.1:1): argc=1 a0="evil"';
  const { kind, fields } = read({ ...base, decoder: { name: 'web-accesslog' }, full_log });
  assert.equal(kind, 'log');
  assert.ok(!('process.args' in fields));
});

test('a changed file has path, owner, hashes and whoever changed it', () => {
  const { kind, fields } = read({
    ...base,
    rule: { level: 7, id: '550', description: 'Integrity checksum changed.', groups: ['ossec', 'syscheck'] },
    decoder: { name: 'syscheck_integrity_changed' },
    location: 'syscheck',
    full_log: "File '/etc/passwd' modified",
    syscheck: {
      path: '/etc/passwd',
      mode: 'whodata',
      event: 'modified',
      size_before: '10',
      size_after: '12',
      uname_after: 'root',
      gname_after: 'root',
      perm_after: 'rw-r--r--',
      md5_after: 'd41d8cd98f00b204e9800998ecf8427e',
      sha1_after: 'da39',
      sha256_after: 'e3b0',
      mtime_after: '2024-02-14T17:02:34',
      inode_after: 5,
      changed_attributes: ['size', 'md5'],
      tags: ['users'],
      audit: {
        user: { id: '1000', name: 'ann' },
        effective_user: { id: '0', name: 'root' },
        login_user: { id: '1000', name: 'ann' },
        process: { id: '77', name: '/usr/sbin/useradd', cwd: '/root', parent_name: '/bin/bash', ppid: 70 },
      },
    },
  });
  assert.equal(kind, 'file');
  const own = Object.entries(fields).filter(([name]) => /^(?:file|event|process|user|registry|wazuh\.fim)/.test(name));
  assert.deepEqual(Object.fromEntries(own), {
    'file.path': '/etc/passwd',
    'event.action': 'modified',
    'wazuh.fim.mode': 'whodata',
    'wazuh.fim.tags': ['users'],
    'file.owner': 'root',
    'file.group': 'root',
    'file.mode': 'rw-r--r--',
    'file.size': 12,
    'file.hash.md5': 'd41d8cd98f00b204e9800998ecf8427e',
    'file.hash.sha1': 'da39',
    'file.hash.sha256': 'e3b0',
    'file.changed_attributes': ['size', 'md5'],
    'user.name': 'root',
    'user.id': '0',
    'user.audit.name': 'ann',
    'user.audit.id': '1000',
    'process.executable': '/usr/sbin/useradd',
    'process.pid': 77,
    'process.parent.pid': 70,
    'process.parent.executable': '/bin/bash',
    'process.working_directory': '/root',
  });
});

for (const [rule, action] of [
  ['550', 'modified'],
  ['553', 'deleted'],
  ['554', 'added'],
  ['594', 'modified'],
  ['597', 'deleted'],
  ['598', 'added'],
  ['750', 'modified'],
  ['751', 'deleted'],
  ['752', 'added'],
] as const) {
  test(`rule ${rule} means ${action}, should syscheck not say so`, () => {
    const { kind, fields } = read({
      ...base,
      rule: { id: rule, level: 5 },
      syscheck: { path: '/x', mode: 'scheduled' },
    });
    assert.equal(kind, 'file');
    assert.equal(fields['event.action'], action);
    assert.equal(fields['registry.path'], rule < '560' ? undefined : '/x');
  });
}

test('a registry value has its key as path, its name and its view', () => {
  const path = 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
  const { kind, fields } = read({
    ...base,
    rule: { id: '752', level: 5 },
    syscheck: { path, mode: 'scheduled', arch: '[x64]', value_name: 'Updater', value_type: 'REG_SZ', event: 'added' },
  });
  assert.equal(kind, 'file');
  assert.equal(fields['file.path'], path);
  assert.equal(fields['registry.path'], path);
  assert.equal(fields['registry.value'], 'Updater');
  assert.equal(fields['registry.data.type'], 'REG_SZ');
  assert.equal(fields['wazuh.fim.arch'], '[x64]');
});

test('sudo tells who became whom, where and with which command', () => {
  const { kind, fields } = read({
    ...base,
    rule: { level: 3, id: '5402', description: 'Successful sudo to ROOT executed.', groups: ['syslog', 'sudo'] },
    decoder: { parent: 'sudo', name: 'sudo' },
    full_log: 'sudo: ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/cat /etc/shadow',
    data: {
      srcuser: 'ann',
      dstuser: 'root',
      tty: 'pts/0',
      pwd: '/home/ann',
      command: '/bin/cat /etc/shadow',
      ftype: 'x',
    },
  });
  assert.equal(kind, 'login');
  assert.equal(fields['event.action'], 'sudo');
  assert.equal(fields['event.outcome'], 'success');
  assert.equal(fields['user.name'], 'ann');
  assert.equal(fields['user.target.name'], 'root');
  assert.equal(fields['process.tty'], 'pts/0');
  assert.equal(fields['process.working_directory'], '/home/ann');
  assert.equal(fields['process.command_line'], '/bin/cat /etc/shadow');
  assert.equal(fields['wazuh.data.ftype'], 'x');
  assert.ok(!('wazuh.data.srcuser' in fields));
});

for (const rule of ['5401', '5404', '5405', '5406']) {
  test(`sudo rule ${rule} is a failure`, () => {
    const { fields } = read({ ...base, rule: { id: rule, groups: ['syslog', 'sudo'] }, data: { srcuser: 'ann' } });
    assert.equal(fields['event.outcome'], 'failure');
    assert.equal(fields['user.name'], 'ann');
  });
}

test('a login over SSH, of an account that exists and of one that does not', () => {
  const sshd = { ...base, decoder: { parent: 'sshd', name: 'sshd' } };
  const success = read({
    ...sshd,
    rule: { id: '5715', level: 3, groups: ['syslog', 'sshd', 'authentication_success'] },
    data: { srcip: '198.51.100.7', srcport: '50022', dstuser: 'ann' },
  });
  assert.equal(success.kind, 'login');
  assert.equal(success.fields['event.action'], 'ssh');
  assert.equal(success.fields['event.outcome'], 'success');
  assert.equal(success.fields['user.name'], 'ann');
  assert.equal(success.fields['source.ip'], '198.51.100.7');
  assert.equal(success.fields['source.port'], 50022);
  const invalid = read({
    ...sshd,
    rule: { id: '5710', level: 5, groups: ['syslog', 'sshd', 'invalid_login', 'authentication_failed'] },
    data: { srcip: '2001:db8::1', srcuser: 'oracle' },
  });
  assert.equal(invalid.fields['event.outcome'], 'failure');
  assert.equal(invalid.fields['user.name'], 'oracle');
  assert.equal(invalid.fields['source.ip'], '2001:db8::1');
  const named = read({ ...sshd, rule: { id: '5758' }, data: { srcip: 'bad host', srcport: 'x' } });
  assert.equal(named.fields['source.address'], 'bad host');
  assert.ok(!('source.ip' in named.fields) && !('source.port' in named.fields));
});

test('su, PAM sessions and a Windows logon', () => {
  const su = read({
    ...base,
    decoder: { name: 'su' },
    rule: { id: '5305' },
    data: { srcuser: 'ann', dstuser: 'root', tty: '/dev/ttyp1' },
  });
  assert.equal(su.fields['event.action'], 'su');
  assert.equal(su.fields['user.name'], 'ann');
  assert.equal(su.fields['user.target.name'], 'root');
  const opened = read({
    ...base,
    decoder: { name: 'pam' },
    rule: { id: '5501', groups: ['pam', 'syslog', 'authentication_success'] },
    data: { dstuser: 'root(uid=0)', srcuser: 'ann', uid: '1000' },
  });
  assert.equal(opened.fields['event.action'], 'login');
  assert.equal(opened.fields['user.name'], 'root');
  assert.equal(opened.fields['user.id'], '0');
  assert.equal(opened.fields['wazuh.data.srcuser'], 'ann');
  const closed = read({ ...base, decoder: { name: 'pam' }, rule: { id: '5502' }, data: { dstuser: 'root' } });
  assert.equal(closed.fields['event.action'], 'logout');
  const windows = read({
    ...base,
    decoder: { name: 'windows_eventchannel' },
    rule: { id: '60106', groups: ['windows', 'windows_security', 'authentication_success'] },
    data: {
      win: {
        system: { eventID: '4624', channel: 'Security' },
        eventdata: { targetUserName: 'ANN', targetDomainName: 'CORP', ipAddress: '10.0.0.8', ipPort: '50000' },
      },
    },
  });
  assert.equal(windows.kind, 'login');
  assert.equal(windows.fields['event.action'], 'logon');
  assert.equal(windows.fields['event.code'], '4624');
  assert.equal(windows.fields['user.name'], 'ANN');
  assert.equal(windows.fields['user.domain'], 'CORP');
  assert.equal(windows.fields['source.ip'], '10.0.0.8');
  assert.equal(windows.fields['wazuh.data.win.system.channel'], 'Security');
});

test("an indexer's document is the alert in it", () => {
  const hit = {
    _index: 'wazuh-alerts-4.x-2024.02.14',
    _id: 'x',
    _source: { ...base, '@timestamp': '2024-02-14T17:02:34.461Z' },
  };
  const event = read(hit);
  assert.equal(event.id, 'wazuh/mgr/1707930154.4711', 'the same alert has the same name, however it came');
  assert.equal(event.raw, JSON.stringify(hit));
  const { timestamp: _, ...without } = base;
  assert.equal(read({ _source: { ...without, '@timestamp': '2024-02-14T17:02:34.461Z' } }).time, event.time);
});

test("of Filebeat's envelope only the message counts, never its agent", () => {
  const message = JSON.stringify(base);
  const event = read({
    '@timestamp': '2024-02-14T17:02:35.000Z',
    '@metadata': { beat: 'filebeat', type: '_doc', version: '7.10.2' },
    agent: { type: 'filebeat', id: 'f', name: 'wazuh-manager', hostname: 'wazuh-manager' },
    host: { name: 'wazuh-manager' },
    log: { file: { path: '/var/ossec/logs/alerts/alerts.json' } },
    offset: 5,
    fields: { index_prefix: 'wazuh-alerts-4.x-' },
    message,
  });
  assert.equal(event.raw, message);
  assert.deepEqual(event, readWazuh(message));
});

test('records that cannot be read say why', () => {
  assert.equal(reason(''), 'not JSON: cut short or not a JSON object');
  assert.equal(reason(JSON.stringify(base).slice(0, 100)), 'not JSON: cut short or not a JSON object');
  assert.equal(reason('{"a":}'), 'not JSON');
  assert.equal(reason('[1,2]'), 'not a JSON object');
  assert.equal(reason('null'), 'not a JSON object');
  assert.match(reason('{"timestamp":"2024-02-14T17:02:35Z","user":"x"}'), /^not a Wazuh record/);
  assert.equal(reason(JSON.stringify({ ...base, timestamp: 'yesterday' })), 'no readable timestamp');
  assert.equal(reason(JSON.stringify({ ...base, timestamp: 1707930154 })), 'no readable timestamp');
  assert.match(reason(JSON.stringify({ '@metadata': {}, message: '{"cut' })), /^the envelope's message is not JSON/);
});

test('archived records, which may share an id, keep different names', () => {
  const { rule: _, ...archived } = base;
  const first = read({ ...archived, full_log: 'a' });
  const second = read({ ...archived, full_log: 'b' });
  assert.notEqual(first.id, second.id);
  assert.match(first.id, /^wazuh\/mgr\/1707930154\.4711\/[0-9a-f]{24}$/);
  assert.equal(read({ ...archived, full_log: 'a' }).id, first.id);
});
